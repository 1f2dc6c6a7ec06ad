"""Which servers live, by the database's own clock: theirs may differ."""

from typing import Literal

from sqlalchemy import Column, DateTime, String, Table, delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import metadata, upsert

LIVE_SECONDS = 6  # without a sign: taken for dead
FORGET_HOURS = 24

servers = Table(
    "servers",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    # A digest of its secret key, so that one with another key is noticed before it gives out links that the others
    # do not know. None: an older program's.
    Column("key", String(32)),
    # The mark of the store that its documents lie in. None: an older program's, or the store was away.
    Column("store", String(32)),
)


async def sign(engine: AsyncEngine, name: str, key: str, store: str | None = None) -> set[str]:
    """Writes that this server lives, and gives the names of all that do. PostgreSQL only."""
    since = func.now() - text(f"interval '{LIVE_SECONDS} seconds'")
    old = func.now() - text(f"interval '{FORGET_HOURS} hours'")
    async with engine.begin() as db:
        # A sign of life need not survive the loss of power: no wait for the disk.
        await db.exec_driver_sql("SET LOCAL synchronous_commit = off")
        await db.execute(upsert(engine, servers).values(name=name, seen_at=func.now(), key=key, store=store))
        await db.execute(delete(servers).where(servers.c.seen_at < old))
        return set((await db.execute(select(servers.c.name).where(servers.c.seen_at > since))).scalars())


async def strangers(engine: AsyncEngine, what: Literal["key", "store"], own: str) -> set[str]:
    """The names of live servers that have another one. PostgreSQL only."""
    since = func.now() - text(f"interval '{LIVE_SECONDS} seconds'")
    query = select(servers.c.name).where(servers.c.seen_at > since, servers.c[what] != own)
    async with engine.connect() as db:
        return set((await db.execute(query)).scalars())


async def sign_off(engine: AsyncEngine, name: str) -> None:
    """It lives no more, and nobody need wait to find that out."""
    async with engine.begin() as db:
        await db.execute(delete(servers).where(servers.c.name == name))
