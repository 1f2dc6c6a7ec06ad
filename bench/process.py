"""A server as its own process: started, watched, killed. Everything about it goes over its public face."""

import asyncio
import contextlib
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from asyncio.subprocess import Process
from pathlib import Path

import aiohttp
import psutil

from server.client.http import Api
from server.tasks import Tasks

PASSWORD = "một mật khẩu đủ dài"  # of a server that lives for a bench
LOGIN = "bench"
_SETUP = re.compile(r"/setup/(\S+)")
_ADDRESS = re.compile(r"Nhịp Cầu: (\S+)")
START_SECONDS = 60
END_SECONDS = 5
LOOK_SECONDS = 0.005  # between two looks whether it is ready


class ServerProcess:
    """`nhipcau serve` on a free port over a folder of its own. `core`: the processor it is bound to."""

    def __init__(self, core: int | None = None, settings: dict[str, str] | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="nhipcau-bench-"))
        self._core, self._settings = core, settings or {}
        self._process: Process | None = None
        self._tasks = Tasks()
        self._started = 0.0
        self._setup: str | None = None
        self.port = 0
        self.base = ""
        self.output: list[str] = []

    async def start(self) -> None:
        """Returns when it listens. After a kill it comes back on the same port with the same data."""
        environment = {
            **os.environ,
            "NHIPCAU_DATA_DIR": str(self.folder),
            "NHIPCAU_LISTEN__PORT": str(self.port),
            "NHIPCAU_LOG__LEVEL": "warning",
            "PYTHONUNBUFFERED": "1",
            **self._settings,
        }
        self._started = time.perf_counter()
        pin = ["taskset", "-c", str(self._core)] if self._core is not None else []
        self._process = await asyncio.create_subprocess_exec(
            *pin, sys.executable, "-m", "server.cli", "serve",
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, env=environment,
        )  # fmt: skip
        async with asyncio.timeout(START_SECONDS):
            await self._listening()
        self._tasks.start("server output", self._drain())

    async def ready(self) -> float:
        """Returns when it says that it may be sent work: the seconds since the process was started."""
        async with aiohttp.ClientSession() as session, asyncio.timeout(START_SECONDS):
            while True:
                with contextlib.suppress(aiohttp.ClientError):
                    async with session.get(f"{self.base}/readyz") as answer:
                        if answer.status == 200:
                            return self.age()
                await asyncio.sleep(LOOK_SECONDS)

    def age(self) -> float:
        """Seconds since the process was started."""
        return time.perf_counter() - self._started

    async def _listening(self) -> None:
        while line := (await self._stdout().readline()).decode():
            self.output.append(line.rstrip())
            if found := _SETUP.search(line):
                self._setup = found[1]
            if found := _ADDRESS.search(line):
                self.base = found[1]
                self.port = int(self.base.rsplit(":", 1)[1])
                return
        raise RuntimeError("the server did not start:\n" + "\n".join(self.output))

    def _stdout(self) -> asyncio.StreamReader:
        assert self._process is not None
        assert self._process.stdout is not None
        return self._process.stdout

    async def _drain(self) -> None:
        while line := (await self._stdout().readline()).decode():
            self.output.append(line.rstrip())

    async def sign_in(self, api: Api) -> None:
        """The first call creates the account by the one-time link."""
        if self._setup:
            body = {"token": self._setup, "login": LOGIN, "name": "Bench", "password": PASSWORD}
            await api.call("POST", "/api/setup", dict, body)
            self._setup = None
        await api.call("POST", "/api/session", dict, {"login": LOGIN, "password": PASSWORD})

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def cpu_seconds(self) -> float:
        times = psutil.Process(self.pid).cpu_times()
        return float(times.user + times.system)

    def memory(self) -> int:
        """Resident bytes."""
        return int(psutil.Process(self.pid).memory_info().rss)

    async def kill(self) -> None:
        """As when the power fails: no goodbye."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """As when it is told to; gives the exit status."""
        return await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> int:
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(how)
        status = await self._process.wait()
        await self._tasks.drain(END_SECONDS)  # what it still had to say
        return status

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
