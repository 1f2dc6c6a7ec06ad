"""One page after the other: a single job at a time, a short queue, and nobody prints for who has left."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Callable

import structlog

from server.http.problems import Problem
from server.protocol.errors import Busy
from server.tasks import Tasks

from .child import REFUSED
from .job import Job, encode

log = structlog.get_logger()

MAX_WAITING = 4  # jobs behind the one that is printed: at ten seconds each nobody waits a minute
LOOK_SECONDS = 0.5  # between two looks whether the reader is still there
WAIT_SECONDS = 300  # wall clock of one PDF; the child ends itself after two minutes of work
TOLD = 300  # characters of a reason

Gone = Callable[[], bool]


class Left(Exception):
    """The reader has gone; what was being printed for him is thrown away."""


class Press:
    """The process's printer. Each PDF is made in a child process that is killed when nobody wants it any more."""

    def __init__(self) -> None:
        self._tasks = Tasks()
        self._printing = asyncio.Lock()
        self.waiting = 0  # jobs in the queue and the one that is printed

    @contextlib.asynccontextmanager
    async def turn(self, gone: Gone, begun: bool = False) -> AsyncIterator[None]:
        """Waits for the press and holds it. Raises `Left` when `gone` says so, `Busy` when too many wait; but who
        has `begun` a print of many parts is let through to its end."""
        if self.waiting > MAX_WAITING and not begun:
            raise Busy
        self.waiting += 1
        try:
            while True:
                if gone():
                    raise Left
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_SECONDS):
                        await self._printing.acquire()
                    break
            try:
                yield
            finally:
                self._printing.release()
        finally:
            self.waiting -= 1

    async def pdf(self, job: Job, gone: Gone) -> bytes:
        """Call it inside `turn`. Problem 409 `print_refused` says what cannot be printed, 500 `print_failed`."""
        # The child gets no secrets of this process: of the environment, only where its modules are.
        environment = {"PYTHONPATH": os.pathsep.join(p or os.getcwd() for p in sys.path)}
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "server.printing.child"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environment,
        )
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                out, err = await self._watch(child, encode(job), gone)
        except TimeoutError as error:
            raise Problem(500, "print_failed") from error
        finally:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()
        if child.returncode == 0:
            return out
        told = err.decode(errors="replace").strip()
        if child.returncode == REFUSED:
            raise Problem(409, "print_refused", detail=told[:TOLD])
        log.error("print_failed", status=child.returncode, told=told[-2_000:])
        raise Problem(500, "print_failed")

    async def _watch(self, child: asyncio.subprocess.Process, job: bytes, gone: Gone) -> tuple[bytes, bytes]:
        made = self._tasks.start("print", child.communicate(job))
        while not made.done():
            await asyncio.wait({made}, timeout=LOOK_SECONDS)
            if gone():
                raise Left
        out, err = made.result()
        return out, err
