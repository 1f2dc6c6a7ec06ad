"""Personal data has an end date: contacts of conferences that were closed long enough ago are deleted."""

import structlog

from server.journal import Journal
from server.protocol.events import PhaseSet

from .store import ContactStore

log = structlog.get_logger()

DAY_MS = 86_400_000


class ContactPurge:
    """`keep_days` after the closing, counted from the last time a conference was closed."""

    def __init__(self, store: ContactStore, journal: Journal, keep_days: int) -> None:
        self._store, self._journal, self._keep_ms = store, journal, keep_days * DAY_MS

    async def purge(self, now: int) -> int:
        """Deletes what is due at `now` (ms) and gives the number of conferences. To be called daily; repeats
        do no harm."""
        purged = 0
        for conference in await self._store.conferences():
            closed_at = await self._closed_at(conference)
            if closed_at is None or closed_at + self._keep_ms > now:
                continue
            points = await self._store.forget(conference)
            log.info("contacts_deleted", conference=conference, points=points)
            purged += 1
        return purged

    async def _closed_at(self, conference: str) -> int | None:
        last = await self._journal.page(conference, types=["phase_set"], limit=1)
        body = last[0].body if last else None
        return last[0].at if isinstance(body, PhaseSet) and body.phase == "closed" else None
