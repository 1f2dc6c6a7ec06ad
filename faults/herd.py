"""Everybody comes back at once after a restart of all servers: spread out, and within bounds."""

import asyncio
import time

import psutil

from bench.clustered import CrowdProcess
from bench.crowd import Crowd
from bench.ground import LOAD_CORE
from bench.result import Limit, Result
from server.tasks import Tasks

from .scene import ROOMS, result
from .stage import Stage, stage

SIZE, SIZE_SHORT = 4_000, 1_500  # rooms beside those that report
LOOK_SECONDS = 0.25
PER_SECOND = 667  # each socket of a server widens the spread by 1.5 ms, so that no more than this come back a second
BURST = 2.0  # times that, in one second: three servers start together, and chance is not even
SERVER_MB = 300.0  # of one server
BACK_SECONDS = 60.0


async def herd(short: bool) -> Result:
    size = SIZE_SHORT if short else SIZE
    async with stage(rooms=ROOMS + size) as at:
        others = list(zip(at.house.points, at.house.devices, strict=True))[ROOMS:]
        url = f"ws://127.0.0.1:{at.cluster.haproxy.port}/ws"
        crowd, looking = CrowdProcess(), Tasks()
        await crowd.start(Crowd(url, at.house.conference, at.house.watcher, others, 0, LOAD_CORE, 1))
        try:
            await crowd.do("connect")
            await asyncio.gather(*(asyncio.to_thread(server.stop) for server in at.cluster.servers))
            await asyncio.gather(*(asyncio.to_thread(server.start) for server in at.cluster.servers))
            began, counts = time.monotonic(), list[tuple[float, int]]()
            looking.start("looking", _look(at, counts))
            found = await crowd.do("until_all", seconds=BACK_SECONDS * 2)
            back = time.monotonic() - began
            memory = max(psutil.Process(server.pid).memory_info().rss for server in at.cluster.servers) / 1e6
            await looking.stop()
            figures = await at.draw()
        finally:
            await looking.stop()
            await crowd.stop()
        figures |= {
            "away": found["away"], "all_back_s": back, "sockets_per_s_most": steepest(counts), "server_mb": memory,
        }  # fmt: skip
        limits = {
            "away": Limit(most=0),
            "all_back_s": Limit(most=BACK_SECONDS),
            "sockets_per_s_most": Limit(most=PER_SECOND * len(at.cluster.servers) * BURST),
            "server_mb": Limit(most=SERVER_MB),
            "lines_lost": Limit(most=0),
            "answer_longest_s": Limit(most=BACK_SECONDS),
        }
        return result("herd", {"coming_back": size}, figures, limits)


async def _look(at: Stage, counts: list[tuple[float, int]]) -> None:
    """How many sockets are open, again and again."""
    while True:
        pages = await asyncio.gather(*(asyncio.to_thread(server.look, "/metrics") for server in at.cluster.servers))
        counts.append((time.monotonic(), sum(open_sockets(body.decode()) for _, body in pages)))
        await asyncio.sleep(LOOK_SECONDS)


def open_sockets(metrics: str) -> int:
    rows = [row for row in metrics.splitlines() if row.startswith("nhipcau_sockets{")]
    return round(sum(float(row.rsplit(" ", 1)[1]) for row in rows))


def steepest(counts: list[tuple[float, int]]) -> float:
    """By how many sockets a second they grew within a second, at most."""
    most = 0.0
    for n, (at, count) in enumerate(counts):
        later = next(((t, c) for t, c in counts[n:] if t - at >= 1.0), None)
        if later:
            most = max(most, (later[1] - count) / (later[0] - at))
    return most
