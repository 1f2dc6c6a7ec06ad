"""Personal data has an end date: contacts of conferences that are over long enough are deleted."""

import structlog

from server.journal import Journal
from server.protocol.events import PhaseSet

from .store import ContactStore

log = structlog.get_logger()

DAY_MS = 86_400_000
MAX_AHEAD_DAYS = 400  # a conference that comes every year; a day planned beyond is a slip and must not keep a number
# What organizers do to a conference and its rooms. Scans and taps go on by themselves and keep nobody's number.
WORK = (
    "conference_created", "conference_edited", "phase_set",
    "points_added", "points_edited", "points_merged", "points_closed", "points_reopened",
)  # fmt: skip


class ContactPurge:
    """`keep_days` after the end: the last time that the conference was closed. One that is never closed ends on its
    planned day, or with the last work on it and its rooms if that is later."""

    def __init__(self, store: ContactStore, journal: Journal, keep_days: int) -> None:
        self._store, self._journal, self._keep_ms = store, journal, keep_days * DAY_MS

    async def purge(self, now: int) -> int:
        """Deletes what is due at `now` (ms) and gives the number of conferences. To be called daily; repeats
        do no harm."""
        planned = {c.id: c.starts_at for c in await self._journal.conferences()}
        purged = 0
        for conference in await self._store.conferences():
            ended_at = await self._ended_at(conference, planned.get(conference, 0))
            if ended_at + self._keep_ms > now:
                continue
            points = await self._store.forget(conference)
            log.info("contacts_deleted", conference=conference, points=points)
            purged += 1
        return purged

    async def _ended_at(self, conference: str, planned: int) -> int:
        phases = await self._journal.page(conference, types=["phase_set"], limit=1)
        body = phases[0].body if phases else None
        if isinstance(body, PhaseSet) and body.phase == "closed":
            return phases[0].at
        worked = (await self._journal.page(conference, types=WORK, limit=1))[0].at
        return max(worked, min(planned, worked + MAX_AHEAD_DAYS * DAY_MS))
