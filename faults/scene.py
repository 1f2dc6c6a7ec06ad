"""Rooms that report, walls that look, and the sums that are drawn at the end, whatever carries them."""

import asyncio
import sys
import time
from collections.abc import Mapping, Sequence

from msgspec import Struct

from bench.crash import compare
from bench.ground import House
from bench.reporters import Answered
from bench.result import Limit, Result, percentile
from server.live.conductor import Clock, now_ms
from server.tasks import Tasks

from .people import Door, Wall, rooms, silence, stale
from .truth import Fold, difference, engine_of

ROOMS, WALLS = 48, 4  # of which the server's part is a tenth of a core: the fault is rehearsed, not the load
LOOK_SECONDS = 0.2
EQUAL_SECONDS = 60.0  # for the walls to show what the journal says, once nobody reports any more
NOTHING = (
    "lost", "doubled", "unasked", "unanswered", "refused", "gaps", "walls_different", "servers_different",
    "walls_thrown_back",
)  # fmt: skip


class Doors(Struct):
    """Where rooms come in ("host:port"), where walls do, each server past everything between, and where the truth is
    read."""

    rooms: str
    walls: int
    servers: list[int]
    database: str


class Scene:
    """The first `ROOMS` rooms of the house have phones, with these clocks in turn."""

    def __init__(self, house: House, doors: Doors, clocks: Sequence[Clock] = (now_ms,)) -> None:
        self.house, self.doors, self.database = house, doors, doors.database
        self.rooms = rooms(house, f"ws://{doors.rooms}/ws", ROOMS, clocks)
        self.walls = [Wall(self.door(doors.walls)) for _ in range(WALLS)]
        self.began = time.monotonic()
        self.keeping = Tasks()

    async def open(self) -> None:
        """Returns when every room has reported."""
        for wall in self.walls:
            self.keeping.start("wall", wall.line.run())
        self.rooms.start()
        await self.rooms.back(1.0)
        self.began = time.monotonic()

    async def close(self) -> None:
        await self.rooms.close()
        await self.keeping.stop()

    def broken(self) -> int:
        """How often lines of rooms and walls broke until now."""
        return sum(line.broken for line in (*self.rooms.lines, *(wall.line for wall in self.walls)))

    async def draw(self) -> dict[str, float]:
        """No more reports; everybody gets his answer; then what people were told is held against the journal."""
        ended = time.monotonic()
        await self.rooms.finish()
        fresh = [Wall(self.door(port)) for port in self.doors.servers]
        for wall in fresh:
            self.keeping.start("fresh wall", wall.line.run())
        async with engine_of(self.database) as engine:
            fold = Fold(engine, self.house.conference)
            different = await _different(fold, self.walls)
            servers = await _different(fold, fresh)
        rooms, end = self.rooms, time.monotonic()
        answers = [a for a in rooms.answers if a.at >= self.began]
        return {
            "seconds": ended - self.began,
            **compare(rooms.sent, rooms.acknowledged, fold.reports),
            "refused": rooms.refused,
            "gaps": fold.gaps,
            "walls_different": different,
            "servers_different": servers,
            "walls_thrown_back": sum(wall.thrown_back for wall in self.walls),
            "lines_lost": fold.types["line_lost"],
            "rooms_shown_lost": len(set().union(*(wall.lost for wall in self.walls))),
            **_noticed(answers, self.walls, end),
        }

    def door(self, port: int) -> Door:
        return Door(f"ws://127.0.0.1:{port}/ws", self.house.conference, self.house.watcher)


def _noticed(answers: list[Answered], walls: list[Wall], end: float) -> dict[str, float]:
    took = [a.took for a in answers]
    return {
        "answer_p50_ms": percentile(took, 0.5) * 1e3,
        "answer_longest_s": max(took, default=0.0),
        "nobody_answered_longest_s": silence(answers),
        "wall_stale_longest_s": max((stale(answers, wall, end) for wall in walls), default=0.0),
    }


async def _different(fold: Fold, walls: list[Wall]) -> int:
    """Walls that do not show what the journal says, once they do or the patience is over; who they are is told."""
    deadline = time.monotonic() + EQUAL_SECONDS
    while True:
        await fold.advance()
        wrong = [wall for wall in walls if not fold.shown_by(wall)]
        if not wrong:
            return 0
        if time.monotonic() > deadline:
            for wall in wrong:
                print(difference(fold, wall), file=sys.stderr)
            return len(wrong)
        await asyncio.sleep(LOOK_SECONDS)


def result(name: str, params: Mapping[str, object], figures: dict[str, float], limits: Mapping[str, Limit]) -> Result:
    """What every fault must leave whole, and the limits of this one. A run in which nobody reported shows nothing."""
    whole = {name: Limit(most=0) for name in NOTHING} | {"acknowledged": Limit(least=ROOMS)}
    about = {"rooms": ROOMS, "walls": WALLS, **params}
    return Result(f"fault {name}", about, figures, whole | dict(limits))
