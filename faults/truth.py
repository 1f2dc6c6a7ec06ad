"""What the journal alone says: read from the database, folded from the first event, and what a wall must show of it."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from bench.mirror import Mirror
from bench.reporters import Report
from server.conference.rules import evolve
from server.conference.state import State
from server.db import make_engine
from server.journal import Journal
from server.live.audience import Sight
from server.live.conductor import now_ms
from server.live.hub import Hub
from server.live.presence import Elsewhere, Presence
from server.protocol.events import HeadcountReported

ANYWHERE = "a server"


@asynccontextmanager
async def engine_of(url: str) -> AsyncIterator[AsyncEngine]:
    engine = make_engine(url)
    try:
        yield engine
    finally:
        await engine.dispose()


class Fold:
    """`reports`: how often each report stands in the journal. `types`: how many events of each kind. `devices`: how
    many every room should have."""

    def __init__(self, engine: AsyncEngine, conference: str, devices: int = 1) -> None:
        self._journal, self._conference = Journal(engine), conference
        self._devices = tuple(range(1, devices + 1))
        self.state = State(conference)
        self.reports: Counter[Report] = Counter()
        self.types: Counter[str] = Counter()
        self.gaps = 0
        self.bent = 0  # ms between a report's arrival and the moment it is about, at most

    async def advance(self) -> None:
        """Takes in what was written since."""
        async for lot in self._journal.read(self._conference, self.state.seq):
            for event in lot:
                self.gaps += event.seq != self.state.seq + 1
                evolve(self.state, event)
                self.types[str(event.body.__struct_config__.tag)] += 1
                if isinstance(event.body, HeadcountReported):
                    self.reports[event.body.point, event.body.in_room] += 1
                    self.bent = max(self.bent, abs(event.at - (event.occurred_at or event.at)))

    def shown_by(self, wall: Mirror) -> bool:
        """Whether a wall in a corridor shows this, with every room's devices; how good its line is, is the one thing
        that the journal does not know."""
        presence = Presence(0)
        for point in self.state.points:
            row = wall.rows.get(point)
            presence.hear(ANYWHERE, point, Elsewhere(self._devices, row.quality if row else "unknown"), 0)
        hub = Hub(presence)
        hub.begin(self.state, "")
        true = hub.snapshot(Sight(None, public=True), now_ms())
        tallies = {t.unit: t for t in true.tallies}
        infos, rows = {i.id: i for i in true.infos}, {r.id: r for r in true.rows}
        return wall.picture() == (true.conference, true.units, true.documents, true.notices, infos, rows, tallies)


def difference(fold: Fold, wall: Mirror) -> str:
    """For whoever looks for the reason: the rooms that the wall shows otherwise."""
    hub = Hub(Presence(0))
    hub.begin(fold.state, "")
    wrong = [(wall.rows.get(id), row) for id, row in hub.rows.items() if _bare(wall.rows.get(id)) != _bare(row)]
    line = "connected" if wall.line.connected.is_set() else "not connected"
    return f"a wall is {line}, at event {wall.seq} of {fold.state.seq}; {len(wrong)} rooms differ: {wrong[:1]}"


def _bare(row: object) -> object:
    return msgspec.structs.replace(row, devices=0, quality="unknown") if isinstance(row, msgspec.Struct) else row
