"""A foreign server as its own process on the server's core."""

import asyncio
import contextlib
import os
import shutil
import signal
import socket
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

import psutil

from server.tasks import Tasks

from ..ground import SERVER_CORE
from .install import ROOT

START_SECONDS = 30
STOP_SECONDS = 5
LOOK_SECONDS = 0.02
KEPT_LINES = 40  # of what it said, for the case that it does not start


class PeerProcess:
    """`command` gets the port in place of `{port}`. `folder` is its own and goes with it."""

    def __init__(self, command: list[str], settings: dict[str, str] | None = None, folder: Path | None = None) -> None:
        self.port = _free_port()
        self._command = [part.replace("{port}", str(self.port)) for part in command]
        self._settings, self._folder = settings or {}, folder
        self._process: Process | None = None
        self._tasks = Tasks()
        self._said: list[str] = []

    async def start(self) -> None:
        """Returns when it listens."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **self._settings}
        self._process = await asyncio.create_subprocess_exec(
            "taskset", "-c", str(SERVER_CORE), *self._command,
            stdin=DEVNULL, stdout=PIPE, stderr=asyncio.subprocess.STDOUT, env=environment,
        )  # fmt: skip
        self._tasks.start("peer output", self._listen())
        try:
            async with asyncio.timeout(START_SECONDS):
                while not await self._listens():
                    if self._process.returncode is not None:
                        raise RuntimeError("it ended")
                    await asyncio.sleep(LOOK_SECONDS)
        except (TimeoutError, RuntimeError) as error:
            await self.stop()
            raise RuntimeError(f"{' '.join(self._command)} did not start: {error}\n" + "\n".join(self._said)) from error

    async def _listens(self) -> bool:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.close()
            return True
        return False

    async def _listen(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        while line := (await self._process.stdout.readline()).decode(errors="replace"):
            self._said = [*self._said[1 - KEPT_LINES :], line.rstrip()]

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def stop(self) -> None:
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self._process.wait(), STOP_SECONDS)
        except TimeoutError:  # it is behind with its work and nobody needs that any more
            self._process.kill()
            await self._process.wait()
        await self._tasks.drain(STOP_SECONDS)
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)


def cpu_seconds(pid: int) -> float:
    """Of a process and everything it started, as long as it runs."""
    one = psutil.Process(pid)
    times = [process.cpu_times() for process in (one, *one.children(recursive=True))]
    return float(sum(t.user + t.system for t in times))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
