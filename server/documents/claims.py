"""The same file may come again at one server at the moment when another takes it away: the database lets one wait."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import upsert
from server.protocol.errors import Busy

from .tables import incoming_files as incoming

NEVER = 0


class Claims:
    """Stores have no "remove unless it is new" that holds between machines; a row of the database does."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._upsert = upsert(engine, incoming)
        dialect: Any = sqlite if engine.dialect.name == "sqlite" else postgresql
        self._hold = dialect.insert(incoming).on_conflict_do_nothing(index_elements=[incoming.c.hash])

    async def claim(self, hash: str, now: int) -> None:
        """Before a file is kept: from here on nobody takes it away. Raises `Busy`, then nothing is claimed."""
        try:
            async with self._engine.begin() as db:
                await db.execute(self._upsert, {"hash": hash, "at": now})
        except (SQLAlchemyError, OSError) as error:
            raise Busy from error

    @asynccontextmanager
    async def unclaimed(self, hash: str, before: int) -> AsyncIterator[bool]:
        """Whether nobody claimed it since `before` (ms); while the block lasts, nobody can. It must be short: who
        keeps a file waits for it."""
        async with self._engine.begin() as db:
            await db.execute(self._hold, {"hash": hash, "at": NEVER})
            at = await db.scalar(select(incoming.c.at).where(incoming.c.hash == hash).with_for_update())
            yield at is not None and at < before
            await db.execute(delete(incoming).where(incoming.c.hash == hash, incoming.c.at < before))

    async def forget(self, before: int) -> None:
        """Claims from before are of files that a journal names, or that nobody wants."""
        async with self._engine.begin() as db:
            await db.execute(delete(incoming).where(incoming.c.at < before))
