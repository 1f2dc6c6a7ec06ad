"""A backup brings back every row of every table and every document, into either database and either store."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import BigInteger, Boolean, Float, Integer, LargeBinary, String, func, insert, select

import server.app  # noqa: F401 - every capability's tables
from server.accounts.tables import accounts
from server.backup.reading import opened
from server.backup.schema import PASSING
from server.config import S3 as S3Config
from server.config import Config, DocumentsConfig
from server.db import make_engine, metadata
from server.journal import Journal
from tests.documents.s3 import FakeS3
from tests.servers.postgres import Postgres

from .house import FILM, PAPER, back_up, bring_back, config_of, documents, everything, fill, report_on


@pytest.fixture(params=["sqlite", "postgres"])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Config:
    """An empty place of each kind."""
    if request.param == "sqlite":
        return config_of(tmp_path / "other")
    cluster: Postgres = request.getfixturevalue("postgres")
    return config_of(tmp_path / "other", cluster.database())


@pytest.fixture
async def s3() -> AsyncIterator[FakeS3]:
    store = FakeS3()
    yield store
    await store.stop()


async def in_s3(s3: FakeS3) -> DocumentsConfig:
    return DocumentsConfig(s3=S3Config("s3://bucket/folder", await s3.start(), "us-east-1", "key", "secret"))


async def test_everything_comes_back(filled: Config, other: Config, tmp_path: Path) -> None:
    before, papers = await everything(filled, epochs=False), await documents(filled)
    assert all(before[table] for table in before.keys() - {"api_tokens", "setup_links"}), "every table has rows"

    made = await back_up(filled, tmp_path / "kept.tar", with_key=True)
    restored = await bring_back(other, tmp_path / "kept.tar")

    assert await everything(other, epochs=False) == before
    assert await documents(other) == papers == {hashlib.sha256(d).hexdigest(): d for d in (PAPER, FILM)}
    assert (made.documents, restored.documents, made.lost) == (2, 2, [])
    assert made.rows == restored.rows == {name: len(rows) for name, rows in before.items()}
    assert (await report_on(other)).differences == []
    assert await everything(filled, epochs=False) == before, "the source was only read"


async def test_a_restored_journal_has_another_epoch_each_time(tmp_path: Path) -> None:
    config = config_of(tmp_path / "data")
    await fill(config)
    await back_up(config, tmp_path / "kept.tar")
    epochs = []
    for n in range(2):
        place = config_of(tmp_path / f"place{n}")
        await bring_back(place, tmp_path / "kept.tar")
        engine = make_engine(place.database_url())
        heads = await Journal(engine).heads(["hoinghi1", "hoinghi2", "empty"])
        await engine.dispose()
        epochs += [head.epoch for head in heads.values()]
    assert len({*epochs, "epoch-hoinghi1", "epoch-hoinghi2", "epoch-empty"}) == 9


async def test_numbers_are_not_given_again(filled: Config, other: Config, tmp_path: Path) -> None:
    """Account 3 was deleted before the backup; journals may still name it."""
    await back_up(filled, tmp_path / "kept.tar")
    await bring_back(other, tmp_path / "kept.tar")
    engine = make_engine(other.database_url())
    async with engine.begin() as db:
        assert await db.scalar(select(func.max(accounts.c.id))) == 2
        person = {"login": "new", "name": "N", "password_hash": "x", "role": "viewer", "disabled": False}
        new = await db.execute(insert(accounts), {**person, "generation": 1, "created_at": 1})
        assert new.inserted_primary_key == (4,)
    await engine.dispose()


async def test_documents_go_to_another_store_and_back(tmp_path: Path, s3: FakeS3) -> None:
    here, there = config_of(tmp_path / "here"), config_of(tmp_path / "there", documents=await in_s3(s3))
    await fill(here)
    await back_up(here, tmp_path / "first.tar")
    await bring_back(there, tmp_path / "first.tar")
    assert len(s3.keys()) == 2
    assert not (tmp_path / "there" / "documents").exists()

    await back_up(there, tmp_path / "second.tar")
    back = config_of(tmp_path / "back")
    await bring_back(back, tmp_path / "second.tar")
    assert await documents(back) == await documents(here)
    assert (await report_on(there)).differences == []


async def test_a_document_that_is_damaged_in_the_target_is_mended(tmp_path: Path) -> None:
    config = config_of(tmp_path / "data")
    await fill(config)
    await back_up(config, tmp_path / "kept.tar")
    for file in (tmp_path / "data" / "documents").rglob("*"):
        if file.is_file():
            file.write_bytes(b"damaged")
    await bring_back(config, tmp_path / "kept.tar")
    assert (await report_on(config)).differences == []


async def test_a_document_that_is_lost_is_named_and_the_rest_is_kept(tmp_path: Path) -> None:
    config = config_of(tmp_path / "data")
    await fill(config)
    gone, changed = (hashlib.sha256(d).hexdigest() for d in (PAPER, FILM))
    for file in (tmp_path / "data" / "documents").rglob("*"):
        if file.name == gone:
            file.unlink()
        elif file.name == changed:
            file.write_bytes(b"another film")

    made = await back_up(config, tmp_path / "kept.tar")

    assert sorted(made.lost) == sorted([gone, changed])
    with opened(tmp_path / "kept.tar") as held:
        assert held.check(lambda n: None) == []
        assert held.documents() == []
    restored = await bring_back(config_of(tmp_path / "other"), tmp_path / "kept.tar")
    assert restored.lost == made.lost


def test_every_column_is_of_a_kind_that_both_databases_give_alike() -> None:
    portable = (Integer, BigInteger, String, LargeBinary, Boolean, Float)
    kinds = {f"{t}.{c.name}": c.type for t, table in metadata.tables.items() if t not in PASSING for c in table.columns}
    assert [name for name, kind in kinds.items() if not isinstance(kind, portable)] == []
