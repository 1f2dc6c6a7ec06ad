"""The commands as people type them: what they say, what they leave, how they end."""

import errno
import os
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner, Result

from server import log
from server.cli import app
from server.config import Config
from server.lock import hold

from .house import config_of, fill

STRANGE = "zz" * 32


@pytest.fixture
async def config(tmp_path: Path) -> Config:
    made = config_of(tmp_path / "data")
    await fill(made)
    return made


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Logs belong to a process: here they would go to an error output that ends with the command."""
    monkeypatch.setattr(log, "set_up", lambda level, form: None)


def run(config: Config, *arguments: object, answer: str | None = None, **environment: str) -> Result:
    given = {"NHIPCAU_DATA_DIR": config.data_dir, "NHIPCAU_DATABASE": config.database, **environment}
    return CliRunner().invoke(app, [str(a) for a in arguments], env=given, input=answer)


def in_json(result: Result) -> Any:
    return msgspec.json.decode(result.stdout)


def names_in(file: Path) -> list[str]:
    with tarfile.open(file) as tar:
        return tar.getnames()


def test_every_command_names_the_store_it_acts_on_before_and_after(config: Config, tmp_path: Path) -> None:
    """Also one that fails, and never with the password."""
    kept, elsewhere = tmp_path / "kept.tar", str(tmp_path / "other")
    own = f"database {config.data_dir}/nhipcau.db, documents {config.data_dir}/documents"
    for command in (["backup", kept], ["verify"], ["doctor"]):
        assert run(config, *command).stderr.count(own) == 2
    assert (
        run(config, "restore", kept, NHIPCAU_DATA_DIR=elsewhere).stderr.count(f"documents {elsewhere}/documents") == 2
    )
    assert "Store: " not in run(config, "verify", "--backup", kept).stderr
    away = "postgresql+asyncpg://nhipcau:geheim@127.0.0.1:9/nhipcau"
    told = run(config, "verify", NHIPCAU_DATABASE=away, NHIPCAU_DOCUMENTS__S3__URL="s3://bucket/folder").stderr
    assert (
        told.count("database postgresql+asyncpg://nhipcau:***@127.0.0.1:9/nhipcau, documents s3://bucket/folder") == 2
    )
    assert "geheim" not in told


def test_a_full_disk_is_said_in_words(config: Config, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "/backup/x.part")

    monkeypatch.setattr(os, "fsync", full)
    told = run(config, "backup", tmp_path / "kept.tar").stderr
    assert "nhipcau: /backup/x.part: no space is left on the disk\n" in told


def test_a_backup_says_what_is_in_it_and_what_is_not(config: Config, tmp_path: Path) -> None:
    ended = run(config, "backup", tmp_path / "kept.tar")
    assert ended.exit_code == 0
    assert "conferences: 3, events: 32, accounts: 2, documents: 2" in ended.stdout
    assert "The server's key is not in it" in ended.stdout
    assert "secret.key" in ended.stdout
    with_key = run(config, "backup", tmp_path / "with.tar", "--with-key")
    assert "whoever holds this file can open every room" in with_key.stdout
    assert "secret.key" in names_in(tmp_path / "with.tar")
    assert "secret.key" not in names_in(tmp_path / "kept.tar")


def test_a_folder_gets_dated_files(config: Config, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    made = in_json(run(config, "backup", tmp_path / "out", "--json"))
    assert Path(made["file"]).parent == tmp_path / "out"
    assert Path(made["file"]).match("nhipcau-20[0-9][0-9][01][0-9][0-3][0-9]-[0-9][0-9][0-9][0-9][0-9][0-9].tar")
    assert made["size"] == Path(made["file"]).stat().st_size


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["backup", "{tmp}/there.tar"], "is there already"),
        (["backup", "{tmp}/nowhere/kept.tar"], "No such file or directory"),
        (["backup", "{tmp}/new.tar", "--config", "{tmp}/none.yaml"], "cannot be read"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(config: Config, tmp_path: Path, arguments: list[str], reason: str) -> None:
    (tmp_path / "there.tar").write_bytes(b"precious")
    ended = run(config, *(a.format(tmp=tmp_path) for a in arguments))
    assert ended.exit_code in (1, 2)
    assert reason in ended.stderr
    told = [line for line in ended.stderr.splitlines() if not line.startswith(("Store: ", "This was the store: "))]
    assert len(told) == 1
    assert (tmp_path / "there.tar").read_bytes() == b"precious"


def test_nothing_to_keep_is_said(tmp_path: Path) -> None:
    empty = config_of(tmp_path / "empty")
    for arguments in (["backup", str(tmp_path / "kept.tar")], ["verify"]):
        ended = run(empty, *arguments)
        assert (ended.exit_code, "does not exist" in ended.stderr) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_the_key_that_is_not_there_cannot_be_put_in(config: Config, tmp_path: Path) -> None:
    (Path(config.data_dir) / "secret.key").unlink()
    ended = run(config, "backup", tmp_path / "kept.tar", "--with-key")
    assert (ended.exit_code, "there is no key at" in ended.stderr) == (1, True)
    assert not (tmp_path / "kept.tar").exists()


def test_a_document_that_is_lost_ends_with_status_1_and_a_file(config: Config, tmp_path: Path) -> None:
    gone = next(p for p in (Path(config.data_dir) / "documents").rglob("*") if p.is_file())
    gone.unlink()
    ended = run(config, "backup", tmp_path / "kept.tar")
    assert ended.exit_code == 1
    assert f"NOT in it: document {gone.name}" in ended.stderr
    assert run(config, "verify", "--backup", tmp_path / "kept.tar").exit_code == 1


def test_a_journal_that_lacks_an_event_ends_with_status_1_and_a_file(config: Config, tmp_path: Path) -> None:
    with closing(sqlite3.connect(Path(config.data_dir) / "nhipcau.db")) as db:
        [conference] = db.execute("SELECT conference FROM events WHERE seq = 3").fetchone()
        db.execute("DELETE FROM events WHERE conference = ? AND seq = 2", (conference,))
        db.commit()
    ended = run(config, "backup", tmp_path / "kept.tar")
    assert ended.exit_code == 1
    assert f"events of conference {conference} are missing" in ended.stderr
    assert run(config, "verify", "--backup", tmp_path / "kept.tar").exit_code == 1


def test_a_restore_tells_what_is_left_to_do(config: Config, tmp_path: Path) -> None:
    run(config, "backup", tmp_path / "kept.tar")
    other = config_of(tmp_path / "other")
    ended = run(other, "restore", tmp_path / "kept.tar")
    assert ended.exit_code == 0, ended.stderr
    assert "conferences: 3, events: 32, accounts: 2, documents: 2" in ended.stdout
    assert "The server's key is NOT here" in ended.stdout
    assert run(other, "verify").exit_code == 0


def test_what_is_there_is_replaced_only_when_somebody_agrees(config: Config, tmp_path: Path) -> None:
    run(config, "backup", tmp_path / "kept.tar")
    refused = run(config, "restore", tmp_path / "kept.tar")
    assert refused.exit_code == 1
    assert "the database is not empty (conferences: 3, units: 6, accounts: 2); --replace" in refused.stderr
    epoch = _epochs(config)
    for answer in ("n\n", ""):
        assert run(config, "restore", tmp_path / "kept.tar", "--replace", answer=answer).exit_code == 1
        assert _epochs(config) == epoch
    assert run(config, "restore", tmp_path / "kept.tar", "--replace", answer="y\n").exit_code == 0
    assert _epochs(config) != epoch
    told = in_json(run(config, "restore", tmp_path / "kept.tar", "--replace", "--yes", "--json"))
    assert (told["rows"]["events"], told["documents"], told["key"]) == (32, 2, "same")


def _epochs(config: Config) -> str:
    with closing(sqlite3.connect(Path(config.data_dir) / "nhipcau.db")) as db:
        return repr(db.execute("SELECT id, epoch FROM journals ORDER BY id").fetchall())


def test_a_running_server_is_named(config: Config, tmp_path: Path) -> None:
    run(config, "backup", tmp_path / "kept.tar")
    with hold(Path(config.data_dir)):
        ended = run(config, "restore", tmp_path / "kept.tar", "--replace", "--yes")
    assert (ended.exit_code, "a server is running over" in ended.stderr) == (1, True)


def test_another_key_stops_a_restore_until_somebody_knows(config: Config, tmp_path: Path) -> None:
    run(config, "backup", tmp_path / "kept.tar")
    other = config_of(tmp_path / "other")
    ended = run(other, "restore", tmp_path / "kept.tar", NHIPCAU_SECRET_KEY=STRANGE)
    assert (ended.exit_code, "--keep-key" in ended.stderr) == (1, True)
    ended = run(other, "restore", tmp_path / "kept.tar", "--keep-key", NHIPCAU_SECRET_KEY=STRANGE)
    assert (ended.exit_code, "are dead" in ended.stdout) == (0, True)


def test_a_changed_backup_is_told_by_every_command(config: Config, tmp_path: Path) -> None:
    run(config, "backup", tmp_path / "kept.tar")
    whole = (tmp_path / "kept.tar").read_bytes()
    (tmp_path / "kept.tar").write_bytes(whole[:530] + bytes([whole[530] ^ 1]) + whole[531:])
    ended = run(config_of(tmp_path / "other"), "restore", tmp_path / "kept.tar")
    assert (ended.exit_code, "tables/" in ended.stderr) == (1, True)
    assert not (tmp_path / "other").exists()
    verified = run(config, "verify", "--backup", tmp_path / "kept.tar", "--json")
    assert verified.exit_code == 1
    assert "tables/" in in_json(verified)["differences"][0]["problem"]


def test_a_verification_is_read_by_people_and_programs(config: Config) -> None:
    ended = run(config, "verify")
    assert (ended.exit_code, "No difference." in ended.stdout) == (0, True)
    report = in_json(run(config, "verify", "--json"))
    assert (report["found"], report["events"], report["documents"]) == (0, 32, 2)


def test_the_doctor_knows_when_the_last_backup_was_made(config: Config, tmp_path: Path) -> None:
    def told() -> dict[str, str]:
        findings = in_json(run(config, "doctor", "--json"))
        return next(f for f in findings if f["check"] == "backup")

    assert (told()["verdict"], told()["detail"]) == ("warning", "none was made")
    run(config, "backup", tmp_path / "kept.tar")
    assert (told()["verdict"], str(tmp_path / "kept.tar") in told()["detail"]) == ("ok", True)
    note = Path(config.data_dir) / "last-backup.json"
    note.write_bytes(msgspec.json.encode({"at": 1_700_000_000_000, "file": "kept.tar"}))
    assert (told()["verdict"], "days ago" in told()["detail"]) == ("warning", True)


@pytest.mark.parametrize(
    ("command", "taught"),
    [("backup", "secret.key"), ("restore", "Stop every server first"), ("verify", "Exit status 1")],
)
def test_the_help_teaches(config: Config, command: str, taught: str) -> None:
    ended = run(config, command, "--help")
    assert ended.exit_code == 0
    assert {"backup": "secret.key", "restore": "Stop every server first", "verify": "Exit status 1"}[
        command
    ] in ended.stdout
