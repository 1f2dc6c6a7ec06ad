"""The door, composed: an asynchronous context that serves until it is left."""

import gc
import os
import socket
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
import structlog
from aiohttp import ClientSession, web

from bridge.config import Config
from bridge.janus.engine import JanusEngine
from bridge.service import Service
from bridge.slate.feeder import feed
from bridge.uplink.uplinks import Uplinks
from bridge.wire.sdp import MAX_BYTES

from . import heap
from .directions import Directions
from .engine import Engine
from .folder import own_folder
from .front import Front
from .ice import addresses, bindable, hindrance
from .limits import Limits
from .metrics import Metrics
from .reception import Reception
from .resource import Resource
from .streams import SLATE
from .tasks import Tasks
from .whep import Whep
from .whip import Whip
from .workers import Worker, WorkerStart

log = structlog.get_logger()

BACKLOG = 1_024
GRACE_SECONDS = 2.0  # what a stop waits for requests under way


class CannotOpen(Exception):
    """An address or port is not to be had; the message begins with its key."""


class Door:
    """`port` is where it listens for HTTP. Leaving ends every session and every worker. Raises `CannotOpen`."""

    def __init__(self, config: Config, limits: Limits | None = None, start: WorkerStart | None = None) -> None:
        self._config, self._limits = config, limits or Limits()
        self._start = start or WorkerStart()
        self._stack = AsyncExitStack()
        self.port = config.listen.port
        self.workers: list[Worker] = []
        self._uplinks = lambda: (0, 0)
        self.directions = Directions(config.service.own_url)

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await self._open(stack)
            self._stack = stack.pop_all()
        return self

    async def _open(self, stack: AsyncExitStack) -> None:
        config = self._config
        listening = stack.enter_context(_listen(config.listen.host, config.listen.port))
        self.port = listening.getsockname()[1]
        folder = stack.enter_context(own_folder())
        http = await stack.enter_async_context(ClientSession())
        tasks = await stack.enter_async_context(Tasks())
        self.reception = self._janus(tasks, http) if config.janus.url else self._relay(tasks, folder)
        stack.push_async_callback(self.reception.close_all)
        tasks.start("heap", heap.keep_tidy())
        await self._join(stack, http)
        await self._serve(stack, listening)
        # What exists now lives as long as the process: the collector need not look at it again.
        gc.collect()
        gc.freeze()
        log.info("bridge_listens", host=config.listen.host, port=self.port, workers=len(self.workers))

    def _janus(self, tasks: Tasks, http: ClientSession) -> Engine:
        engine = JanusEngine(self._config, self._limits, tasks)
        tasks.start("janus", engine.keep(http))
        tasks.start("stage", engine.tick())
        tasks.start("slate", engine.slate())
        return engine

    def _relay(self, tasks: Tasks, folder: Path) -> Engine:
        self._make_workers(folder)
        reception = Reception(self.workers, addresses(self._config.media), self._limits, tasks)
        for worker in self.workers:
            worker.serve(reception.said, reception.stage.up, reception.down)
            tasks.start(f"worker {worker.number}", worker.keep())
        tasks.start("slate", feed(folder, [worker.path for worker in self.workers], SLATE))
        return reception

    def _make_workers(self, folder: Path) -> None:
        media, logs = self._config.media, self._config.log
        address = bindable(media.bind)
        start = msgspec.structs.replace(
            self._start, address=address, folder=folder, log_level=logs.level, log_format=logs.format
        )
        for number in range(self._config.workers or os.cpu_count() or 1):
            port = media.port and media.port + number
            if why := hindrance(address, port):
                raise CannotOpen(why)
            self.workers.append(Worker(number, port, start))

    async def _join(self, stack: AsyncExitStack, http: ClientSession) -> None:
        """Whom it works with: the service and other bridges."""
        tasks = await stack.enter_async_context(Tasks())  # they end first, while there is a way to say goodbye
        if isinstance(self.reception, Reception):
            self._uplinks = Uplinks(self._config, self.reception, self.directions, tasks, http).count
        self._service = Service(self._config, self.reception, self.directions, tasks)
        if self._config.service.url:
            tasks.start("service", self._service.keep())

    async def _serve(self, stack: AsyncExitStack, listening: socket.socket) -> None:
        metrics = Metrics(self.reception, self.reception.carriers, self._uplinks, lambda: self._service.reachable)
        front = Front(self._config, self._limits, self.reception, metrics, self.directions)
        app = web.Application(client_max_size=MAX_BYTES, middlewares=[front.middleware])
        app.add_routes([*Whip(front).routes(), *Whep(front).routes(), *Resource(front).routes()])
        app.add_routes([web.get("/healthz", front.alive), web.get("/metrics", front.measured)])
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=GRACE_SECONDS)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.SockSite(runner, listening, backlog=BACKLOG).start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.__aexit__(kind, error, trace)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise CannotOpen(f"listen: {host}:{port}: {error.strerror or error}") from error
