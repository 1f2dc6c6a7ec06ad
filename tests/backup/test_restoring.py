"""A restore happens whole or not at all, never over something that nobody agreed to lose."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from server.backup import key, restoring
from server.backup.reading import Backup, BadBackup, opened
from server.backup.restoring import plan
from server.backup.schema import UnknownSchema
from server.backup.steps import silent
from server.backup.targets import CannotRestore, target_of
from server.config import Config
from server.db import make_engine, migrate, upgrade
from server.documents.storage import StorageAway
from server.lock import InUse, hold
from server.protocol.commands import AddDocument
from server.secret_key import load_key
from tests.servers.postgres import Postgres

from .house import back_up, bring_back, conduct, config_of, documents, everything, fill, keep, report_on


@pytest.fixture
async def kept(tmp_path: Path) -> Path:
    """A backup of one house, to be brought into others."""
    config = config_of(tmp_path / "first")
    await fill(config)
    await back_up(config, tmp_path / "kept.tar", with_key=True)
    return tmp_path / "kept.tar"


async def run_sql(config: Config, *statements: str) -> None:
    engine = make_engine(config.database_url())
    async with engine.begin() as db:
        for statement in statements:
            await db.execute(text(statement))
    await engine.dispose()


# --- what stands in the target


async def test_what_a_server_that_only_started_left_is_nothing(filled: Config, database_url: str) -> None:
    assert not (await target_of(filled).look()).empty
    await run_sql(filled, *(f"DELETE FROM {t}" for t in ("sessions", "contacts", "snapshots", "events", "answers")))
    await run_sql(filled, *(f"DELETE FROM {t}" for t in ("journals", "codes", "kiosks", "account_log", "accounts")))
    assert str(await target_of(filled).look()) == "conferences: 0, units: 6, accounts: 0"
    await run_sql(filled, "DELETE FROM places", "DELETE FROM units", "INSERT INTO setup_links VALUES ('\\x01', 5)")
    assert (await target_of(filled).look()).empty


async def test_an_empty_place_is_empty(tmp_path: Path, database_url: str) -> None:
    assert (await target_of(config_of(tmp_path / "new", database_url)).look()).empty
    assert not (tmp_path / "new").exists(), "looking makes nothing"


async def test_what_was_there_is_replaced_whole(filled: Config, kept: Path) -> None:
    await run_sql(filled, "UPDATE units SET name = 'Khác'", "DELETE FROM contacts")
    first = config_of(kept.parent / "first")
    (Path(filled.data_dir) / "secret.key").unlink()

    await bring_back(filled, kept)

    assert await everything(filled, epochs=False) == await everything(first, epochs=False)
    assert (await report_on(filled)).differences == []


async def test_tables_of_another_program_are_never_touched(tmp_path: Path, postgres: Postgres, kept: Path) -> None:
    config = config_of(tmp_path / "new", postgres.database())
    await run_sql(config, "CREATE TABLE invoices (id INTEGER)")
    with pytest.raises(CannotRestore, match="another program: invoices"):
        await bring_back(config, kept)


async def test_a_file_that_is_no_database_is_put_aside(tmp_path: Path, kept: Path) -> None:
    config = config_of(tmp_path / "new")
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "nhipcau.db").write_bytes(b"this was a database once" * 1_000)

    found = await target_of(config).look()
    assert (found.readable, found.empty) == (False, False)
    await bring_back(config, kept)

    assert (await report_on(config)).ok
    assert (tmp_path / "new" / "nhipcau.db.damaged").read_bytes().startswith(b"this was a database once")


# --- servers that run


async def test_a_server_that_runs_keeps_its_folder(tmp_path: Path, kept: Path) -> None:
    (tmp_path / "new").mkdir()
    with hold(tmp_path / "new"), pytest.raises(InUse):
        await bring_back(config_of(tmp_path / "new"), kept)
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["server.lock"]


async def test_another_program_that_reads_the_file_keeps_it(tmp_path: Path, kept: Path) -> None:
    config = config_of(tmp_path / "first")
    before = await everything(config)
    with closing(sqlite3.connect(tmp_path / "first" / "nhipcau.db")) as reader:
        reader.execute("SELECT count(*) FROM events").fetchall()
        with pytest.raises(CannotRestore, match="in use by another program"):
            await bring_back(config, kept)
    assert await everything(config) == before


async def test_connections_of_servers_keep_a_shared_database(tmp_path: Path, postgres: Postgres, kept: Path) -> None:
    config = config_of(tmp_path / "new", postgres.database())
    engine = make_engine(config.database_url())
    await migrate(engine)
    async with engine.connect() as server:
        await server.execute(text("SELECT 1"))
        with pytest.raises(CannotRestore, match="1 other connections"):
            await bring_back(config, kept)
    await engine.dispose()
    await bring_back(config, kept)
    assert (await report_on(config)).ok


# --- all or nothing


def _rows_fail(patch: pytest.MonkeyPatch) -> None:
    real = Backup.rows

    def rows(self: Backup, table: str) -> object:
        if table == "events":
            raise BadBackup("the disk under the backup went away")
        return real(self, table)

    patch.setattr(Backup, "rows", rows)


def _epochs_fail(patch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    patch.setattr(restoring, "_count_on", fail)


def _migration_fails(patch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        if len(arguments) > 1:
            upgrade(*arguments)  # type: ignore[arg-type]
        else:
            raise RuntimeError("a migration that is wrong")

    patch.setattr(restoring, "upgrade", fail)


@pytest.mark.parametrize("failure", [_rows_fail, _epochs_fail, _migration_fails])
async def test_a_failure_leaves_the_target_as_it_was(
    filled: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: Callable[[pytest.MonkeyPatch], None]
) -> None:
    """Also its documents: the backup holds one more."""
    larger = config_of(tmp_path / "larger")
    await fill(larger)
    extra = await keep(larger, b"one more")
    engine = make_engine(larger.database_url())
    await conduct(engine, "hoinghi2", AddDocument("Thêm", extra), lot=1)
    await engine.dispose()
    await back_up(larger, tmp_path / "larger.tar", with_key=True)
    before, papers = await everything(filled), await documents(filled)
    (Path(filled.data_dir) / "secret.key").unlink()

    with monkeypatch.context() as patch:
        failure(patch)
        with pytest.raises((BadBackup, OSError, RuntimeError)):
            await bring_back(filled, tmp_path / "larger.tar")

    assert await everything(filled) == before
    assert await documents(filled) == papers
    assert files_in(filled.data_dir) <= {"server.lock"}
    assert files_in(str(tmp_path)) & {"test.db.restoring", "test.db.restoring-wal"} == set()


def files_in(folder: str) -> set[str]:
    """Names of files, those of documents left out."""
    return {p.name for p in Path(folder).rglob("*") if p.is_file() and "documents" not in p.parts}


async def test_a_store_that_is_away_leaves_the_target_as_it_was(filled: Config, kept: Path) -> None:
    class Away:
        async def find(self, hash: str) -> None:
            raise StorageAway(hash)

    before = await everything(filled)
    with opened(kept) as held:
        planned = await plan(filled, held, True, silent)
        with pytest.raises(StorageAway):
            await restoring.restore(filled, Away(), held, planned, silent)  # type: ignore[arg-type]
    assert await everything(filled) == before


def change(file: Path) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[:3_000] + b"\x00\x01" + whole[3_002:])


async def test_a_changed_file_is_refused_before_anything_is_touched(tmp_path: Path, kept: Path) -> None:
    change(kept)
    with pytest.raises(BadBackup, match="tables/"):
        await bring_back(config_of(tmp_path / "new"), kept)
    assert not (tmp_path / "new").exists()


# --- schemas


async def test_an_older_backup_is_brought_up_to_date(tmp_path: Path) -> None:
    """As the first version wrote it: no digests of snapshots, no list of places."""
    old = config_of(tmp_path / "old")
    (tmp_path / "old").mkdir()
    engine = make_engine(old.database_url())
    async with engine.begin() as db:
        await db.run_sync(upgrade, "0001")
        await db.exec_driver_sql("INSERT INTO journals VALUES ('c', 'e', 1, 'Cũ', 5, 'draft', 0)")
        body = '\'{"type":"conference_created","title":"Cũ","starts_at":5}\''
        values = f"'c', 1, 5, 5, 'system', 'conference_created', 1, CAST({body} AS BLOB)"
        columns = "conference, seq, at, occurred_at, actor, type, version, body"
        await db.exec_driver_sql(f"INSERT INTO events ({columns}) VALUES ({values})")
        await db.exec_driver_sql("INSERT INTO snapshots VALUES ('c', 1, 1, x'00')")
    await engine.dispose()
    await back_up(old, tmp_path / "old.tar")

    new = config_of(tmp_path / "new")
    await bring_back(new, tmp_path / "old.tar")

    report = await report_on(new)
    assert (report.differences, report.events) == ([], 1)
    with opened(tmp_path / "old.tar") as held:
        assert held.manifest.schema == "0001"
        assert report.schema > held.manifest.schema


async def test_a_newer_schema_is_refused(tmp_path: Path, kept: Path) -> None:
    await run_sql(config_of(tmp_path / "first"), "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(UnknownSchema, match="schema 9999"):
        await back_up(config_of(tmp_path / "first"), tmp_path / "again.tar")


# --- the server's key


async def test_the_key_comes_back_where_there_is_none(tmp_path: Path, kept: Path) -> None:
    restored = await bring_back(config_of(tmp_path / "new"), kept)
    file = tmp_path / "new" / "secret.key"
    assert restored.key == "write"
    assert file.read_bytes() == (tmp_path / "first" / "secret.key").read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600


async def test_without_the_key_its_absence_is_told(tmp_path: Path, kept: Path) -> None:
    made = await back_up(config_of(tmp_path / "first"), tmp_path / "keyless.tar")
    assert not made.with_key
    secret = (tmp_path / "first" / "secret.key").read_bytes()
    assert secret not in (tmp_path / "keyless.tar").read_bytes()
    assert secret in (tmp_path / "kept.tar").read_bytes()
    assert (await bring_back(config_of(tmp_path / "new"), tmp_path / "keyless.tar")).key == "missing"
    assert not (tmp_path / "new" / "secret.key").exists()


@pytest.mark.parametrize("configured", ["", "another key of thirty-two letters"])
async def test_another_key_is_never_overwritten(tmp_path: Path, kept: Path, configured: str) -> None:
    config = config_of(tmp_path / "new", secret_key=configured)
    mine = load_key(configured, tmp_path / "new")
    with pytest.raises(CannotRestore, match="another key"):
        await bring_back(config, kept)
    assert (await bring_back(config, kept, keep_key=True)).key == "kept"
    assert key.current(config) == mine


async def test_the_same_key_is_left_where_it_is(tmp_path: Path, kept: Path) -> None:
    same = (tmp_path / "first" / "secret.key").read_text()
    assert (await bring_back(config_of(tmp_path / "new", secret_key=same), kept)).key == "same"
    assert not (tmp_path / "new" / "secret.key").exists()
