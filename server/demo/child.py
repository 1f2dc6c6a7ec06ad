"""Programs beside the demonstration: how they are started and ended; and the first of them, the simulator."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from server.command_line import PARENT

from .figures import Summary
from .simulate import Say, simulate

# A command line can be read by everybody on the machine, the environment only by its owner.
PASSWORD = "SIMULATE_PASSWORD"  # noqa: S105 - the variable's name
CHILD_SECONDS = 5.0  # what a child may take to hang up
LOG_TAIL = 5  # lines of a child's that are told when it ends by itself


class Companion(Struct, frozen=True):
    """A program that runs beside the demonstration. `ended`: what is said when it ends by itself, in both languages."""

    name: str
    arguments: list[str]
    environment: dict[str, str]
    ended: tuple[str, str]

    async def run(self, folder: Path, say: Say) -> None:
        """Until cancelled, which ends it. What it prints goes into a file of `folder`."""
        log = folder / f"{self.name}.log"
        with log.open("wb") as output:
            # A group of its own: Ctrl-C at the terminal is for this process, which then ends the other in order.
            child = await asyncio.create_subprocess_exec(
                *self.arguments, env=self.environment, stdout=output, stderr=output, start_new_session=True
            )
        try:
            await child.wait()
            tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_TAIL:]
            say("\n".join([f"  {' '.join(self.ended)}", *tail]))
        finally:
            await _end(child)


async def _end(child: Process) -> None:
    if child.returncode is not None:
        return
    child.terminate()
    try:
        await asyncio.wait_for(child.wait(), CHILD_SECONDS)
    except TimeoutError:
        child.kill()
        await child.wait()


def command(url: str, conference: str, login: str, speed: float, free: str) -> list[str]:
    """What to start; the environment of `environment` belongs to it."""
    return [
        *(sys.executable, "-m", "server.cli", "simulate", url),
        *("--conference", conference, "--login", login, "--speed", str(speed), "--free", free),
    ]


def environment(given: Mapping[str, str], inherited: Mapping[str, str] = os.environ) -> dict[str, str]:
    """For a command of ours that ends when this process is gone, however it went."""
    return {**inherited, **given, PARENT: str(os.getpid())}


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
    """`simulate` until SIGINT or SIGTERM. The password comes from the environment unless it is given. Raises as
    `simulate`."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
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
