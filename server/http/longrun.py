"""Answers that take seconds: lines of progress while the work goes on, then the report or the error."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import structlog
from aiohttp import web

from server.messages import Catalog
from server.protocol.errors import ErrorBody
from server.tasks import Tasks

from .assembly import problem_of
from .problems import error_of
from .routing import Call

log = structlog.get_logger()

NDJSON = "application/x-ndjson"
LINE_SECONDS = 0.1  # between two lines of progress: a bar moves smoothly, the answer stays small
_encode = msgspec.json.Encoder().encode

Progress = Callable[[int, int], None]
Work = Callable[[Progress], Awaitable[Any]]


def no_progress(done: int, total: int) -> None:
    """For callers that nobody watches."""


class LongAnswers:
    """Answers `work` as lines of JSON when the client asks for them, as one JSON document otherwise.

    The progress that `work` is given may be called from any thread. Work that began goes on to its end even
    when the client leaves. An error before the first line is answered with its own status.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._tasks = Tasks()

    async def answer(self, call: Call, work: Work) -> Any:
        if NDJSON not in call.request.headers.get("Accept", ""):
            return await work(no_progress)
        lines = _Lines(call.request)
        teller = self._tasks.start("progress", lines.tell())
        try:
            report = {"report": await work(lines.progress)}
        except Exception as error:
            await _end(teller)
            if not lines.begun:
                raise
            await lines.write(self._error(call, error))
        else:
            await _end(teller)
            await lines.write(report)
        return await lines.close()

    def _error(self, call: Call, error: Exception) -> ErrorBody:
        problem = problem_of(error)
        if problem.code == "internal":
            log.error("long_answer_failed", request_id=call.request_id, exc_info=error)
        return ErrorBody(error_of(problem, self._catalog, call.lang, call.request_id))


async def _end(teller: "asyncio.Task[None]") -> None:
    teller.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await teller


class _Lines:
    """The response in the making. Only the newest progress is told; a client that left is told nothing."""

    def __init__(self, request: web.Request) -> None:
        self._request = request
        self._response = web.StreamResponse(headers={"Content-Type": NDJSON, "X-Accel-Buffering": "no"})
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._latest = (0, 0)
        self._gone = False

    @property
    def begun(self) -> bool:
        return self._response.prepared

    def progress(self, done: int, total: int) -> None:
        self._loop.call_soon_threadsafe(self._note, done, total)

    def _note(self, done: int, total: int) -> None:
        self._latest = (done, total)
        self._news.set()

    async def tell(self) -> None:
        while not self._gone:
            await self._news.wait()
            self._news.clear()
            await asyncio.shield(self.write({"progress": self._latest}))
            await asyncio.sleep(LINE_SECONDS)

    async def write(self, line: Any) -> None:
        if self._gone:
            return
        try:
            if not self._response.prepared:
                await self._response.prepare(self._request)
            await self._response.write(_encode(line) + b"\n")
        except ConnectionError:
            self._gone = True

    async def close(self) -> web.StreamResponse:
        if not self._gone:
            with contextlib.suppress(ConnectionError):
                await self._response.write_eof()
        return self._response
