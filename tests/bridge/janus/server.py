"""Debian's Janus on free ports, with the plugins that the bridge needs and what locks them."""

import asyncio
import contextlib
import shutil
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from socket import create_server

import pytest

from bridge.config import Janus
from tests.waiting import until_async

HOST = "127.0.0.1"
SECRET, ADMIN_KEY = "what Janus lets nobody in without", "what its plugins make nothing without"
LIBRARIES = Path("/usr/lib")  # below it Debian's Janus has its parts, in a folder named after the machine
SETTINGS = """
general: {{
  configs_folder = "{folder}"
  plugins_folder = "{folder}/plugins"
  transports_folder = "{folder}/transports"
  events_folder = "{folder}/none"
  loggers_folder = "{folder}/none"
  api_secret = "{secret}"
  debug_level = 3
}}
nat: {{ ice_lite = {lite} }}
"""
LOCKED = 'general: {{ admin_key = "{key}", lock_rtp_forward = true }}'
WEBSOCKETS = 'general: {{ ws = true, ws_port = {port}, ws_ip = "127.0.0.1" }}'
PARTS = {"plugins": ("streaming", "videoroom"), "transports": ("websockets",)}


class Server:
    def __init__(self, program: str, folder: Path, port: int) -> None:
        self._program, self._folder, self._port = program, folder, port
        self.settings = Janus(f"ws://{HOST}:{port}", SECRET, ADMIN_KEY)
        self._process: Process | None = None

    async def start(self) -> None:
        with (self._folder / "log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                self._program, "-F", str(self._folder), "-C", str(self._folder / "janus.jcfg"),
                stdin=DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
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
    program, parts = shutil.which("janus"), _parts()
    if program is None or parts is None:
        pytest.skip("Janus is not installed: as root, `make system` installs it")
    with create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
    for kind, names in PARTS.items():
        (folder / kind).mkdir()
        for name in names:
            (folder / kind / f"libjanus_{name}.so").symlink_to(parts / kind / f"libjanus_{name}.so")
    (folder / "janus.jcfg").write_text(SETTINGS.format(folder=folder, secret=SECRET, lite=str(lite).lower()))
    (folder / "janus.transport.websockets.jcfg").write_text(WEBSOCKETS.format(port=port))
    for name in PARTS["plugins"]:
        (folder / f"janus.plugin.{name}.jcfg").write_text(LOCKED.format(key=ADMIN_KEY))
    server = Server(program, folder, port)
    await server.start()
    try:
        yield server
    finally:
        await server.kill()


def _parts() -> Path | None:
    return next(LIBRARIES.glob("*/janus"), None)
