"""Attendees' phones that listen: a notice to all of them, and what a phone that only listens costs the servers."""

import asyncio
import time
from math import ceil

import aiohttp

from server import open_files
from server.app import RESERVED_FILES
from server.client.http import Api

from . import ground as grounds
from .ground import Ground
from .listeners import Crowd
from .process import ServerProcess
from .result import Limit, Result, percentile
from .together import together

PHONES, PHONES_SHORT = 52_000, 6_000
ROOMS = 766
NOTICES, NOTICES_SHORT = 5, 3
PAUSE_SECONDS = 2.0  # between two notices
IDLE_SECONDS = 10.0  # of looking at phones that are told nothing: a quarter of a round of keep-alives
TEXT = "Giải lao đến 9 giờ 30, mời các đồng chí trở lại phòng họp đúng giờ"


async def run(short: bool) -> list[Result]:
    phones, notices = (PHONES_SHORT, NOTICES_SHORT) if short else (PHONES, NOTICES)
    servers = ceil(phones / (open_files.raise_limit() - RESERVED_FILES))
    async with together(servers, ROOMS) as (ground, running):
        figures = await _measure(ground, running, phones, notices)
    params = {"phones": phones, "servers": servers, "rooms": ROOMS, "notices": notices}
    return [Result("attendees", params, figures, _limits(phones))]


def _limits(phones: int) -> dict[str, Limit]:
    return {
        "listening": Limit(least=phones),
        "last_ms": Limit(most=1_000),
        "never_told": Limit(most=0),
        "memory_kib_each": Limit(most=16),
    }


async def _measure(ground: Ground, servers: list[ServerProcess], phones: int, notices: int) -> dict[str, float]:
    async with Api(ground.server.base) as api:
        await ground.server.sign_in(api)
        codes = await grounds.codes(api, ground, ROOMS)
        await _warm(servers, codes[0])
        grounds.pin_load()
        before = _memory(servers)
        crowds = [
            # A loopback address of its own, because one has ports for 28,000 phones.
            await Crowd.start(grounds.LOAD_CORE, server.port, f"127.0.0.{n + 2}", share, codes)
            for n, (server, share) in enumerate(zip(servers, shares(phones, len(servers)), strict=True))
        ]
        try:
            joined = [await crowd.connected() for crowd in crowds]
            after = _memory(servers)
            idle = await _idle(servers)
            told = [await _tell(api, ground, servers, crowds, n) for n in range(notices)]
        finally:
            for crowd in crowds:
                await crowd.stop()
        listening = sum(j.listening for j in joined)
        return {
            "listening": listening,
            "refused": sum(j.failed for j in joined),
            "connected_per_s": listening / max(j.seconds for j in joined),
            "memory_kib_each": (max(after, _memory(servers)) - before) / 1024 / listening,
            "last_ms": max(max(delays, default=0.0) for delays, _ in told) * 1e3,
            "last_ms_best": min(max(delays, default=0.0) for delays, _ in told) * 1e3,
            "p50_ms": percentile([d for delays, _ in told for d in delays], 0.5) * 1e3,
            "never_told": sum(listening - len(delays) for delays, _ in told),
            "cpu_us_each": sum(cpu for _, cpu in told) / notices / listening * 1e6,
            "idle_cpu_percent": idle,
        }


def shares(phones: int, servers: int) -> list[int]:
    """How many go to each server."""
    return [phones // servers + (n < phones % servers) for n in range(servers)]


async def _warm(servers: list[ServerProcess], code: str) -> None:
    """The conference runs on every server before anything is measured."""
    for server in servers:
        async with aiohttp.request("GET", f"{server.base}/D/{code}") as answer:
            answer.raise_for_status()


async def _tell(
    api: Api, ground: Ground, servers: list[ServerProcess], crowds: list[Crowd], number: int
) -> tuple[list[float], float]:
    """Seconds from the order until each phone has the notice, and the servers' seconds of a core."""
    word = f"notice-{number:04}"
    await asyncio.gather(*(crowd.expect(word) for crowd in crowds))
    cpu, ordered = _cpu(servers), time.monotonic()
    await grounds.command(api, ground, {"type": "post_notice", "text": f"{TEXT} {word}", "to": "attendees"})
    heard = await asyncio.gather(*(crowd.heard() for crowd in crowds))
    await asyncio.sleep(PAUSE_SECONDS)
    return [at - ordered for one in heard for at in one.times], _cpu(servers) - cpu


async def _idle(servers: list[ServerProcess]) -> float:
    before = _cpu(servers)
    await asyncio.sleep(IDLE_SECONDS)
    return 100 * (_cpu(servers) - before) / IDLE_SECONDS


def _memory(servers: list[ServerProcess]) -> int:
    return sum(server.memory() for server in servers)


def _cpu(servers: list[ServerProcess]) -> float:
    return sum(server.cpu_seconds() for server in servers)
