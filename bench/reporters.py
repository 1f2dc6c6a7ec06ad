"""Rooms that report all the time through the public client, and what they were told."""

import asyncio
import random
import time
from collections.abc import Sequence

from msgspec import Struct

from server.client.line import Line
from server.protocol.commands import CheckIn, PublicCommand, ReportHeadcount
from server.protocol.messages import DoneMessage
from server.tasks import Tasks

SETTLE_SECONDS = 90.0  # for the last answers and frames: far above the longest wait of a client that comes back

Report = tuple[int, int]  # point, people in the room: every value is told once


class Answered(Struct, frozen=True):
    """`at`: monotonic seconds. `took`: since the tap. `seq`: the event it led to."""

    at: float
    took: float
    seq: int


class Reporters:
    """One line a room. `sent` and `acknowledged` hold every value once: no room tells a number twice.

    `ahead`: reports of one room under way at once; an outbox has an order only when it holds several.
    `every`: seconds between two reports of each of these, on average.
    """

    def __init__(self, lines: Sequence[Line], points: Sequence[int], ahead: int, every: float) -> None:
        self.lines = lines
        self._points, self._ahead, self._every = points, ahead, every
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
        await asyncio.gather(*(self._report(line, point, first) for first in range(self._ahead)))

    async def _report(self, line: Line, point: int, value: int) -> None:
        while not self._ending:
            self.sent.add((point, value))
            if await self._do(line, point, ReportHeadcount(point, value)):
                self.acknowledged.add((point, value))
            value += self._ahead
            await self._pause(line, point)

    async def _pause(self, line: Line, point: int) -> None:
        """Between two reports."""
        await asyncio.sleep(random.uniform(0, 2 * self._every))

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
