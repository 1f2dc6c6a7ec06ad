"""The page behind a QR picture: new connections a second, and whether a whole hall that scans is counted exactly."""

import asyncio
import contextlib
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from statistics import median

import aiohttp
import psutil

from server.client.http import Api

from . import ground as grounds
from .counting import settled
from .phones import PHONE, Scanned, scan
from .result import Limit, Result

SCANS, SCANS_SHORT = 52_000, 15_000  # everybody who attends, each with a phone that was never seen
ROUND, ROUND_SHORT = 20_000, 5_000  # connections of one measurement
ROUNDS = 3  # of each server in turn; the median counts
POINTS, CODES = 200, 60  # rooms, and how many of their pictures are scanned


async def run(short: bool) -> list[Result]:
    scans, size = (SCANS_SHORT, ROUND_SHORT) if short else (SCANS, ROUND)
    ground = await grounds.make(POINTS, enrol=False)
    try:
        async with Api(ground.server.base) as api:
            await ground.server.sign_in(api)
            paths = [f"/D/{code}" for code in await grounds.codes(api, ground, CODES)]
            page = await _page(ground, paths[0])
            grounds.pin_load()
            figures = await _compare(ground, paths, page, size)
            figures |= await _count(api, ground, paths, scans)
        params = {
            "codes": CODES,
            "page_bytes": len(page),
            "round": size,
            "scans": scans,
            "peer": "bare aiohttp handler",
        }
        return [Result("landing", params, figures, _limits(scans))]
    finally:
        await ground.server.stop()
        ground.server.remove()


def _limits(scans: int) -> dict[str, Limit]:
    return {
        "connections_per_core_s": Limit(least=4_000),
        "failed": Limit(most=0),
        "answered": Limit(least=scans),
        "counted": Limit(least=scans),
        "miscounted": Limit(most=0),
    }


async def _page(ground: grounds.Ground, path: str) -> bytes:
    headers = {"User-Agent": PHONE, "Accept-Language": "vi"}
    async with aiohttp.request("GET", ground.server.base + path, headers=headers) as answer:
        return await answer.read()


# --- new connections


async def _compare(ground: grounds.Ground, paths: list[str], page: bytes, size: int) -> dict[str, float]:
    """In turn, so that a busy moment of the machine meets both."""
    file = ground.server.folder / "landing.html"
    await asyncio.to_thread(file.write_bytes, page)
    ours: list[tuple[Scanned, float]] = []
    bare: list[tuple[Scanned, float]] = []
    async with _peer(str(file)) as (base, peer):
        server = psutil.Process(ground.server.pid)
        for _ in range(ROUNDS):
            ours.append(await _round(ground.server.base, paths, size, server))
            bare.append(await _round(base, paths, size, psutil.Process(peer.pid)))
    return {
        "connections_per_core_s": _per_core(ours),
        "bare_connections_per_core_s": _per_core(bare),
        "of_bare": _per_core(ours) / _per_core(bare),
        "connections_per_s": _per_second(ours),
        "bare_connections_per_s": _per_second(bare),
        "server_busy_percent": 100 * median(cpu / done.seconds for done, cpu in ours),
        "failed": sum(done.asked - done.answered for done, _ in [*ours, *bare]),
    }


async def _round(base: str, paths: list[str], size: int, server: psutil.Process) -> tuple[Scanned, float]:
    """What was scanned, and the seconds of a core it took the server."""
    before = server.cpu_times()
    done = await scan(base, paths, size)
    after = server.cpu_times()
    return done, after.user + after.system - before.user - before.system


def _per_core(rounds: list[tuple[Scanned, float]]) -> float:
    return median(done.answered / cpu for done, cpu in rounds)


def _per_second(rounds: list[tuple[Scanned, float]]) -> float:
    return median(done.answered / done.seconds for done, _ in rounds)


@contextlib.asynccontextmanager
async def _peer(file: str) -> AsyncIterator[tuple[str, Process]]:
    core = ["taskset", "-c", str(grounds.SERVER_CORE)]
    peer = await asyncio.create_subprocess_exec(*core, sys.executable, "-m", "bench.peer", file, stdout=PIPE)
    assert peer.stdout is not None
    try:
        yield (await peer.stdout.readline()).decode().split()[0], peer
    finally:
        peer.terminate()
        await peer.wait()


# --- counting


async def _count(api: Api, ground: grounds.Ground, paths: list[str], scans: int) -> dict[str, float]:
    """Scans by phones that were never seen, and by how much the sums of the wall grew."""
    before = await settled(api, ground)
    done = await scan(ground.server.base, paths, scans)
    counted = await settled(api, ground, before + done.answered) - before
    return {
        "answered": done.answered,
        "counted": counted,
        "miscounted": abs(counted - done.answered),
        "scans_per_s": done.answered / done.seconds,
    }
