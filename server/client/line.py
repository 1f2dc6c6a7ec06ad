"""One WebSocket line as any client should keep it: hello, resume, beats, an outbox, coming back with jitter."""

import asyncio
import contextlib
import random
import secrets
import time
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
    ClientMessage,
    DoMessage,
    DoneMessage,
    FrameMessage,
    HelloMessage,
    PulseMessage,
    RefusedMessage,
    Resume,
    Retry,
    ServerMessage,
    SnapshotMessage,
    WelcomeMessage,
)
from server.tasks import Tasks

FINAL = 4100  # close codes from here on mean: do not come back
MAX_MESSAGE = 64 * 1024 * 1024  # bytes; a snapshot of 100,000 points is below
MAX_WAIT_MS = 8_000  # nobody waits much longer than that for a server that has come back
WELCOME_SECONDS = 15.0  # for an answer to the hello; there are no beats before it that would find a dead line
DEAD_BEATS = 3  # beats without an answer after which the line is thought dead
_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[ServerMessage] = msgspec.json.Decoder(ServerMessage)


def new_id() -> str:
    """A command id: 22 random characters."""
    return secrets.token_urlsafe(16)


def _now() -> int:
    return time.time_ns() // 1_000_000


class Waiting(Struct):
    message: DoMessage
    answer: asyncio.Future[DoneMessage | RefusedMessage]
    sent_on: ClientConnection | None = None


class Ended(Exception):
    """The server said: do not come back. `code` is the close code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"closed for good ({code})")
        self.code = code


class Line:
    """Keeps a socket for as long as `run` runs. `do` returns when the server answered, however often the
    line broke meanwhile: the command stays in the outbox and is sent again under its id.

    `on_message` gets every message in order, `on_lost` is called when an open line broke. `own_beats` False:
    the caller calls `beat` every `beat_seconds` itself, so that thousands of lines need no timer each. `clock`: ms.
    """

    def __init__(
        self,
        url: str,
        conference: str,
        token: str | None = None,
        on_message: Callable[[ServerMessage], None] | None = None,
        unit: str | None = None,
        on_lost: Callable[[], None] | None = None,
        own_beats: bool = True,
        clock: Callable[[], int] = _now,
        **connect_options: Any,
    ) -> None:
        self._url, self._conference, self._token, self._unit = url, conference, token, unit
        self._on_message, self._on_lost, self._own_beats = on_message, on_lost, own_beats
        self._clock = clock
        # Beats ask the same as pings and tell the server more.
        self._options = {"max_size": MAX_MESSAGE, "compression": None, "ping_interval": None, **connect_options}
        self._socket: ClientConnection | None = None
        self._outbox: dict[str, Waiting] = {}
        self._retry = Retry(500, 1_000)
        self._resume: Resume | None = None
        self._ended: Ended | None = None
        self._unanswered: list[float] = []  # when the beats were sent that have no pulse yet
        self.rtt: int | None = None  # ms, of the last answered beat
        self.extra_rtt = 0  # ms added to what is told: rehearsals make a line look slow with it
        self.beat_seconds = 15.0
        self.connected = asyncio.Event()
        self.broken = 0  # times that it was open and broke

    async def run(self) -> None:
        """Until cancelled. Raises `Ended` when the server closes for good; commands that wait get it too."""
        failures = 0
        try:
            while True:
                try:
                    await self._once()
                    failures = 0
                except (OSError, InvalidHandshake, TimeoutError):
                    failures += 1
                await asyncio.sleep(self._wait(failures) / 1000)
        except Ended as ended:
            self._ended = ended
            for waiting in self._outbox.values():
                if not waiting.answer.done():
                    waiting.answer.set_exception(ended)
            raise

    async def do(
        self, command: PublicCommand, *, id: str | None = None, tapped_at: int | None = None
    ) -> DoneMessage | RefusedMessage:
        """Raises `Ended` when the line is closed for good before an answer came."""
        if self._ended:
            raise self._ended
        message = DoMessage(id or new_id(), command, tapped_at if tapped_at is not None else self._clock())
        waiting = Waiting(message, asyncio.get_running_loop().create_future())
        self._outbox[message.id] = waiting
        if self.connected.is_set() and self._socket:
            await self._send(self._socket, waiting)
        return await waiting.answer

    async def beat(self) -> None:
        """Tells the server that the line is alive and how long the last question took. A dead line is cut."""
        if not (self.connected.is_set() and self._socket):
            return
        if len(self._unanswered) >= DEAD_BEATS:
            self._socket.transport.abort()
            return
        self._unanswered.append(time.perf_counter())
        told = None if self.rtt is None and not self.extra_rtt else (self.rtt or 0) + self.extra_rtt
        await self._say(self._socket, BeatMessage(told))

    def cut(self, seconds: float) -> None:
        """Breaks the line as a failing network does, and comes back no earlier than after `seconds`."""
        if self._socket:
            self._retry = Retry(int(seconds * 1000), 500)
            self._socket.transport.abort()

    # --- one connection

    async def _once(self) -> None:
        async with connect(self._url, **self._options) as socket:
            self._socket = socket
            self._unanswered.clear()
            hello = HelloMessage(PROTOCOL_VERSION, self._conference, self._token, self._resume, self._unit)
            await self._say(socket, hello)
            beats = Tasks()
            try:
                async with asyncio.timeout(WELCOME_SECONDS) as patience:
                    async for raw in socket:
                        message = _decoder.decode(raw)
                        if isinstance(message, WelcomeMessage):
                            patience.reschedule(None)
                            await self._open(socket, message, beats)
                        self._take(message)
            except ConnectionClosed:
                pass
            finally:
                self._socket = None
                opened = self.connected.is_set()
                self.connected.clear()
                self.broken += opened
                await beats.stop()
            if opened and self._on_lost:
                self._on_lost()
            if (socket.close_code or 0) >= FINAL:
                raise Ended(socket.close_code or 0)

    async def _open(self, socket: ClientConnection, welcome: WelcomeMessage, beats: Tasks) -> None:
        """What waits goes first, in the order of the taps; only then may new commands be sent."""
        self._retry, self.beat_seconds = welcome.retry, welcome.beat / 1000
        if self._own_beats:
            beats.start("beats", self._beats())
        while waiting := next((w for w in self._outbox.values() if w.sent_on is not socket), None):
            await self._send(socket, waiting)
        self.connected.set()

    def _take(self, message: ServerMessage) -> None:
        match message:
            case DoneMessage() | RefusedMessage():
                waiting = self._outbox.pop(message.id, None) if message.id else None
                if waiting and not waiting.answer.done():
                    waiting.answer.set_result(message)
            case PulseMessage() if self._unanswered:
                self.rtt = round((time.perf_counter() - self._unanswered.pop(0)) * 1000)
            case SnapshotMessage():
                self._resume = Resume(message.epoch, message.seq)
            case FrameMessage() if self._resume:
                self._resume = Resume(self._resume.epoch, message.seq)
            case ByeMessage(retry=Retry() as retry):
                self._retry = retry
        if self._on_message:
            self._on_message(message)

    async def _send(self, socket: ClientConnection, waiting: Waiting) -> None:
        again = waiting.sent_on is not None
        waiting.sent_on = socket
        await self._say(socket, msgspec.structs.replace(waiting.message, sent_at=self._clock(), retry=again))

    async def _say(self, socket: ClientConnection, message: ClientMessage) -> None:
        with contextlib.suppress(ConnectionClosed):
            await socket.send(_encoder.encode(message), text=True)

    async def _beats(self) -> None:
        while True:
            await asyncio.sleep(self.beat_seconds)
            await self.beat()

    def _wait(self, failures: int) -> float:
        """Milliseconds before the next try: what the server asked for, longer the more often it failed. The spread
        is the server's alone: it knows how many come back."""
        base: int = min(self._retry.base << min(failures, 10), MAX_WAIT_MS)
        return base + random.random() * self._retry.spread  # noqa: S311 - jitter
