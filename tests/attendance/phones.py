"""A phone that listens: the raw stream as a browser reads it."""

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from typing import Any

from tests.attendance.place import Place


@dataclass
class Heard:
    """An event as a browser dispatches it."""

    name: str
    data: Any
    id: str


@dataclass
class Listener:
    """`head`: the answer's status line and headers. `retry`: the last one told, in ms."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    head: str = ""
    id: str = ""
    retry: int = 0
    comments: int = 0
    _waiting: list[Heard] = field(default_factory=list)

    async def next(self) -> Heard:
        """The next event. EOFError when the stream ends before one."""
        while not self._waiting:
            self._take((await self.reader.readuntil(b"\n\n")).decode())
        return self._waiting.pop(0)

    async def block(self) -> "Listener":
        """Takes one block of the stream, which may be no event. The first tells what is seen and when to come back."""
        self._take((await self.reader.readuntil(b"\n\n")).decode())
        return self

    async def rest(self) -> list[Heard]:
        """Reads to the end of the stream."""
        for block in (await self.reader.read()).decode().split("\n\n"):
            self._take(block)
        heard, self._waiting = self._waiting, []
        return heard

    def leave(self) -> None:
        """As a phone that loses its line."""
        self.writer.transport.abort()

    async def hang_up(self) -> None:
        self.leave()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()

    def _take(self, block: str) -> None:
        fields: dict[str, str] = {}
        for line in block.strip("\n").split("\n"):
            name, _, value = line.partition(":")
            self.comments += line.startswith(":")
            fields[name] = value.removeprefix(" ")
        self.id, self.retry = fields.get("id", self.id), int(fields.get("retry", self.retry))
        if "data" in fields:
            self._waiting.append(Heard(fields.get("event", "message"), json.loads(fields["data"]), self.id))


async def listen(place: Place, code: str, address: str = "10.0.0.1", **headers: str) -> Listener:
    """The answer to `GET /D/{code}/live`; `code` may carry a query. `Last_Event_ID="x"` is a header."""
    path, _, query = code.partition("?")
    reader, writer = await asyncio.open_connection("127.0.0.1", place.server.port)
    lines = [
        f"GET /D/{path}/live{'?' * bool(query)}{query} HTTP/1.1",
        "Host: cau.example",
        f"X-Forwarded-For: {address}",
    ]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    line = Listener(reader, writer, head)
    return await line.block() if head.startswith("HTTP/1.1 200") else line
