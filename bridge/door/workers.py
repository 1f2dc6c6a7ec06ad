"""The workers: processes that own a UDP port each. One that dies is started again, at the same port."""

import asyncio
import contextlib
import sys
from asyncio.subprocess import DEVNULL, Process
from collections import deque
from collections.abc import Callable
from pathlib import Path
from socket import AF_UNIX, SHUT_WR, SOCK_SEQPACKET, socket, socketpair

import msgspec
import structlog
from msgspec import Struct

from bridge.orders import MAX_ORDER, AnyOrder, AnySaid, Place, Ready, Report, pack, unpack_said

log = structlog.get_logger()

HEALTHY_SECONDS = 30.0  # who lived so long is started again at once, others with growing patience
MAX_PAUSE = 10.0
START_SECONDS = 20.0  # more than a slow disk and a busy machine take
SILENT_SECONDS = 10.0  # it reports every second; without a word for so long it hangs, and its rooms with it
END_SECONDS = 2.0  # what a worker has to end by itself
MAX_WAITING = 20_000  # orders that it did not take yet: it hangs
_LOT = 64  # messages read in one go, before anything else has its turn


class WorkerStart(Struct, frozen=True):
    """How workers are started: a Python module that takes a `Place` as its argument."""

    module: str = "bridge.relay.worker"
    address: str = "::"
    folder: Path = Path("/tmp")  # noqa: S108 - the door gives its own folder
    log_level: str = "info"
    log_format: str = "text"


class Worker:
    """`port` is that of its socket, once it is `ready`; `report` its last one."""

    def __init__(self, number: int, port: int, start: WorkerStart) -> None:
        self.number, self.port, self._wanted = number, port, port
        self.ready = False
        self.report: Report | None = None
        self._start = start
        self._socket: socket | None = None
        self.process: Process | None = None
        self._waiting: deque[bytes] = deque()
        self._heard = 0.0

    def serve(
        self,
        on_said: Callable[["Worker", AnySaid], None],
        on_up: Callable[["Worker"], None],
        on_down: Callable[["Worker"], None],
    ) -> None:
        """Before `keep`. `on_said` gets every message but `Ready`; the others tell that it listens, and that it is
        gone with all its sessions."""
        self._on_said, self._on_up, self._on_down = on_said, on_up, on_down

    @property
    def path(self) -> str:
        """Where other workers write to."""
        return str(self._start.folder / f"worker-{self.number}")

    async def keep(self) -> None:
        """Runs it, again and again, until cancelled."""
        loop, pause = asyncio.get_running_loop(), 0.0
        while True:
            began = loop.time()
            try:
                process = await self._run()
                try:
                    await self._watch(process)
                finally:
                    self._hang_up()
                    await _ended(process)
            finally:
                self._close()
            log.error("worker_died", worker=self.number, status=process.returncode)
            pause = 0.0 if loop.time() - began > HEALTHY_SECONDS else min(MAX_PAUSE, 2 * pause + 0.1)
            await asyncio.sleep(pause)

    async def _run(self) -> Process:
        self._socket, theirs = socketpair(AF_UNIX, SOCK_SEQPACKET)
        self._socket.setblocking(False)
        start = self._start
        place = Place(theirs.fileno(), start.address, self._wanted, self.path, start.log_level, start.log_format)
        with theirs:
            # A session of its own: who stops the door with Ctrl-C leaves it to the door to end its workers.
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", start.module, msgspec.json.encode(place).decode(),
                stdin=DEVNULL, pass_fds=(theirs.fileno(),), start_new_session=True,
            )  # fmt: skip
        loop = asyncio.get_running_loop()
        self._heard = loop.time() + START_SECONDS
        loop.add_reader(self._socket.fileno(), self._readable)
        return self.process

    async def _watch(self, process: Process) -> None:
        loop = asyncio.get_running_loop()
        while process.returncode is None:
            try:
                await asyncio.wait_for(process.wait(), SILENT_SECONDS / 2)
            except TimeoutError:
                if loop.time() - self._heard > SILENT_SECONDS:
                    log.error("worker_hangs", worker=self.number)
                    _kill(process)

    def say(self, order: AnyOrder) -> None:
        """In order; lost when the worker is down: it knows of nothing when it comes up."""
        if self._socket is None:
            return
        self._waiting.append(pack(order))
        if len(self._waiting) == 1:
            self._writable()
        elif len(self._waiting) > MAX_WAITING and self.process is not None:
            log.error("worker_reads_nothing", worker=self.number)
            _kill(self.process)

    def _writable(self) -> None:
        assert self._socket is not None
        loop = asyncio.get_running_loop()
        while self._waiting:
            try:
                self._socket.send(self._waiting[0])
            except BlockingIOError:
                loop.add_writer(self._socket.fileno(), self._writable)
                return
            except OSError:  # it has ended; `keep` sees to that
                self._waiting.clear()
                break
            self._waiting.popleft()
        loop.remove_writer(self._socket.fileno())

    def _readable(self) -> None:
        for _ in range(_LOT):
            if self._socket is None:
                return
            try:
                data = self._socket.recv(MAX_ORDER)
            except BlockingIOError:
                return
            except ConnectionError:
                data = b""
            if not data:
                self._close()
                return
            self._heard = asyncio.get_running_loop().time()
            self._take(unpack_said(data))

    def _take(self, said: AnySaid) -> None:
        if isinstance(said, Ready):
            self.port, self.ready = said.port, True
            log.info("worker_ready", worker=self.number, port=said.port)
            self._on_up(self)
            return
        if isinstance(said, Report):
            self.report = said
        self._on_said(self, said)

    def _close(self) -> None:
        """It closed its end, or is to: without the pair it is of no use."""
        if self._socket is None:
            return
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._socket.fileno())
        loop.remove_writer(self._socket.fileno())
        self._socket.close()
        self._socket = None
        self._waiting.clear()

    def _hang_up(self) -> None:
        """Nothing more is said, and nothing heard; what it still says arrives, so that it ends in peace."""
        self.ready, self.report = False, None
        self._on_down(self)
        if self._socket is not None:
            asyncio.get_running_loop().remove_reader(self._socket.fileno())
            with contextlib.suppress(OSError):  # it has gone already
                self._socket.shutdown(SHUT_WR)


async def _ended(process: Process) -> None:
    """Its end of the pair is closed, so that it ends by itself, or not."""
    try:
        await asyncio.wait_for(process.wait(), END_SECONDS)
    except TimeoutError:
        _kill(process)
        await process.wait()


def _kill(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
