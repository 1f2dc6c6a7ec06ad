"""Where a backup is restored to: a database that is put in place whole or stays as it was."""

import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from pathlib import Path
from typing import Protocol

from msgspec import Struct
from sqlalchemy import Connection, MetaData, func, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from server.config import Config
from server.db import engine_beside, make_engine, metadata
from server.documents.storage import sync_folder
from server.lock import hold

from .schema import PASSING, VERSION_TABLE, names_at, revision_of
from .source import sqlite_file

# What a server that only started has written; nobody would miss it.
TRIFLES = frozenset({"setup_links", "units_revision", VERSION_TABLE}) | PASSING
TOLD = {"journals": "conferences", "units": "units", "accounts": "accounts"}  # what a person knows a database by
MIGRATION_LOCK = 4242424242  # servers that start wait for it


class CannotRestore(Exception):
    """The target cannot be written now; it was not touched."""


class Found(Struct, frozen=True):
    """What stands in a database: rows by table, or that it cannot be read at all."""

    rows: dict[str, int]
    readable: bool = True

    @property
    def empty(self) -> bool:
        return self.readable and not any(n for table, n in self.rows.items() if table not in TRIFLES)

    def __str__(self) -> str:
        if not self.readable:
            return "a file that is no readable database"
        return ", ".join(f"{name}: {self.rows.get(table, 0):,}" for table, name in TOLD.items())


class Target(Protocol):
    """`CannotRestore` from any method."""

    async def look(self) -> Found: ...

    def fill(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """An empty database to write to. It takes the place of the old one when the block ends well, else nothing
        is changed, not even after a crash."""


def target_of(config: Config) -> Target:
    """`CannotRestore` for a superuser in another user's folder: the server could not write what he leaves there."""
    data = Path(config.data_dir)
    if data.exists() and os.geteuid() == 0 and (owner := data.stat().st_uid) != 0:
        raise CannotRestore(f"run it as the server's user, who owns {data}: sudo -u '#{owner}' nhipcau restore …")
    url = config.database_url()
    file = sqlite_file(url)
    return SqliteTarget(file, Path(config.data_dir)) if file else PostgresTarget(url, config.timeline())


class SqliteTarget:
    """A new file is written beside the old one and renamed over it. The server's lock is held meanwhile."""

    def __init__(self, file: Path, data: Path) -> None:
        self._file, self._data = file, data
        self._new = file.with_name(file.name + ".restoring")

    async def look(self) -> Found:
        if not self._file.exists():
            return Found({})
        try:
            with closing(sqlite3.connect(f"file:{self._file}?mode=rw", uri=True)) as db:
                names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
                names = [name for name in names if not name.startswith("sqlite_")]
                return Found({n: db.execute(f'SELECT count(*) FROM "{n}"').fetchone()[0] for n in names})  # noqa: S608
        except sqlite3.DatabaseError:
            return Found({}, readable=False)

    @asynccontextmanager
    async def fill(self) -> AsyncIterator[AsyncConnection]:
        self._data.mkdir(parents=True, exist_ok=True)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with hold(self._data):
            self._remove()
            engine = make_engine(f"sqlite+aiosqlite:///{self._new}")
            try:
                async with engine.begin() as db:
                    yield db
                async with engine.connect() as db:
                    await db.exec_driver_sql("PRAGMA journal_mode=DELETE")  # one file, with everything in it
                await engine.dispose()
                self._replace()
            finally:
                await engine.dispose()
                self._remove()

    def _replace(self) -> None:
        with self._new.open("rb") as file:
            os.fsync(file.fileno())
        if self._file.exists():
            self._close_old()
        self._new.replace(self._file)
        sync_folder(self._file.parent)

    def _close_old(self) -> None:
        """The old file must have no log of changes beside it: it would be played into the new one."""
        try:
            with closing(sqlite3.connect(self._file, timeout=1)) as db:
                db.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError as error:
            raise CannotRestore(f"{self._file} is in use by another program: {error}") from error
        except sqlite3.DatabaseError:  # nothing of it can be read, but somebody may want to try
            for end in ("", "-wal", "-shm"):
                if (old := Path(f"{self._file}{end}")).exists():
                    old.replace(f"{self._file}.damaged{end}")

    def _remove(self) -> None:
        for end in ("", "-wal", "-shm", "-journal"):
            Path(f"{self._new}{end}").unlink(missing_ok=True)


class PostgresTarget:
    """One transaction: what is there is dropped, what was kept is written, all of it or nothing. Never into a database
    whose place another one took, which no server would read: NoLeader."""

    def __init__(self, url: str, timeline: Path) -> None:
        self._url, self._timeline = url, timeline

    async def look(self) -> Found:
        engine = engine_beside(self._url, self._timeline)
        try:
            async with engine.connect() as db:
                return Found(await db.run_sync(_count))
        finally:
            await engine.dispose()

    @asynccontextmanager
    async def fill(self) -> AsyncIterator[AsyncConnection]:
        engine = engine_beside(self._url, self._timeline)
        try:
            async with engine.begin() as db:
                for setting in ("idle_in_transaction_session_timeout", "tcp_user_timeout"):
                    await db.exec_driver_sql(f"SET LOCAL {setting} = 0")
                await db.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
                if others := await db.scalar(text(_OTHERS)):
                    raise CannotRestore(f"{others} other connections use this database: stop every server first")
                await db.run_sync(_drop)
                yield db
        finally:
            await engine.dispose()


_OTHERS = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
    AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""


def _ours(db: Connection) -> set[str]:
    """The tables of ours that stand in this database, whichever version made them. `CannotRestore` at strangers'."""
    revision = revision_of(db)
    ours = set(metadata.tables) | {VERSION_TABLE} | set(names_at(revision) if revision else ())
    there = set(inspect(db).get_table_names())
    if strange := there - ours:
        raise CannotRestore(f"the database holds tables of another program: {', '.join(sorted(strange)[:5])}")
    return there


def _count(db: Connection) -> dict[str, int]:
    found = MetaData()
    found.reflect(db, only=sorted(_ours(db)))
    return {t.name: db.scalar(select(func.count()).select_from(t)) or 0 for t in found.sorted_tables}


def _drop(db: Connection) -> None:
    found = MetaData()
    found.reflect(db, only=sorted(_ours(db)))
    found.drop_all(db)
