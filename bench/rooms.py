"""Many rooms and walls in one process, as light as can be: raw frames over asyncio protocols.

A library's client would cost more than the server that is measured. What is sent and read is the
public protocol, nothing else.
"""

import asyncio
import base64
import os
import struct
import time
from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit

import msgspec

_encode = msgspec.json.Encoder().encode


TEXT, BINARY, PING, PONG = 1, 2, 9, 10


class Peer(asyncio.Protocol):
    """One WebSocket. `on_payload(peer, payload)` gets every message. `ready` when the first one came, or, without a
    `hello`, when it is open."""

    def __init__(self, url: str, hello: bytes, on_payload: "Callable[[Peer, bytes], None]") -> None:
        self._url, self._hello, self._on_payload = urlsplit(url), hello, on_payload
        self._buffer = bytearray()
        self._open = False
        self.transport: asyncio.Transport | None = None
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        path = self._url.path + ("?" + self._url.query if self._url.query else "")
        transport.write(
            f"GET {path} HTTP/1.1\r\nHost: {self._url.netloc}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._open:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            if b" 101 " not in self._buffer[:20]:
                self._fail(ConnectionError(bytes(self._buffer[:80]).decode(errors="replace")))
                return
            del self._buffer[: end + 4]
            self._open = True
            if self._hello:
                self.send(self._hello)
            else:
                self.ready.set_result(None)
        self._frames()

    def _frames(self) -> None:
        buffer, at = self._buffer, 0
        while len(buffer) - at >= 2:
            size, head = buffer[at + 1], 2
            if size == 126:
                if len(buffer) - at < 4:
                    break
                size, head = int.from_bytes(buffer[at + 2 : at + 4], "big"), 4
            elif size == 127:
                if len(buffer) - at < 10:
                    break
                size, head = int.from_bytes(buffer[at + 2 : at + 10], "big"), 10
            if len(buffer) - at < head + size:
                break
            opcode, payload = buffer[at] & 15, bytes(buffer[at + head : at + head + size])
            at += head + size
            if opcode in (TEXT, BINARY):
                if not self.ready.done():
                    self.ready.set_result(None)
                self._on_payload(self, payload)
            elif opcode == PING:
                self.send(payload, PONG)
        del buffer[:at]

    def send(self, payload: bytes, opcode: int = TEXT) -> None:
        """A masked frame; the mask is zero, so the payload is not walked through."""
        assert self.transport is not None
        n, first = len(payload), 0x80 | opcode
        head = struct.pack("!BB", first, 0x80 | n) if n < 126 else struct.pack("!BBH", first, 0xFE, n)
        self.transport.write(head + b"\0\0\0\0" + payload)

    def _fail(self, error: Exception) -> None:
        if not self.ready.done():
            self.ready.set_exception(error)
        if self.transport:
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        if not self.ready.done():
            self.ready.set_exception(exc or ConnectionError("closed"))


class Alike:
    """Receivers that all get the same bytes: a message is of interest once, when the last of them has it."""

    def __init__(self) -> None:
        self._have: dict[bytes, int] = {}

    def complete(self, payload: bytes, receivers: int) -> bool:
        have = self._have.get(payload, 0) + 1
        if have < receivers:
            self._have[payload] = have
            return False
        self._have.pop(payload, None)
        return True


async def connect(url: str, hello: dict[str, object], on_text: Callable[[Peer, bytes], None]) -> Peer:
    """A socket whose hello was answered."""
    return await open_peer(url, _encode({"t": "hello", "v": 1, **hello}), on_text)


async def open_peer(url: str, hello: bytes, on_payload: Callable[[Peer, bytes], None]) -> Peer:
    """A socket of any server; it is `ready`."""
    where = urlsplit(url)
    loop = asyncio.get_running_loop()
    _, peer = await loop.create_connection(lambda: Peer(url, hello, on_payload), where.hostname or "", where.port or 80)
    await peer.ready
    return peer


async def connect_all(
    url: str, hellos: list[dict[str, object]], on_text: Callable[[Peer, bytes], None], together: int = 100
) -> list[Peer]:
    gate = asyncio.Semaphore(together)

    async def one(hello: dict[str, object]) -> Peer:
        async with gate:
            return await connect(url, hello, on_text)

    return list(await asyncio.gather(*(one(h) for h in hellos)))


def now() -> float:
    return time.perf_counter()
