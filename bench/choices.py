"""What the process was chosen to be, beside what it might have been: collector, event loop, processes on one core."""

import asyncio
import contextlib
import json
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from . import ground as grounds
from .clustered import CrowdProcess
from .crowd import Crowd
from .phones import scan
from .process import ServerProcess
from .result import Limit, Result, percentile
from .together import shared

POINTS, WALLS = 2_000, 50
EVERY = 1.0  # seconds between two messages of one room about its line, of which a share is news
FLIP = 0.1
TAPS = 100.0  # a second, durable before they are answered
SCANS = 1_500  # pages behind a code, each over a connection of its own
OTHERWISE = Path(__file__).parent / "otherwise"
WAYS: Mapping[str, tuple[dict[str, str], int]] = {  # settings, processes
    "chosen": ({}, 1),
    "default_collector": ({"BENCH_COLLECTOR": "default"}, 1),
    "asyncio_loop": ({"BENCH_LOOP": "asyncio"}, 1),
    "two_processes": ({}, 2),
}
DECIDED_BY = {  # a figure of ours that must not be above that of another way
    "collector_ms": "default_collector",
    "collector_longest_ms": "default_collector",
    "scan_us": "asyncio_loop",
    "message_us": "two_processes",
}


class Way:
    """One way of running the service, beside the others: each is loaded in turn, so that what else the machine does
    meets all of them."""

    def __init__(self, page: str, servers: list[ServerProcess], loads: list[CrowdProcess], notes: Path) -> None:
        self._page, self._servers, self._loads, self._notes = page, servers, loads, notes
        self._messages: list[float] = []
        self._scans: list[float] = []
        self._acks: list[float] = []
        self._failed = 0

    async def connect(self) -> None:
        self.began = time.monotonic()
        for load in self._loads:
            await load.do("connect")
            await load.do("check_in")
        await self._report(2 * EVERY)  # settles what a start leaves behind

    async def round(self, seconds: float) -> None:
        cpu = self._cpu()
        found = await self._report(seconds)
        self._messages.append((self._cpu() - cpu) / sum(one["statuses"] + one["tapped"] for one in found))
        self._acks += [ack for one in found for ack in one["acks"]]
        cpu = self._cpu()
        scanned = await scan(self._servers[-1].base, [self._page], SCANS)
        self._scans.append((self._cpu() - cpu) / SCANS)
        self._failed += sum(one["refused"] + one["unanswered"] for one in found) + SCANS - scanned.answered

    async def _report(self, seconds: float) -> list[dict[str, Any]]:
        how = {"seconds": seconds, "every": EVERY, "flip": FLIP, "taps": TAPS / len(self._loads)}
        return await asyncio.gather(*(load.do("report", **how) for load in self._loads))

    def _cpu(self) -> float:
        return sum(server.cpu_seconds() for server in self._servers)

    async def figures(self) -> dict[str, float]:
        """Ends the servers, which then tell of their collectors. Other work only adds to a round: the least counts."""
        memory = sum(server.memory() for server in self._servers)
        for server in self._servers:
            await server.stop()
        noted = [pause for file in self._notes.iterdir() for pause in json.loads(file.read_text())]
        pauses = [took for at, took in noted if at > self.began]
        return {
            "message_us": min(self._messages) * 1e6,
            "scan_us": min(self._scans) * 1e6,
            "collector_ms": sum(pauses) * 1e3,
            "collector_longest_ms": max(pauses, default=0.0) * 1e3,
            "ack_p99_ms": percentile(self._acks, 0.99) * 1e3,
            "memory_mb": memory / 1e6,
            "failed": self._failed,
        }


async def run(short: bool) -> list[Result]:
    rounds, seconds = (3, 3.0) if short else (6, 4.0)
    async with contextlib.AsyncExitStack() as ending:
        ways = {name: await ending.enter_async_context(_way(*how)) for name, how in WAYS.items()}
        grounds.pin_load()
        for way in ways.values():
            await way.connect()
        for _ in range(rounds):
            for way in ways.values():
                await way.round(seconds)
        figures = {f"{name}_{k}": n for name, way in ways.items() for k, n in (await way.figures()).items()}
    reach = {f"{way}_failed": Limit(most=0) for way in WAYS}
    reach |= {f"chosen_{what}": Limit(most=figures[f"{way}_{what}"]) for what, way in DECIDED_BY.items()}
    params = {"points": POINTS, "every_s": EVERY, "news_share": FLIP, "taps_per_s": TAPS, "walls": WALLS}
    return [Result("choices", {**params, "rounds": rounds, "seconds": seconds}, figures, reach)]


@asynccontextmanager
async def _way(settings: dict[str, str], processes: int) -> AsyncIterator[Way]:
    notes = Path(tempfile.mkdtemp(prefix="nhipcau-bench-"))
    try:
        own = settings | {"PYTHONPATH": str(OTHERWISE), "BENCH_PAUSES": str(notes)}
        async with _running(own, processes) as (ground, servers), _loads(ground, servers) as loads:
            yield Way(f"/D/{ground.code}", servers, loads, notes)
    finally:
        shutil.rmtree(notes)


@asynccontextmanager
async def _running(
    settings: dict[str, str], processes: int
) -> AsyncIterator[tuple[grounds.Ground, list[ServerProcess]]]:
    """All on the servers' core, over one PostgreSQL and one NATS, so that a second process is the only difference."""
    async with contextlib.AsyncExitStack() as ending:
        common = await ending.enter_async_context(shared()) | settings
        ground = await grounds.make(POINTS, common)
        servers = [ground.server]
        ending.push_async_callback(_end, servers)
        for _ in range(1, processes):
            servers.append(ServerProcess(grounds.SERVER_CORE, common))
            await servers[-1].start()
            await servers[-1].ready()
        yield ground, servers


async def _end(servers: list[ServerProcess]) -> None:
    for server in servers:
        await server.stop()
        server.remove()


@asynccontextmanager
async def _loads(ground: grounds.Ground, servers: list[ServerProcess]) -> AsyncIterator[list[CrowdProcess]]:
    """Every process carries its share of rooms and walls."""
    loads: list[CrowdProcess] = []
    try:
        for n, server in enumerate(servers):
            url = server.base.replace("http", "ws", 1) + "/ws"
            rooms = list(zip(ground.points, ground.devices, strict=True))[n :: len(servers)]
            walls, core = WALLS // len(servers), grounds.SERVER_CORE + 1
            loads.append(CrowdProcess())
            await loads[-1].start(Crowd(url, ground.conference, ground.watcher, rooms, walls, core, seed=n + 1))
        yield loads
    finally:
        for load in loads:
            await load.stop()
