"""Janus's own interface: one of its sessions, over one WebSocket."""

import asyncio
import secrets
from asyncio import Future
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgspec
from msgspec import Struct

from bridge.door.tasks import Tasks

ANSWER_SECONDS = 15.0  # the longest that an answer takes: it may ask a STUN server first
KEEP_SECONDS = 25.0  # Janus ends a session that is silent for 60
BEAT_SECONDS = 20.0  # between two pings; a line on which one is not answered in half of it is closed
MAX_MESSAGE = 262_144  # bytes: a session description, or a list of a few hundred rooms


class JanusError(Exception):
    """Janus refuses, with a number of its own."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{reason} ({code})")
        self.code = code


class JanusGone(Exception):
    """The line to Janus is closed, or cannot be had, or it answers nothing."""


class Answer(Struct, frozen=True):
    """Of a plugin. `sdp` is empty without one."""

    data: dict[str, Any]
    sdp: str


class Event(Struct, frozen=True):
    """What Janus says by itself of a handle: `webrtcup`, `hangup`, `detached`, and `media`: whether it is `receiving`
    on the line `mid`."""

    janus: str
    sender: int = 0
    mid: str = ""
    receiving: bool = False
    reason: str = ""


class _Refusal(Struct, frozen=True):
    code: int
    reason: str = ""


class _Id(Struct, frozen=True):
    id: int = 0


class _Plugin(Struct, frozen=True):
    data: dict[str, Any] = {}


class _Jsep(Struct, frozen=True):
    sdp: str = ""


class _Message(Struct, frozen=True):
    janus: str
    transaction: str = ""
    error: _Refusal | None = None
    data: _Id = _Id()
    plugindata: _Plugin = _Plugin()
    jsep: _Jsep = _Jsep()


_message = msgspec.json.Decoder(_Message).decode
_event = msgspec.json.Decoder(Event).decode


class Api:
    """Every request raises `JanusError` when it is refused, `JanusGone` when there is no answer. `closed` is set when
    the line is."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, secret: str, on_event: Callable[[Event], None]) -> None:
        self._socket, self._secret, self._on_event = socket, secret, on_event
        self._waiting: dict[str, Future[_Message]] = {}
        self._session: dict[str, int] = {}
        self.closed = asyncio.Event()

    async def begin(self) -> None:
        self._session = {"session_id": (await self._ask("create")).data.id}

    async def attach(self, plugin: str) -> int:
        """A handle on the plugin of this short name."""
        return (await self._ask("attach", plugin=f"janus.plugin.{plugin}")).data.id

    async def detach(self, handle: int) -> None:
        await self._ask("detach", handle_id=handle)

    async def message(self, handle: int, body: dict[str, Any], offer: str = "", answer: str = "") -> Answer:
        """To the plugin behind a handle, with a session description or without."""
        more: dict[str, Any] = {}
        if offer or answer:
            more["jsep"] = {"type": "offer" if offer else "answer", "sdp": offer or answer}
        said = await self._ask("message", handle_id=handle, body=body, **more)
        data = said.plugindata.data
        if "error_code" in data:
            raise JanusError(int(data["error_code"]), str(data.get("error", "")))
        return Answer(data, said.jsep.sdp)

    async def _ask(self, what: str, **more: Any) -> _Message:
        number = secrets.token_hex(8)
        future = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._send(what, number, **more)
                said: _Message = await future
        except TimeoutError as error:
            raise JanusGone(f"no answer to {what}") from error
        finally:
            self._waiting.pop(number, None)
        if said.error is not None:
            raise JanusError(said.error.code, said.error.reason)
        return said

    async def _send(self, what: str, number: str, **more: Any) -> None:
        secret = {"apisecret": self._secret} if self._secret else {}
        message = {"janus": what, "transaction": number, **self._session, **secret, **more}
        try:
            await self._socket.send_str(msgspec.json.encode(message).decode())
        except (aiohttp.ClientError, ConnectionError) as error:
            raise JanusGone(str(error) or "the line is closed") from error

    async def listen(self) -> None:
        """Until the line is closed. What still waits for an answer is told."""
        try:
            await self._listen()
        finally:
            self.closed.set()
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(JanusGone("the line is closed"))

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time() + KEEP_SECONDS
        while True:
            try:
                async with asyncio.timeout_at(due):
                    message = await self._socket.receive()
            except TimeoutError:
                due += KEEP_SECONDS
                await self._send("keepalive", "keep")
                continue
            if message.type is not aiohttp.WSMsgType.TEXT:
                return
            self._take(message.data)

    def _take(self, text: str) -> None:
        said = _message(text)
        if said.janus == "ack":  # the answer itself comes later
            return
        future = self._waiting.get(said.transaction)
        if future is not None and not future.done():
            future.set_result(said)
        elif not said.transaction:
            self._on_event(_event(text))


@asynccontextmanager
async def connected(
    http: aiohttp.ClientSession, url: str, secret: str = "", on_event: Callable[[Event], None] = lambda event: None
) -> AsyncIterator[Api]:
    """Raises `JanusGone` when there is no Janus at `url`, `JanusError` when it does not let us in."""
    try:
        socket = await http.ws_connect(
            url, protocols=("janus-protocol",), heartbeat=BEAT_SECONDS, max_msg_size=MAX_MESSAGE
        )
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise JanusGone(str(error) or type(error).__name__) from error
    async with socket, Tasks() as tasks:
        api = Api(socket, secret, on_event)
        tasks.start("janus", api.listen())
        await api.begin()
        yield api
