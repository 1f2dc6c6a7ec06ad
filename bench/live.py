"""Taps to durable answers and to the last of many walls, at the pace of a conference."""

import asyncio
import random
import time

import msgspec
from msgspec import Struct

from server.protocol.views import PointRow

from . import ground as grounds
from .result import Limit, Result, percentile
from .rooms import Alike, Peer, connect_all, now

WALLS = 50
CONFERENCE = (766, 3.0)  # points, seconds between two reports of one point: 255 messages a second
LARGE = (10_000, 3.0)
YIELD_EVERY = 20  # messages sent in one go, at most


class Done(Struct, tag_field="t", tag="done"):
    id: str


class Frame(Struct):
    """What is read of a frame."""

    rows: list[PointRow] = []


class Load:
    """Rooms that report every few seconds, and walls that notice."""

    def __init__(self, ground: grounds.Ground, every: float) -> None:
        self._ground, self._every = ground, every
        self.acks: list[float] = []
        self.last_wall: list[float] = []
        self.refused = 0
        self.sent = 0
        self._sent_at: dict[str, float] = {}
        self._unseen: dict[tuple[int, int], float] = {}  # (point, people) -> when it was sent
        self._frames = Alike()
        self._all_answered = asyncio.Event()
        self.measuring = False
        self.rooms: list[Peer] = []
        self.walls: list[Peer] = []

    async def connect(self, walls: int) -> None:
        g = self._ground
        watch: dict[str, object] = {"conference": g.conference, "token": g.watcher}
        self.walls = await connect_all(g.socket, [dict(watch) for _ in range(walls)], self._at_wall)
        hellos: list[dict[str, object]] = [{"conference": g.conference, "token": d} for d in g.devices]
        self.rooms = await connect_all(g.socket, hellos, self._at_room)

    async def check_in(self) -> None:
        for n, point in enumerate(self._ground.points):
            self._do(n, {"type": "check_in", "point": point})
            if n % 200 == 199:
                await self._answered()
        await self._answered()

    async def _answered(self) -> None:
        self._all_answered.clear()
        if self._sent_at:
            await self._all_answered.wait()

    async def report(self, seconds: float) -> None:
        """Every room once in `every` seconds, spread evenly, values all different."""
        points = self._ground.points
        step = self._every / len(points)
        order = list(range(len(points)))
        random.Random(1).shuffle(order)
        began, n = now(), 0
        while (due := began + n * step) < began + seconds:
            # Who is late catches up, but lets answers in between.
            if (wait := due - now()) > 0.002 or n % YIELD_EVERY == 0:
                await asyncio.sleep(max(0, wait))
            if n % len(order) == 0:
                self._beat()
            room = order[n % len(order)]
            value = n // len(order) % 90
            if self.measuring:
                self._unseen[(points[room], value)] = now()
            self._do(room, {"type": "report_headcount", "point": points[room], "in_room": value})
            n += 1

    def _beat(self) -> None:
        for wall in self.walls:
            wall.send(b'{"t":"beat"}')

    def _do(self, room: int, command: dict[str, object]) -> None:
        id = f"{self.sent:022d}"
        self.sent += 1
        self._sent_at[id] = now()
        self.rooms[room].send(msgspec.json.encode({"t": "do", "id": id, "command": command}))

    def _at_room(self, peer: Peer, payload: bytes) -> None:
        if payload.startswith(b'{"t":"done"'):
            sent = self._sent_at.pop(msgspec.json.decode(payload, type=Done).id, None)
            if sent is not None and self.measuring:
                self.acks.append(now() - sent)
            if not self._sent_at:
                self._all_answered.set()
        elif payload.startswith(b'{"t":"refused"'):
            self.refused += 1

    def _at_wall(self, peer: Peer, payload: bytes) -> None:
        if not self._unseen or not payload.startswith(b'{"t":"frame"'):
            return
        if not self._frames.complete(payload, len(self.walls)):
            return
        at = now()
        for row in msgspec.json.decode(payload, type=Frame).rows:
            if sent := self._unseen.pop((row.id, row.in_room or 0), None):
                self.last_wall.append(at - sent)

    def unseen(self) -> int:
        """Reports that some wall never showed."""
        return len(self._unseen)


async def run(short: bool) -> list[Result]:
    seconds = 15 if short else 60
    return [
        await _measure("live", *CONFERENCE, seconds, _conference_limits()),
        await _measure("live-10000", *LARGE, seconds, _large_limits()),
    ]


def _conference_limits() -> dict[str, Limit]:
    return {
        "ack_p99_ms": Limit(most=25),
        "last_wall_p99_ms": Limit(most=150),
        "server_cpu_percent": Limit(most=15),
        "refused": Limit(most=0),
        "never_on_a_wall": Limit(most=0),
    }


def _large_limits() -> dict[str, Limit]:
    return {
        "server_cpu_percent": Limit(most=50),
        "memory_kib_per_connection": Limit(most=40),
        "answered_share": Limit(least=0.999),
        "refused": Limit(most=0),
    }


async def _measure(name: str, points: int, every: float, seconds: int, limits: dict[str, Limit]) -> Result:
    ground = await grounds.make(points)
    grounds.pin_load()
    try:
        before = ground.server.memory()
        load = Load(ground, every)
        await load.connect(WALLS)
        connected = ground.server.memory()
        await load.check_in()
        await load.report(every)  # the first round settles what a start leaves behind
        load.measuring = True
        cpu, own, began, sent = ground.server.cpu_seconds(), time.process_time(), now(), load.sent
        await load.report(seconds)
        cpu, own, took = ground.server.cpu_seconds() - cpu, time.process_time() - own, now() - began
        sent = load.sent - sent
        await asyncio.sleep(1.0)  # what is still under way
        figures = {
            "messages_per_s": sent / took,
            "ack_p50_ms": percentile(load.acks, 0.5) * 1e3,
            "ack_p99_ms": percentile(load.acks, 0.99) * 1e3,
            "last_wall_p50_ms": percentile(load.last_wall, 0.5) * 1e3,
            "last_wall_p99_ms": percentile(load.last_wall, 0.99) * 1e3,
            "server_cpu_percent": 100 * cpu / took,
            "load_cpu_percent": 100 * own / took,
            "memory_kib_per_connection": (connected - before) / 1024 / (points + WALLS),
            "answered_share": len(load.acks) / sent,
            "refused": load.refused,
            "never_on_a_wall": load.unseen(),
        }
        return Result(name, {"points": points, "every_s": every, "walls": WALLS, "seconds": seconds}, figures, limits)
    finally:
        await ground.server.stop()
        ground.server.remove()
