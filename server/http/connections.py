"""Connections: what never becomes a request gets the one error shape too, and who does not read is not waited for.

aiohttp parses before any middleware runs and asks its own protocol class what to answer to what it cannot parse, so
the class is ours; the runner is ours to put it in place.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import web

MAX_LINE = 8_190  # bytes of the request's line, and of one header; browsers send a tenth
MAX_HEADERS = 100  # browsers behind two proxies send thirty
STALLED_SECONDS = 60  # an answer of which nothing is read: a line of 8 kbit/s takes its share in that time

Apology = Callable[[web.BaseRequest, BaseException | None], web.Response]


class Connection(web.RequestHandler):
    """`apologise` builds the answer to a request that could not be read or served."""

    __slots__ = ("_apologise", "_stalled")

    def __init__(self, server: "HttpServer", apologise: Apology, **options: Any) -> None:
        super().__init__(server, **options)
        self._apologise = apologise
        self._stalled: asyncio.TimerHandle | None = None

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Called by aiohttp for what it could not parse, and for what no middleware caught."""
        if request.writer.output_size > 0:
            raise ConnectionError("an answer was under way")
        response = self._apologise(request, exc)
        response.force_close()
        return response

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = asyncio.get_running_loop().call_later(STALLED_SECONDS, self._give_up)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._read_on()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._read_on()
        super().connection_lost(exc)

    def _read_on(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _give_up(self) -> None:
        self._stalled = None
        if self.transport is not None:
            self.transport.abort()


class HttpServer(web.Server):
    """The protocol factory. `inner` is the application's own server, whose requests these are."""

    def __init__(self, inner: web.Server, apologise: Apology, **options: Any) -> None:
        super().__init__(_within(inner.request_handler, apologise), request_factory=inner.request_factory, **options)
        self._apologise = apologise

    def __call__(self) -> Connection:
        return Connection(self, self._apologise, loop=self._loop, **self._kwargs)


class Runner(web.AppRunner):
    """`idle_seconds`: a connection without a whole request in that time is closed. `grace_seconds`: what a stop
    waits for requests under way."""

    def __init__(self, app: web.Application, apologise: Apology, idle_seconds: float, grace_seconds: float) -> None:
        super().__init__(app, access_log=None, shutdown_timeout=grace_seconds)
        self._apologise, self._idle_seconds = apologise, idle_seconds

    async def _make_server(self) -> HttpServer:
        return HttpServer(
            await super()._make_server(),
            self._apologise,
            access_log=None,
            keepalive_timeout=self._idle_seconds,
            max_line_size=MAX_LINE,
            max_field_size=MAX_LINE,
            max_headers=MAX_HEADERS,
            auto_decompress=False,  # a few kilobytes could ask for gigabytes; nobody of ours packs what he sends
        )


def _within(handler: Any, apologise: Apology) -> Any:
    """What the application refuses before its middlewares begin."""

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        try:
            answer: web.StreamResponse = await handler(request)
        except web.HTTPException as error:
            return apologise(request, error)
        return answer

    return handle
