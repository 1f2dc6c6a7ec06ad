"""Everybody who takes part in a morning, over the public face: operators, organizers, attendees, phones that scan."""

import asyncio
import contextlib
from random import Random
from urllib.parse import quote

import aiohttp

from bench.ground import House
from bench.phones import Phones
from bench.reporters import Reporters
from server.client.http import Api, ApiError
from server.client.line import Line, new_id
from server.protocol.commands import AskHelp, PostNotice, ResolveHelp, WithdrawNotice

from .people import Door

EVERY = 5.0  # seconds between two reports of one room, on average
HELP, HANG_UP = 0.01, 0.01  # share of pauses in which a room calls for help, or its operator hangs up
AWAY = (0.5, 25.0)  # seconds that he stays away: some longer than the grace period of lines
WORDS = (8.0, 20.0)  # seconds between two notices, each with a new document
SCANS = 0.5  # seconds between two scans, on average
AGAIN = (0.5, 2.0)  # seconds until somebody who found nobody there tries again
PATIENCE = 60.0  # seconds without a word, keep-alives included, after which a phone thinks its line dead
HEAR_SECONDS = 30.0  # for the last notice to reach the last phone: those who were cut off come back first


class Operators(Reporters):
    """Every room of the house. `calls`: how many calls for help were acknowledged."""

    def __init__(self, house: House, url: str, chance: Random) -> None:
        lines = [Line(url, house.conference, device) for device in house.devices]
        super().__init__(lines, house.points, ahead=1, every=EVERY)
        self._chance, self.calls = chance, 0

    async def _pause(self, line: Line, point: int) -> None:
        what = self._chance.random()
        if what < HELP:
            done = await self._do(line, point, AskHelp(point, "no_sound"))
            self.calls += done
            await super()._pause(line, point)
            await self._do(line, point, ResolveHelp(point))
        elif what < HELP + HANG_UP:
            line.cut(self._chance.uniform(*AWAY))
        await super()._pause(line, point)
        await line.connected.wait()  # who is not there does not tap


class Organizer:
    """Tells all attendees something new and adds a document, again and again; only the newest notice stands."""

    def __init__(self, base: str, door: Door, chance: Random) -> None:
        """`door`'s key is an organizer's token."""
        self.line = Line(door.socket, door.conference, door.watcher)
        self._api, self._one, self._chance = Api(base, door.watcher), f"/api/conferences/{door.conference}", chance
        self._notices = 0
        self.documents: set[str] = set()  # titles of those that were acknowledged

    async def work(self) -> None:
        async with self._api:
            while True:
                await asyncio.sleep(self._chance.uniform(*WORDS))
                await self._add_document()
                await self.tell(f"Thông báo {self._notices + 1}")

    async def tell(self, text: str) -> None:
        await self.line.do(PostNotice(text, "attendees"))
        self._notices += 1
        if self._notices > 1:
            await self.line.do(WithdrawNotice(self._notices - 1))

    async def _add_document(self) -> None:
        """Nobody knows whether one that was not acknowledged is there: the next one has another title."""
        title = f"Tài liệu {new_id()}"
        with contextlib.suppress(ApiError, aiohttp.ClientError, TimeoutError):
            path, name = f"{self._one}/documents?title={quote(title)}", {"X-File-Name": "text.txt"}
            async with asyncio.timeout(PATIENCE):
                await self._api.call("POST", path, object, data=title.encode(), **name)
            self.documents.add(title)


class Attendees:
    """Phones that listen, and come back with what they have seen. `told`: the newest word of each."""

    def __init__(self, address: str, count: int, chance: Random) -> None:
        self._address, self._chance = address, chance
        self.told = [b""] * count
        self.listening = 0
        self._news = asyncio.Event()

    async def work(self) -> None:
        patience = aiohttp.ClientTimeout(total=None, sock_read=PATIENCE)
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(timeout=patience, connector=connector) as session:
            await asyncio.gather(*(self._listen(session, n) for n in range(len(self.told))))

    async def _listen(self, session: aiohttp.ClientSession, n: int) -> None:
        seen = ""
        while True:
            with contextlib.suppress(aiohttp.ClientError, OSError, TimeoutError):
                async with session.get(self._address, headers={"Last-Event-ID": seen}) as answer:
                    answer.raise_for_status()
                    self.listening += 1
                    try:
                        seen = await self._hear(answer.content, n, seen)
                    finally:
                        self.listening -= 1
            await asyncio.sleep(self._chance.uniform(*AGAIN))

    async def _hear(self, stream: aiohttp.StreamReader, n: int, seen: str) -> str:
        """Until the line ends; gives what was seen until then."""
        with contextlib.suppress(aiohttp.ClientError, OSError, TimeoutError):
            async for line in stream:
                if line.startswith(b"id: "):
                    seen = line[4:].decode().strip()
                elif line.startswith(b"data: "):
                    self.told[n] = line
                    self._news.set()
        return seen

    async def never_told(self, word: str) -> int:
        """How many have not heard this word when the patience is over."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HEAR_SECONDS):
                while not all(word.encode() in told for told in self.told):
                    self._news.clear()
                    await self._news.wait()
        return sum(word.encode() not in told for told in self.told)


class Scanners:
    """One phone after the other. `answered`: scans that got the whole page."""

    def __init__(self, base: str, path: str, chance: Random) -> None:
        self._phones, self._chance = Phones(base, [path]), chance
        self.answered = 0
        self._ending, self._ended = False, asyncio.Event()

    async def finish(self) -> None:
        """Returns when the last one has scanned."""
        self._ending = True
        await self._ended.wait()

    async def work(self) -> None:
        while not self._ending:
            await asyncio.sleep(self._chance.uniform(0, 2 * SCANS))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    self.answered += await self._phones.one()
        self._ended.set()
