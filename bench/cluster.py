"""Three servers against one, over one PostgreSQL and one NATS: what the same headcounts cost, made durable.

Where every server has a core of its own, their number must pay: in accepted commands. Where they share one, they cannot
accept more together than one alone; there it is asked that what they do for each other costs little.
"""

import os
import statistics
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any

from server.demo.cluster.whole import Cluster, missing

from .clustered import ALL_ON_ONE, CrowdProcess, all_do, clustered, cpu_seconds, furnish, load
from .result import Limit, Result, percentile

SERVERS = 3
ROOMS = 1_200
CROWDS = 3  # load processes, whatever the number of servers: the load is the same
FULL = 3  # headcounts under way in every room: the servers always have more waiting than they commit at once
WALLS = 6  # spread over the servers, which draw the picture for those who hang on them
SECONDS, SECONDS_SHORT = 20.0, 8.0
ROUNDS, ROUNDS_SHORT = 3, 1
WARM_SECONDS = 3.0
SETTINGS = {"NHIPCAU_LOG__LEVEL": "warning"}
CORES = SERVERS + 2  # from here on each server has its own, the database and the bus have one, the load the rest
MORE, COST = 2.2, 1.25

Figures = dict[str, float]


async def run(short: bool, points: int = ROOMS) -> list[Result]:
    if packages := missing():
        raise RuntimeError(f"not installed: {', '.join(packages)}")
    rounds, seconds = (ROUNDS_SHORT, SECONDS_SHORT) if short else (ROUNDS, SECONDS)
    found: dict[int, list[Figures]] = {1: [], SERVERS: []}
    for _ in range(rounds):  # in turn, so that what else the machine does meets both
        for servers, measured in found.items():
            measured.append(await _measure(servers, points, seconds))
    judged, reason, limits = judge(os.cpu_count() or 1)
    params = {
        "servers": SERVERS, "rooms": points, "under_way": FULL * points, "load_processes": CROWDS, "walls": WALLS,
        "seconds": seconds, "rounds": rounds, "judged": judged, "because": reason,
    }  # fmt: skip
    return [Result("cluster", params, compare(medians(found[1]), medians(found[SERVERS])), limits)]


def judge(cores: int) -> tuple[str, str, dict[str, Limit]]:
    """Which of the two figures is held against its limit on so many cores, and why."""
    nothing = {f"{who}_{what}": Limit(most=0) for who in ("one", "three") for what in ("refused", "unanswered")}
    if cores >= CORES:
        return "commands_ratio", f"{cores} cores: one for every server", nothing | {"commands_ratio": Limit(least=MORE)}
    reason = f"{cores} cores: {SERVERS} servers share one, so more of them cannot accept more"
    return "servers_us_ratio", reason, nothing | {"servers_us_ratio": Limit(most=COST)}


def compare(one: Figures, three: Figures) -> Figures:
    """Both beside each other; a ratio is three by one."""
    named = {f"{who}_{name}": value for who, all_ in (("one", one), ("three", three)) for name, value in all_.items()}
    return named | {
        "commands_ratio": three["accepted_per_s"] / one["accepted_per_s"],
        "servers_us_ratio": three["servers_us"] / one["servers_us"],
        "all_us_ratio": three["all_us"] / one["all_us"],
        "servers_us_ratio_one_each": three["servers_us_one_each"] / one["servers_us_one_each"],
    }


def medians(rounds: Sequence[Figures]) -> Figures:
    return {name: statistics.median(r[name] for r in rounds) for name in rounds[0]}


async def _measure(servers: int, points: int, seconds: float) -> Figures:
    own = (os.cpu_count() or 1) >= CORES  # each server on a core of its own
    cores = range(2, 2 + SERVERS) if own else ALL_ON_ONE
    async with clustered(servers, SETTINGS, cores) as cluster, AsyncExitStack() as stack:
        crowds = await load(stack, cluster, await furnish(cluster, points), CROWDS, WALLS)
        await all_do(crowds, "connect")
        await all_do(crowds, "check_in")
        await _press(cluster, crowds, WARM_SECONDS, points)
        waiting = await _press(cluster, crowds, seconds, points)
        full = await _press(cluster, crowds, seconds, FULL * points)
        # Where every room waits for its answer before it taps again, no two taps of one room share a row of a frame.
        return full | {"servers_us_one_each": waiting["servers_us"]}


async def _press(cluster: Cluster, crowds: list[CrowdProcess], seconds: float, under_way: int) -> Figures:
    """So many headcounts under way all the time."""
    cpu = cpu_seconds(cluster)
    found = await all_do(crowds, "press", seconds=seconds, under_way=under_way // CROWDS)
    return _figures(found, {k: v - cpu[k] for k, v in cpu_seconds(cluster).items()})


def _figures(found: list[dict[str, Any]], cpu: dict[str, float]) -> Figures:
    """`…_us`: microseconds of a core for one accepted command, of all servers, the database, the bus, and in sum."""
    answered = sum(len(f["acks"]) for f in found)  # those under way at the end were worked for as well
    each = {f"{part}_us": 1e6 * seconds / answered for part, seconds in cpu.items()}
    acks = [a for f in found for a in f["acks"]]
    return {
        "accepted_per_s": sum(f["accepted"] / f["seconds"] for f in found),
        **each,
        "all_us": sum(each.values()),
        "ack_p50_ms": percentile(acks, 0.5) * 1e3,
        "ack_p99_ms": percentile(acks, 0.99) * 1e3,
        "refused": sum(f["refused"] for f in found),
        "unanswered": sum(f["unanswered"] for f in found),
        "load_busy_percent": 100 * sum(f["busy"] for f in found),
    }
