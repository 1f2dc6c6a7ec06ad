"""How often was scanned and opened, from the journal once and then from what becomes durable."""

import asyncio
from collections.abc import Callable

from msgspec import Struct, field

from server.conference.state import State
from server.journal import Journal
from server.live.conferences import Live
from server.protocol.events import Event, ScansCounted

KEPT = 24 * 60  # minutes told: a day, of which a conference fills some hours
LOT = 2_000  # events read from the journal at once
MAX_KEPT = 200  # subtrees kept up; more are counted anew when asked for


class Sums(Struct):
    """`minutes`: scans and openings by the beginning of the minute in ms; `opens` by document."""

    minutes: dict[int, list[int]] = field(default_factory=dict)
    opens: dict[int, int] = field(default_factory=dict)

    def add(self, body: ScansCounted, inside: Callable[[int], bool]) -> None:
        for row in body.rows:
            if inside(row.point):
                self.minutes.setdefault(body.minute, [0, 0])[row.kind == "open"] += row.count
                if row.kind == "open":
                    self.opens[row.document] = self.opens.get(row.document, 0) + row.count

    def last_minutes(self) -> list[tuple[int, int, int]]:
        """`(minute, scans, openings)`, oldest first, minutes without any left out."""
        return [(at, scans, opens) for at, (scans, opens) in sorted(self.minutes.items())[-KEPT:]]


class ScanCounts:
    """Sums of a subtree's points (`root` None: all points and the conference's own code)."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._kept: dict[tuple[str, str | None], Sums] = {}
        self._listening: set[str] = set()
        self._reading = asyncio.Lock()

    async def of(self, live: Live, root: str | None) -> Sums:
        async with self._reading:
            found = self._kept.get((live.id, root))
            if found is None:
                try:
                    found = await self._begin(live, root)
                except BaseException:  # half a sum must not be kept
                    self._kept.pop((live.id, root), None)
                    raise
            return found

    async def _begin(self, live: Live, root: str | None) -> Sums:
        """Listens from an event on, then reads what was up to it: sums do not mind the order."""
        sums = Sums()
        before, points = await live.conductor.at_rest(lambda state: self._listen(live, state, root, sums))
        while True:
            lot = await self._journal.page(live.id, types=["scans_counted"], before=before, limit=LOT)
            for event in lot:
                if isinstance(event.body, ScansCounted):
                    sums.add(event.body, lambda point: points is None or point in points)
            if len(lot) < LOT:
                return sums
            before = lot[-1].seq

    def _listen(self, live: Live, state: State, root: str | None, sums: Sums) -> tuple[int, set[int] | None]:
        if live.id not in self._listening:
            self._listening.add(live.id)
            live.listeners.append(lambda state, events: self._heard(live.id, state, events))
        if len(self._kept) < MAX_KEPT:
            self._kept[(live.id, root)] = sums
        points = {p.id for p in state.points.values() if state.within(p.unit, root)} if root is not None else None
        return state.seq + 1, points

    def _heard(self, conference: str, state: State, events: list[Event]) -> None:
        for event in events:
            if isinstance(event.body, ScansCounted):
                for (of, root), sums in self._kept.items():
                    if of == conference:
                        sums.add(event.body, _below(state, root))


def _below(state: State, root: str | None) -> Callable[[int], bool]:
    if root is None:
        return lambda point: True
    return lambda point: point in state.points and state.within(state.points[point].unit, root)
