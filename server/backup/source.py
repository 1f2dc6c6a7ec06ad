"""One moment of a running database, read in lots."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Table, func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from server.config import Config
from server.db import engine_beside

from .schema import revision_of, tables

LOT = 1_000  # rows in memory at once
LOTS = {"snapshots": 1}  # of this table a row may have tens of megabytes


class NoDatabase(Exception):
    """There is nothing of ours at the address."""


class Moment:
    """Everything read through it is as of one moment, while others go on writing. `tables`: parents first."""

    def __init__(self, db: AsyncConnection, revision: str, found: list[Table]) -> None:
        self.db, self.revision = db, revision
        # Plain strings: SQLAlchemy's own kind of names is none that goes into a manifest.
        self.tables = {str(t.name): t for t in found}
        self.columns = {str(t.name): [str(c.name) for c in t.columns] for t in found}
        self.kind = db.dialect.name

    async def lots(self, table: str) -> AsyncIterator[Sequence[Row[Any]]]:
        """Rows in the order of the primary key, columns in the order of the table."""
        found = self.tables[table]
        query = select(found).order_by(*found.primary_key)
        rows = await self.db.stream(query, execution_options={"yield_per": LOTS.get(table, LOT)})
        async for lot in rows.partitions():
            yield lot

    async def count(self, table: str) -> int:
        return await self.db.scalar(select(func.count()).select_from(self.tables[table])) or 0

    async def counters(self) -> dict[str, int]:
        """The last number that was given in each table that counts its rows: numbers are never given twice."""
        if self.kind == "sqlite":
            query = text("SELECT name, seq FROM sqlite_sequence")
            return {name: seq for name, seq in await self.db.execute(query) if name in self.tables}
        found: dict[str, int] = {}
        for table in self.tables.values():
            if sequence := await self.db.run_sync(sequence_of, table):
                last = text(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")  # noqa: S608
                found[table.name] = await self.db.scalar(last) or 0
        return found


def sequence_of(db: Connection, table: Table) -> str | None:
    """PostgreSQL's sequence behind the key of a table."""
    if len(table.primary_key) != 1:
        return None
    (key,) = table.primary_key
    found: str | None = db.scalar(select(func.pg_get_serial_sequence(table.name, key.name)))
    return found


@asynccontextmanager
async def moment(config: Config) -> AsyncIterator[Moment]:
    """A transaction that reads only. `NoDatabase`, `UnknownSchema`; the driver's own errors for the rest."""
    url = config.database_url()
    file = sqlite_file(url)
    if file and not file.exists():
        raise NoDatabase(f"{file} does not exist")
    engine = engine_beside(url, config.timeline())
    try:
        async with engine.connect() as db:
            if file:
                await db.exec_driver_sql("BEGIN")  # the driver itself would begin one for each statement
            else:
                await db.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                # Between two lots a full part is packed and written; a slow disk is no reason to lose the moment.
                await db.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            revision = await db.run_sync(revision_of)
            if revision is None:
                raise NoDatabase("the database is empty")
            yield Moment(db, revision, await db.run_sync(tables, revision))
    finally:
        await engine.dispose()


def sqlite_file(url: str) -> Path | None:
    """Where an SQLite database lies; None for PostgreSQL."""
    found = make_url(url)
    return Path(found.database or "") if found.drivername.startswith("sqlite") else None
