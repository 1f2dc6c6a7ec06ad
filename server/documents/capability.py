"""The capability whole, as `app.py` joins it to the others."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from server.http.routing import Route
from server.journal import Journal
from server.live.conductor import Clock, now_ms
from server.live.conferences import Conferences
from server.protocol.events import DocumentAdded, VersionAdded

from .claims import Claims
from .counts import ScanCounts
from .delivery import Delivery
from .grants import Grants
from .hot import Hot
from .intake import Intake
from .routes import DocumentRoutes
from .storage import Storage
from .uploads import PACE, Pace, Uploads

log = structlog.get_logger()

ORPHAN_MS = 24 * 3_600_000  # an upload and its event are seconds apart; what no journal names after a day is left over
REMOVE_SECONDS = 3  # a store that takes longer for one file is asked again the next day
LOT = 500  # events read at once while names are gathered


class Documents:
    """`incoming`: the folder for uploads under way, on the same disk as a `Folder` storage.

    `key`: secret bytes for grants alone, the same on every server. `types`: names of kinds. `max_bytes` of one file.
    `name_of` tells who `account:7` is; `expired_page` gives a person's page in a language.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        conferences: Conferences,
        journal: Journal,
        storage: Storage,
        incoming: Path,
        *,
        key: bytes,
        types: tuple[str, ...],
        max_bytes: int,
        name_of: Callable[[str], Awaitable[str]],
        expired_page: Callable[[str], bytes],
        clock: Clock = now_ms,
        pace: Pace = PACE,
    ) -> None:
        self._journal, self._storage, self._clock = journal, Hot(storage), clock
        self._claims = Claims(engine)
        self._uploads = Uploads(incoming, max_bytes, pace)
        self._conferences = conferences
        self._delivery = Delivery(self._storage, Grants(key), expired_page, self._taken_back, clock)
        intake = Intake(self._uploads, self._storage, self._claims, types, clock)
        self._organizers = DocumentRoutes(conferences, intake, self._delivery, ScanCounts(journal), name_of)

    def routes(self) -> list[Route]:
        return [*self._organizers.routes(), *self._delivery.routes()]

    def address(self, hash: str, name: str) -> str:
        """Where somebody who may have the file now can fetch it, for 30 to 60 minutes."""
        return self._delivery.address(hash, name)

    def _taken_back(self, hash: str) -> bool:
        """Whether conferences of this process know the file and none of them has it released now."""
        found = [live.hub.offers(hash, self._clock()) for live in self._conferences.running()]
        known = [offered for offered in found if offered is not None]
        return bool(known) and not any(known)

    async def sweep(self) -> int:
        """Removes files that no journal names and that are older than a day; how many. To be called daily, on any
        number of servers."""
        await asyncio.to_thread(self._uploads.sweep)
        limit = self._clock() - ORPHAN_MS
        await self._claims.forget(limit)
        old = [blob.hash async for blob in self._storage.blobs() if blob.modified_at < limit]
        if not old:
            return 0
        named = await self._named()
        removed = [await self._remove(hash, limit) for hash in old if hash not in named]
        log.info("documents_swept", removed=sum(removed))
        return sum(removed)

    async def _remove(self, hash: str, limit: int) -> bool:
        async with self._claims.unclaimed(hash, limit) as unclaimed:
            if not unclaimed:
                return False
            # Shorter than the database's patience with who does nothing in a transaction.
            async with asyncio.timeout(REMOVE_SECONDS):
                return await self._storage.remove(hash, limit)

    async def _named(self) -> set[str]:
        """The hashes that any journal names, also of withdrawn documents and old versions."""
        found: set[str] = set()
        for summary in await self._journal.conferences():
            before: int | None = None
            while True:
                types = ["document_added", "version_added"]
                lot = await self._journal.page(summary.id, types=types, before=before, limit=LOT)
                found |= {e.body.file.hash for e in lot if isinstance(e.body, DocumentAdded | VersionAdded)}
                if len(lot) < LOT:
                    break
                before = lot[-1].seq
        return found
