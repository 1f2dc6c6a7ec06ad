"""The migrations lead to exactly the tables that the code speaks of, on both databases."""

import asyncio

import msgspec
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, insert, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

import server.app  # noqa: F401 - every capability's tables
from server.db import make_engine, metadata, migrate, upgrade
from server.journal import Journal
from server.protocol.commands import UnitNode
from server.protocol.events import UnitsPlaced


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, metadata))


async def version(engine: AsyncEngine) -> list[str]:
    async with engine.connect() as connection:
        return list((await connection.execute(text("SELECT version_num FROM alembic_version"))).scalars())


async def test_an_empty_database_gets_exactly_the_tables_of_the_code(database_url: str) -> None:
    engine = make_engine(database_url)
    await migrate(engine)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
        tables = await connection.run_sync(lambda c: set(inspect(c).get_table_names()))
    assert tables == set(metadata.tables) | {"alembic_version"}
    await engine.dispose()


async def test_a_table_that_no_migration_makes_would_be_found(database_url: str) -> None:
    engine = make_engine(database_url)
    await migrate(engine)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE forgotten (id INTEGER)"))
        assert await connection.run_sync(differences) != []
    await engine.dispose()


async def test_the_second_time_nothing_happens(database_url: str) -> None:
    engine = make_engine(database_url)
    await migrate(engine)
    first = await version(engine)
    await Journal(engine).create("kept", "epoch")
    await migrate(engine)
    assert await version(engine) == first
    assert len(first) == 1
    assert await Journal(engine).head("kept") is not None
    await engine.dispose()


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_servers_that_start_together_do_not_get_in_each_others_way(database_url: str) -> None:
    engines = [make_engine(database_url) for _ in range(3)]
    await asyncio.gather(*(migrate(engine) for engine in engines))
    async with engines[0].connect() as connection:
        assert await connection.run_sync(differences) == []
    assert len(await version(engines[0])) == 1
    for engine in engines:
        await engine.dispose()


async def test_conferences_that_were_there_keep_their_units(database_url: str) -> None:
    """Given a journal from before conferences were found by their units, when migrated, then they are found."""
    engine = make_engine(database_url)
    async with engine.begin() as connection:
        await connection.run_sync(upgrade, "0003")
    journal = Journal(engine)
    placed = UnitsPlaced([UnitNode("271", "Huyện Ba Vì"), UnitNode("09619", "Xã Tản Lĩnh", parent="271")])
    event = {"conference": "old", "seq": 1, "at": 5, "occurred_at": 5, "actor": "account:1", "type": "units_placed"}
    await journal.create("old", "epoch")
    async with engine.begin() as connection:
        body = msgspec.json.encode(placed)
        await connection.execute(insert(metadata.tables["events"]), {**event, "version": 1, "body": body})
        await connection.execute(text("UPDATE journals SET seq = 1"))
    await migrate(engine)
    assert [c.id for c in await journal.conferences("09619")] == ["old"]
    assert await journal.conferences("001") == []
    await engine.dispose()
