"""The demonstration on a cluster: everything on free ports of this machine, a conference under way, faults at hand."""

import asyncio
import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from server.app import WEB_DIST
from server.client.http import Api
from server.demo.arrivals import BEGIN
from server.demo.child import PASSWORD, command, environment
from server.demo.demo import (
    GRACE_MS,
    LOGIN,
    NAME,
    Addresses,
    CannotDemonstrate,
    build,
    free_port,
    new_password,
    text,
)

from .part import Part
from .whole import Cluster, missing

PORT = 8080  # HAProxy's, if nobody has it
LOOK_SECONDS = 1.0  # between two looks whether everything runs
REPAIR_SECONDS = 5.0  # a part that was killed comes back: long enough to be seen on the wall

STOPS = (signal.SIGINT, signal.SIGTERM)

Say = Callable[[str], None]


class Simulator(Part):
    """The rooms' people, who come in through HAProxy like everybody."""

    def __init__(self, folder: Path, arguments: list[str], password: str) -> None:
        super().__init__("simulator", folder)
        self._arguments, self._password = arguments, password

    def command(self) -> list[str]:
        return self._arguments

    def environment(self) -> Mapping[str, str]:
        return environment({PASSWORD: self._password})


def show(say: Say, speed: float = 1.0) -> None:
    """Until Ctrl-C (SIGINT) or SIGTERM; then nothing is left. Raises `CannotDemonstrate`, `DidNotStart`, `ApiError`."""
    if not (WEB_DIST / "wall" / "index.html").exists():
        raise CannotDemonstrate("the pages are not built yet: run `make web`")
    if packages := missing():
        raise CannotDemonstrate(f"not installed: {', '.join(packages)}. Once, as root: make system")
    # Both ways to say "stop" take the same way out, also where a shell that put it aside had SIGINT ignored.
    for name in STOPS:
        signal.signal(name, signal.default_int_handler)
    began = time.monotonic()
    cluster = Cluster(settings={"NHIPCAU_LIVE__GRACE_MS": str(GRACE_MS)}, port=free_port("127.0.0.1", PORT))
    simulator: Simulator | None = None
    try:
        cluster.start()
        password = new_password()
        conference, addresses = asyncio.run(_furnish(cluster, password, round(BEGIN / speed * 1000)))
        arguments = command(cluster.base, conference, LOGIN, speed, addresses.room.title)
        simulator = Simulator(cluster.folder, arguments, password)
        simulator.launch()
        say(table(cluster) + text(addresses, time.monotonic() - began, BEGIN / speed))
        _repair(cluster, say)
    except KeyboardInterrupt:
        say("\n  Đang dừng. Stopping.")
    finally:
        for name in STOPS:
            signal.signal(name, signal.SIG_IGN)  # the end is orderly, however often it is asked for
        if simulator:
            simulator.stop()
        cluster.remove()


async def _furnish(cluster: Cluster, password: str, ahead: int) -> tuple[str, Addresses]:
    """The first organizer and the conference; the addresses are HAProxy's."""
    first = cluster.servers[0]
    async with Api(first.base) as api:
        body = {"token": first.setup_token(), "login": LOGIN, "name": NAME, "password": password}
        await api.call("POST", "/api/setup", object, body)
    made, addresses = await build(first.base, password, ahead)
    wall = f"{cluster.base}/wall/{made.id}"
    return made.id, msgspec.structs.replace(addresses, wall=wall, console=cluster.base)


def _repair(cluster: Cluster, say: Say) -> None:
    """For ever: what ended comes back after a while, as a service of the machine would."""
    ended: dict[str, float] = {}
    while True:
        time.sleep(LOOK_SECONDS)
        for part in cluster.parts:
            if part.running:
                continue
            since = ended.setdefault(part.name, time.monotonic())
            if time.monotonic() - since >= REPAIR_SECONDS:
                del ended[part.name]
                part.launch()
                say(f"  {part.name}: chạy lại, runs again (pid {part.pid})")


def table(cluster: Cluster) -> str:
    """Every part with its address and its process, and what to try with them."""
    where = {
        "haproxy": f"{cluster.base}   (thống kê, statistics: http://127.0.0.1:{cluster.haproxy.statistics}/)",
        "postgres": f"127.0.0.1:{cluster.postgres.port}",
        "nats": f"127.0.0.1:{cluster.nats.port}",
        **{server.name: server.base for server in cluster.servers},
    }
    rows = [f"  {part.name:<10} pid {part.pid:<8} {where[part.name]}" for part in cluster.parts]
    return "\n".join(
        [
            "",
            *rows,
            f"  {'data':<10}     {'':<8} {cluster.folder}, {cluster.postgres.folder}",
            "",
            f"  Thử sự cố: kill -9, -STOP, -CONT; phần nào dừng sẽ chạy lại sau {REPAIR_SECONDS:.0f} giây.",
            f"  Try a fault: kill -9, -STOP, -CONT; what ended runs again after {REPAIR_SECONDS:.0f} seconds.",
            "",
        ]
    )
