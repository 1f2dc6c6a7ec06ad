"""37,000 rooms on one machine: what they cost, how late a tap is, and how they come back after a restart.

A process may open 20,000 files on many machines, so the rooms are carried by as many servers as that takes, over one
PostgreSQL and one NATS, all on the server's core; the load is as many processes on the other.
"""

import asyncio
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import psutil

from server.client.http import Api
from server.demo.cluster.part import Part
from server.demo.cluster.whole import Cluster, missing

from . import ground as grounds
from .crowd import Crowd
from .growth import picture
from .process import LOGIN, PASSWORD
from .result import Limit, Result, percentile
from .rooms import now

SIZES = (766, 3_355, 10_000, 37_000)
WALLS = 50
SEATS = 18_600  # of one server and of one load process: below 20,000 open files
EVERY = 3.0  # seconds between two reports of one room
FLIP = 0.1  # share of reports that tell something new of the line
TAPS = 255.0  # headcounts a second that must be durable: the demonstration conference's rate
# Fewer, larger commits: what a cluster of this size is advised to set (docs/operations.md).
SETTINGS = {"NHIPCAU_LOG__LEVEL": "warning", "NHIPCAU_LIVE__PACE_MS": "80"}
BACK_SECONDS = 120.0
PICTURE = Path(__file__).resolve().parent.parent / "docs" / "images" / "national.svg"


class CrowdProcess:
    """Rooms and walls in a process of their own."""

    def __init__(self) -> None:
        self._process: Process | None = None

    async def start(self, plan: Crowd) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.crowd",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 30,
        )  # fmt: skip
        self._say(plan)

    def _say(self, what: object) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(msgspec.json.encode(what) + b"\n")

    async def do(self, what: str, **how: float) -> dict[str, Any]:
        self._say({"do": what, **how})
        assert self._process is not None
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("a load process ended")
        answer: dict[str, Any] = msgspec.json.decode(line)
        return answer

    async def stop(self) -> None:
        if self._process and self._process.stdin:
            self._process.stdin.close()
            await self._process.wait()


async def run(short: bool, points: int | None = None) -> list[Result]:
    """Every size in turn, the largest at full length and with a restart; or one size."""
    if packages := missing():
        raise RuntimeError(f"not installed: {', '.join(packages)}")
    sizes = (points,) if points else SIZES
    results = [await _measure(n, 15 if short or n != max(sizes) else 60) for n in sizes]
    if points is None:
        await asyncio.to_thread(PICTURE.write_text, picture(results), "utf-8")
    return results


async def _measure(points: int, seconds: int) -> Result:
    servers = -(-(points + WALLS) // SEATS)
    params = {
        "points": points, "every_s": EVERY, "news_share": FLIP, "taps_per_s": TAPS, "walls": WALLS,
        "servers": servers, "seconds": seconds,
    }  # fmt: skip
    async with _cluster(servers) as cluster, AsyncExitStack() as stack:
        house = await furnish(cluster, points)
        before = _memory(cluster)
        crowds = await _crowds(stack, cluster, house)
        grounds.pin_load()
        await all_do(crowds, "connect")
        connected = _memory(cluster)
        await all_do(crowds, "check_in")
        share = {"every": EVERY, "flip": FLIP, "taps": TAPS / len(crowds)}
        await all_do(crowds, "report", seconds=EVERY, **share)  # the first round settles what a start leaves behind
        cpu, began = cpu_seconds(cluster), now()
        found = await all_do(crowds, "report", seconds=seconds, **share)
        figures = _figures(found, {k: v - cpu[k] for k, v in cpu_seconds(cluster).items()}, now() - began)
        figures["memory_mb"] = _memory(cluster) / 1e6
        figures["memory_kib_per_connection"] = (connected - before) / 1024 / (points + WALLS)
        figures |= await _restart(cluster, crowds, house)
    return Result("national", params, figures, _limits())


def _limits() -> dict[str, Limit]:
    return {
        "server_cpu_percent": Limit(most=35),
        "memory_mb": Limit(most=1_500),
        "last_wall_p99_ms": Limit(most=250),
        "sent_share": Limit(least=0.99),
        "unanswered": Limit(most=0),
        "refused": Limit(most=0),
        "never_on_a_wall": Limit(most=0),
        "all_back_s": Limit(most=60),
        "lines_lost_by_restart": Limit(most=0),
    }


def _figures(found: list[dict[str, Any]], cpu: dict[str, float], took: float) -> dict[str, float]:
    """`cpu` over `took` seconds, with the pauses at the end in which nothing is sent; so it counts by what was sent."""
    seconds = max(f["seconds"] for f in found)
    last: dict[tuple[int, int], float] = {}
    for f in found:
        for point, value, at in f["shown"]:
            last[point, value] = max(last.get((point, value), 0.0), at)
    seen_by: dict[tuple[int, int], int] = {}
    for f in found:
        for point, value, _ in f["shown"]:
            seen_by[point, value] = seen_by.get((point, value), 0) + 1
    taps = [(point, value, at) for f in found for point, value, at in f["taps"]]
    late = [last[p, v] - at for p, v, at in taps if seen_by.get((p, v)) == len(found)]
    acks = [a for f in found for a in f["acks"]]
    statuses = sum(f["statuses"] for f in found)
    return {
        "reports_per_s": statuses / seconds,
        "sent_share": statuses / seconds / (sum(f["rooms"] for f in found) / EVERY),
        "server_cpu_percent": 100 * cpu["servers"] / seconds,
        "database_cpu_percent": 100 * cpu["postgres"] / seconds,
        "bus_cpu_percent": 100 * cpu["nats"] / seconds,
        "load_busy_percent": 100 * sum(f["busy"] for f in found),
        "ack_p50_ms": percentile(acks, 0.5) * 1e3,
        "ack_p99_ms": percentile(acks, 0.99) * 1e3,
        "last_wall_p50_ms": percentile(late, 0.5) * 1e3,
        "last_wall_p99_ms": percentile(late, 0.99) * 1e3,
        "never_on_a_wall": len(taps) - len(late),
        "unanswered": sum(f["unanswered"] for f in found),
        "refused": sum(f["refused"] for f in found),
        "wall_mb_per_s": sum(f["bytes"] for f in found) / seconds / 1e6,
    }


async def _restart(cluster: Cluster, crowds: list[CrowdProcess], house: grounds.House) -> dict[str, float]:
    """All servers are stopped as for maintenance and started again, while everybody comes back as told."""
    began = now()
    await asyncio.gather(*(asyncio.to_thread(s.stop) for s in cluster.servers))
    await asyncio.gather(*(asyncio.to_thread(s.start) for s in cluster.servers))
    _pin(cluster)
    started = now()
    back = await all_do(crowds, "until_all", seconds=BACK_SECONDS)
    async with Api(cluster.servers[0].base) as api:
        await api.call("POST", "/api/session", dict, {"login": LOGIN, "password": PASSWORD})
        lost = await api.call("GET", f"/api/conferences/{house.conference}/journal?type=line_lost&limit=1000", dict)
    return {
        "restart_s": started - began,
        "all_back_s": max(b["at"] for b in back) - started,
        "away": sum(b["away"] for b in back),
        "lines_lost_by_restart": len(lost["entries"]),
    }


# --- what is measured on


@asynccontextmanager
async def _cluster(servers: int) -> AsyncIterator[Cluster]:
    cluster = Cluster(servers, SETTINGS)
    try:
        await asyncio.to_thread(cluster.start)
        _pin(cluster)
        yield cluster
    finally:
        await asyncio.to_thread(cluster.remove)


def _pin(cluster: Cluster) -> None:
    for part in cluster.parts:
        for process in _family(part):
            process.cpu_affinity([grounds.SERVER_CORE])


def _family(part: Part) -> list[psutil.Process]:
    process = psutil.Process(part.pid)
    return [process, *process.children(recursive=True)]


def cpu_seconds(cluster: Cluster) -> dict[str, float]:
    def seconds(*parts: Part) -> float:
        return sum(sum(p.cpu_times()[:2]) for part in parts for p in _family(part))

    return {
        "servers": seconds(*cluster.servers), "postgres": seconds(cluster.postgres), "nats": seconds(cluster.nats),
    }  # fmt: skip


def _memory(cluster: Cluster) -> int:
    """Resident bytes of all servers."""
    return sum(int(p.memory_info().rss) for server in cluster.servers for p in _family(server))


async def furnish(cluster: Cluster, points: int) -> grounds.House:
    first = cluster.servers[0]
    async with Api(first.base) as api:
        body = {"token": first.setup_token(), "login": LOGIN, "name": "Bench", "password": PASSWORD}
        await api.call("POST", "/api/setup", dict, body)
        await api.call("POST", "/api/session", dict, {"login": LOGIN, "password": PASSWORD})
        return await grounds.furnish(api, points)


async def _crowds(stack: AsyncExitStack, cluster: Cluster, house: grounds.House) -> list[CrowdProcess]:
    """One load process a server: its share of the rooms and of the walls."""
    rooms, crowds = list(zip(house.points, house.devices, strict=True)), []
    for n, server in enumerate(cluster.servers):
        mine, walls = rooms[n :: len(cluster.servers)], len(range(n, WALLS, len(cluster.servers)))
        url = server.base.replace("http", "ws", 1) + "/ws"
        crowd = CrowdProcess()
        await crowd.start(Crowd(url, house.conference, house.watcher, mine, walls, grounds.LOAD_CORE, n + 1))
        stack.push_async_callback(crowd.stop)
        crowds.append(crowd)
    return crowds


async def all_do(crowds: list[CrowdProcess], what: str, **how: float) -> list[dict[str, Any]]:
    return list(await asyncio.gather(*(c.do(what, **how) for c in crowds)))
