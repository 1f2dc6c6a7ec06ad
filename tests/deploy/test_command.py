"""`make cluster` as a newcomer starts it: it prints addresses that work, mends what is killed, and ends whole."""

import asyncio
import contextlib
import os
import re
import shutil
import signal
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import psutil
import pytest

from server.app import WEB_DIST
from tests.waiting import until

SECONDS = 120.0  # ready in six on an idle machine; others may be at work beside this test


@pytest.fixture
def folder(installed: None) -> Iterator[Path]:
    """For everything that the command makes. PostgreSQL's own user must be able to pass through."""
    if not (WEB_DIST / "wall" / "index.html").exists():
        pytest.skip("the pages are not built: `make web`")
    path = Path(tempfile.mkdtemp(prefix="nhipcau-test-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture
async def command(folder: Path) -> AsyncIterator[Process]:
    """As a script starts it with `&`: SIGINT is ignored until the command says otherwise."""
    process = await asyncio.create_subprocess_exec(
        *("sh", "-c", "trap '' INT; exec \"$@\"", "sh", sys.executable, "-m", "server.demo.cluster", "--speed", "20"),
        env=os.environ | {"TMPDIR": str(folder)},
        stdout=PIPE,
    )
    yield process
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()


def inside(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def said(process: Process, last: str) -> str:
    assert process.stdout is not None
    text = ""
    while last not in text:
        line = (await asyncio.wait_for(process.stdout.readline(), SECONDS)).decode()
        assert line, f"it ended before it said {last!r}"
        text += line
    return text


async def test_it_shows_a_conference_mends_what_is_killed_and_leaves_nothing(command: Process, folder: Path) -> None:
    printed = await said(command, "Stop: Ctrl-C")
    addresses = re.findall(r"http://127\.0\.0\.1:\d+\S*", printed)
    async with aiohttp.ClientSession(raise_for_status=True) as browser:
        for address in addresses:
            async with browser.get(address.rstrip(")")) as page:
                assert page.content_type == "text/html"
    parts = dict(re.findall(r"^ *(\w+) +pid (\d+)", printed, re.MULTILINE))
    assert set(parts) == {"postgres", "nats", "server1", "server2", "server3", "haproxy"}
    os.kill(int(parts["server2"]), signal.SIGKILL)
    await said(command, "server2: chạy lại")
    below = psutil.Process(command.pid).children(recursive=True)
    assert len(below) > len(parts)
    command.send_signal(signal.SIGINT)
    await said(command, "Stopping")
    assert await asyncio.wait_for(command.wait(), SECONDS) == 0
    assert not [p for p in below if p.is_running()]
    assert inside(folder) == []


async def started(command: Process, parts: int) -> list[psutil.Process]:
    """The processes below it, once there are so many."""
    process = psutil.Process(command.pid)
    return await until(lambda: found if len(found := process.children()) >= parts else [], "parts start", SECONDS)


async def test_nothing_outlives_it_when_it_is_killed(command: Process) -> None:
    below = await started(command, 5)  # PostgreSQL, NATS and the servers
    command.kill()
    _, alive = await asyncio.to_thread(psutil.wait_procs, below, SECONDS)
    assert not alive


async def test_a_stop_in_the_middle_of_the_start_is_a_stop_too(command: Process, folder: Path) -> None:
    await started(command, 1)
    command.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(command.wait(), SECONDS) == 0
    assert inside(folder) == []
