"""One server over SQLite, and people before an operator's page in Chromium: one reads Vietnamese, one English."""

import shutil
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright, expect

from bench.browser import FLAGS
from bench.ground import House, furnish
from bench.process import ServerProcess
from server.client.http import Api

from .scene import ROOMS, Doors, Scene

CHROMIUM = "/usr/bin/chromium"
DATABASE = "nhipcau.db"
SEEN_MS = 45_000.0  # for a page to show what it has to
Texts = Mapping[str, str]  # by language
ENTER: Texts = {"vi-VN": "Vào phòng", "en-GB": "Check in"}
READY: Texts = {"vi-VN": "Phòng sẵn sàng", "en-GB": "The room is ready"}
WAITS: Texts = {"vi-VN": "việc đang chờ: máy chủ tạm chưa ghi được", "en-GB": "tap waits: the server cannot record now"}
NO_LINE: Texts = {"vi-VN": "việc chờ gửi khi có mạng", "en-GB": "tap waits for the line"}
RECORDED: Texts = {"vi-VN": "Máy chủ đã ghi lúc", "en-GB": "Recorded by the server at"}


class Alone(Scene):
    """Everybody comes to the one server."""

    def __init__(self, server: ServerProcess, house: House, pages: dict[str, Page]) -> None:
        database = f"sqlite+aiosqlite:///{server.folder / DATABASE}"
        super().__init__(house, Doors(f"127.0.0.1:{server.port}", server.port, [server.port], database))
        self.server, self.pages = server, pages

    async def tap(self, then: Texts, what: Texts = ENTER) -> float:
        """All tap; the seconds until all were told what became of it."""
        began = time.monotonic()
        for language, page in self.pages.items():
            await page.get_by_role("button", name=what[language], exact=True).click()
        await self._see(then)
        return time.monotonic() - began

    async def recorded(self) -> float:
        """The seconds until all were told that it is recorded."""
        began = time.monotonic()
        await self._see(RECORDED)
        return time.monotonic() - began

    async def _see(self, what: Texts) -> None:
        for language, page in self.pages.items():
            await expect(page.get_by_role("status").filter(has_text=what[language])).to_be_visible(timeout=SEEN_MS)


@asynccontextmanager
async def alone(
    disk: Callable[[Path], AbstractContextManager[object]] = nullcontext,
    settings: dict[str, str] | None = None,
    languages: Sequence[str] = tuple(ENTER),
) -> AsyncIterator[Alone]:
    """`disk`: what carries the server's folder. `languages`: of the people before a page, one each."""
    if shutil.which(CHROMIUM) is None:
        raise RuntimeError("Chromium is not installed. As root, `make system` installs it")
    server = ServerProcess(settings=settings)
    with disk(server.folder):
        await server.start()
        try:
            async with _people(server, languages) as at:
                await at.open()
                try:
                    await at.rooms.back(1.0)
                    yield at
                finally:
                    await at.close()
        finally:
            await server.stop()
    server.remove()


@asynccontextmanager
async def _people(server: ServerProcess, languages: Sequence[str]) -> AsyncIterator[Alone]:
    async with Api(server.base) as api, async_playwright() as playwright:
        await server.sign_in(api)
        house = await furnish(api, ROOMS + len(languages))
        links = await api.call("GET", f"/api/conferences/{house.conference}/links", list)
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        pages = {}
        for language, link in zip(languages, links[ROOMS:], strict=True):
            pages[language] = await _page(browser, language, link["url"])
        yield Alone(server, house, pages)
        await browser.close()


async def _page(browser: Browser, language: str, url: str) -> Page:
    context = await browser.new_context(viewport={"width": 390, "height": 844}, locale=language)
    page = await context.new_page()
    await page.goto(url)
    await expect(page.get_by_role("button", name=ENTER[language], exact=True)).to_be_visible(timeout=SEEN_MS)
    return page
