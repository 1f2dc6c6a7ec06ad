"""What every rehearsal happens on: a cluster with a conference under load, and the sums that are drawn at the end."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

from msgspec import Struct

from bench import ground as grounds
from bench.crash import compare
from bench.process import LOGIN, PASSWORD
from bench.reporters import Answered
from bench.result import Limit, Result, percentile
from server.client.http import Api, ApiError
from server.demo.cluster.haproxy import HAProxy
from server.demo.cluster.node import Node
from server.demo.cluster.whole import DATABASE, Cluster, missing
from server.live.conductor import Clock, now_ms
from server.tasks import Tasks

from .people import Door, Wall, rooms, silence, stale
from .truth import Fold, difference, engine_of
from .wire import Wire

SERVERS = 3
ROOMS, WALLS = 48, 4  # of which the server's part is a tenth of a core: the fault is rehearsed, not the load
LOOK_SECONDS = 0.2
EQUAL_SECONDS = 60.0  # for the walls to show what the journal says, once nobody reports any more
NOTHING = (
    "lost", "doubled", "unasked", "unanswered", "refused", "gaps", "walls_different", "servers_different",
    "walls_thrown_back",
)  # fmt: skip


class Wires(Struct, frozen=True):
    """One server's lines: to its database, to the bus, and from HAProxy."""

    database: Wire
    bus: Wire
    clients: Wire

    @property
    def all(self) -> tuple[Wire, Wire, Wire]:
        return self.database, self.bus, self.clients


class Stage:
    """Everybody comes in through HAProxy, the rooms' phones over `line`, a wire that carries all of them."""

    def __init__(
        self, cluster: Cluster, wires: list[Wires], house: grounds.House, line: Wire, clocks: Sequence[Clock]
    ) -> None:
        self.cluster, self.wires, self.house, self.line = cluster, wires, house, line
        self.database = cluster.postgres.url(DATABASE)  # where the truth is read
        self.rooms = rooms(house, f"ws://127.0.0.1:{line.port}/ws", ROOMS, clocks)
        door = Door(f"ws://127.0.0.1:{cluster.haproxy.port}/ws", house.conference, house.watcher)
        self.walls = [Wall(door) for _ in range(WALLS)]
        self.began = time.monotonic()
        self.keeping = Tasks()

    async def open(self) -> None:
        """Returns when every room has reported."""
        for wall in self.walls:
            self.keeping.start("wall", wall.line.run())
        self.rooms.start()
        await self.rooms.back(1.0)
        self.began = time.monotonic()

    async def close(self) -> None:
        await self.rooms.close()
        await self.keeping.stop()

    async def draw(self) -> dict[str, float]:
        """No more reports; everybody gets his answer; then what people were told is held against the journal."""
        ended = time.monotonic()
        await self.rooms.finish()
        fresh = [Wall(self.door(server)) for server in self.cluster.servers]
        for wall in fresh:
            self.keeping.start("fresh wall", wall.line.run())
        async with engine_of(self.database) as engine:
            fold = Fold(engine, self.house.conference)
            different = await _different(fold, self.walls)
            servers = await _different(fold, fresh)
        rooms, end = self.rooms, time.monotonic()
        answers = [a for a in rooms.answers if a.at >= self.began]
        return {
            "seconds": ended - self.began,
            **compare(rooms.sent, rooms.acknowledged, fold.reports),
            "refused": rooms.refused,
            "gaps": fold.gaps,
            "walls_different": different,
            "servers_different": servers,
            "walls_thrown_back": sum(wall.thrown_back for wall in self.walls),
            "lines_lost": fold.types["line_lost"],
            "rooms_shown_lost": len(set().union(*(wall.lost for wall in self.walls))),
            **_noticed(answers, self.walls, end),
        }

    def door(self, server: Node) -> Door:
        """Past HAProxy and every wire."""
        return Door(f"ws://127.0.0.1:{server.port}/ws", self.house.conference, self.house.watcher)


def _noticed(answers: list[Answered], walls: list[Wall], end: float) -> dict[str, float]:
    took = [a.took for a in answers]
    return {
        "answer_p50_ms": percentile(took, 0.5) * 1e3,
        "answer_longest_s": max(took, default=0.0),
        "nobody_answered_longest_s": silence(answers),
        "wall_stale_longest_s": max((stale(answers, wall, end) for wall in walls), default=0.0),
    }


async def _different(fold: Fold, walls: list[Wall]) -> int:
    """Walls that do not show what the journal says, once they do or the patience is over; who they are is told."""
    deadline = time.monotonic() + EQUAL_SECONDS
    while True:
        await fold.advance()
        wrong = [wall for wall in walls if not fold.shown_by(wall)]
        if not wrong:
            return 0
        if time.monotonic() > deadline:
            for wall in wrong:
                print(difference(fold, wall), file=sys.stderr)
            return len(wrong)
        await asyncio.sleep(LOOK_SECONDS)


def result(name: str, params: Mapping[str, object], figures: dict[str, float], limits: Mapping[str, Limit]) -> Result:
    """What every fault must leave whole, and the limits of this one. A run in which nobody reported shows nothing."""
    whole = {name: Limit(most=0) for name in NOTHING} | {"acknowledged": Limit(least=ROOMS)}
    about = {"servers": SERVERS, "rooms": ROOMS, "walls": WALLS, **params}
    return Result(f"fault {name}", about, figures, whole | dict(limits))


@asynccontextmanager
async def stage(
    settings: Mapping[str, str] | None = None,
    *,
    wired: bool = False,
    replicated: bool = False,
    rooms: int = ROOMS,
    clocks: Sequence[Clock] = (now_ms,),
    prepare: Callable[[Cluster], None] = lambda cluster: None,
) -> AsyncIterator[Stage]:
    """A cluster with its first `ROOMS` rooms reporting. `wired`: between the parts there are lines that can fail.
    `replicated`: what the database acknowledges a second one has too. `clocks` are the phones', in turn. `prepare` is
    given the cluster before it starts."""
    async with (
        ground(settings, wired, replicated, prepare) as (cluster, wires),
        people(cluster, wires, rooms, clocks) as at,
    ):
        yield at


@asynccontextmanager
async def people(
    cluster: Cluster, wires: list[Wires], rooms: int = ROOMS, clocks: Sequence[Clock] = (now_ms,)
) -> AsyncIterator[Stage]:
    """A conference of its own on a cluster that runs."""
    line = Wire(cluster.haproxy.port)
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
