"""A bridge, and a browser whose pages come to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright

from tests.bridge.browser.pages import FAKE_CAMERA, origin, page
from tests.bridge.door.house import House, a_pass, opened
from tests.e2e.conftest import CHROMIUM, FLAGS


class Theatre:
    def __init__(self, browser: Browser, house: House, address: str) -> None:
        self._browser, self.house, self._address = browser, house, address

    async def page(self) -> Page:
        return await page(self._browser, self._address)

    def url(self, how: str, stream: str) -> str:
        return f"http://127.0.0.1:{self.house.door.port}/{how}/c1/{stream}"

    async def publisher(self, stream: str = "main", script: str = "publish", **how: object) -> Page:
        """`script`: of the page, that publishes."""
        made = await self.page()
        token = a_pass(stream, "publish", who=stream)
        await made.evaluate(script, {"url": self.url("whip", stream), "token": token, **how})
        return made

    async def viewer(self, stream: str = "programme", script: str = "watch") -> Page:
        made = await self.page()
        await made.evaluate(script, {"url": self.url("whep", stream), "token": a_pass(stream, "watch")})
        return made


@asynccontextmanager
async def theatre_of(clients: Path | None = None, **settings: Any) -> AsyncIterator[Theatre]:
    """`clients`: modules that its pages may load; `settings` of the bridge."""
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed: as root, `make system` installs it")
    async with async_playwright() as playwright, origin(clients) as address, opened(**settings) as house:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *FAKE_CAMERA])
        yield Theatre(browser, house, address)
        await browser.close()
