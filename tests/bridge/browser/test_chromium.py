"""The real peer: Chromium publishes by WHIP and plays by WHEP, and counts its frames itself."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, async_playwright

from tests.bridge.browser.pages import FAKE_CAMERA, holds, inbound, origin, page, plays
from tests.bridge.door.house import House, a_pass, opened
from tests.e2e.conftest import CHROMIUM, FLAGS

FIRST_PICTURE_MS = 3_000  # on a machine that does other things as well; what it is by itself is measured elsewhere

WIDTH = "async w => (await figures()).video[0].frameWidth === w"


class Theatre:
    """A bridge, and pages that come to it."""

    def __init__(self, browser: Browser, house: House, address: str) -> None:
        self._browser, self.house, self._address = browser, house, address

    async def publisher(self, stream: str = "main", **how: object) -> Page:
        made = await page(self._browser, self._address)
        url = f"http://127.0.0.1:{self.house.door.port}/whip/c1/{stream}"
        await made.evaluate("publish", {"url": url, "token": a_pass(stream, "publish", who=stream), **how})
        return made

    async def viewer(self, stream: str = "programme") -> Page:
        made = await page(self._browser, self._address)
        url = f"http://127.0.0.1:{self.house.door.port}/whep/c1/{stream}"
        await made.evaluate("watch", {"url": url, "token": a_pass(stream, "watch")})
        return made


@pytest.fixture
async def theatre() -> AsyncIterator[Theatre]:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed: as root, `make system` installs it")
    async with async_playwright() as playwright, origin() as address, opened() as house:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *FAKE_CAMERA])
        yield Theatre(browser, house, address)
        await browser.close()


@pytest.mark.parametrize("codec", ["video/VP8", "video/H264"])
async def test_chromium_publishes_and_chromium_plays(theatre: Theatre, codec: str) -> None:
    await theatre.publisher(codec=codec)
    first = await theatre.viewer()
    await plays(first, 30)
    late = await theatre.viewer()
    assert await late.evaluate("first") < FIRST_PICTURE_MS
    await plays(late, 30)
    seen = await inbound(late)
    assert seen["packetsLost"] == 0
    assert seen["frameWidth"] == 640
    assert (await first.evaluate("figures()"))["audio"][0]["packetsReceived"] > 0


async def test_three_qualities_and_a_viewer_that_is_given_another_by_hand(theatre: Theatre) -> None:
    await theatre.publisher(layers=True, codec="video/VP8")
    at = await theatre.viewer()
    await plays(at, 5)
    reception = theatre.house.door.reception
    await holds(at, WIDTH, "the best", 960)
    for quality, width in ((2, 240), (1, 480), (0, 960)):
        (watching,) = (one for one in reception.sessions.values() if not one.publishes)
        reception.choose(watching, quality)
        await holds(at, WIDTH, f"quality {quality}", width)
    assert (await inbound(at))["packetsLost"] == 0


async def test_the_programme_goes_to_a_room_and_back_without_a_break_for_anybody(theatre: Theatre) -> None:
    await theatre.publisher("main", codec="video/VP8")
    await theatre.publisher("point/7", codec="video/H264")
    at = await theatre.viewer()
    await plays(at, 30)
    for stream in ("point/7", None, "point/7"):
        theatre.house.door.reception.stage.put_on_air("c1", stream)
        before = (await inbound(at))["framesDecoded"]
        await plays(at, before + 60)
    seen = await inbound(at)
    assert seen["packetsLost"] == 0
    assert seen["pliCount"] <= 3
