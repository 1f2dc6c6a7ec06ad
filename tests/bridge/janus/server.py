"""Debian's Janus on free ports, with the plugins that the bridge needs and what locks them."""

import asyncio
import contextlib
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from socket import create_server

import pytest

from bench import janus_folder
from bridge.config import Janus
from tests.waiting import until_async

HOST = "127.0.0.1"
SECRET, ADMIN_KEY = "what Janus lets nobody in without", "what its plugins make nothing without"
GENERAL = (f'api_secret = "{SECRET}"', "debug_level = 3")
LOCKED = f'general: {{ admin_key = "{ADMIN_KEY}", lock_rtp_forward = true }}'


class Server:
    def __init__(self, folder: Path, port: int) -> None:
        self._folder, self._port = folder, port
        self.settings = Janus(f"ws://{HOST}:{port}", SECRET, ADMIN_KEY)
        self._process: Process | None = None

    async def start(self) -> None:
        with (self._folder / "log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *janus_folder.command(self._folder), stdin=DEVNULL, stdout=log, stderr=log
            )
        await until_async(self._listens, "Janus")

    async def _listens(self) -> bool:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection(HOST, self._port)
            writer.close()
            return True
        return False

    async def kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


@asynccontextmanager
async def janus(folder: Path, lite: bool = False) -> AsyncIterator[Server]:
    if not janus_folder.installed():
        pytest.skip("Janus is not installed: as root, `make system` installs it")
    with create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
    janus_folder.lay(folder, port, GENERAL, {"streaming": LOCKED, "videoroom": LOCKED}, lite=lite)
    server = Server(folder, port)
    await server.start()
    try:
        yield server
    finally:
        await server.kill()
