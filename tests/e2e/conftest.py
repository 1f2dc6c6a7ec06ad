"""Chromium, and a server as a process of its own on each kind of database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, async_playwright

from bench.process import ServerProcess
from server.app import WEB_DIST
from tests.bridge.browser.pages import FAKE_CAMERA
from tests.servers.postgres import Postgres
from tests.servers.whole import Whole, whole

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]


@pytest.fixture
def chromium() -> Path:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed: as root, `make system` installs it")
    if not (WEB_DIST / "console" / "index.html").exists():
        pytest.skip("the pages are not built: `make web`")
    return CHROMIUM


@pytest.fixture
async def browser(chromium: Path) -> AsyncIterator[Browser]:
    """With a camera and a microphone, given to whoever asks."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, *FAKE_CAMERA])
        yield browser
        await browser.close()


@pytest.fixture(params=["sqlite", "postgres"])
async def process(request: pytest.FixtureRequest) -> AsyncIterator[ServerProcess]:
    """A fresh server on an empty database of each kind."""
    settings = {}
    if request.param == "postgres":
        cluster: Postgres = request.getfixturevalue("postgres")
        settings["NHIPCAU_DATABASE"] = cluster.database()
    server = ServerProcess(settings=settings)
    await server.start()
    yield server
    await server.stop()
    server.remove()


async def person(browser: Browser, width: int = 1440, height: int = 900) -> BrowserContext:
    """A browser of somebody's own."""
    return await browser.new_context(
        viewport={"width": width, "height": height}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
    )


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Whole]:
    async with whole(tmp_path) as house:
        yield house
