"""Rooms that report all the time and walls that look, through the public client; and what they noticed."""

import itertools
import time
from bisect import bisect_left
from collections.abc import Sequence

from msgspec import Struct

from bench.ground import House
from bench.mirror import Mirror
from bench.reporters import Answered, Reporters
from server.client.line import Line
from server.live.conductor import Clock
from server.protocol.messages import FrameMessage, ServerMessage, SnapshotMessage

AHEAD = 2  # reports of one room under way at once: an outbox has an order only when it holds several
EVERY = 0.8  # seconds between two reports of each of these, on average


class Door(Struct, frozen=True):
    """Where one comes in, and with which key a wall does."""

    socket: str
    conference: str
    watcher: str


def rooms(house: House, url: str, count: int, clocks: Sequence[Clock]) -> Reporters:
    """The first `count` rooms of the house, whose phones have these clocks in turn."""
    lines = [
        Line(url, house.conference, device, clock=clocks[n % len(clocks)])
        for n, device in enumerate(house.devices[:count])
    ]
    return Reporters(lines, house.points[:count], AHEAD, EVERY)


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
