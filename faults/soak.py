"""A morning that goes on for as long as it is told, with everybody in it and random faults: nothing may be lost, and
nothing may grow. `python -m faults.soak [--minutes N] [--seed S]`

Every few seconds a JSON object on a line tells memory, processor time and waits; the last line is the result. Exit
status 1 when a limit is missed, 2 when it could not be rehearsed. The same seed draws the same faults.
"""

import argparse
import asyncio
import contextlib
import json
import secrets
import sys
import time
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

import psutil
import uvloop
from msgspec import Struct

from bench.process import LOGIN, PASSWORD
from bench.result import Limit, Result, percentile
from server.client.http import Api
from server.demo.cluster.part import Part
from server.live.conductor import now_ms
from server.tasks import Tasks

from .morning import Attendees, Operators, Organizer, Scanners
from .people import Door, stale
from .scene import LOOK_SECONDS, result
from .stage import Stage, furnish, ground
from .trend import Value, grown
from .truth import Fold, engine_of
from .wire import Wire

MINUTES = 30.0
LEAST_MINUTES = 3.0  # a server warms up for half a minute, and what it is then must be seen often enough to compare
PAUSE = (6.0, 20.0)  # seconds from one fault to the next
AWAY = (0.2, 3.0)  # seconds that a part stays dead
CUT = (1.0, 8.0)  # seconds that a line carries nothing
KINDS = ("kill server", "kill nats", "kill haproxy", "restart postgres", "cut database", "cut bus", "cut clients")
WAYS = ((True, True), (True, False), (False, True))
# The first server is cut off like the others and never killed: in one that lives long is seen what grows.
SPARED = 1
GROWTH_MB = 30.0  # the answers that a server keeps, 50,000 of some 400 bytes, may fill up meanwhile, and a heap settles
CPU_TIMES, WAIT_TIMES = 1.5, 3.0  # last third by first; waits are also longer for what else the machine does
COUNTED_SECONDS = 10.0  # for the last scans to be in the journal
# Scans are counted in memory for a blink before they are written: what a killed server had answered just then.
SCANS_OF_A_KILL = 2
LAST_WORD = "Hội nghị kết thúc"


class Size(Struct, frozen=True):
    """`every`: seconds between two lines."""

    rooms: int
    attendees: int
    every: float


WHOLE = Size(rooms=766, attendees=100, every=10.0)


class Trouble(Struct, frozen=True):
    """`place`: of the server that it meets, where it meets one. `seconds` until it is over."""

    after: float
    kind: str
    place: int
    seconds: float
    up: bool
    down: bool


def draw(chance: Random) -> Trouble:
    kind = chance.choice(KINDS)
    place = chance.randrange(SPARED, 3) if kind == "kill server" else chance.randrange(3)
    up, down = chance.choice(WAYS)
    seconds = chance.uniform(*(CUT if kind.startswith("cut") else AWAY))
    return Trouble(chance.uniform(*PAUSE), kind, place, seconds, up, down)


class Soak(Stage):
    """The stage with a whole morning on it."""

    async def befall(self, trouble: Trouble) -> None:
        """Returns when it is over."""
        what, _, whom = trouble.kind.partition(" ")
        if what == "cut":
            wire: Wire = getattr(self.wires[trouble.place], whom)
            wire.cut(up=trouble.up, down=trouble.down)
            await asyncio.sleep(trouble.seconds)
            wire.heal()
            return
        name = f"server{trouble.place + 1}" if whom == "server" else whom
        part = next(part for part in self.cluster.parts if part.name == name)
        await asyncio.to_thread(part.kill if what == "kill" else part.stop)
        await asyncio.sleep(trouble.seconds)
        await asyncio.to_thread(part.start)


class Watch:
    """What is told while it goes on."""

    def __init__(self, at: Soak, attendees: Attendees) -> None:
        self._at, self._attendees = at, attendees
        self._answers = 0
        self._cpu: dict[int, float] = {}  # process -> seconds of a core until the last look
        self._looked = time.monotonic()
        self.memory: dict[str, list[Value]] = {server.name: [] for server in at.cluster.servers}
        self.cost: list[Value] = []  # microseconds of the servers for one answer
        self.waits: list[Value] = []  # ms, the median
        self.happened: list[str] = []

    async def work(self, every: float) -> None:
        while True:
            await asyncio.sleep(every)
            print(json.dumps(self._look()), flush=True)

    def _look(self) -> dict[str, object]:
        now, rooms = time.monotonic(), self._at.rooms
        at, passed = now - self._at.began, now - self._looked
        answers = rooms.answers[self._answers :]
        self._looked, self._answers = now, len(rooms.answers)
        cpu = {server.name: self._server(server, at) for server in self._at.cluster.servers}
        took, used = [a.took * 1e3 for a in answers], sum(cpu.values())
        if answers:
            self.cost.append(Value(at, 1e6 * used / len(answers), at))
            self.waits.append(Value(at, percentile(took, 0.5), at))
        happened, self.happened = self.happened, []
        return {
            "s": round(at, 1),
            "memory_mb": {name: round(values[-1].value, 1) for name, values in self.memory.items() if values},
            "cpu_percent": {name: round(100 * seconds / passed, 1) for name, seconds in cpu.items()},
            "answers_per_s": round(len(answers) / passed, 1),
            "ack_p50_ms": round(percentile(took, 0.5), 1),
            "ack_p99_ms": round(percentile(took, 0.99), 1),
            "wall_lag_s": round(max(stale(answers, wall, now) for wall in self._at.walls), 2),
            "connected": sum(line.connected.is_set() for line in rooms.lines),
            "listening": self._attendees.listening,
            "faults": happened,
        }

    def _server(self, server: Part, at: float) -> float:
        """Seconds of a core since the last look; 0 of one that is dead."""
        try:
            process = psutil.Process(server.pid)
            used, age = sum(process.cpu_times()[:2]), time.time() - process.create_time()
            self.memory[server.name].append(Value(at, process.memory_info().rss / 1e6, age))
        except psutil.NoSuchProcess:
            return 0.0
        before, self._cpu[server.pid] = self._cpu.get(server.pid, 0.0), used
        return used - before


async def run(minutes: float, seed: int, size: Size = WHOLE) -> Result:
    async with morning(seed, size) as (at, organizer, attendees, scanners):
        watch, watching = Watch(at, attendees), Tasks()
        watching.start("watch", watch.work(size.every))
        try:
            kinds = await _suffer(at, watch, minutes, Random(seed))
        finally:
            await watching.stop()
        await at.rooms.back(1.0)
        await organizer.tell(LAST_WORD)
        figures = grown(watch.memory, watch.cost, watch.waits) | {
            "attendees_never_told": await attendees.never_told(LAST_WORD)
        }
        await scanners.finish()
        figures |= await at.draw() | await _kept(at, organizer, scanners)
        figures["faults"] = len(kinds)
        about = {
            "rooms": size.rooms,
            "attendees": size.attendees,
            "minutes": minutes,
            "seed": seed,
            "kinds": sorted({*kinds}),
        }
        return result("soak", about, figures, limits(kinds.count("kill server")))


def limits(kills: int = 0) -> dict[str, Limit]:
    """Beside what every fault must leave whole. `kills`: of servers."""
    nothing = ("attendees_never_told", "calls_different", "documents_lost", "documents_doubled")
    return {name: Limit(most=0) for name in nothing} | {
        "faults": Limit(least=1),
        "scans_missing": Limit(most=SCANS_OF_A_KILL * kills),
        "answer_longest_s": Limit(most=60),
        "servers_judged": Limit(least=1),
        "memory_growth_mb": Limit(most=GROWTH_MB),
        "cpu_growth": Limit(most=CPU_TIMES),
        "wait_growth": Limit(most=WAIT_TIMES),
    }


async def _suffer(at: Soak, watch: Watch, minutes: float, chance: Random) -> list[str]:
    """One fault after the other until the time is over; gives their kinds."""
    end, kinds = time.monotonic() + 60 * minutes, list[str]()
    while True:
        trouble = draw(chance)
        if time.monotonic() + trouble.after + trouble.seconds > end:
            await asyncio.sleep(end - time.monotonic())
            return kinds
        await asyncio.sleep(trouble.after)
        kinds.append(trouble.kind)
        watch.happened.append(f"{trouble.kind} {trouble.place + 1} {trouble.seconds:.1f} s")
        await at.befall(trouble)


async def _kept(at: Soak, organizer: Organizer, scanners: Scanners) -> dict[str, float]:
    """What was acknowledged beside the reports, held against the journal."""
    async with engine_of(at.database) as engine:
        fold = Fold(engine, at.house.conference)
        await fold.advance()
        deadline = time.monotonic() + COUNTED_SECONDS
        while fold.state.scans < scanners.answered and time.monotonic() < deadline:
            await asyncio.sleep(LOOK_SECONDS)
            await fold.advance()
    titles = [document.title for document in fold.state.documents.values()]
    assert isinstance(at.rooms, Operators)
    return {
        "documents": len(titles),
        "documents_lost": len(organizer.documents - {*titles}),
        "documents_doubled": len(titles) - len({*titles}),
        "calls": at.rooms.calls,
        "calls_different": abs(at.rooms.calls - fold.types["help_asked"]),
        "scans_answered": scanners.answered,
        "scans_counted": fold.state.scans,  # also those whose answer was lost on its way
        "scans_missing": max(0, scanners.answered - fold.state.scans),
    }


@asynccontextmanager
async def morning(seed: int, size: Size) -> AsyncIterator[tuple[Soak, Organizer, Attendees, Scanners]]:
    """Everybody is there, and every room has reported."""
    async with ground(wired=True) as (cluster, wires):
        house, line, chance = await furnish(cluster, size.rooms), Wire(cluster.haproxy.port), Random(seed)
        await line.start()
        at = Soak(cluster, wires, house, line, [now_ms])
        at.rooms = Operators(house, f"ws://127.0.0.1:{line.port}/ws", chance)
        organizer = Organizer(cluster.base, await _door(at), chance)
        attendees = Attendees(f"{cluster.base}/D/{house.code}/live", size.attendees, chance)
        scanners = Scanners(cluster.base, f"/D/{house.code}", chance)
        try:
            await at.open()
            for who, work in (
                ("line", organizer.line.run()), ("organizer", organizer.work()),
                ("attendees", attendees.work()), ("scanners", scanners.work()),
            ):  # fmt: skip
                at.keeping.start(who, work)
            yield at, organizer, attendees, scanners
        finally:
            await at.close()
            await line.stop()


async def _door(at: Soak) -> Door:
    """The organizer's, through HAProxy."""
    async with Api(at.cluster.servers[0].base) as api:
        await api.sign_in(LOGIN, PASSWORD)
        body = {"name": "Diễn tập", "role": "organizer", "unit": None}
        token = str((await api.call("POST", "/api/tokens", dict, body))["token"])
    return Door(f"ws://127.0.0.1:{at.cluster.haproxy.port}/ws", at.house.conference, token)


def _minutes(said: str) -> float:
    with contextlib.suppress(ValueError):
        if LEAST_MINUTES <= (minutes := float(said)) < float("inf"):
            return minutes
    raise argparse.ArgumentTypeError(f"{said!r}: to tell what grows it takes {LEAST_MINUTES:g} minutes at least")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m faults.soak", description=__doc__)
    parser.add_argument("--minutes", type=_minutes, default=MINUTES, help=f"{LEAST_MINUTES:g} at least")
    parser.add_argument("--seed", type=int, default=None, help="of the faults; told in the result")
    options = parser.parse_args()
    seed = secrets.randbelow(10_000) if options.seed is None else options.seed
    try:
        found = uvloop.run(run(options.minutes, seed))
    except Exception:  # noqa: BLE001 - whatever it was: told, and no figure
        traceback.print_exc()
        return 2
    print(found.json(), flush=True)
    if not found.measured():
        return 2
    return 0 if found.ok() else 1


if __name__ == "__main__":
    sys.exit(main())
