"""What a client says, handed over as soon as it is read: no task is woken, nothing waits in a queue.

A message of aiohttp's own reading wakes every coroutine between the connection and the handler; with 37,000 rooms that
tell of their lines every few seconds this is a third of the server. Parsing, masks and limits stay aiohttp's; what is
used of it is partly private, so its version is pinned and nobody else knows of it.
"""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from aiohttp import WSMessage, web
from aiohttp._websocket.reader import WebSocketDataQueue
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http import WebSocketError, WebSocketReader, WebSocketWriter

QUEUE_BYTES = 65_536  # before anybody hears; the first message alone comes then

Take = Callable[[WSMessage], None]


class Inbox(WebSocketDataQueue):
    """aiohttp's queue, until somebody hears; then `take` is called with each message. `over` is done when nothing more
    comes: None, or the fault of what came."""

    def __init__(self, protocol: BaseProtocol, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(protocol, QUEUE_BYTES, loop=loop)
        self.take: Take | None = None
        self.over: asyncio.Future[BaseException | None] = loop.create_future()

    def feed_data(self, data: Any, size: int) -> None:
        if self.take is None:
            super().feed_data(data, size)
        else:
            self.take(data)

    def feed_eof(self) -> None:
        super().feed_eof()
        self._end(None)

    def set_exception(self, exc: BaseException, *cause: BaseException) -> None:
        super().set_exception(exc, *cause)
        self._end(exc)

    def _end(self, fault: BaseException | None) -> None:
        if not self.over.done():
            self.over.set_result(fault)


class Socket(web.WebSocketResponse):
    """A WebSocket of which the first message is awaited (`receive_str`) and the others are heard."""

    def _post_start(self, request: web.BaseRequest, protocol: str | None, writer: WebSocketWriter) -> None:
        self._ws_protocol, self._writer = protocol, writer
        self._inbox = Inbox(request.protocol, asyncio.get_running_loop())
        self._reader = self._inbox
        self._parser = WebSocketReader(self._inbox, self._max_msg_size, compress=False, decode_text=True)
        request.protocol.set_parser(self._parser)
        request.protocol.keep_alive(False)

    async def hear(self, take: Take) -> int | None:
        """Calls `take`, which must not raise, with every message, control frames too, until the line is over. Gives
        the close code that a broken frame asks for, if that ended it."""
        inbox = self._inbox
        inbox.take = take
        while inbox._buffer:  # what came together with the first message
            take(cast(WSMessage, await inbox.read()))  # texts are decoded: no other kind comes
        fault = await inbox.over
        return int(fault.code) if isinstance(fault, WebSocketError) else None

    async def close(self, **_: Any) -> bool:
        """Goodbyes are said by the outlet; nothing is awaited of a client that was sent away."""
        return True
