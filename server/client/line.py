"""One WebSocket line as any client should keep it: hello, resume, beats, an outbox, coming back with jitter."""

import asyncio
import contextlib
import random
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from server.protocol.base import PROTOCOL_VERSION
from server.protocol.commands import PublicCommand
from server.protocol.messages import (
    BeatMessage,
    ByeMessage,
    DoMessage,
    DoneMessage,
    FrameMessage,
    HelloMessage,
    RefusedMessage,
    Resume,
    Retry,
    ServerMessage,
    SnapshotMessage,
    WelcomeMessage,
)
from server.tasks import Tasks

FINAL = 4100  # close codes from here on mean: do not come back
_encode = msgspec.json.Encoder().encode
_decoder: msgspec.json.Decoder[ServerMessage] = msgspec.json.Decoder(ServerMessage)


def new_id() -> str:
    """A command id: 22 random characters."""
    return secrets.token_urlsafe(16)


def _now() -> int:
    return time.time_ns() // 1_000_000


class Waiting(Struct):
    message: DoMessage
    answer: asyncio.Future[DoneMessage | RefusedMessage]
    sent: bool = False


class Ended(Exception):
    """The server said: do not come back. `code` is the close code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"closed for good ({code})")
        self.code = code


class Line:
    """Keeps a socket for as long as `run` runs. `do` returns when the server answered, however often the
    line broke meanwhile: the command stays in the outbox and is sent again under its id."""

    def __init__(
        self,
        url: str,
        conference: str,
        token: str | None = None,
        on_message: Callable[[ServerMessage], None] | None = None,
        unit: str | None = None,
        **connect_options: Any,
    ) -> None:
        self._url, self._conference, self._token, self._unit = url, conference, token, unit
        self._on_message = on_message
        self._options = connect_options
        self._socket: ClientConnection | None = None
        self._outbox: OrderedDict[str, Waiting] = OrderedDict()
        self._retry = Retry(500, 1_000)
        self._resume: Resume | None = None
        self.connected = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled. Raises `Ended` when the server closes for good."""
        failures = 0
        while True:
            try:
                await self._once()
                failures = 0
            except (OSError, InvalidHandshake, TimeoutError):
                failures += 1
            self.connected.clear()
            spread = min(self._retry.spread * 2 ** min(failures, 5), 60_000)
            await asyncio.sleep((self._retry.base + random.random() * spread) / 1000)  # noqa: S311 - jitter

    async def do(
        self, command: PublicCommand, *, id: str | None = None, tapped_at: int | None = None
    ) -> DoneMessage | RefusedMessage:
        message = DoMessage(id or new_id(), command, tapped_at if tapped_at is not None else _now())
        waiting = Waiting(message, asyncio.get_running_loop().create_future())
        self._outbox[message.id] = waiting
        if self.connected.is_set() and self._socket:
            await self._send(self._socket, waiting)
        return await waiting.answer

    async def cut(self, seconds: float) -> None:
        """Breaks the line as a failing network does, and comes back no earlier than after `seconds`."""
        if self._socket:
            self._retry = Retry(int(seconds * 1000), 500)
            transport = self._socket.transport
            transport.abort()

    # --- one connection

    async def _once(self) -> None:
        async with connect(self._url, max_size=64 * 1024 * 1024, compression=None, **self._options) as socket:
            self._socket = socket
            resume = self._resume
            hello = HelloMessage(PROTOCOL_VERSION, self._conference, self._token, resume, self._unit)
            await socket.send(_encode(hello).decode())
            tasks = Tasks()
            try:
                async for raw in socket:
                    message = _decoder.decode(raw)
                    if isinstance(message, WelcomeMessage):
                        self._retry = message.retry
                        tasks.start("beats", self._beats(socket, message.beat / 1000))
                        await self._send_all(socket)
                    self._take(message)
            except ConnectionClosed:
                pass
            finally:
                self._socket = None
                await tasks.stop()
            if (socket.close_code or 0) >= FINAL:
                raise Ended(socket.close_code or 0)

    def _take(self, message: ServerMessage) -> None:
        if isinstance(message, DoneMessage | RefusedMessage) and message.id:
            waiting = self._outbox.pop(message.id, None)
            if waiting and not waiting.answer.done():
                waiting.answer.set_result(message)
        elif isinstance(message, SnapshotMessage):
            self._resume = Resume(message.epoch, message.seq)
        elif isinstance(message, FrameMessage) and self._resume:
            self._resume = Resume(self._resume.epoch, message.seq)
        elif isinstance(message, ByeMessage) and message.retry:
            self._retry = message.retry
        if self._on_message:
            self._on_message(message)

    async def _send_all(self, socket: ClientConnection) -> None:
        self.connected.set()
        for waiting in list(self._outbox.values()):
            await self._send(socket, waiting)

    async def _send(self, socket: ClientConnection, waiting: Waiting) -> None:
        message = msgspec.structs.replace(waiting.message, sent_at=_now(), retry=waiting.sent)
        waiting.sent = True
        with contextlib.suppress(ConnectionClosed):
            await socket.send(_encode(message).decode())

    async def _beats(self, socket: ClientConnection, seconds: float) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                began = time.perf_counter()
                await (await socket.ping())
                rtt = int((time.perf_counter() - began) * 1000)
                await socket.send(_encode(BeatMessage(rtt)).decode())
                await asyncio.sleep(seconds)
