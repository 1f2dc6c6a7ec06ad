"""The conferences that live in this process: each with its conductor, hub, presence and two small tasks."""

import asyncio

import msgspec
import structlog
from msgspec import Struct

from server.conference import view
from server.conference.documents import offered
from server.conference.rules import Actor
from server.conference.state import State
from server.journal import Journal
from server.protocol.commands import LineGone
from server.protocol.errors import Busy
from server.protocol.events import Event
from server.protocol.messages import PointMessage
from server.tasks import Tasks

from .conductor import Clock, Conductor, Publish, now_ms
from .hub import Hub
from .outlet import text_frame
from .presence import Presence
from .wire import encode

log = structlog.get_logger()

SYSTEM = Actor("system", "system")
PUSH_LOT = 500  # points told in one go: about 10 ms, so that taps are not kept waiting by news
SWEEP_SECONDS = 1.0
SWEEP_LOT = 2_000  # lines recorded as lost in one sweep: a failed exchange of a province


class LiveSettings(Struct, frozen=True):
    """`interval_ms` between frames, `grace_ms` before a lost line is recorded, `pace_ms` between commits."""

    interval_ms: int = 100
    grace_ms: int = 20_000
    pace_ms: int = 12
    beat_ms: int = 15_000


class Live:
    """One conference, live."""

    def __init__(self, conference: str, journal: Journal, settings: LiveSettings, clock: Clock) -> None:
        self.id = conference
        self.settings = settings
        self.clock = clock
        self.presence = Presence(clock())
        self.hub = Hub(self.presence)
        # Told of durable events after the hub, with the state at rest. They must not await, nor keep the state.
        self.listeners: list[Publish] = []
        self.conductor = Conductor(conference, journal, self._publish, settings.pace_ms / 1000, clock)
        self._tasks = Tasks()

    async def start(self) -> None:
        state = await self.conductor.start()
        self.hub.begin(state, self.conductor.epoch)
        self._tasks.start(f"frames {self.id}", self._frames())
        self._tasks.start(f"lines {self.id}", self._lines())

    async def stop(self) -> None:
        await self._tasks.stop()
        await self.conductor.stop()

    def _publish(self, state: State, events: list[Event]) -> None:
        self.hub.publish(state, events)
        for listener in self.listeners:
            try:
                listener(state, events)
            except Exception as error:  # what is durable stays so, whoever stumbles over it
                log.error("listener_failed", conference=self.id, exc_info=error)

    async def _frames(self) -> None:
        """One frame an audience an interval; then the devices of points whose truth changed."""
        while True:
            await asyncio.sleep(self.settings.interval_ms / 1000)
            try:
                self.hub.tick(self.clock())
                if self.hub.stale_points:
                    await self._tell_points()
            except Busy:
                continue  # the journal is away; what is shown stays what was durable
            except Exception as error:
                log.error("frame_failed", conference=self.id, exc_info=error)

    async def _tell_points(self) -> None:
        """Full truth to every device of a point, but not to the one whose answer already carried it."""
        stale = self.hub.stale_points
        lot: list[int] = []
        while stale and len(lot) < PUSH_LOT:
            if self.hub.is_news(point := stale.pop()):
                lot.append(point)
        if not lot:
            return
        messages = await self.conductor.at_rest(lambda state: self._point_messages(state, lot))
        for point, seq, frame in messages:
            for outlets in self.hub.devices.get(point, {}).values():
                for outlet in outlets:
                    if outlet.seen < seq:
                        outlet.send(frame)

    def _point_messages(self, state: State, points: list[int]) -> list[tuple[int, int, bytes]]:
        return [
            (p, self.hub.told(p), text_frame(encode(self.point_message(state, p))))
            for p in points
            if p in state.points and p in self.hub.devices
        ]

    def point_message(self, state: State, point: int) -> PointMessage:
        """What an operator's page shows. Call it at rest only."""
        now = self.clock()
        if point in self.hub.devices:
            self.hub.views.setdefault(point, msgspec.Raw(encode(view.point(state, state.points[point]))))
        return PointMessage(
            state.seq,
            now,
            view.point(state, state.points[point]),
            view.conference(state),
            [view.document(d, now) for d in offered(state, point, now)],
        )

    async def _lines(self) -> None:
        """A line that stays away longer than the grace period becomes one event."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            deadline = self.clock() - self.settings.grace_ms
            gone = [
                LineGone(point, since)
                for point in self.hub.line_expected
                if (since := self.presence.gone_since(point)) is not None and since <= deadline
            ]
            # Together, so that they share commits; who finds the conductor busy is found again next time.
            submissions = [self.conductor.submit(g, SYSTEM) for g in gone[:SWEEP_LOT]]
            await asyncio.gather(*submissions, return_exceptions=True)


class Conferences:
    """Starts a conference on its first use, and stops them all."""

    def __init__(self, journal: Journal, settings: LiveSettings, clock: Clock = now_ms) -> None:
        self.journal = journal
        self._settings, self._clock = settings, clock
        self._live: dict[str, Live] = {}
        self._starting: dict[str, asyncio.Lock] = {}
        self._stopping = False

    async def get(self, conference: str) -> Live | None:
        """None when there is no such conference."""
        if found := self._live.get(conference):
            return found
        if self._stopping:
            raise Busy
        lock = self._starting.setdefault(conference, asyncio.Lock())
        async with lock:
            if found := self._live.get(conference):
                return found
            if await self.journal.head(conference) is None:
                self._starting.pop(conference, None)
                return None
            live = Live(conference, self.journal, self._settings, self._clock)
            await live.start()
            self._live[conference] = live
            return live

    def running(self) -> list[Live]:
        return list(self._live.values())

    async def stop(self) -> None:
        self._stopping = True
        await asyncio.gather(*(live.stop() for live in self._live.values()))
        self._live.clear()
