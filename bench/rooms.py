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


class Peer(asyncio.Protocol):
    """One WebSocket. `on_text(peer, payload)` gets every text frame."""

    def __init__(self, url: str, hello: dict[str, object], on_text: "Callable[[Peer, bytes], None]") -> None:
        self._url, self._hello, self._on_text = urlsplit(url), hello, on_text
        self._buffer = bytearray()
        self._open = False
        self.transport: asyncio.Transport | None = None
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET {self._url.path} HTTP/1.1\r\nHost: {self._url.netloc}\r\nUpgrade: websocket\r\n"
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
            self.send(_encode({"t": "hello", "v": 1, **self._hello}))
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
            if opcode == 1:
                if not self.ready.done():
                    self.ready.set_result(None)
                self._on_text(self, payload)
        del buffer[:at]

    def send(self, payload: bytes) -> None:
        """A masked text frame; the mask is zero, so the payload is not walked through."""
        assert self.transport is not None
        n = len(payload)
        head = struct.pack("!BB", 0x81, 0x80 | n) if n < 126 else struct.pack("!BBH", 0x81, 0xFE, n)
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


async def connect(url: str, hello: dict[str, object], on_text: Callable[[Peer, bytes], None]) -> Peer:
    """A socket whose hello was answered."""
    where = urlsplit(url)
    loop = asyncio.get_running_loop()
    _, peer = await loop.create_connection(lambda: Peer(url, hello, on_text), where.hostname or "", where.port or 80)
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
