"""Limits against guessing that hold for all servers together: who spreads his tries over them gets no more of them."""

import hashlib
from datetime import timedelta

import structlog
from sqlalchemy import Column, DateTime, String, Table, delete, func, literal, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from server.db import metadata

from .limits import Limit

log = structlog.get_logger()

tries = Table(
    "tries",
    metadata,
    # A digest: what people type into the field of a login is not always one, and addresses are theirs.
    Column("key", String(32), primary_key=True),
    # When all tries are there again, by the database's clock. Each try moves it on by the time that one takes to
    # come back; further ahead than a burst it never gets.
    Column("whole_at", DateTime(timezone=True), nullable=False),
)


class Tries:
    """Over PostgreSQL the limits are common to all its servers. SQLite serves one: there memory is enough, and nobody
    can make the disk work by guessing."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine if engine.dialect.name == "postgresql" else None

    def limit(self, name: str, rate: float, burst: float) -> "SharedLimit":
        """`rate` a second, `burst` at once, for each key. `name` tells limits with the same keys apart."""
        return SharedLimit(self._engine, name, rate, burst)

    async def purge(self) -> None:
        """To be called every minute: forgets those who have all their tries again. Any number of servers may."""
        if self._engine:
            async with self._engine.begin() as db:
                await db.execute(delete(tries).where(tries.c.whole_at < func.clock_timestamp()))


class SharedLimit:
    """`await take(key)` gives the seconds to wait, 0 when it may go on."""

    def __init__(self, engine: AsyncEngine | None, name: str, rate: float, burst: float) -> None:
        self._engine, self._name = engine, name
        self._here = Limit(rate, burst)
        self._rate, self._one, self._burst = rate, timedelta(seconds=1 / rate), timedelta(seconds=burst / rate)

    async def take(self, key: str) -> float:
        # What this server alone finds too much needs no question: so a flood does not reach the database.
        if (wait := self._here.take(key)) or self._engine is None:
            return wait
        digest = hashlib.blake2b(f"{self._name} {key}".encode(errors="replace"), digest_size=16).hexdigest()
        try:
            async with self._engine.begin() as db:
                return await self._take(db, digest)
        except (SQLAlchemyError, OSError) as error:  # while the database is away each server counts for itself
            log.warning("limit_not_shared", limit=self._name, error=repr(error))
            return 0.0

    async def _take(self, db: AsyncConnection, key: str) -> float:
        # A try need not survive the loss of power: no wait for the disk.
        await db.execute(text("SET LOCAL synchronous_commit = off"))
        now, one, burst = func.clock_timestamp(), literal(self._one), literal(self._burst)
        after = func.greatest(tries.c.whole_at, now) + one
        taking = insert(tries).values(key=key, whole_at=now + one)
        taking = taking.on_conflict_do_update(
            index_elements=[tries.c.key], set_={"whole_at": after}, where=after <= now + burst
        )
        if (await db.execute(taking.returning(tries.c.key))).first():
            return 0.0
        left: timedelta | None = await db.scalar(select(tries.c.whole_at + one - burst - now).where(tries.c.key == key))
        return max(left.total_seconds(), 1 / self._rate) if left else 0.0
