"""Counts in memory, then in lots in the journal: a hall that scans at once costs a handful of events."""

import asyncio
import contextlib
import secrets
from collections import Counter as Sums
from collections import deque

import structlog
from msgspec import Struct

from server.conference.rules import Actor
from server.live.conferences import Conferences
from server.protocol.commands import CountScans, ScanRow
from server.protocol.errors import Busy
from server.protocol.terms import ScanKind
from server.tasks import Tasks

log = structlog.get_logger()

MINUTE = 60_000  # ms: what the record tells apart
FLUSH_SECONDS = 0.15  # the wall shows a scan within a blink, and a commit carries hundreds
MAX_ROWS = 2_000  # in one command: an event of some 40 kB
MAX_PENDING = 500_000  # different rows held while the journal is away: 37,000 points for a dozen minutes, 100 MB
CLOSE_TRIES = 20  # flushes at the end, FLUSH_SECONDS apart, before what the journal will not take is given up
ACTOR = Actor("system", "attendance")

Key = tuple[int, int, int, ScanKind]  # minute, point, document, kind


class Lot(Struct, frozen=True):
    """Submitted under the same id until it is answered, so that it is counted once whatever happens between."""

    id: str
    command: CountScans


class Counter:
    def __init__(self, conferences: Conferences) -> None:
        self._conferences = conferences
        self._sums: dict[str, Sums[Key]] = {}
        self._lots: dict[str, deque[Lot]] = {}
        self._held = 0
        self._flushing = asyncio.Lock()
        self._tasks = Tasks()
        self._task: asyncio.Task[None] | None = None

    def add(self, conference: str, point: int, document: int, kind: ScanKind, now: int) -> None:
        """One scan or opening; `point` 0 is the conference's own code, `document` 0 the page. Never waits."""
        sums = self._sums.setdefault(conference, Sums())
        key = (now - now % MINUTE, point, document, kind)
        if key not in sums:
            if self._held >= MAX_PENDING:
                log.error("scans_dropped", conference=conference)
                return
            self._held += 1
        sums[key] += 1
        if self._task is None:
            self._task = self._tasks.start("scans", self._flush_soon())

    async def flush(self) -> bool:
        """Brings what is counted into the journals. False when some of it has to wait."""
        async with self._flushing:
            for conference, sums in self._sums.items():
                self._lots.setdefault(conference, deque()).extend(_lots(sums))
            self._sums = {}
            done = await asyncio.gather(*(self._deliver(c, lots) for c, lots in tuple(self._lots.items())))
            return all(done)

    async def close(self) -> None:
        """Flushes. To be called when no request can come any more and the conductors still conduct."""
        await self._tasks.stop()
        for _ in range(CLOSE_TRIES):
            if await self.flush():
                return
            await asyncio.sleep(FLUSH_SECONDS)
        log.error("scans_lost", rows=self._held)

    async def _flush_soon(self) -> None:
        try:
            while self._sums or self._lots:
                await asyncio.sleep(FLUSH_SECONDS)
                await self.flush()
        finally:
            self._task = None  # the next scan begins anew, also after a failure that nobody foresaw

    async def _deliver(self, conference: str, lots: deque[Lot]) -> bool:
        """The lots share a commit. One that is answered is gone, also when the rule wanted none of it."""
        waiting = tuple(lots)
        with contextlib.suppress(Busy):
            live = await self._conferences.get(conference)
            assert live is not None, "only what a conference's code opened is counted"
            submit = live.conductor.submit
            answers = await asyncio.gather(
                *(submit(lot.command, ACTOR, id=lot.id, retry=True) for lot in waiting), return_exceptions=True
            )
            for lot, answer in zip(waiting, answers, strict=True):
                if not isinstance(answer, BaseException):
                    lots.remove(lot)
                    self._held -= len(lot.command.rows)
                elif not isinstance(answer, Busy):
                    log.error("scans_not_taken", conference=conference, exc_info=answer)
        if lots:
            return False
        del self._lots[conference]
        return True


def _lots(sums: Sums[Key]) -> list[Lot]:
    """Commands of one minute each."""
    minutes: dict[int, list[ScanRow]] = {}
    for (minute, point, document, kind), count in sums.items():
        minutes.setdefault(minute, []).append(ScanRow(point, document, kind, count))
    return [
        Lot(secrets.token_hex(16), CountScans(minute, rows[i : i + MAX_ROWS]))
        for minute, rows in sorted(minutes.items())
        for i in range(0, len(rows), MAX_ROWS)
    ]
