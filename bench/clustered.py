"""A cluster to measure, its parts on the servers' core, and the processes of rooms and walls that load it."""

import asyncio
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import msgspec
import psutil

from server.client.http import Api
from server.demo.cluster.part import Part
from server.demo.cluster.whole import Cluster

from . import ground as grounds
from .crowd import Crowd
from .process import LOGIN, PASSWORD

ALL_ON_ONE = (grounds.SERVER_CORE,)


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


async def all_do(crowds: list[CrowdProcess], what: str, **how: float) -> list[dict[str, Any]]:
    return list(await asyncio.gather(*(c.do(what, **how) for c in crowds)))


@asynccontextmanager
async def clustered(
    servers: int, settings: dict[str, str], cores: Sequence[int] = ALL_ON_ONE
) -> AsyncIterator[Cluster]:
    """A running cluster, pinned as `pin` does it."""
    cluster = Cluster(servers, settings)
    try:
        await asyncio.to_thread(cluster.start)
        pin(cluster, cores)
        yield cluster
    finally:
        await asyncio.to_thread(cluster.remove)


def pin(cluster: Cluster, cores: Sequence[int] = ALL_ON_ONE) -> None:
    """The servers on these cores in turn, all other parts on the first."""
    for part in cluster.parts:
        _on_core(part, grounds.SERVER_CORE)
    for n, server in enumerate(cluster.servers):
        _on_core(server, cores[n % len(cores)])


def _on_core(part: Part, core: int) -> None:
    for process in family(part):
        process.cpu_affinity([core])


def family(part: Part) -> list[psutil.Process]:
    process = psutil.Process(part.pid)
    return [process, *process.children(recursive=True)]


def cpu_seconds(cluster: Cluster) -> dict[str, float]:
    def seconds(*parts: Part) -> float:
        return sum(sum(p.cpu_times()[:2]) for part in parts for p in family(part))

    return {
        "servers": seconds(*cluster.servers), "postgres": seconds(cluster.postgres), "nats": seconds(cluster.nats),
    }  # fmt: skip


async def furnish(cluster: Cluster, points: int) -> grounds.House:
    first = cluster.servers[0]
    async with Api(first.base) as api:
        body = {"token": first.setup_token(), "login": LOGIN, "name": "Bench", "password": PASSWORD}
        await api.call("POST", "/api/setup", dict, body)
        await api.call("POST", "/api/session", dict, {"login": LOGIN, "password": PASSWORD})
        return await grounds.furnish(api, points)


async def load(
    stack: AsyncExitStack, cluster: Cluster, house: grounds.House, count: int, walls: int
) -> list[CrowdProcess]:
    """So many load processes, at the servers in turn, each with its share of the rooms and of the walls."""
    rooms, crowds = list(zip(house.points, house.devices, strict=True)), []
    for n in range(count):
        url = cluster.servers[n % len(cluster.servers)].base.replace("http", "ws", 1) + "/ws"
        mine, looking = rooms[n::count], len(range(n, walls, count))
        crowd = CrowdProcess()
        await crowd.start(Crowd(url, house.conference, house.watcher, mine, looking, grounds.LOAD_CORE, n + 1))
        stack.push_async_callback(crowd.stop)
        crowds.append(crowd)
    return crowds
