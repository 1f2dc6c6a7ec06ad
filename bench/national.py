"""37,000 rooms on one machine: what they cost, how late a tap is, and how they come back after a restart.

A process may open 20,000 files on many machines, so the rooms are carried by as many servers as that takes, over one
PostgreSQL and one NATS, all on the server's core; the load is as many processes on the other.
"""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from server.client.http import Api
from server.demo.cluster.whole import Cluster, missing

from . import ground as grounds
from .clustered import CrowdProcess, all_do, clustered, cpu_seconds, family, furnish, load, pin
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
    async with clustered(servers, SETTINGS) as cluster, AsyncExitStack() as stack:
        house = await furnish(cluster, points)
        before = _memory(cluster)
        crowds = await load(stack, cluster, house, servers, WALLS)
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
    pin(cluster)
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


def _memory(cluster: Cluster) -> int:
    """Resident bytes of all servers."""
    return sum(int(p.memory_info().rss) for server in cluster.servers for p in family(server))
