"""From a scanned code to a room of a running conference, if the code still opens it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from server.conference.codes import admits
from server.conference.state import State
from server.http.problems import Problem
from server.http.tries import Tries
from server.live.conductor import Clock
from server.live.conferences import Conferences, Live
from server.protocol import events as e

from .codes import CodeStore, normal

# Only codes that nobody ever gave out are limited: a whole hall shares one address and scans right ones.
WRONG_RATE, WRONG_BURST = 0.5, 60  # wrong codes a second and at once from one address
WRONG_RATE_ALL, WRONG_BURST_ALL = 100, 2_000  # from everywhere: 3,000 years for one hit among 100,000 codes
EVERYWHERE = ""

# What may change a page or who gets in. Taps, headcounts and scans do not, and they are nearly everything.
CHANGING = frozenset({
    e.ConferenceCreated, e.ConferenceEdited, e.UnitsPlaced,
    e.PointsAdded, e.PointsEdited, e.PointsMerged, e.PointsClosed, e.PointsReopened,
    e.CodeIssued, e.CodeRevoked, e.CodeExpirySet,
    e.DocumentAdded, e.VersionAdded, e.DocumentEdited, e.DocumentsOrdered, e.DocumentWithdrawn, e.DocumentRestored,
    e.NoticePosted, e.NoticeWithdrawn,
})  # fmt: skip


@dataclass(slots=True, eq=False)
class House:
    """A conference as its codes see it. `version` counts the changes; the index follows when it is asked.
    `watchers` are told of each change and must not await."""

    live: Live
    version: int = 0
    watchers: list[Callable[[], None]] = field(default_factory=list)
    _indexed: int = -1
    _points: dict[str, int | None] = field(default_factory=dict)

    def heard(self, state: State, events: list[e.Event]) -> None:
        if any(type(event.body) in CHANGING for event in events):
            self.version += 1
            for tell in self.watchers:
                tell()

    def knows(self, code: str) -> bool:
        """Whether the code is among those of the last look: a code never changes its conference."""
        return code in self._points

    def point_of(self, state: State, code: str, now: int) -> int:
        """The point (0: the conference itself) that the code opens now. LookupError when it opens nothing."""
        if self._indexed != self.version:
            self._points = {p.code: p.id for p in state.points.values() if p.code}
            if state.code:
                self._points[state.code] = None
            self._indexed = self.version
        point = self._points[code]
        if not admits(state, code, point, now):
            raise LookupError(code)
        return point or 0


@dataclass(frozen=True, slots=True)
class Admitted:
    """`point` None: the conference's own code. `code` in its normal spelling."""

    code: str
    house: House
    point: int | None

    @property
    def live(self) -> Live:
        return self.house.live

    @property
    def conference(self) -> str:
        return self.house.live.id


class Gate:
    def __init__(self, conferences: Conferences, codes: CodeStore, tries: Tries, clock: Clock) -> None:
        self._conferences, self._codes, self._clock = conferences, codes, clock
        self._houses: dict[str, House] = {}
        self._wrong = tries.limit("wrong code", WRONG_RATE, WRONG_BURST)
        self._wrong_all = tries.limit("wrong code anywhere", WRONG_RATE_ALL, WRONG_BURST_ALL)

    async def house(self, code: str, address: str) -> House | None:
        """The conference whose code it is, spelled as `normal` does; None when nobody gave it out.

        Problem 429 `rate_limited` to who tries too many of those. Raises `Busy`.
        """
        for house in self._houses.values():  # a hall's first scans of a thousand rooms ask no database
            if house.knows(code):
                return house
        conference = await self._codes.find(code)
        if conference is None:
            if wait := await self._wrong.take(address) or await self._wrong_all.take(EVERYWHERE):
                raise Problem(429, "rate_limited", seconds=int(wait) + 1)
            return None
        if known := self._houses.get(conference):
            return known
        live = await self._conferences.get(conference)
        if live is None:
            return None  # reserved, and then the conference was never made
        if conference not in self._houses:
            house = self._houses[conference] = House(live)
            live.listeners.append(house.heard)
        return self._houses[conference]

    async def admit(self, text: str, address: str) -> Admitted | None:
        """None when the code opens nothing (any more). Raises like `house`."""
        code = normal(text)
        house = await self.house(code, address) if code else None
        if code is None or house is None:
            return None
        known, found = code, house
        try:
            point = await house.live.conductor.at_rest(lambda state: found.point_of(state, known, self._clock()))
        except LookupError:
            return None
        return Admitted(code, house, point or None)
