"""A process of rooms and walls that keep their lines, steered over standard input: one JSON order a line, one JSON
answer a line. Several of them carry what one process may not open (`python -m bench.crowd`, started by `national`)."""

import asyncio
import contextlib
import os
import random
import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import msgspec
import uvloop
from msgspec import Struct

from server.protocol.views import PointRow
from server.tasks import Tasks

from .rooms import Alike, Peer, now

GOOD, WEAK = 46, 2_000  # ms of round trip
TOGETHER = 200  # connections opened at once
BEAT_SEATS = 1_000  # come or checked in between two beats of the walls, which may be silent for 45 s
LOT = 100  # messages sent in one go, at most
ANSWER_SECONDS = 30.0
AGAIN_SECONDS = (0.5, 2.0)  # who found nobody there tries again after a random time between these


class Crowd(Struct):
    """The order that comes first. `rooms`: point and device token."""

    url: str
    conference: str
    watcher: str
    rooms: list[tuple[int, str]]
    walls: int
    core: int
    seed: int


class Retry(Struct):
    base: int
    spread: int


class Heard(Struct):
    """What is read of any message."""

    t: str
    id: str = ""
    resumed: bool = False
    retry: Retry | None = None
    rows: list[PointRow] = []


_heard = msgspec.json.Decoder(Heard).decode
_encode = msgspec.json.Encoder().encode


class Line(Peer):
    """Tells when it ends."""

    on_lost: Callable[[], None] | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self.on_lost:
            self.on_lost()


class Seat:
    """A room or a wall: connected, and back again as the server told it when its line is lost."""

    def __init__(self, crowd: "Load", token: str, on_payload: Callable[[bytes], None]) -> None:
        self._crowd, self._on_payload = crowd, on_payload
        self._hello = _encode({"t": "hello", "v": 1, "conference": crowd.plan.conference, "token": token})
        self._retry: Retry | None = None
        self.line: Line | None = None
        self.live = False

    async def connect(self) -> None:
        """Until it is welcome, however often it takes."""
        while True:
            try:
                await self._try()
            except (OSError, TimeoutError):
                await asyncio.sleep(self._crowd.random.uniform(*AGAIN_SECONDS))
            else:
                return

    async def _try(self) -> None:
        where = urlsplit(self._crowd.plan.url)
        make = lambda: Line(self._crowd.plan.url, self._hello, self._take)  # noqa: E731 - a factory
        loop = asyncio.get_running_loop()
        _, line = await loop.create_connection(make, where.hostname or "", where.port or 80)
        async with asyncio.timeout(ANSWER_SECONDS):
            await line.ready
        self.line, self.live = line, True
        self._crowd.moved.set()
        line.on_lost = self._lost
        if line.closed:
            self._lost()

    def _lost(self) -> None:
        if self.live:
            self.live = False
            self._crowd.comes_back(self)

    async def come_back(self) -> None:
        told = self._retry
        await asyncio.sleep((told.base + told.spread * self._crowd.random.random()) / 1000 if told else 0.5)
        await self.connect()

    def _take(self, peer: Peer, payload: bytes) -> None:
        if payload.startswith((b'{"t":"bye"', b'{"t":"welcome"')):
            self._retry = _heard(payload).retry or self._retry
        self._on_payload(payload)

    def send(self, payload: bytes) -> None:
        if self.live and self.line:
            self.line.send(payload)


class Load:
    def __init__(self, plan: Crowd) -> None:
        self.plan, self.random = plan, random.Random(plan.seed)
        self.rooms = [Seat(self, token, self._at_room) for _, token in plan.rooms]
        self.walls = [Seat(self, plan.watcher, self._at_wall) for _ in range(plan.walls)]
        self._returning = Tasks()
        self.moved = asyncio.Event()  # somebody is live again
        self._all_answered = asyncio.Event()
        self._weak = [False] * len(self.rooms)
        self._sent_at: dict[str, float] = {}
        self._acks: list[float] = []
        self._taps: list[tuple[int, int, float]] = []
        self._shown: dict[tuple[int, int], float] = {}
        self._frames = Alike()
        self._refused = self._bytes = self._under_way = 0
        self._count = 0

    def comes_back(self, seat: Seat) -> None:
        self._returning.start("coming back", seat.come_back())

    async def connect(self) -> dict[str, Any]:
        gate, began = asyncio.Semaphore(TOGETHER), now()

        async def one(n: int, seat: Seat) -> None:
            async with gate:
                await seat.connect()
            if n % BEAT_SEATS == 0:
                self._beat()

        await asyncio.gather(*(one(n, s) for n, s in enumerate([*self.walls, *self.rooms])))
        return {"seconds": now() - began}

    async def check_in(self) -> dict[str, Any]:
        for first in range(0, len(self.rooms), LOT):
            if first % BEAT_SEATS == 0:
                self._beat()
            for n in range(first, min(first + LOT, len(self.rooms))):
                self._do(n, {"type": "check_in", "point": self.plan.rooms[n][0]})
            await self._answered()
        return {"refused": self._refused}

    async def _answered(self) -> None:
        self._all_answered.clear()
        if self._sent_at:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._all_answered.wait(), ANSWER_SECONDS)

    async def report(self, seconds: float, every: float, flip: float, taps: float) -> dict[str, Any]:
        """Every room tells its line once in `every` seconds; a share `flip` of that is news. `taps` a second are
        headcounts that must be durable before they are answered."""
        self._acks, self._taps, self._shown, self._bytes = [], [], {}, 0
        rate, began, own = len(self.rooms) / every, now(), time.process_time()
        sent = tapped = 0
        while (passed := now() - began) < seconds:
            for _ in range(min(LOT, int(passed * rate) - sent)):
                self._status(sent % len(self.rooms), flip)
                sent += 1
            for _ in range(min(LOT, int(passed * taps) - tapped)):
                self._tap()
                tapped += 1
            await asyncio.sleep(0.001)
        took = now() - began
        busy = (time.process_time() - own) / took
        await self._answered()
        await asyncio.sleep(1.0)  # until the last frame is there
        return {
            "seconds": took, "statuses": sent, "tapped": tapped, "acks": self._acks, "taps": self._taps,
            "shown": [(*k, at) for k, at in self._shown.items()], "refused": self._refused, "busy": busy,
            "unanswered": len(self._sent_at), "rooms": len(self.rooms), "bytes": self._bytes,
        }  # fmt: skip

    def _status(self, n: int, flip: float) -> None:
        if self.random.random() < flip:
            self._weak[n] = not self._weak[n]
        self.rooms[n].send(_WEAK if self._weak[n] else _GOOD)
        if n == 0:
            self._beat()

    def _beat(self) -> None:
        """The walls tell that they are there."""
        for wall in self.walls:
            wall.send(b'{"t":"beat"}')

    def _tap(self) -> None:
        """Each room in turn, a value it has not told in this run."""
        self._count += 1
        n, value = self._count * 7_919 % len(self.rooms), self._count // len(self.rooms) + 1
        point = self.plan.rooms[n][0]
        if self.rooms[n].live:
            self._taps.append((point, value, now()))
            self._do(n, {"type": "report_headcount", "point": point, "in_room": value})

    def _do(self, n: int, command: dict[str, object]) -> None:
        id = f"{self.plan.seed:04d}{time.time_ns():022d}"
        self._sent_at[id] = now()
        self.rooms[n].send(_encode({"t": "do", "id": id, "command": command}))

    def _at_room(self, payload: bytes) -> None:
        if payload.startswith((b'{"t":"done"', b'{"t":"refused"')):
            heard = _heard(payload)
            self._refused += heard.t == "refused"
            if sent := self._sent_at.pop(heard.id, None):
                self._acks.append(now() - sent)
            if len(self._sent_at) < self._under_way:
                self._tap()
            if not self._sent_at:
                self._all_answered.set()

    def _at_wall(self, payload: bytes) -> None:
        self._bytes += len(payload)
        if not payload.startswith(b'{"t":"frame"'):
            return
        if not self._frames.complete(payload, len(self.walls)):
            return
        at = now()
        for row in _heard(payload).rows:
            if row.in_room is not None:
                self._shown.setdefault((row.id, row.in_room), at)

    async def press(self, seconds: float, under_way: int) -> dict[str, Any]:
        """So many headcounts under way all the time: who is answered is followed by the next room's."""
        self._acks, self._under_way, began, own = [], under_way, now(), time.process_time()
        self._beat()
        for _ in range(under_way):
            self._tap()
        await asyncio.sleep(seconds)
        self._under_way, took, accepted = 0, now() - began, len(self._acks)
        busy = (time.process_time() - own) / took
        await self._answered()
        return {
            "seconds": took, "accepted": accepted, "acks": self._acks, "refused": self._refused,
            "unanswered": len(self._sent_at), "busy": busy,
        }  # fmt: skip

    async def until_all(self, seconds: float) -> dict[str, Any]:
        """Waits until every seat is live again, `seconds` at most."""
        end = now() + seconds
        while (away := sum(not s.live for s in [*self.rooms, *self.walls])) and now() < end:
            self.moved.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.moved.wait(), end - now())
        return {"away": away, "at": now()}


_GOOD, _WEAK = (_encode({"t": "status", "rtt": rtt}) for rtt in (GOOD, WEAK))


async def main() -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=1 << 30)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    plan = msgspec.json.decode(await reader.readline(), type=Crowd)
    os.sched_setaffinity(0, {plan.core})
    load = Load(plan)
    while order := await reader.readline():
        what = msgspec.json.decode(order)
        answer = await getattr(load, what.pop("do"))(**what)
        sys.stdout.buffer.write(_encode(answer) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    uvloop.run(main())
