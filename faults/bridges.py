"""A bridge that dies under an operator's page: how long the programme's picture stands still, untouched."""

import asyncio
import os
import random
import secrets
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from playwright.async_api import Page, Response

from bench.result import Limit, Result, percentile
from server.client.http import Api
from server.demo.bridge import bridge_settings, publisher_settings
from server.demo.cluster.part import START_SECONDS, Part
from server.protocol.bridges import MAIN, BridgeView, MediaPass, MediaState

from .alone import RECORDED, SEEN_MS, Alone, alone
from .scene import LOOK_SECONDS, result

KILLS, KILLS_SHORT = 6, 2
NAMES = "a", "b"
LONGEST = 1.5  # seconds until the next kill, at most
STOOD_SECONDS = 5.0
PLAYED = 25  # pictures: a second of the programme
HOST = "127.0.0.1"
# `picture`: the last one shown, when and in which session; `shown`: how many there were. The page itself is as it is.
WATCH = """() => {
  const video = document.querySelector('.frame video');
  window.shown = 0;
  const next = () => video.requestVideoFrameCallback(() => {
    window.picture = { at: Date.now(), session: video.srcObject?.id };
    window.shown += 1;
    next();
  });
  next();
}"""
NEW = "(before) => window.picture.session !== before && window.picture.at"


class Bridge(Part):
    """As operators start it."""

    def __init__(self, name: str, folder: Path, service: str, key: str) -> None:
        super().__init__(name, folder)
        self._settings = bridge_settings(name, key, service, HOST, self.port)

    def command(self) -> list[str]:
        return [sys.executable, "-m", "server.cli", "bridge"]

    def environment(self) -> Mapping[str, str]:
        return {**os.environ, **self._settings}


class Programme(Part):
    """The test programme, sent to one address for as long as it lives."""

    def __init__(self, folder: Path, given: MediaPass) -> None:
        super().__init__("testcard", folder)
        self._given = given

    def command(self) -> list[str]:
        return [sys.executable, "-m", "server.cli", "testcard", "--to", self._given.url]

    def environment(self) -> Mapping[str, str]:
        return {**os.environ, **publisher_settings(self._given.token)}

    def ready(self) -> bool:
        return self.running


class Cinema:
    """The room's page before the programme, the bridges that may carry it, and what organizers are told of them."""

    def __init__(self, at: Alone, api: Api, key: str) -> None:
        (self.page,) = at.pages.values()
        self.at, self._api = at, api
        self._one = f"/api/conferences/{at.house.conference}/media"
        self.bridges = {name: Bridge(name, at.server.folder, at.server.base, key) for name in NAMES}
        self._parts: list[Part] = list(self.bridges.values())
        self._address = ""
        self.page.on("response", self._heard)

    def _heard(self, answer: Response) -> None:
        if answer.request.method == "POST" and answer.status == 201 and "/whep/" in answer.url:
            self._address = answer.url

    @property
    def watched(self) -> str:
        """The bridge that let the page in last."""
        return next(name for name, one in self.bridges.items() if f":{one.port}/" in self._address)

    async def open(self) -> None:
        """Returns when the page plays."""
        await asyncio.gather(*(asyncio.to_thread(part.start) for part in self._parts))
        await _until(self._all_alive)
        wanted = {"stream": MAIN, "act": "publish"}
        given = await self._api.call("POST", f"{self._one}/passes", MediaPass, wanted)
        self._parts.append(programme := Programme(self.at.server.folder, given))
        await asyncio.to_thread(programme.start)
        await _until(self._published)
        await self.at.tap(RECORDED)
        await self.page.wait_for_function("() => document.querySelector('.frame video')?.srcObject", timeout=SEEN_MS)
        await self.page.evaluate(WATCH)
        await plays(self.page)

    async def leave(self) -> None:
        """Nobody watches any more: what walls show of players is in no journal."""
        await self.page.get_by_role("button", name="Dừng xem").click()

    async def close(self) -> None:
        for part in reversed(self._parts):
            await asyncio.to_thread(part.stop)

    async def kill(self) -> tuple[float, bool]:
        """The bridge that is watched, with all its processes. Seconds until the page shows a picture of a new session,
        and whether it is another bridge's. Then the dead one is started again, and all is as it was."""
        await self.at.rooms.back()
        await asyncio.sleep(random.uniform(0, LONGEST))
        watched, session = self.watched, await self.page.evaluate("window.picture.session")
        died = time.time()
        await asyncio.to_thread(self.bridges[watched].kill)
        shown = await self.page.wait_for_function(NEW, arg=session, timeout=SEEN_MS)
        stood, moved = await shown.json_value() / 1e3 - died, self.watched != watched
        await asyncio.to_thread(self.bridges[watched].start)
        await _until(self._all_alive)
        await _until(self._published)
        await plays(self.page)
        return stood, moved

    async def _all_alive(self) -> bool:
        listed = await self._api.call("GET", "/api/bridges", list[BridgeView])
        return {one.name for one in listed if one.alive} == set(NAMES)

    async def _published(self) -> bool:
        state = await self._api.call("GET", self._one, MediaState)
        return state.showing == MAIN


async def bridge(short: bool) -> Result:
    """One server, two bridges, and one page on the programme. The one it watches is killed at any moment."""
    key, kills = secrets.token_urlsafe(32), KILLS_SHORT if short else KILLS
    async with alone(settings={"NHIPCAU_MEDIA__KEY": key}, languages=("vi-VN",)) as at, Api(at.server.base) as api:
        await at.server.sign_in(api)
        cinema = Cinema(at, api, key)
        try:
            await cinema.open()
            deaths = [await cinema.kill() for _ in range(kills)]
            await cinema.leave()
            figures = await at.draw()
        finally:
            await cinema.close()
    stood = [seconds for seconds, _ in deaths]
    figures |= {
        "picture_stood_p50_s": percentile(stood, 0.5),
        "picture_stood_longest_s": max(stood),
        "moved": sum(moved for _, moved in deaths),
    }
    limits = {
        "picture_stood_longest_s": Limit(most=STOOD_SECONDS),
        "moved": Limit(least=kills),
        "answer_longest_s": Limit(most=2),
        "lines_lost": Limit(most=0),
    }
    return result("bridge", {"bridges": len(NAMES), "kills": kills}, figures, limits)


async def plays(page: Page) -> None:
    """So many more pictures are shown."""
    until = await page.evaluate("window.shown") + PLAYED
    await page.wait_for_function("(until) => window.shown >= until", arg=until, timeout=SEEN_MS)


async def _until(look: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(START_SECONDS):
        while True:
            if await look():
                return
            await asyncio.sleep(LOOK_SECONDS)
