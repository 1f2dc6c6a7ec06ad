"""Rooms that report at a fixed rate in all, walls that remember what they were told, and what it costs the server."""

import asyncio
import time
from dataclasses import dataclass
from functools import partial

from ..rooms import Peer, now
from .dialects import Dialect, Row, quality
from .process import cpu_seconds

WALLS = 50
GOOD, WEAK = 46, 2_000  # ms of round trip, told in turn, so that every message changes what the walls show
YIELD_EVERY = 20  # messages sent in one go, at most
REMEMBERED = 4_096  # messages read once for all walls: more than lie between the first wall and the last
WARM_SECONDS = 1.0
LEAST_SHARE = 0.8  # less than all: of two reports of a room within one interval, a batch holds the later
QUIET_SECONDS = 0.3  # three intervals of the batched servers: who says nothing for so long has said it all
BEHIND_SECONDS = 5.0  # after the last message; who is not done by then is behind, even where others use his core too
LOOK_SECONDS = 0.02


@dataclass(frozen=True)
class Measured:
    """`cpu`: seconds of a core until all was delivered. `delivered`: updates seen, each at each wall. `wrong_walls`:
    walls that show anything else than what the rooms said last."""

    sent: int
    delivered: int
    cpu: float
    seconds: float
    load_busy: float
    wrong_walls: int
    lines_lost: int

    @property
    def microseconds(self) -> float:
        """Of a core, for one update at one wall."""
        return self.cpu / self.delivered * 1e6 if self.delivered else float("inf")

    @property
    def share(self) -> float:
        return self.delivered / (self.sent * WALLS)

    def kept_up(self) -> bool:
        """All was delivered, and it did not take more than the core has."""
        whole = not self.wrong_walls and not self.lines_lost and self.share >= LEAST_SHARE
        return whole and self.cpu <= self.seconds


class Wall:
    """`count`: updates told. `latest`: the last one of each point."""

    def __init__(self) -> None:
        self.count = 0
        self.latest: dict[int, str] = {}


class Load:
    """`pid`: the server's process."""

    def __init__(self, dialect: Dialect, pid: int) -> None:
        self._dialect, self._pid = dialect, pid
        self._walls = [Wall() for _ in range(WALLS)]
        self._read: dict[bytes, list[Row]] = {}
        self._truth: dict[int, str] = {}
        self._sent = 0
        self._peers: list[Peer] = []
        self._rooms: list[Peer] = []

    async def connect(self) -> None:
        self._rooms = await self._dialect.rooms()
        walls = await self._dialect.walls([partial(self._told, wall) for wall in self._walls])
        self._peers = [*self._rooms, *walls]

    def close(self) -> None:
        for peer in self._peers:
            if peer.transport:
                peer.transport.abort()

    def _told(self, wall: Wall, told: bytes) -> None:
        """All walls are told the same, so it is read once."""
        rows = self._read.get(told)
        if rows is None:
            if len(self._read) >= REMEMBERED:
                self._read.clear()
            rows = self._read[told] = self._dialect.rows(told)
        wall.count += len(rows)
        wall.latest.update(rows)

    async def measure(self, rate: float, seconds: float) -> Measured:
        """`rate`: messages a second of all rooms together. A second of warming comes before."""
        await self._report(rate, WARM_SECONDS)
        await self._settle()
        cpu, own, began = cpu_seconds(self._pid), time.process_time(), now()
        sent, delivered = self._sent, self._delivered()
        await self._report(rate, seconds)
        took, own = now() - began, time.process_time() - own
        await self._settle()
        return Measured(
            self._sent - sent,
            self._delivered() - delivered,
            cpu_seconds(self._pid) - cpu,
            took,
            own / took,
            self._wrong(),
            sum(peer.closed for peer in self._peers),
        )

    async def _report(self, rate: float, seconds: float) -> None:
        began, n = now(), 0
        while (due := began + n / rate) < began + seconds:
            # Who is late catches up, but lets what arrives in between.
            if (wait := due - now()) > 0.002 or n % YIELD_EVERY == 0:
                await asyncio.sleep(max(0, wait))
            self._say()
            n += 1

    def _say(self) -> None:
        rounds, room = divmod(self._sent, len(self._rooms))
        rtt = WEAK if rounds % 2 else GOOD
        self._truth[self._dialect.points[room]] = quality(rtt)
        self._rooms[room].send(self._dialect.status(room, rtt), self._dialect.opcode)
        self._sent += 1

    async def _settle(self) -> None:
        """Until the walls show the truth and nothing more comes, or the server is behind."""
        deadline = now() + BEHIND_SECONDS
        last, since = self._delivered(), now()
        while now() < deadline:
            await asyncio.sleep(LOOK_SECONDS)
            if (delivered := self._delivered()) != last:
                last, since = delivered, now()
            elif now() - since >= QUIET_SECONDS and not self._wrong():
                return

    def _delivered(self) -> int:
        return sum(wall.count for wall in self._walls)

    def _wrong(self) -> int:
        return sum(any(wall.latest.get(p) != q for p, q in self._truth.items()) for wall in self._walls)
