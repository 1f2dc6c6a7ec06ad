"""The demonstration as a newcomer starts it: a command that prints addresses, which all work, and that ends whole."""

import asyncio
import os
import re
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import psutil
import pytest

from server.client.http import Api
from server.command_line import PARENT
from server.demo.bridge import NAME, bridge_and_programme
from server.demo.child import PASSWORD, command, environment
from server.demo.demo import LOGIN, free_port
from server.protocol.bridges import MAIN, MediaState
from server.protocol.views import Summary
from tests.waiting import until, until_async

SECONDS = 60.0  # ready in five on an idle machine; others may be at work beside this test


@pytest.fixture
async def demonstration(tmp_path: Path) -> AsyncIterator[tuple[Process, dict[str, str]]]:
    async with started(tmp_path) as (process, printed):
        yield process, printed


@asynccontextmanager
async def started(folder: Path, *options: str, **settings: str) -> AsyncIterator[tuple[Process, dict[str, str]]]:
    """The running command and what it printed: the English name of each address, and the address."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server.cli", "demo", "--port", "0", "--speed", "20", *options),
        env=os.environ | {"TMPDIR": str(folder)} | settings,
        stdout=PIPE,
    )
    try:
        yield process, await asyncio.wait_for(_printed(process), SECONDS)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _printed(process: Process) -> dict[str, str]:
    assert process.stdout is not None
    found: dict[str, str] = {}
    while "Stop: Ctrl-C" not in (line := (await process.stdout.readline()).decode()):
        assert line, "it ended before it was ready"
        if len(parts := re.split(r"\s{3,}", line.strip())) >= 3:
            found[parts[1]] = parts[2]  # what follows is the address again, in other words
    return found


def inside(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_every_printed_address_works_and_the_stop_leaves_nothing(
    demonstration: tuple[Process, dict[str, str]], tmp_path: Path
) -> None:
    process, printed = demonstration
    login, _, password = printed["Sign-in"].partition(" / ")
    assert login == LOGIN
    async with Api(printed["Console"]) as api:
        await api.sign_in(login, password)
        (conference,) = await api.call("GET", "/api/conferences", list[Summary])
        assert conference.points == 766
        assert printed["Wall"] == f"{printed['Console']}/wall/{conference.id}"
    async with aiohttp.ClientSession(raise_for_status=True) as browser:
        for name in ("Wall", "Kiosk, no sign-in", "Console", "A free operator's link", "An attendee's code"):
            async with browser.get(printed[name]) as page:
                assert page.content_type == "text/html"
        async with browser.get(printed["An attendee's code"]) as page:
            assert "Toàn văn dự thảo Nghị quyết" in await page.text()
    assert len(inside(tmp_path)) == 1
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), SECONDS) == 0
    assert inside(tmp_path) == []


async def test_a_bridge_carries_a_test_programme_and_nothing_outlives_a_demonstration_that_is_killed(
    demonstration: tuple[Process, dict[str, str]],
) -> None:
    """Given a demonstration, the service knows that its bridge shows the programme; when it is killed, simulator,
    bridge, test programme and all that they started end too."""
    process, printed = demonstration
    login, _, password = printed["Sign-in"].partition(" / ")
    async with Api(printed["Console"]) as api:
        await api.sign_in(login, password)
        media = f"/api/conferences/{printed['Wall'].rpartition('/')[2]}/media"

        async def on_air() -> bool:
            found = await api.call("GET", media, MediaState)
            return (found.bridge, found.showing) == (NAME, MAIN) and found.publishers[0].bit_rate > 0

        await until_async(on_air, "the test programme", SECONDS)
    children = psutil.Process(process.pid).children(recursive=True)
    assert len(children) >= 4
    process.kill()
    _, alive = await asyncio.to_thread(psutil.wait_procs, children, SECONDS)
    assert not alive


async def test_the_demonstration_is_whole_when_the_bridge_cannot_start(tmp_path: Path) -> None:
    async with started(tmp_path, NHIPCAU_BRIDGE__ICE__TURN_HOURS="0") as (process, printed):
        assert process.stdout is not None
        said = await asyncio.wait_for(process.stdout.readuntil(b"everything else goes on."), SECONDS)
        assert "No bridge carries the programme" in said.decode()
        assert (await status(printed["Kiosk, no sign-in"])) == 200


async def test_a_demonstration_may_be_without_a_bridge(tmp_path: Path) -> None:
    async with started(tmp_path, "--no-bridge") as (process, _):
        children = psutil.Process(process.pid).children
        # What was forked a moment ago still bears its parent's command.
        await until(lambda: ["simulate" in one.cmdline() for one in children()] == [True], "it alone", SECONDS)


async def status(url: str) -> int:
    async with aiohttp.ClientSession() as browser, browser.get(url) as page:
        return page.status


def test_a_taken_port_is_replaced_by_a_free_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        other = free_port("127.0.0.1", port)
    assert other != port
    assert free_port("127.0.0.1", other) == other


def test_the_password_goes_by_the_environment_and_never_by_the_command_line() -> None:
    given = environment({PASSWORD: "rất bí mật"}, {"PATH": "/bin"})
    assert given == {"PATH": "/bin", PASSWORD: "rất bí mật", PARENT: str(os.getpid())}
    assert "rất bí mật" not in command("http://127.0.0.1:1", "c", LOGIN, 1.0, "Xã Tản Lĩnh")


def test_key_and_pass_of_the_bridge_go_by_the_environment_alone() -> None:
    key = "chìa khóa của cầu, dài hơn 32 chữ"
    bridge, sender = bridge_and_programme(key, "http://10.0.0.5:8080", "0.0.0.0", 8091, "c1")
    assert sender.arguments[-1] == "http://10.0.0.5:8091/whip/c1/main"
    assert bridge.environment["NHIPCAU_BRIDGE__KEY"] == key
    assert bridge.ended != sender.ended  # the bridge goes on without what is sent to it
    secrets = {key, sender.environment["NC_PASS"]}
    assert not secrets.intersection(bridge.arguments + sender.arguments)


async def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thư.txt").write_text("của người khác")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server.cli", "demo", "--port", "0", "--keep", str(tmp_path)), stderr=PIPE
    )
    _, said = await asyncio.wait_for(process.communicate(), SECONDS)
    assert process.returncode == 1
    assert "is not empty" in said.decode()
    assert inside(tmp_path) == ["thư.txt"]
