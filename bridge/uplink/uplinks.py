"""Which programmes are taken from other bridges: those of conferences that somebody watches here and that are published
elsewhere."""

import asyncio
import random
import time
from asyncio import Task
from itertools import count

import aiohttp
import structlog

from bridge.config import Config
from bridge.door.directions import Directions
from bridge.door.problems import Problem
from bridge.door.reception import Reception
from bridge.door.sessions import Session
from bridge.door.tasks import Tasks
from server.protocol.bridges import PROGRAMME
from server.protocol.passes import Pass, write_pass

from .whep import NoAnswer, Whep

log = structlog.get_logger()

PASS_SECONDS = 60
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 3.0  # between two tries, doubled each time and then by chance from half to whole
LINGER_SECONDS = 10.0  # without anybody who watches: a room that loads its page again finds the picture there


class Uplink:
    """The programme of one conference. `where`: the addresses of bridges that have it, best first; another one when
    the one that is taken from is no more among them, or does not answer."""

    def __init__(self, conference: str, key: bytes, reception: Reception, http: aiohttp.ClientSession) -> None:
        self._conference, self._key, self._reception, self._http = conference, key, reception, http
        self._where: tuple[str, ...] = ()
        self._at = ""
        self._session: Session | None = None
        self.unwatched_since: float | None = None

    def go_to(self, where: tuple[str, ...], tasks: Tasks) -> None:
        self._where = where
        if self._session is not None and self._at not in where:
            tasks.start(f"leave {self._at}", self._reception.close(self._session, "moved"))

    def comes(self) -> bool:
        return self._session is not None and self._session.alive

    async def keep(self) -> None:
        """Takes it, again and again, until cancelled."""
        pause = 0.0
        for tries in count():
            self._at = self._where[tries % len(self._where)]
            pause = FIRST_PAUSE if await self._once() else min(LONGEST_PAUSE, 2 * pause or FIRST_PAUSE)
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - a pause, no secret

    async def _once(self) -> bool:
        """Until it ends. Whether it came to a session at all."""
        token = write_pass(
            Pass(self._conference, PROGRAMME, "watch", "bridge", int(time.time()) + PASS_SECONDS), self._key
        )
        whep = Whep(self._http, f"{self._at}/whep/{self._conference}/{PROGRAMME}", token)
        try:
            self._session = await self._reception.call(self._conference, self._at, whep.ask)
            await self._session.ended.wait()
            return self._session.opened
        except (NoAnswer, Problem) as error:
            log.warning("no_programme", conference=self._conference, at=self._at, why=str(error))
            return False
        finally:
            if self._session is not None:
                session, self._session = self._session, None
                await self._reception.close(session, "not_needed")
            await whep.end()


class Uplinks:
    """`tasks` are to be ended before the reception closes."""

    def __init__(
        self, config: Config, reception: Reception, directions: Directions, tasks: Tasks, http: aiohttp.ClientSession
    ) -> None:
        self._fixed, self._key = config.upstream.url.rstrip("/"), config.key.encode()
        self._reception, self._directions, self._tasks, self._http = reception, directions, tasks, http
        self._running: dict[str, tuple[Uplink, Task[None]]] = {}
        reception.stage.listeners.append(self.look)

    def count(self) -> tuple[int, int]:
        """How many are to be taken, and how many of them come."""
        return len(self._running), sum(uplink.comes() for uplink, _ in self._running.values())

    def look(self) -> None:
        """To be called when anything changed, and every second."""
        now = asyncio.get_running_loop().time()
        watched = self._reception.stage.watched()
        for conference in watched:
            self._want(conference)
        for conference, (uplink, task) in tuple(self._running.items()):
            if conference in watched:
                uplink.unwatched_since = None
            elif uplink.unwatched_since is None:
                uplink.unwatched_since = now
            gone = uplink.unwatched_since is not None and now - uplink.unwatched_since > LINGER_SECONDS
            if gone or not self._where(conference):
                del self._running[conference]
                task.cancel()

    def _want(self, conference: str) -> None:
        where = self._where(conference)
        if not where:
            return
        if conference in self._running:
            self._running[conference][0].go_to(where, self._tasks)
            return
        uplink = Uplink(conference, self._key, self._reception, self._http)
        uplink.go_to(where, self._tasks)
        self._running[conference] = (uplink, self._tasks.start(f"programme of {conference}", uplink.keep()))

    def _where(self, conference: str) -> tuple[str, ...]:
        """The bridge that was configured, then the one where the conference is published; nowhere when that is here."""
        home = self._directions.elsewhere(conference)
        if home is None and conference in self._directions.orders.homes:
            return ()
        return tuple(dict.fromkeys(url for url in (self._fixed, home) if url))
