"""As many servers as a load needs: one by itself, or several over one PostgreSQL and one NATS."""

import asyncio
import contextlib
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from server.demo.cluster.nats import Nats
from server.demo.cluster.postgres import Postgres
from server.demo.cluster.whole import DATABASE, missing

from . import ground as grounds
from .ground import Ground
from .process import ServerProcess


@asynccontextmanager
async def together(
    servers: int, points: int, tree: grounds.Tree = grounds.unit_rows
) -> AsyncIterator[tuple[Ground, list[ServerProcess]]]:
    """A conference on the first of them, all on the servers' core. Raises `RuntimeError` when a part is missing."""
    async with contextlib.AsyncExitStack() as ending:
        settings = await ending.enter_async_context(shared()) if servers > 1 else {}
        ground = await grounds.make(points, settings, enrol=False, tree=tree)
        running = [ground.server]
        ending.push_async_callback(_end, running)
        for _ in range(1, servers):
            running.append(ServerProcess(grounds.SERVER_CORE, settings))
            await running[-1].start()
        for server in running:
            await server.ready()
        yield ground, running


@asynccontextmanager
async def shared() -> AsyncIterator[dict[str, str]]:
    """The configuration of servers that carry a conference together."""
    if absent := [package for package in missing() if package != "haproxy"]:
        raise RuntimeError(f"several servers need {' and '.join(absent)}: `make system`")
    folder = Path(tempfile.mkdtemp(prefix="nhipcau-bench-"))
    database, bus = Postgres(), Nats(folder)
    try:
        for part in (database, bus):
            await asyncio.to_thread(part.start)
        await asyncio.to_thread(database.sql, f"CREATE DATABASE {DATABASE}")
        yield {
            "NHIPCAU_DATABASE": database.url(DATABASE),
            "NHIPCAU_BUS__URLS": f"[{bus.url}]",
            "NHIPCAU_SECRET_KEY": secrets.token_hex(32),
            "NHIPCAU_DATA_DIR": str(folder / "shared"),
        }
    finally:
        await asyncio.to_thread(bus.stop)
        await asyncio.to_thread(database.remove)
        shutil.rmtree(folder, ignore_errors=True)


async def _end(servers: list[ServerProcess]) -> None:
    for server in servers:
        await server.stop()
        server.remove()
