"""The simulator as a program of its own: how the demonstration starts it, and how it learns that it shall end."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping

from server.tasks import Tasks

from .figures import Summary
from .simulate import Say, simulate

# A command line can be read by everybody on the machine, the environment only by its owner.
PASSWORD = "SIMULATE_PASSWORD"  # noqa: S105 - the variable's name
PARENT = "SIMULATE_PARENT"
PARENT_SECONDS = 1.0


def command(url: str, conference: str, login: str, speed: float, free: str) -> list[str]:
    """What to start; the environment of `environment` belongs to it."""
    return [
        *(sys.executable, "-m", "server.cli", "simulate", url),
        *("--conference", conference, "--login", login, "--speed", str(speed), "--free", free),
    ]


def environment(password: str, inherited: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The child ends when this process is gone, however it went."""
    return {**inherited, PASSWORD: password, PARENT: str(os.getpid())}


async def simulate_until_stopped(
    url: str,
    login: str,
    *,
    password: str = "",
    token: str | None = None,
    conference: str,
    speed: float = 1.0,
    seconds: float | None = None,
    leave_free: str = "",
    say: Say,
) -> Summary:
    """`simulate` until SIGINT, SIGTERM, or the end of the process that started it. The password comes from the
    environment unless it is given. Raises as `simulate`."""
    stop, tasks = asyncio.Event(), Tasks()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    if parent := os.environ.get(PARENT):
        tasks.start("parent", _watch(int(parent), stop))
    try:
        return await simulate(
            url,
            login,
            password or os.environ.get(PASSWORD, ""),
            token=token,
            conference=conference,
            speed=speed,
            seconds=seconds,
            leave_free=leave_free,
            say=say,
            stop=stop,
        )
    finally:
        await tasks.stop()


async def _watch(parent: int, stop: asyncio.Event) -> None:
    """Whoever lost its parent belongs to another process from then on."""
    while os.getppid() == parent:  # noqa: ASYNC110 - the system tells nobody when a parent goes
        await asyncio.sleep(PARENT_SECONDS)
    stop.set()
