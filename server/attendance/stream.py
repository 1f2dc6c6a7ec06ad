"""One phone that listens: a transport, written to without a task, a queue or a request of its own.

The only place that takes a connection out of aiohttp's hands. What aiohttp holds for one (parser, request, two tasks,
timers) is let go of, so that a phone that only listens costs a tenth of it.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

from aiohttp import web

MAX_BEHIND = 64 * 1024  # bytes the kernel has not taken: a hundred notices; who is further behind comes back to all
DEAD_MS = 120_000  # without an acknowledgement the line is dead: two keep-alives and what mobile networks need
_USER_TIMEOUT = getattr(socket, "TCP_USER_TIMEOUT", None)  # Linux has it; elsewhere the system's own patience counts


class Taken(web.Response):
    """What a handler answers with after `take_over`: nothing is left to be written."""

    async def prepare(self, request: web.BaseRequest) -> None:
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        return None


class Stream(asyncio.Protocol):
    """`gone` is called once, when the connection is no more, whoever ended it."""

    __slots__ = ("_gone", "_transport", "address", "ended", "place", "slot")

    def __init__(self, place: Any, address: str, slot: int, gone: Callable[["Stream"], None]) -> None:
        self.place, self.address, self.slot, self._gone = place, address, slot, gone
        self._transport: asyncio.Transport | None = None
        self.ended = ""  # why, for the metrics; empty while it is open

    def take_over(self, request: web.Request) -> Taken:
        """The request's connection is this stream's from here on."""
        handler, transport = request.protocol, request.transport
        if transport is None:
            raise ConnectionResetError
        transport.set_protocol(self)
        handler.transport = None  # else it would close what is no longer its own
        handler.connection_lost(None)
        if _USER_TIMEOUT is not None and (line := transport.get_extra_info("socket")):
            line.setsockopt(socket.IPPROTO_TCP, _USER_TIMEOUT, DEAD_MS)
        self._transport = transport
        return Taken()

    def write(self, chunk: bytes) -> None:
        transport = self._transport
        if transport is None or self.ended:
            return
        if transport.get_write_buffer_size() > MAX_BEHIND:
            self.ended = "slow"
            transport.abort()
            return
        transport.write(chunk)

    def end(self, why: str, last: bytes) -> None:
        """Closes once `last` is written."""
        if self._transport is not None and not self.ended:
            self.ended = why
            self._transport.write(last)
            self._transport.close()

    # --- what the loop says

    def data_received(self, data: bytes) -> None:
        """Browsers say nothing after their request. Who does might never stop."""
        self.ended = self.ended or "talks"
        assert self._transport is not None
        self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self.ended = self.ended or "left"
        self._gone(self)
