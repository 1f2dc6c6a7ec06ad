"""Phones that scan a picture: each a new connection, one GET without a cookie, and gone."""

import asyncio
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlsplit

from server.tasks import Tasks

from .rooms import now

LONGEST = 30.0  # seconds after the last scan that an answer is waited for
TOGETHER = 64  # connections at once: enough that the server never waits for the load
PHONE = "Mozilla/5.0 (Linux; Android 13; SM-A145F) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36"


@dataclass
class Scanned:
    """`answered`: with status 200 and a whole body. `waits`: seconds of each of those, from when the phone wanted to
    scan, where phones have a time of their own."""

    asked: int = 0
    answered: int = 0
    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)


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


class Phones:
    """Of one load. `addresses`: where they come from; a loopback address has ports for 28,000 at once."""

    def __init__(self, base: str, paths: list[str], addresses: int = 1) -> None:
        where = urlsplit(base)
        self._host, self._port = where.hostname or "", where.port or 80
        head = f"Host: {where.netloc}\r\nUser-Agent: {PHONE}\r\nAccept: text/html\r\nAccept-Language: vi\r\n"
        self._requests = itertools.cycle(
            [f"GET {path} HTTP/1.1\r\n{head}Connection: close\r\n\r\n".encode() for path in paths]
        )
        self._from = itertools.cycle([(f"127.0.0.{n + 2}", 0) for n in range(addresses)])

    async def one(self) -> bool:
        """Whether the answer was whole and 200."""
        loop, request = asyncio.get_running_loop(), next(self._requests)
        try:
            _, phone = await loop.create_connection(
                lambda: Scan(request), self._host, self._port, local_addr=next(self._from)
            )
        except OSError:
            return False
        return await phone.done


async def scan(base: str, paths: list[str], count: int) -> Scanned:
    """`count` scans of these paths in turn, as fast as the server answers."""
    phones, result, began = Phones(base, paths), Scanned(), now()

    async def work() -> None:
        while result.asked < count:
            result.asked += 1
            whole = await phones.one()
            result.answered += whole

    await asyncio.gather(*(work() for _ in range(TOGETHER)))
    result.seconds = now() - began
    return result


def arrivals(count: int, seconds: float, seed: int) -> Iterator[float]:
    """When each of `count` people scans, who do not know of each other: seconds from the beginning, in order."""
    chance = random.Random(seed)
    yield from sorted(chance.uniform(0, seconds) for _ in range(count))


async def arrive(base: str, paths: list[str], count: int, seconds: float, seed: int = 1) -> Scanned:
    """`count` scans within `seconds`, whether the server has answered those before or not."""
    phones, tasks, result, began = Phones(base, paths, addresses=8), Tasks(), Scanned(count), now()

    async def one(due: float) -> None:
        if await phones.one():
            result.answered += 1
            result.waits.append(now() - due)

    for due in arrivals(count, seconds, seed):
        if (wait := began + due - now()) > 0:
            await asyncio.sleep(wait)
        tasks.start("scan", one(began + due))
    await tasks.drain(LONGEST)
    await tasks.stop()
    result.seconds = now() - began
    return result
