"""Phones that scan a picture: each a new connection, one GET without a cookie, and gone."""

import asyncio
import itertools
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from .rooms import now

TOGETHER = 64  # connections at once: enough that the server never waits for the load
PHONE = "Mozilla/5.0 (Linux; Android 13; SM-A145F) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36"


@dataclass
class Scanned:
    """`answered`: with status 200 and a whole body."""

    asked: int = 0
    answered: int = 0
    seconds: float = 0.0


class Scan(asyncio.Protocol):
    """One request. `done` is true when the answer was whole and 200."""

    def __init__(self, request: bytes) -> None:
        self._request, self._answer = request, bytearray()
        self.done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast(asyncio.Transport, transport).write(self._request)

    def data_received(self, data: bytes) -> None:
        self._answer += data

    def connection_lost(self, exc: Exception | None) -> None:
        head, _, body = bytes(self._answer).partition(b"\r\n\r\n")
        told = head.lower().partition(b"\r\ncontent-length: ")[2].partition(b"\r\n")[0]
        whole = head.startswith(b"HTTP/1.1 200 ") and told == str(len(body)).encode()
        if not self.done.done():
            self.done.set_result(whole)


async def scan(base: str, paths: list[str], count: int) -> Scanned:
    """`count` scans of these paths in turn."""
    where, loop, result, began = urlsplit(base), asyncio.get_running_loop(), Scanned(), now()
    head = f"Host: {where.netloc}\r\nUser-Agent: {PHONE}\r\nAccept: text/html\r\nAccept-Language: vi\r\n"
    requests = itertools.cycle([f"GET {path} HTTP/1.1\r\n{head}Connection: close\r\n\r\n".encode() for path in paths])

    async def one(request: bytes) -> bool:
        try:
            _, phone = await loop.create_connection(lambda: Scan(request), where.hostname or "", where.port or 80)
        except OSError:
            return False
        return await phone.done

    async def work() -> None:
        while result.asked < count:
            result.asked += 1
            whole = await one(next(requests))
            result.answered += whole

    await asyncio.gather(*(work() for _ in range(TOGETHER)))
    result.seconds = now() - began
    return result
