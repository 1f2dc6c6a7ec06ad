"""One database for everything: SQLite for one server, PostgreSQL for more. One metadata for all tables."""

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import URL, Connection, Dialect, MetaData, Table, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from server.leader import Leader

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

BUSY_MS = 10_000  # a writer waits this long for another (an import) before SQLite gives up
RESTED_SECONDS = 1.0  # unused for so long, a connection is asked whether it lives
POOL = 5  # connections; reads of the console beside the one writer of each conference
# PostgreSQL lets go of who stopped in the middle: a server that hangs, or whose line broke without a word, must not
# keep the others from their turn. Milliseconds.
SESSION = {
    "idle_in_transaction_session_timeout": "5000",
    "lock_timeout": "10000",
    "tcp_user_timeout": "10000",
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
}


def make_engine(url: str, leader: Leader | None = None) -> AsyncEngine:
    """`sqlite+aiosqlite:///path` or `postgresql+asyncpg://…`. A commit is on the disk before it returns.

    `leader`: of `leader_of`, for who wants to look whether another one took its place."""
    if url.startswith("sqlite"):
        engine = create_async_engine(url, pool_size=POOL)
        event.listen(engine.sync_engine, "connect", _sqlite_pragmas)
        return engine
    connect = (leader or leader_of(url)).connect
    # The connection used last comes first, so that under load it is not asked whether it lives.
    engine = create_async_engine(url, pool_size=POOL, max_overflow=POOL, pool_use_lifo=True, async_creator=connect)
    event.listen(engine.sync_engine, "checkin", _note_use)
    event.listen(engine.sync_engine, "checkout", _ask_rested(engine.dialect))
    return engine


def _note_use(_connection: object, record: Any) -> None:
    record.info["used_at"] = time.monotonic()


def _ask_rested(dialect: Dialect) -> Callable[[Any, Any, object], None]:
    """Whether a connection still lives, as far as the driver knows and, of one that rested, the database: to ask it
    each time takes three round trips, a third of a commit's cost. Who is given a dead one all the same fails, and its
    turn is decided anew."""

    def ask(connection: Any, record: Any, _proxy: object) -> None:
        try:
            rested = time.monotonic() - record.info.get("used_at", -math.inf) > RESTED_SECONDS
            alive = not record.driver_connection.is_closed() and (not rested or dialect.do_ping(connection))
        except Exception as error:
            raise DisconnectionError from error  # the pool takes another one
        if not alive:
            raise DisconnectionError

    return ask


def engine_beside(url: str, memory: Path) -> AsyncEngine:
    """For tools beside the servers: they follow the leader that the servers remember, and remember nothing themselves,
    since they may run as somebody else."""
    return make_engine(url, None if url.startswith("sqlite") else leader_of(url, memory, keep=False))


def leader_of(url: str | URL, memory: Path | None = None, keep: bool = True) -> Leader:
    """Whichever of the hosts of a PostgreSQL address may be written to. `memory`: the file that remembers it; without
    `keep` it is read alone."""
    _, given = make_url(url).get_dialect()().create_connect_args(make_url(url))
    hosts, ports = given.pop("host", None), given.pop("port", None)
    given.pop("target_session_attrs", None)  # as the driver does it, a host that is silent would keep it from the next
    several = zip(hosts, ports, strict=True) if isinstance(hosts, list) else [(hosts, ports)]
    options = {**given, "server_settings": SESSION}
    return Leader([{"host": host, "port": port} for host, port in several], options, memory, keep)


def _sqlite_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    # synchronous=FULL in WAL mode: a commit survives the loss of power, not only of the process.
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={BUSY_MS}",
        "foreign_keys=ON",
        "cache_size=-65536",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def upsert(engine: AsyncEngine, table: Table, newer: str | None = None) -> Any:
    """INSERT … ON CONFLICT (primary key) DO UPDATE of every other column, in the engine's dialect.

    `newer` names a column that must have grown for the old row to be replaced."""
    insert: Any = (sqlite if engine.dialect.name == "sqlite" else postgresql).insert(table)
    keys = [c.name for c in table.primary_key]
    rest = {c.name: insert.excluded[c.name] for c in table.columns if c.name not in keys}
    grown = insert.excluded[newer] >= table.c[newer] if newer else None
    return insert.on_conflict_do_update(index_elements=keys, set_=rest, where=grown)


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Brings the schema up to that revision, in the transaction of the connection."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


async def migrate(engine: AsyncEngine) -> None:
    """Brings the schema to this version; does nothing when it is. Safe when several servers start at once."""
    async with engine.begin() as connection:
        if engine.dialect.name == "postgresql":  # one migrates, the others wait and find it done
            await connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
            # A step that works on what it has read is not one that hangs.
            await connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            await connection.exec_driver_sql("SELECT pg_advisory_xact_lock(4242424242)")
        await connection.run_sync(upgrade)
