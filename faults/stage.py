"""What every rehearsal happens on: a cluster with a conference under load, and the sums that are drawn at the end."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

from msgspec import Struct

from bench import ground as grounds
from bench.process import LOGIN, PASSWORD
from server.client.http import Api, ApiError
from server.demo.cluster.haproxy import HAProxy
from server.demo.cluster.whole import DATABASE, Cluster, missing
from server.live.conductor import Clock, now_ms

from .scene import ROOMS, Doors, Scene
from .wire import HOST, Wire

SERVERS = 3
Called = tuple[str, str]


class Wires(Struct, frozen=True):
    """One server's lines: to its database, to the bus, and from HAProxy."""

    database: Wire
    bus: Wire
    clients: Wire

    @property
    def all(self) -> tuple[Wire, Wire, Wire]:
        return self.database, self.bus, self.clients


class Stage(Scene):
    """Everybody comes in through HAProxy, the rooms' phones over `line`, a wire that carries all of them."""

    def __init__(
        self, cluster: Cluster, wires: list[Wires], house: grounds.House, line: Wire, clocks: Sequence[Clock]
    ) -> None:
        self.cluster, self.wires, self.line = cluster, wires, line
        servers = [server.port for server in cluster.servers]
        doors = Doors(line.address, cluster.haproxy.port, servers, cluster.postgres.url(DATABASE))
        super().__init__(house, doors, clocks)


@asynccontextmanager
async def stage(
    settings: Mapping[str, str] | None = None,
    *,
    wired: bool = False,
    replicated: bool = False,
    rooms: int = ROOMS,
    clocks: Sequence[Clock] = (now_ms,),
    prepare: Callable[[Cluster], None] = lambda cluster: None,
    called: Called = (HOST, HOST),
) -> AsyncIterator[Stage]:
    """A cluster with its first `ROOMS` rooms reporting. `wired`: between the parts there are lines that can fail.
    `replicated`: what the database acknowledges a second one has too. `clocks` are the phones', in turn. `prepare` is
    given the cluster before it starts."""
    async with (
        ground(settings, wired, replicated, prepare) as (cluster, wires),
        people(cluster, wires, rooms, clocks, called) as at,
    ):
        yield at


@asynccontextmanager
async def people(
    cluster: Cluster,
    wires: list[Wires],
    rooms: int = ROOMS,
    clocks: Sequence[Clock] = (now_ms,),
    called: Called = (HOST, HOST),
) -> AsyncIterator[Stage]:
    """A conference of its own on a cluster that runs. `called`: what phones call, and where that comes out."""
    line = Wire(cluster.haproxy.port, *called)
    await line.start()
    at = Stage(cluster, wires, await furnish(cluster, rooms), line, clocks)
    try:
        await at.open()
        yield at
    finally:
        await at.close()
        await line.stop()


@asynccontextmanager
async def ground(
    settings: Mapping[str, str] | None = None,
    wired: bool = False,
    replicated: bool = False,
    prepare: Callable[[Cluster], None] = lambda cluster: None,
) -> AsyncIterator[tuple[Cluster, list[Wires]]]:
    if packages := missing():
        raise RuntimeError(f"not installed: {', '.join(packages)}. As root, `make system` installs them")
    cluster = Cluster(SERVERS, {"NHIPCAU_LOG__LEVEL": "warning", **(settings or {})}, replicated=replicated)
    wires: list[Wires] = []
    try:
        if wired:
            wires = await _wire(cluster)
        prepare(cluster)
        await asyncio.to_thread(cluster.start)
        yield cluster, wires
    finally:
        for wire in (wire for one in wires for wire in one.all):
            wire.heal()
            await wire.stop()
        await asyncio.to_thread(cluster.remove)


async def _wire(cluster: Cluster) -> list[Wires]:
    """Lines between the parts, before they start."""
    wires = []
    for server in cluster.servers:
        one = Wires(Wire(cluster.postgres.port), Wire(cluster.nats.port), Wire(server.port))
        for wire in one.all:
            await wire.start()
        url = cluster.postgres.url(DATABASE).replace(f":{cluster.postgres.port}/", f":{one.database.port}/")
        server.settings |= {
            "NHIPCAU_DATABASE": url,
            "NHIPCAU_BUS__URLS": f"[nats://127.0.0.1:{one.bus.port}]",
        }
        wires.append(one)
    cluster.haproxy = HAProxy(cluster.folder, [one.clients.port for one in wires], cluster.haproxy.port)
    return wires


async def furnish(cluster: Cluster, rooms: int) -> grounds.House:
    """A live conference, made through the first server by its first organizer."""
    first = cluster.servers[0]
    async with Api(first.base) as api:
        try:
            await api.sign_in(LOGIN, PASSWORD)
        except ApiError:  # nobody was here yet
            body = {"token": first.setup_token(), "login": LOGIN, "name": "Diễn tập", "password": PASSWORD}
            await api.call("POST", "/api/setup", dict, body)
            await api.sign_in(LOGIN, PASSWORD)
        return await grounds.furnish(api, rooms)
