"""Hundreds of viewers in one process: each with its own socket, handshake and keys, and what each of them missed.

Media is not opened but by a witness: packets are told apart and counted by the header that is in clear. As a browser
does, each tells every second how it fares and proves every few seconds that it is still there.
"""

import asyncio
import itertools
import time
from collections.abc import Iterable, Sequence
from typing import Protocol

from msgspec import Struct
from pylibsrtp import Error

from bridge.wire import rtcp, stun
from bridge.wire.rtp import header_length
from server.tasks import Tasks

from .relay_line import VIDEO, CannotJoin, Identity, Line, Remote
from .relay_programme import MOMENT
from .relay_read import LOT, WHOLE, Reader, overflown

ROUND_SECONDS = 0.02  # between two readings of all sockets; each holds seconds of the programme
REPORT_ROUNDS, CHECK_ROUNDS = 50, 125  # a report a second, a check every 2.5 s
JOINING_AT_ONCE = 32
BEHIND_SECONDS, VIDEO_CLOCK = 0.5, 90_000
_MEDIA = range(128, 192)
_RTCP = range(192, 224)  # second byte, RFC 5761, 4
_OURS = 7  # the SSRC of a viewer's reports
_NANO = 1e-9


class House(Protocol):
    """How viewers come in to one kind of server, and go."""

    async def enter(self, line: Line, number: int) -> tuple[Remote, object]: ...

    async def go(self, line: Line, ticket: object) -> None: ...


class Stream:
    """Packets of one SSRC, since `restart`. Moments are of the wall clock, in seconds."""

    __slots__ = ("disordered", "first", "gap", "highest", "last", "received", "timestamp", "video")

    def __init__(self, sequence: int, video: bool, at: float) -> None:
        self.video = video
        self.first, self.highest, self.timestamp = sequence, sequence - 1, 0
        self.received = self.disordered = 0
        self.last, self.gap = at, 0.0

    def take(self, sequence: int, timestamp: int, at: float) -> None:
        self.received += 1
        ahead = (sequence - self.highest) & 0xFFFF
        if 0 < ahead < 0x8000:
            self.highest += ahead
            self.timestamp = timestamp
        else:
            self.disordered += 1
        if at - self.last > self.gap:
            self.gap = at - self.last
        self.last = at

    def restart(self, at: float) -> None:
        self.first = self.highest + 1
        self.received = self.disordered = 0
        self.gap, self.last = 0.0, at

    @property
    def lost(self) -> int:
        return max(0, self.highest - self.first + 1 - self.received)

    def gap_until(self, at: float) -> float:
        """The longest time without a packet, the one that lasts included."""
        return max(self.gap, at - self.last)


class Frames:
    """Of a picture's timestamp: when it was sent, and when its last packet reached the last viewer."""

    def __init__(self) -> None:
        self.sent: dict[int, float] = {}
        self.arrived: dict[int, float] = {}

    def delays(self) -> list[float]:
        """Milliseconds."""
        return [1e3 * (at - self.sent[ts]) for ts, at in self.arrived.items() if ts in self.sent]


class Viewer:
    """`playing_at`: when the end of a first frame had come; `unopened`: packets that a witness could not open."""

    def __init__(self, number: int, line: Line, ticket: object, frames: Frames) -> None:
        self.number, self.line, self.ticket = number, line, ticket
        self.streams: dict[int, Stream] = {}
        self.playing_at: float | None = None
        self.unopened = 0
        self._frames = frames

    def read(self, reader: Reader, opens: bool = False) -> None:
        count = LOT
        while count == LOT:
            count = reader.read(self.line.socket.fileno())
            if count:
                self._take(reader, count, opens)

    def _take(self, reader: Reader, count: int, opens: bool) -> None:
        arrived, streams = self._frames.arrived, self.streams
        rows = enumerate(zip(reader.headers(count), reader.moments(count), strict=True))
        for n, ((first, second, sequence, timestamp, ssrc), (seconds, nanos)) in rows:
            if first not in _MEDIA or second in _RTCP:
                self._other(reader.data(n))
                continue
            at = seconds + nanos * _NANO
            stream = streams.get(ssrc)
            if stream is None:
                stream = streams[ssrc] = Stream(sequence, second & 0x7F == VIDEO, at)
            stream.take(sequence, timestamp, at)
            if second >= 0x80 and stream.video:  # the marker: a picture is whole
                if at > arrived.get(timestamp, 0.0):
                    arrived[timestamp] = at
                if self.playing_at is None:
                    self.playing_at = at
            if opens:
                self._open(reader.data(n), timestamp, stream.video)

    def _other(self, data: bytes) -> None:
        if stun.is_stun(data):
            self.line.hear_check(data)

    def _open(self, data: bytes, timestamp: int, video: bool) -> None:
        try:
            clear = self.line.inbound.unprotect(data)
        except Error:
            self.unopened += 1
            return
        if video and header_length(clear) is not None:
            self._frames.sent[timestamp] = int.from_bytes(clear[-MOMENT:]) * _NANO

    def report(self) -> None:
        blocks = tuple(
            rtcp.Block(ssrc, 0, 0, stream.highest & 0xFFFF_FFFF, 0, 0, 0) for ssrc, stream in self.streams.items()
        )
        self.line.send(self.line.outbound.protect_rtcp(rtcp.build([rtcp.ReceiverReport(_OURS, blocks)])))

    def media_time(self) -> int:
        """Of the picture that came last, in units of its clock."""
        return next((stream.timestamp for stream in self.streams.values() if stream.video), 0)

    def gap_until(self, at: float) -> float:
        return max((stream.gap_until(at) for stream in self.streams.values()), default=float("inf"))


class Seen(Struct, frozen=True):
    """What viewers saw in a time: packets, the longest gap in sound or picture, and who had not both. `disordered`:
    packets that came again or after later ones; `unopened`: those that the witness could not decrypt."""

    received: int
    lost: int
    disordered: int
    overflown: int
    longest_gap_ms: float
    incomplete: int
    unopened: int

    @property
    def lost_by_relay(self) -> int:
        return max(0, self.lost - self.overflown)


class Audience:
    """Reads for all of them as long as the context is open. The first one is the witness."""

    def __init__(self, house: House, host: str) -> None:
        self.viewers: list[Viewer] = []
        self.frames = Frames()
        self.refused: list[str] = []
        self.longest_round = 0.0  # seconds that one reading of all took
        self._house, self._host = house, host
        self._identity = Identity()
        self._reader, self._whole = Reader(), Reader(WHOLE)
        self._tasks = Tasks()
        self._numbers = 0
        self._overflown: dict[Viewer, int] = {}

    async def __aenter__(self) -> "Audience":
        self._tasks.start("rounds", self._rounds())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._tasks.stop()
        for viewer in self.viewers:
            viewer.line.close()

    # --- coming and going

    async def join(self, count: int, at_once: int = JOINING_AT_ONCE) -> list[Viewer]:
        """Those who came; why others did not is in `refused`."""
        gate = asyncio.Semaphore(at_once)
        came = await asyncio.gather(*(self._come(gate) for _ in range(count)))
        return [viewer for viewer in came if viewer]

    async def _come(self, gate: asyncio.Semaphore) -> Viewer | None:
        async with gate:
            self._numbers += 1
            number, line = self._numbers, Line(self._identity, self._host)
            try:
                remote, ticket = await self._house.enter(line, number)
                await line.connect(remote)
            except (CannotJoin, TimeoutError, OSError) as error:
                line.close()
                self.refused.append(repr(error))
                return None
            viewer = Viewer(number, line, ticket, self.frames)
            self.viewers.append(viewer)
            return viewer

    async def leave(self, viewers: Sequence[Viewer]) -> None:
        for viewer in viewers:
            self.viewers.remove(viewer)
            await self._house.go(viewer.line, viewer.ticket)
            viewer.line.close()

    async def playing(self, viewers: Iterable[Viewer], seconds: float) -> int:
        """How many had a whole picture within so long."""
        waiting, deadline = list(viewers), time.monotonic() + seconds
        while any(v.playing_at is None for v in waiting) and time.monotonic() < deadline:  # noqa: ASYNC110 - set in rounds
            await asyncio.sleep(ROUND_SECONDS)
        return sum(v.playing_at is not None for v in waiting)

    def behind(self, viewers: Iterable[Viewer]) -> int:
        """How many see a picture that is older than the witness's by more than `BEHIND_SECONDS`."""
        now = self.viewers[0].media_time()
        return sum((now - v.media_time()) & 0xFFFF_FFFF > BEHIND_SECONDS * VIDEO_CLOCK for v in viewers)

    # --- watching

    async def _rounds(self) -> None:
        for turn in itertools.count():
            began = time.monotonic()
            self._round(turn)
            took = time.monotonic() - began
            self.longest_round = max(self.longest_round, took)
            await asyncio.sleep(max(0.0, ROUND_SECONDS - took))

    def _round(self, turn: int) -> None:
        for place, viewer in enumerate(self.viewers):
            viewer.read(self._reader if place else self._whole, opens=not place)
            if (turn + place) % REPORT_ROUNDS == 0:
                viewer.report()
            if (turn + place) % CHECK_ROUNDS == 0:
                viewer.line.send(viewer.line.check)

    def begin(self, at: float) -> None:
        """Counts from now on, by the wall clock."""
        self._round(1)
        self.longest_round = 0.0
        self.frames.sent.clear()
        self.frames.arrived.clear()
        self._overflown = {viewer: overflown(viewer.line.socket) for viewer in self.viewers}
        for viewer in self.viewers:
            viewer.unopened = 0
            for stream in viewer.streams.values():
                stream.restart(at)

    def seen(self, at: float, viewers: Sequence[Viewer] = ()) -> Seen:
        """Since `begin`, by all who were there then, or by these of them."""
        self._round(1)
        chosen = viewers or self.viewers
        streams = [stream for viewer in chosen for stream in viewer.streams.values()]
        return Seen(
            sum(stream.received for stream in streams),
            sum(stream.lost for stream in streams),
            sum(stream.disordered for stream in streams),
            sum(overflown(viewer.line.socket) - self._overflown.get(viewer, 0) for viewer in chosen),
            1e3 * max((viewer.gap_until(at) for viewer in chosen), default=0.0),
            sum(not {True, False} <= {s.video for s in v.streams.values() if s.received} for v in chosen),
            sum(viewer.unopened for viewer in chosen),
        )


__all__ = ["Audience", "CannotJoin", "House", "Seen", "Viewer"]
