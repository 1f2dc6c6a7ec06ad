"""The bridge and those it is measured beside, each a process of its own on the servers' core, with the programme."""

import asyncio
import contextlib
import re
import secrets
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from socket import AF_INET, SOCK_DGRAM, socket
from typing import TypeVar

import aiohttp
import msgspec

from bridge.janus.api import Api, JanusError, JanusGone, connected
from server.protocol.passes import Act, Pass, write_pass

from . import janus_folder
from .peers.install import Missing
from .peers.process import LOOK_SECONDS, START_SECONDS, PeerProcess
from .relay_line import AUDIO, VIDEO, CannotJoin, Line, Remote, own_address, remote
from .relay_programme import Goal, Sent

KEY = secrets.token_hex(32)
SDP = "application/sdp"
PASS_SECONDS = 3_600
END_SECONDS = 5
_BRIDGE = """
key: {key}
listen: {{port: {port}}}
media: {{port: 0, addresses: ["{host}"]}}
workers: 1
trusted_proxies: [127.0.0.1]
log: {{level: warning}}
"""
_GENERAL = ("event_loops = 1", "session_timeout = 0", "debug_level = 2")
_MOUNTPOINT = """
programme: {{
  type = "rtp"
  id = 1
  media = (
    {{ type = "audio", mid = "0", label = "a", port = {audio}, pt = {audio_pt}, codec = "opus" }},
    {{ type = "video", mid = "1", label = "v", port = {video}, pt = {video_pt}, codec = "vp8" }}
  )
}}
"""


R = TypeVar("R", bound="Running")


class Running:
    """A server that plays the programme, and how viewers come to it. `pid` is its first process."""

    setup = "actpass"  # of offers to it

    def __init__(self, process: PeerProcess, http: aiohttp.ClientSession) -> None:
        self.process, self.http = process, http
        self.base = f"http://127.0.0.1:{process.port}"

    @property
    def pid(self) -> int:
        return self.process.pid

    async def enter(self, line: Line, number: int) -> tuple[Remote, object]:
        """By WHEP, each from an address of its own, as rooms are."""
        headers = {"Content-Type": SDP, "Authorization": f"Bearer {token('programme', 'watch', str(number))}"}
        headers["X-Forwarded-For"] = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        url = f"{self.base}/whep/bench/programme"
        async with self.http.post(url, data=line.description("recvonly", setup=self.setup), headers=headers) as answer:
            text = await answer.text()
            if answer.status != 201:
                raise CannotJoin(f"{answer.status} {text}")
            return remote(text), (answer.headers.get("Location", ""), headers)

    async def go(self, line: Line, ticket: object) -> None:
        assert isinstance(ticket, tuple)
        where, headers = ticket
        async with self.http.delete(f"{self.base}{where}", headers=headers) as answer:
            assert answer.status == 200, await answer.text()


def token(stream: str, act: Act, who: str) -> str:
    return write_pass(Pass("bench", stream, act, who, int(time.time()) + PASS_SECONDS), KEY.encode())


# --- ours


class Bridge(Running):
    async def measure(self, name: str) -> float:
        """Of its own metrics, that of its only worker; 0 before it has one."""
        async with self.http.get(f"{self.base}/metrics") as answer:
            found = re.search(rf'^nhipcau_bridge_{name}{{worker="0"}} (\S+)$', await answer.text(), re.MULTILINE)
        return float(found[1]) if found else 0.0

    async def ready(self) -> None:
        async with asyncio.timeout(START_SECONDS):
            while not await self.measure("worker_up"):  # noqa: ASYNC110 - of another process
                await asyncio.sleep(LOOK_SECONDS)


@asynccontextmanager
async def bridge() -> AsyncIterator[Bridge]:
    """As in production, one worker; nobody publishes yet."""
    folder = Path(tempfile.mkdtemp(prefix="nhipcau-bench-"))
    file = folder / "bridge.yaml"
    process = PeerProcess([sys.executable, "-m", "server.cli", "bridge", "--config", str(file)], folder=folder)
    file.write_text(_BRIDGE.format(key=KEY, port=process.port, host=own_address()))
    async with _running(process, Bridge) as running:
        await running.ready()
        yield running


@asynccontextmanager
async def publishing(server: Running) -> AsyncIterator["Publishing"]:
    goal = Goal(whip=f"{server.base}/whip/bench/main", token=token("main", "publish", "hall"))
    async with _published(goal) as found:
        yield found


# --- Janus


class Janus(Running):
    """Its streaming plugin by its own interface: it offers, viewers answer."""

    api: Api

    async def enter(self, line: Line, number: int) -> tuple[Remote, object]:
        try:
            handle = await self.api.attach("streaming")
            offered = await self.api.message(handle, {"request": "watch", "id": 1})
            answer = line.description("recvonly", setup="active")
            await self.api.message(handle, {"request": "start"}, answer=answer)
        except (JanusError, JanusGone) as error:
            raise CannotJoin(str(error)) from error
        return remote(offered.sdp), handle

    async def go(self, line: Line, ticket: object) -> None:
        assert isinstance(ticket, int)
        await self.api.detach(ticket)


@asynccontextmanager
async def janus() -> AsyncIterator[Janus]:
    """Debian's, one event loop, with nothing but what it needs. Raises `Missing`."""
    if not janus_folder.installed():
        raise Missing("janus is not installed; once, as root: make system")
    folder = Path(tempfile.mkdtemp(prefix="nhipcau-bench-janus-"))
    process = PeerProcess(janus_folder.command(folder), folder=folder)
    ports = (_free_udp(), _free_udp())
    mountpoint = _MOUNTPOINT.format(audio=ports[0], video=ports[1], audio_pt=AUDIO, video_pt=VIDEO)
    janus_folder.lay(folder, process.port, _GENERAL, {"streaming": mountpoint}, lite=True)
    async with (
        _running(process, Janus) as running,
        _published(Goal(ports=ports)),
        connected(running.http, f"ws://127.0.0.1:{process.port}") as api,
    ):
        running.api = api
        yield running


# --- aiortc


class Aiortc(Running):
    setup = "active"  # asked, it would begin the handshake itself


@asynccontextmanager
async def aiortc() -> AsyncIterator[Aiortc]:
    """Encoded packets passed through its `MediaRelay`; it makes the programme itself, which saves it the receiving."""
    process = PeerProcess([sys.executable, "-m", "bench.relay_aiortc", "{port}"])
    async with _running(process, Aiortc) as running:
        yield running


# --- of all of them


@asynccontextmanager
async def _running(process: PeerProcess, kind: type[R]) -> AsyncIterator[R]:
    await process.start()
    try:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
            yield kind(process, http)
    finally:
        await process.stop()


class Publishing:
    """The programme's process. `sent` after the context is left."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.sent = Sent()


@asynccontextmanager
async def _published(goal: Goal) -> AsyncIterator[Publishing]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.relay_programme", msgspec.json.encode(goal).decode(), stdin=PIPE, stdout=PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    found = Publishing(process)
    try:
        if b"plays" not in await process.stdout.readline():
            raise RuntimeError("the programme did not begin")
        yield found
    finally:
        process.stdin.close()
        with contextlib.suppress(TimeoutError, msgspec.DecodeError):
            line = await asyncio.wait_for(process.stdout.readline(), END_SECONDS)
            found.sent = msgspec.json.decode(line, type=Sent)
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _free_udp() -> int:
    with socket(AF_INET, SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
