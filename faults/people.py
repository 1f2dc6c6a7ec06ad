"""Rooms that report all the time and walls that look, through the public client; and what they noticed."""

import asyncio
import itertools
import random
import time
from bisect import bisect_left
from collections.abc import Sequence

from msgspec import Struct

from bench.crash import Report
from bench.ground import House
from bench.mirror import Mirror
from server.client.line import Line
from server.live.conductor import Clock
from server.protocol.commands import CheckIn, PublicCommand, ReportHeadcount
from server.protocol.messages import DoneMessage, FrameMessage, ServerMessage, SnapshotMessage
from server.tasks import Tasks

AHEAD = 2  # reports of one room under way at once: an outbox has an order only when it holds several
EVERY = 0.8  # seconds between two reports of each of these, on average
SETTLE_SECONDS = 90.0  # for the last answers: a client comes back after a minute at the latest


class Door(Struct, frozen=True):
    """Where one comes in, and with which key a wall does."""

    socket: str
    conference: str
    watcher: str


class Answered(Struct, frozen=True):
    """`at`: monotonic seconds. `took`: since the tap. `seq`: the event it led to."""

    at: float
    took: float
    seq: int


class Rooms:
    """One line a room. `sent` and `acknowledged` hold every value once: no room tells a number twice."""

    def __init__(self, house: House, url: str, count: int, clocks: Sequence[Clock]) -> None:
        """The first `count` rooms of the house, whose phones have these clocks in turn."""
        self.lines = [
            Line(url, house.conference, device, clock=clocks[n % len(clocks)])
            for n, device in enumerate(house.devices[:count])
        ]
        self._points = house.points[:count]
        self._keeping, self._working = Tasks(), Tasks()
        self._ending = False
        self.sent: set[Report] = set()
        self.acknowledged: set[Report] = set()
        self.answers: list[Answered] = []
        self.refused = 0
        self._awaited: set[int] = set()
        self._enough, self._back = 0, asyncio.Event()

    def start(self) -> None:
        for line, point in zip(self.lines, self._points, strict=True):
            self._keeping.start(f"line {point}", line.run())
            self._working.start(f"room {point}", self._work(line, point))

    async def back(self, share: float = 0.5) -> None:
        """Returns when that share of the rooms got an answer from now on. TimeoutError when they stay away."""
        self._awaited = set(self._points)
        self._enough = len(self._points) - round(len(self._points) * share)
        self._back.clear()
        async with asyncio.timeout(SETTLE_SECONDS):
            await self._back.wait()

    async def finish(self) -> None:
        """No new reports; returns when those under way are answered, or the patience is over."""
        self._ending = True
        await self._working.drain(SETTLE_SECONDS)
        await self._working.stop()

    async def close(self) -> None:
        await self._working.stop()
        await self._keeping.stop()

    async def _work(self, line: Line, point: int) -> None:
        await self._do(line, point, CheckIn(point))
        await asyncio.gather(*(self._report(line, point, first) for first in range(AHEAD)))

    async def _report(self, line: Line, point: int, value: int) -> None:
        while not self._ending:
            self.sent.add((point, value))
            if await self._do(line, point, ReportHeadcount(point, value)):
                self.acknowledged.add((point, value))
            value += AHEAD
            await asyncio.sleep(random.uniform(0, 2 * EVERY))

    async def _do(self, line: Line, point: int, command: PublicCommand) -> bool:
        tapped = time.monotonic()
        answer = await line.do(command)
        done = isinstance(answer, DoneMessage)
        if isinstance(answer, DoneMessage):
            self.answers.append(Answered(now := time.monotonic(), now - tapped, answer.seq))
        self.refused += not done
        self._awaited.discard(point)
        if len(self._awaited) <= self._enough:
            self._back.set()
        return done


class Wall(Mirror):
    """Remembers when it showed what, whether it was ever thrown back in time, and which rooms it showed as lost."""

    def __init__(self, door: Door) -> None:
        super().__init__(door)
        self.shown: list[tuple[float, int]] = []
        self.thrown_back = 0
        self.lost: set[int] = set()
        self._epoch = ""

    def _take(self, message: ServerMessage) -> None:
        before = self.seq
        super()._take(message)
        if not isinstance(message, SnapshotMessage | FrameMessage):
            return
        if isinstance(message, SnapshotMessage):
            before, self._epoch = before if message.epoch == self._epoch else -1, message.epoch
        self.thrown_back += message.seq < before
        self.lost.update(row.id for row in message.rows or () if row.status == "lost")
        self.shown.append((time.monotonic(), message.seq))


def stale(answers: Sequence[Answered], wall: Wall, end: float) -> float:
    """Seconds that the latest of all answers needed to this wall; until `end` if it never came."""
    seqs: list[int] = []
    for _, seq in wall.shown:
        seqs.append(max(seq, seqs[-1] if seqs else seq))
    longest = 0.0
    for answer in answers:
        place = bisect_left(seqs, answer.seq)
        longest = max(longest, (wall.shown[place][0] if place < len(seqs) else end) - answer.at)
    return longest


def silence(answers: Sequence[Answered]) -> float:
    """The longest time in which no room at all got an answer."""
    times = sorted(answer.at for answer in answers)
    return max((b - a for a, b in itertools.pairwise(times)), default=0.0)
