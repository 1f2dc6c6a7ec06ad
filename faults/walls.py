"""Walls that are slow, that stand still, that talk nonsense; and connections that never become anything."""

import asyncio
import contextlib
import itertools
import os
import resource
import socket

import msgspec
import psutil
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from bench.result import Limit, Result
from server.tasks import Tasks

from .scene import result
from .stage import Stage, stage
from .wire import Wire

BEAT = {"NHIPCAU_LIVE__BEAT_MS": "2000"}
SECONDS, SECONDS_SHORT = 60.0, 15.0
EACH = 5  # walls of each kind
RATE = 2_000.0  # bytes a second that a slow wall takes: less than it is sent
NONSENSE = ("{", "[]", '{"t":"do"}', '{"t":"wall"}', "null", '{"t":"beat","rtt":"x"}', "\ufeff", "🎉" * 100)
HALF_OPEN = 10_000
RESERVED = 2_000  # open files for everything else
GROWTH_MB = 64.0  # of the server that holds them: what is not read is bounded, for each and so for all


async def walls(short: bool) -> Result:
    """They take nothing from the others, and no memory without bound."""
    async with stage(BEAT) as at:
        figures = await trouble(at, SECONDS_SHORT if short else SECONDS)
        limits = _undisturbed() | {"sent_away": Limit(least=EACH)}
        return result("walls", {"each": EACH, "bytes_per_s": RATE}, figures, limits)


async def trouble(at: Stage, seconds: float) -> dict[str, float]:
    """Walls of each kind at the first server for so long; then the sums."""
    slow, keeping = Wire(at.cluster.servers[0].port), Tasks()
    await slow.start()
    slow.down.rate = RATE
    before = _memory(at)
    ends: list[int] = []
    for _ in range(EACH):
        keeping.start("slow wall", _look(at, slow.port, reads=True, ends=ends))
        keeping.start("stalled wall", _look(at, at.cluster.servers[0].port, reads=False, ends=ends))
        keeping.start("mad wall", _rave(at, ends))
    await asyncio.sleep(seconds)
    growth = _memory(at) - before
    await keeping.stop()
    await slow.stop()
    return {**await at.draw(), "growth_mb": growth, "sent_away": ends.count(4100)}


async def half_open(short: bool) -> Result:
    """Connections that say nothing, or half of something, at one server."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    count = min(HALF_OPEN, files - RESERVED)
    async with stage() as at:
        before = _memory(at)
        held: list[asyncio.StreamWriter] = []
        for n in range(count):
            _, writer = await asyncio.open_connection("127.0.0.1", at.cluster.servers[0].port)
            if n % 2:
                writer.write(b"GET /ws HTTP/1.1\r\nHost: ")
            held.append(writer)
        await asyncio.sleep(5.0 if short else 30.0)
        growth = _memory(at) - before
        for writer in held:
            writer.transport.abort()
        await at.rooms.back(1.0)
        figures = {**await at.draw(), "held": len(held), "growth_mb": growth}
        return result("half-open", {"open_files": files}, figures, _undisturbed() | {"growth_mb": Limit(most=200)})


def _undisturbed() -> dict[str, Limit]:
    return {
        "answer_longest_s": Limit(most=3),
        "wall_stale_longest_s": Limit(most=3),
        "lines_lost": Limit(most=0),
        "growth_mb": Limit(most=GROWTH_MB),
    }


def _memory(at: Stage) -> float:
    """Resident megabytes of the server that is troubled."""
    return float(psutil.Process(at.cluster.servers[0].pid).memory_info().rss) / 1e6


async def _hello(at: Stage, port: int, **options: object) -> ClientConnection:
    raw = await connect(f"ws://127.0.0.1:{port}/ws", compression=None, ping_interval=None, **options)  # type: ignore[arg-type]
    hello = {"t": "hello", "v": 1, "conference": at.house.conference, "token": at.house.watcher}
    await raw.send(msgspec.json.encode(hello), text=True)
    return raw


async def _look(at: Stage, port: int, *, reads: bool, ends: list[int]) -> None:
    """Beats, so that it is not thought dead; one that does not read lets its messages stand."""
    while True:
        options: dict[str, object] = {"max_queue": 16 if reads else 1}
        if not reads:
            thin = socket.create_connection(("127.0.0.1", port))
            thin.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            options["sock"] = thin
        try:
            raw = await _hello(at, port, **options)
        except (ConnectionClosed, OSError, TimeoutError):
            continue
        try:
            async with asyncio.TaskGroup() as group:
                beating = group.create_task(_beat(raw))
                if reads:
                    await _read(raw)
                    beating.cancel()
        finally:
            raw.transport.abort()
        ends.append(raw.close_code or 0)


async def _read(raw: ClientConnection) -> None:
    with contextlib.suppress(ConnectionClosed):
        async for _ in raw:
            pass


async def _beat(raw: ClientConnection) -> None:
    with contextlib.suppress(ConnectionClosed):
        while True:
            await raw.send('{"t":"beat"}')
            await asyncio.sleep(1.0)


async def _rave(at: Stage, ends: list[int]) -> None:
    """Nonsense, until it is sent away for good; then bytes that are no WebSocket at all."""
    raw = await _hello(at, at.cluster.servers[0].port)
    try:
        async with asyncio.TaskGroup() as group:
            talking = group.create_task(_nonsense(raw))
            await _read(raw)
            talking.cancel()
    finally:
        raw.transport.abort()
    ends.append(raw.close_code or 0)
    while True:
        reader, writer = await asyncio.open_connection("127.0.0.1", at.cluster.servers[0].port)
        try:
            writer.write(os.urandom(4_096))
            with contextlib.suppress(OSError):
                await reader.read()
        finally:
            writer.transport.abort()
        await asyncio.sleep(0.1)


async def _nonsense(raw: ClientConnection) -> None:
    with contextlib.suppress(ConnectionClosed):
        for said in itertools.cycle(NONSENSE):
            await raw.send(said)
            await asyncio.sleep(0.06)  # below what is taken for a flood
