"""Which store documents are kept in: each holds a mark of its own, so that servers notice when theirs are not one."""

import asyncio
import secrets
from typing import Protocol

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from .storage import StorageAway

log = structlog.get_logger()

MARKING = 4242424243  # PostgreSQL's lock for who makes one; the migrations have the number before

STORE_SECONDS = 4.0  # less than the database's patience with who does nothing in a transaction


class Marked(Protocol):
    """Both may raise `StorageAway` and OSError."""

    async def find_mark(self) -> str | None: ...
    async def set_mark(self, mark: str) -> None: ...


async def mark_of(engine: AsyncEngine, storage: Marked) -> str | None:
    """The store's mark, made when it has none, by one server at a time. None: it is away now. PostgreSQL only."""
    try:
        async with engine.begin() as db:
            await db.execute(text(f"SELECT pg_advisory_xact_lock({MARKING})"))
            async with asyncio.timeout(STORE_SECONDS):
                if await storage.find_mark() is None:
                    await storage.set_mark(secrets.token_hex(16))
                return await storage.find_mark()
    except (StorageAway, OSError) as error:
        log.warning("document_store_away", error=repr(error))
        return None
