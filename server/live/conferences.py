"""The conferences that live in this process: each with its conductor, hub, presence and two small tasks."""

import asyncio
import contextlib
import time
from collections.abc import Callable

import msgspec
import structlog
from msgspec import Struct

from server.conference import view
from server.conference.documents import offered
from server.conference.rules import Actor
from server.conference.state import State
from server.journal import DIALECT, Gap, Head, Journal, Unreadable
from server.protocol.commands import Command, LineGone, LineSeen
from server.protocol.errors import Busy
from server.protocol.events import Event
from server.protocol.messages import HeldMessage, PointMessage
from server.tasks import Tasks

from .bus import Alone, Bus
from .conductor import Clock, Conductor, Publish, Tell, now_ms
from .hub import Hub, Trouble
from .outlet import text_frame
from .peers import Local, Peers, Register, nobody
from .presence import Presence
from .wire import encode

log = structlog.get_logger()

SYSTEM = Actor("system", "system")
PUSH_LOT = 500  # points told in one go: about 10 ms, so that taps are not kept waiting by news
TAKE_LOTS = 8  # lots of a large change that are taken in between two frames
WHOLE_SECONDS = 10.0  # the largest conference takes one; longer only when the journal is away
SWEEP_SECONDS = 1.0
FOLLOW_SECONDS = 1.0  # how late a server may hear of what the bus did not tell
FOLLOW_TIMEOUT = 3.0
LOOK_SECONDS = 2.0  # who only asks gets what is known rather than waiting for a database that is away
UNHEARD_SECONDS = 1.0  # what another server wrote is heard of before who sits there
CUT_OFF_SECONDS = 5.0  # without the database, before people are sent to servers that have it
SWEEP_LOT = 2_000  # lines recorded as lost in one sweep: a failed exchange of a province


class LiveSettings(Struct, frozen=True):
    """`interval_ms` between frames, `grace_ms` before a lost line is recorded, `pace_ms` between commits. `media`: this
    installation has them."""

    interval_ms: int = 100
    grace_ms: int = 20_000
    pace_ms: int = 12
    beat_ms: int = 15_000
    media: bool = False


class Live:
    """One conference, live."""

    def __init__(
        self,
        conference: str,
        journal: Journal,
        settings: LiveSettings,
        clock: Clock,
        tell: Tell | None,
        steady: Callable[[], bool],
    ) -> None:
        self.id = conference
        self._steady = steady  # whether it is known what the other servers hold
        self.settings = settings
        self.clock = clock
        self.presence = Presence(clock())
        self.hub = Hub(self.presence)
        self._whole = asyncio.Event()  # the picture holds all that is durable
        self._whole.set()
        # Told of durable events after the hub, with the state at rest. They must not await, nor keep the state.
        self.listeners: list[Publish] = []
        pace = settings.pace_ms / 1000
        self.conductor = Conductor(
            conference, journal, self._publish, pace, clock, tell=tell, begin_anew=self._begin_anew
        )
        self._missing: dict[int, float] = {}  # point -> since when its line is on the record and not found, monotonic
        self._tasks = Tasks()

    async def start(self) -> None:
        state = await self.conductor.start()
        self.hub.begin(state, self.conductor.epoch, self.clock())
        self.presence.await_lines(len(self.hub.line_expected), self.clock())
        self._tasks.start(f"frames {self.id}", self._frames())
        self._tasks.start(f"points {self.id}", self._points())
        self._tasks.start(f"lines {self.id}", self._lines())

    async def stop(self) -> None:
        await self._tasks.stop()
        await self.conductor.stop()

    def _publish(self, state: State, events: list[Event]) -> None:
        self.hub.publish(state, events)
        if self.hub.behind:
            self._whole.clear()
        for listener in self.listeners:
            try:
                listener(state, events)
            except Exception as error:  # what is durable stays so, whoever stumbles over it
                log.error("listener_failed", conference=self.id, exc_info=error)

    def _begin_anew(self, state: State) -> None:
        """Another history stands in the journal's place: whoever looks must come back to see it."""
        self.hub.begin(state, self.conductor.epoch, self.clock())
        self.hub.send_all_away()

    async def _frames(self) -> None:
        """One frame an audience an interval. It waits for nothing: that nothing can be written is told in it."""
        while True:
            await asyncio.sleep(self.settings.interval_ms / 1000)
            try:
                if self.hub.set_trouble(Trouble(not self._steady(), self.conductor.held())):
                    self._tell_held()
                self.hub.tick(self.clock())
            except Exception as error:
                log.error("frame_failed", conference=self.id, exc_info=error)

    def _tell_held(self) -> None:
        """Walls see it in their frames."""
        frame = text_frame(encode(HeldMessage(self.hub.held)))
        for outlet in self.hub.acting():
            outlet.send(frame)

    async def _points(self) -> None:
        """What a large change left, and the devices of points whose truth changed."""
        while True:
            await asyncio.sleep(self.settings.interval_ms / 1000)
            try:
                await self._take_behind()
                if self.hub.stale_points:
                    await self._tell_points()
            except Busy:
                continue  # the journal is away; what is shown stays what was durable
            except Exception as error:
                log.error("points_not_told", conference=self.id, exc_info=error)

    async def _take_behind(self) -> None:
        """What a large change left for later: so little at once that taps and beats do not notice."""
        for _ in range(TAKE_LOTS):
            if not self.hub.behind:
                self._whole.set()
                return
            await self.conductor.at_rest(self.hub.take_behind)
            await asyncio.sleep(0)

    async def whole(self) -> None:
        """Returns when the picture holds what is durable, a large import too; in vain it waits for some seconds."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._whole.wait(), WHOLE_SECONDS)

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
        conference = view.conference(state)
        if conference.on_air != point:  # which other room it is, is not this room's business
            conference = msgspec.structs.replace(conference, on_air=None)
        return PointMessage(
            state.seq,
            now,
            view.point(state, state.points[point]),
            conference,
            [view.document(d, now) for d in offered(state, point, now)],
            view.notices_to_operators(state, point),
        )

    async def _lines(self) -> None:
        """A line that stays away longer than the grace period becomes one event; so does its return."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            found: list[Command] = [LineSeen(p) for p in self.hub.line_missing if self.presence.is_here(p)]
            if self._steady():
                found += self._gone(self.clock())
            else:
                self._missing.clear()
            # Together, so that they share commits; who finds the conductor busy is found again next time.
            submissions = [self.conductor.submit(c, SYSTEM) for c in found[:SWEEP_LOT]]
            await asyncio.gather(*submissions, return_exceptions=True)

    def _gone(self, now: int) -> list[Command]:
        """Lines that are up on the record and that nobody has held for the grace period. Who has just come back at
        another server is on the record at once, and known to be there a moment later."""
        away = self.presence.away(self.hub.line_expected)
        seen, deadline = time.monotonic(), now - self.settings.grace_ms
        self._missing = {p: self._missing.get(p, seen) for p in away}
        heard = seen - min(UNHEARD_SECONDS, self.settings.grace_ms / 1000)
        gone = ((p, self.presence.gone_since(p)) for p in away if self._missing[p] <= heard)
        return [LineGone(p, since) for p, since in gone if since is not None and self.presence.overdue(since, deadline)]


class News(Struct, frozen=True):
    """Durable events of one conference up to `seq`, told to the other servers. `dialect`: the journal's, by which only
    programs that mean the same by an event take it as it is told."""

    conference: str
    epoch: str
    seq: int
    dialect: str
    events: msgspec.Raw


_pack = msgspec.msgpack.Encoder().encode
_unpack_news = msgspec.msgpack.Decoder(News).decode
_unpack_events = msgspec.msgpack.Decoder(list[Event]).decode


class Conferences:
    """Starts a conference on its first use, and stops them all. Where servers share the journal, each tells the
    others what it wrote, and looks every second how far the journal has come: news may get lost, the journal not."""

    def __init__(
        self,
        journal: Journal,
        settings: LiveSettings,
        clock: Clock = now_ms,
        bus: Bus | None = None,
        register: Register = nobody,
    ) -> None:
        self.journal = journal
        self._settings, self._clock = settings, clock
        self.bus = bus or Alone()
        self.peers = Peers(self.bus, clock, register, self.fit)
        self._live: dict[str, Live] = {}
        self._starting: dict[str, asyncio.Lock] = {}
        self._unreadable: set[str] = set()  # a newer program wrote into them before they were used here
        self._broken: set[str] = set()  # events of theirs are missing: they stay closed, the others go on
        self._stopping = False
        self._tasks = Tasks()
        self.bus.hear("news", self._hear)

    async def start(self) -> None:
        if self.journal.shared:
            await self.bus.start(self.peers.ask)
            await self.peers.start()
            self._tasks.start("journal heads", self._follow())

    def fit(self) -> bool:
        """Whether every conference of this process can read its journal."""
        return not self._unreadable and not any(live.conductor.lost() for live in self._live.values())

    def broken(self) -> bool:
        """Whether a conference could not be opened because events of its journal are missing."""
        return bool(self._broken)

    def cut_off(self) -> bool:
        """Whether people should go to another server: it can read and write what this one cannot. A program that is too
        old does not get better by waiting."""
        outdated = self._unreadable or any(live.conductor.outdated for live in self._live.values())
        return self.peers.cut_off(0 if outdated else CUT_OFF_SECONDS)

    def steady(self) -> bool:
        """Whether it is known what the other servers hold."""
        return self.bus.steady() and not self.peers.unheard()

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(FOLLOW_SECONDS)
            try:
                async with asyncio.timeout(FOLLOW_TIMEOUT):
                    heads = await self.journal.heads(self._live)
            except Exception as error:  # noqa: BLE001 - the database is away; the next look may find it
                log.debug("heads_unread", error=repr(error))
                continue
            for id, head in heads.items():
                if live := self._live.get(id):
                    live.conductor.follow(head)

    def _tell(self, conference: str) -> Tell | None:
        if isinstance(self.bus, Alone):
            return None

        def tell(epoch: str, events: list[Event]) -> None:
            told = News(conference, epoch, events[-1].seq, DIALECT, msgspec.Raw(_pack(events)))
            self.bus.tell("news", _pack(told))

        return tell

    def _hear(self, sender: str, payload: bytes) -> None:
        news = _unpack_news(payload)
        live = self._live.get(news.conference)
        if live is None or live.conductor.epoch != news.epoch or live.conductor.knows(news.seq):
            return
        if news.dialect == DIALECT:
            live.conductor.news(_unpack_events(news.events))
        else:
            live.conductor.follow(Head(news.epoch, news.seq))

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
            live = Live(conference, self.journal, self._settings, self._clock, self._tell(conference), self.steady)
            try:
                await live.start()
            except Unreadable as error:
                log.error(error.said, conference=conference, error=str(error))
                (self._broken if isinstance(error, Gap) else self._unreadable).add(conference)
                raise
            self._unreadable.discard(conference)
            self._broken.discard(conference)
            self._live[conference] = live
            self.peers.add(conference, Local(live.presence, live.hub.presence_changed))
            return live

    async def look(self, live: Live) -> None:
        """Returns when what stood in the journal at the call is shown here, so that whoever wrote at one server and
        asks another finds what he wrote. While the journal is away what is known has to do."""
        if not self.journal.shared:
            return
        with contextlib.suppress(TimeoutError, Busy):
            async with asyncio.timeout(LOOK_SECONDS):
                await live.conductor.look()
        await live.whole()

    def of(self, conference: str) -> Live | None:
        """One that lives in this process already."""
        return self._live.get(conference)

    def running(self) -> list[Live]:
        return list(self._live.values())

    async def stop(self) -> None:
        self._stopping = True
        await self._tasks.stop()
        await self.peers.stop()
        await asyncio.gather(*(live.stop() for live in self._live.values()))
        self._live.clear()
        await self.bus.stop()
