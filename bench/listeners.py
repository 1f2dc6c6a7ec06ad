"""A load process: phones that listen. `python -m bench.listeners PORT ADDRESS COUNT CODE...`

It connects `COUNT` phones from `ADDRESS` (a loopback address of its own has ports of its own), prints how many listen,
and then answers each line it is given, a word, with when the phones got an event that holds it. Times are the
machine's monotonic clock, which all its processes share.
"""

import asyncio
import itertools
import select
import socket
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Iterator

import msgspec
from msgspec import Struct

from server import open_files

TOGETHER = 64  # phones that have not been told anything yet
PATIENCE = 15.0  # seconds without anything heard, after which what is missing stays missing
READ = 65_536
BLOCK, GRANTED = b"\n\n", b"HTTP/1.1 200 "
Take = Callable[[int, bytes], object]  # what is done with the whole blocks of a line
LINE_LIMIT = 2**24  # bytes of one answer: a time for each of 20,000 phones
PHONE = "Mozilla/5.0 (Linux; Android 13; SM-A145F) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36"


class Connected(Struct):
    """How many listen, and how many were refused or cut."""

    listening: int
    failed: int
    seconds: float


class Heard(Struct):
    """When each phone got the word."""

    times: list[float]


class Listeners:
    """One thread over the kernel's own list of what is readable: the load must cost less than what it measures."""

    def __init__(self, port: int, address: str, codes: list[str]) -> None:
        self._server, self._address = ("127.0.0.1", port), address
        self._codes = itertools.cycle(codes)
        self._poll = select.epoll()
        self._lines: dict[int, socket.socket] = {}
        self._tails: dict[int, bytes] = {}  # of those whose last block is not whole
        self._silent: set[int] = set()  # those that were not told anything yet
        self.failed = 0

    def connect(self, count: int) -> Connected:
        began, asked = time.monotonic(), 0
        while asked < count or self._silent:
            while asked < count and len(self._silent) < TOGETHER:
                asked += 1
                self._ask()
            if not self._read(lambda line, blocks: self._silent.discard(line) if blocks else None):
                break
        self.failed += len(self._silent)
        return Connected(len(self._lines) - len(self._silent), self.failed, time.monotonic() - began)

    def hear(self, word: bytes) -> Heard:
        """Returns when all have it, or nothing came for a while."""
        heard: dict[int, float] = {}

        def take(line: int, blocks: bytes) -> None:
            if word in blocks:
                heard.setdefault(line, time.monotonic())

        while len(heard) < len(self._lines) and self._read(take):
            pass
        return Heard(list(heard.values()))

    def close(self) -> None:
        for line in self._lines.values():
            line.close()
        self._poll.close()

    def _ask(self) -> None:
        line = socket.socket()
        line.setsockopt(socket.IPPROTO_IP, socket.IP_BIND_ADDRESS_NO_PORT, 1)
        line.bind((self._address, 0))
        line.connect(self._server)
        head = f"Host: {self._server[0]}:{self._server[1]}\r\nUser-Agent: {PHONE}\r\nAccept: text/event-stream\r\n"
        line.send(f"GET /D/{next(self._codes)}/live HTTP/1.1\r\n{head}Accept-Language: vi\r\n\r\n".encode())
        line.setblocking(False)
        self._lines[line.fileno()] = line
        self._silent.add(line.fileno())
        self._poll.register(line, select.EPOLLIN)

    def _read(self, take: Take) -> bool:
        """Hands on what came whole. False when nothing came for a long time."""
        ready = self._poll.poll(PATIENCE, 1_024)
        for number, _ in ready:
            try:
                data = self._lines[number].recv(READ)
            except BlockingIOError:
                continue
            except ConnectionError:
                data = b""
            known = self._tails.pop(number, b"") + data
            if not data or (number in self._silent and not known.startswith(GRANTED[: len(known)])):
                self._drop(number)
                continue
            whole, end, rest = known.rpartition(BLOCK)
            if rest:
                self._tails[number] = rest
            if end:
                take(number, whole + end)
        return bool(ready)

    def _drop(self, number: int) -> None:
        self.failed += 1
        self._silent.discard(number)
        self._poll.unregister(number)
        self._lines.pop(number).close()


# --- the other side


class Crowd:
    """A load process as the bench sees it."""

    def __init__(self, process: Process) -> None:
        self._process = process

    @staticmethod
    async def start(core: int, port: int, address: str, count: int, codes: list[str]) -> "Crowd":
        process = await asyncio.create_subprocess_exec(
            *("taskset", "-c", str(core), sys.executable, "-m", "bench.listeners", str(port), address, str(count)),
            *codes,
            stdin=PIPE, stdout=PIPE, limit=LINE_LIMIT,
        )  # fmt: skip
        return Crowd(process)

    async def connected(self) -> Connected:
        return msgspec.json.decode(await self._line(), type=Connected)

    async def expect(self, word: str) -> None:
        """Returns when it has understood."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n".encode())
        await self._line()

    async def heard(self) -> Heard:
        return msgspec.json.decode(await self._line(), type=Heard)

    async def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()

    async def _line(self) -> bytes:
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line:
            raise ConnectionError("a load process ended")
        return line


def main(port: int, address: str, count: int, codes: list[str]) -> None:
    open_files.raise_limit()
    listeners = Listeners(port, address, codes)
    _say(listeners.connect(count))
    for word in _words():
        _say(word)
        _say(listeners.hear(word.encode()))


def _words() -> Iterator[str]:
    while line := sys.stdin.readline():
        yield line.strip()


def _say(what: object) -> None:
    print(msgspec.json.encode(what).decode(), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4:])
