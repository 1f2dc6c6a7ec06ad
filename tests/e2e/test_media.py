"""Organizers with a real server and a real bridge: the hall is published from the console, a room is put on air."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect
from yarl import URL

from bridge.door.tasks import Tasks
from bridge.testcard.publisher import publish
from server.client.http import Api
from server.config import MediaConfig
from server.protocol.bridges import MediaPass
from tests.bridge.door.house import KEY, SDP, WATCHING, House
from tests.bridge.test_service import bridge
from tests.e2e.axe import accessible
from tests.e2e.conftest import person
from tests.e2e.test_faces import sign_in
from tests.e2e.test_room_media import room as phone_of
from tests.media.jpegs import jpeg
from tests.servers.whole import Socket, Whole, whole

SLOW = 20_000  # ms for what takes two, on a machine that does other things as well
OVERFLOW = "[document.documentElement.scrollWidth > innerWidth, document.documentElement.scrollHeight > innerHeight]"
FOLLOWS = "widths => widths.includes(document.querySelector('.frame video')?.videoWidth)"
FRAMES = "video => video.getVideoPlaybackQuality().totalVideoFrames"


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Whole]:
    async with whole(tmp_path, media=MediaConfig(KEY)) as house:
        yield house


@pytest.fixture
async def carrier(service: Whole) -> AsyncIterator[House]:
    async with bridge(service, "cau-hoi-truong") as carrier:
        yield carrier


@pytest.fixture
def house(service: Whole, carrier: House) -> Whole:
    """With a bridge."""
    return service


async def desk(house: Whole, browser: Browser, path: str, width: int = 1920, height: int = 1080) -> Page:
    page = await (await person(browser, width, height)).new_page()
    await page.goto(f"{house.base}/login")
    await sign_in(page)
    await page.goto(house.base + path)
    return page


async def plays(video: Locator, frames: int = 20) -> None:
    """So many more pictures are shown."""
    before = await video.evaluate(FRAMES)
    js = f"([video, n]) => ({FRAMES})(video) >= n"
    await video.page.wait_for_function(js, arg=[await video.element_handle(), before + frames], timeout=SLOW)


async def test_the_hall_is_published_and_plays_in_the_same_page(house: Whole, browser: Browser) -> None:
    """Given a camera, when the hall is published from the console, then the programme shows it, in three qualities; a
    second one is told that the source is taken; new keys are on the record; a page that is loaded again goes on by
    itself; a room has the quality that it chose by hand, also after a reload; the end is asked about, and leaves the
    slate."""
    console = await desk(house, browser, f"/console/c/{house.conference}/media")
    await expect(console.get_by_text("Chưa ai phát. Chương trình là màn chờ.")).to_be_visible(timeout=SLOW)
    await console.get_by_role("button", name="Bật camera và micrô").click()
    await expect(console.get_by_label("Hình", exact=True)).to_be_visible()
    # The camera of the test beeps every second.
    await console.wait_for_function("() => document.querySelector('meter').value > 0.2", timeout=SLOW)
    await accessible(console)
    await console.get_by_role("button", name="Bắt đầu phát").click()
    await expect(console.get_by_text("Đang phát · Luồng chính")).to_be_visible(timeout=SLOW)
    await console.get_by_role("button", name="Xem chương trình").click()
    await plays(console.locator("video[aria-label='Chương trình']"))
    incoming = console.get_by_role("listitem").filter(has_text="Luồng chính")
    await expect(incoming).to_contain_text(re.compile("3 mức nét.*[1-9].* [kM]bit/s"), timeout=SLOW)
    sent = console.get_by_label("Đang gửi").get_by_role("listitem")
    await expect(sent.last).to_contain_text(re.compile("Nét thấp.*320 × 180.*[1-9].* kbit/s"), timeout=SLOW)
    await accessible(console)
    phone = await phone_of(browser, house)
    # A browser that is short of time gives up its best quality for a while: then the next one is the best there is.
    for choice, widths in (("Nét thấp", [320]), ("Tự động", [1280, 640]), ("Nét vừa", [640])):
        await phone.get_by_label("Độ nét").select_option(choice)
        await phone.wait_for_function(FOLLOWS, arg=widths, timeout=SLOW)
    await phone.reload()
    await phone.wait_for_function(FOLLOWS, arg=[640], timeout=SLOW)
    await accessible(phone)
    await phone.context.close()

    other = await desk(house, browser, f"/console/c/{house.conference}/media", 390, 844)
    await other.get_by_role("button", name="Bật camera và micrô").click()
    await other.get_by_role("button", name="Bắt đầu phát").click()
    await expect(other.get_by_text("Luồng này đang có máy khác phát")).to_be_visible(timeout=SLOW)
    assert not (await other.evaluate(OVERFLOW))[0]
    await other.context.close()

    await console.get_by_role("button", name="Lấy địa chỉ và khoá", exact=True).click()
    address, first = console.locator("dd code").first, console.locator("dd code").last
    await expect(address).to_have_text(re.compile(rf"/whip/{house.conference}/main$"))
    before = await first.inner_text()
    await console.get_by_role("button", name="Đổi khoá").click()
    await console.get_by_role("dialog").get_by_role("button", name="Đổi khoá").click()
    await expect(first).not_to_have_text(before)
    assert len(await house.journal("media_keys_renewed")) == 1
    # What is published by this page has its next key by itself.
    await plays(console.locator("video[aria-label='Chương trình']"), 40)

    console.on("dialog", lambda leaving: leaving.accept())
    await console.reload()
    await expect(console.get_by_text("Đang phát · Luồng chính")).to_be_visible(timeout=SLOW)

    await console.get_by_role("button", name="Dừng phát").click()
    await console.get_by_role("dialog").get_by_role("button", name="Dừng phát").click()
    await expect(console.get_by_text("Chưa ai phát. Chương trình là màn chờ.")).to_be_visible(timeout=SLOW)
    await console.context.close()


async def test_a_mixer_takes_the_programme_or_a_room_that_was_asked(
    house: Whole, carrier: House, browser: Browser
) -> None:
    """With the address and the key that the page gives, whatever the mixer is."""
    await house.command("check_in", point=1)
    await house.command("ask_air", point=1)
    console = await desk(house, browser, f"/console/c/{house.conference}/media")
    part = console.get_by_role("region", name="Bàn trộn hình của hội trường")
    await expect(part.get_by_role("option")).to_have_count(2)
    for wanted, stream in (("Chương trình", "programme"), (re.compile("Tản Lĩnh"), "point/1")):
        options = await part.get_by_role("option").all_inner_texts()
        label = next(one for one in options if re.search(wanted, one))
        await part.get_by_label("Lấy hình của").select_option(label)
        await part.get_by_role("button", name="Lấy địa chỉ và khoá xem").click()
        await expect(part.locator("dd code")).to_have_count(2)
        address, key = [await code.inner_text() for code in await part.locator("dd code").all()]
        assert address == f"http://127.0.0.1:{carrier.door.port}/whep/{house.conference}/{stream}"
        assert (await carrier.ask("POST", URL(address).path, key, WATCHING, SDP)).status == 201
    await accessible(console)
    await console.context.close()


async def test_bridges_are_seen_emptied_and_used_again(house: Whole, browser: Browser) -> None:
    console = await desk(house, browser, f"/console/c/{house.conference}/media", 1440, 900)
    row = console.get_by_role("row").filter(has_text="cau-hoi-truong")
    await expect(row).to_contain_text("Hoạt động")
    await row.get_by_role("button", name="Chuyển hết máy đi").click()
    await console.get_by_role("dialog").get_by_role("button", name="Chuyển hết máy đi").click()
    await expect(row).to_contain_text("Đã trống")
    await accessible(console)
    await row.get_by_role("button", name="Dùng lại").click()
    await expect(row).to_contain_text("Hoạt động")
    await console.context.close()


@asynccontextmanager
async def speaker(house: Whole, point: int, tasks: Tasks) -> AsyncIterator["Speaker"]:
    token = await house.device(point)
    async with house.operator(token) as line, Api(house.base, token=token) as api:
        yield Speaker(line, api, point, tasks)


class Speaker:
    """A room that does as its people say."""

    def __init__(self, line: Socket, api: Api, point: int, tasks: Tasks) -> None:
        self._line, self._api, self._point, self._tasks = line, api, point, tasks

    async def shows_itself(self) -> None:
        await self._line.say(t="status", rtt=40, media={"playing": True, "level": 60, "decoded": 50, "pictures": True})
        await self._line.say(t="beat", rtt=40)
        await self._line.next("pulse")
        await self._api.call("PUT", "/api/point/thumbnail", object, data=jpeg())

    async def becomes(self, air: str) -> None:
        while (await self._line.next("point"))["point"].get("air", "none") != air:
            pass

    async def agrees(self) -> None:
        await self.becomes("asked")
        await self._line.done("answer_air", point=self._point)

    async def agrees_and_publishes(self) -> None:
        await self.agrees()
        wanted = {"stream": f"point/{self._point}", "act": "publish"}
        given = await self._api.call("POST", "/api/point/media", MediaPass, wanted)
        self._sends = self._tasks.start("room", publish(given.url, given.token))

    def falls_silent(self) -> None:
        self._sends.cancel()


async def test_a_room_is_asked_looked_at_put_on_air_and_taken_back(house: Whole, browser: Browser) -> None:
    """Given a room that agrees, then an organizer sees it first, all see it next, and the record tells the whole."""
    await house.command("check_in", point=3)
    async with Tasks() as tasks, speaker(house, 3, tasks) as room:
        await room.shows_itself()
        wall = await desk(house, browser, f"/wall/{house.conference}")
        await wall.get_by_role("button", name="Thẻ", exact=True).click()
        await expect(wall.get_by_alt_text("Ảnh nhỏ: Xã Minh Quang")).to_be_visible()
        await wall.get_by_role("button", name=re.compile("^Xã Minh Quang")).click()
        drawer = wall.get_by_label("Chi tiết điểm cầu")
        await drawer.get_by_role("button", name="Mời phát biểu").click()
        await expect(drawer.get_by_text("Đã mời", exact=True)).to_be_visible()
        await room.agrees_and_publishes()
        await plays(drawer.locator("video"))
        await accessible(wall)

        await drawer.get_by_role("button", name="Đưa lên hình").click()
        await expect(drawer.get_by_text("mọi điểm cầu đang xem")).to_be_visible()
        await expect(wall.get_by_role("button", name="Đang lên hình: Minh Quang")).to_be_visible()
        await accessible(wall)
        kiosk = await (await person(browser)).new_page()
        await kiosk.goto(f"{house.base}/k/{await house.kiosk()}")
        await expect(kiosk.locator(".t.air")).to_have_attribute("aria-label", re.compile("Minh Quang.*Đang lên hình"))
        await expect(kiosk.get_by_role("button", name="Thẻ", exact=True)).to_have_count(0)
        await expect(kiosk.locator("video")).to_have_count(0)
        screen = {"name": "Máy chiếu hội trường", "programme": True}
        made = await house.admin.call("POST", f"{house.one}/kiosks", dict, screen)
        shows = await (await person(browser, 1920, 1080)).new_page()
        for mode, line in (("table", "Xã Minh Quang"), ("groups", "Huyện Ba Vì")):
            await shows.goto(f"{made['url']}?mode={mode}")
            await expect(shows.get_by_role("row", name=line).get_by_title("Đang lên hình")).to_be_visible()
        await plays(shows.locator("video"))
        assert await shows.locator("video").evaluate("video => video.muted")
        await expect(shows.get_by_role("button", name="Bật tiếng")).to_have_count(0)
        await accessible(shows)
        await shows.context.close()

        # On the record it is on air: what all see instead is told to whoever can change it.
        room.falls_silent()
        gone = "mất hình, chương trình đang là màn chờ"
        await expect(wall.get_by_role("button", name=f"Đang lên hình: Minh Quang · {gone}")).to_be_visible(timeout=SLOW)
        await expect(drawer.get_by_text(gone)).to_be_visible()
        await accessible(wall)

        # What cannot be had back is asked about, and nothing happens before the answer.
        await drawer.get_by_role("button", name="Cắt và kết thúc").click()
        await drawer.get_by_role("button", name="Thôi").click()
        await drawer.get_by_role("button", name="Trả hình về hội trường").click()
        await expect(drawer.get_by_text("chỉ ban tổ chức xem được")).to_be_visible()
        await expect(kiosk.locator(".t.air")).to_have_count(0)
        await drawer.get_by_role("button", name="Kết thúc", exact=True).click()
        await expect(drawer.get_by_role("button", name="Mời phát biểu")).to_be_visible()
        bodies = [event["body"] for event in await house.journal()]
        told = [(body["type"], body.get("point")) for body in bodies if "air" in body["type"]]
        steps = [("air_asked", 3), ("air_answered", 3), ("on_air_set", 3), ("on_air_set", None), ("air_ended", 3)]
        assert told == steps


async def test_an_organizer_speaks_to_one_room_for_as_long_as_a_key_is_held(house: Whole, browser: Browser) -> None:
    """Once it agreed, and while a page of it is open: before and after nobody hears, and that is what is said."""
    await house.command("check_in", point=1)
    await house.command("ask_air", point=1)
    wall = await desk(house, browser, f"/wall/{house.conference}?point=1")
    talk = wall.get_by_role("button", name="Giữ để nói")
    await expect(talk).to_be_disabled()
    await expect(wall.get_by_text("Phòng nghe được khi đã đồng ý phát biểu.")).to_be_visible()
    async with Tasks() as tasks, speaker(house, 1, tasks) as room:
        await room.agrees()
        await expect(wall.get_by_text("Chỉ phòng này nghe thấy.")).to_be_visible()
        await talk.focus()
        await wall.keyboard.down("Space")
        await expect(wall.get_by_text("Phòng đang nghe bạn.")).to_be_visible(timeout=SLOW)
        await wall.keyboard.up("Space")
        await expect(wall.get_by_text("Chỉ phòng này nghe thấy.")).to_be_visible()
    await expect(wall.get_by_text("Phòng không mở trang nào: chưa nghe được bạn.")).to_be_visible(timeout=SLOW)
    await wall.context.close()


async def test_without_media_nothing_of_them_is_shown(tmp_path: Path, browser: Browser) -> None:
    async with whole(tmp_path) as bare:
        wall = await desk(bare, browser, f"/wall/{bare.conference}?mode=cards&point=1")
        await expect(wall.get_by_label("Chi tiết điểm cầu")).to_contain_text("Tản Lĩnh")
        await expect(wall.get_by_role("button", name="Thẻ", exact=True)).to_have_count(0)
        for words in ("Mời phát biểu", "Chương trình", "Giữ để nói"):
            await expect(wall.get_by_text(words, exact=True)).to_have_count(0)
        await wall.goto(f"{bare.base}/console/c/{bare.conference}")
        await expect(wall.get_by_role("link", name="Nhật ký")).to_be_visible()
        await expect(wall.get_by_role("link", name="Truyền hình ảnh")).to_have_count(0)


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (3840, 2160), (390, 844)])
async def test_cards_are_accessible_and_walked_by_keys(house: Whole, browser: Browser, width: int, height: int) -> None:
    await house.command("check_in", point=3)
    await house.command("ask_help", point=1, category="no_sound", note="")
    wall = await desk(house, browser, f"/wall/{house.conference}?mode=cards", width, height)
    cards = wall.locator(".card")
    await expect(cards).to_have_count(4)
    await accessible(wall)
    assert await wall.evaluate(OVERFLOW) == [False, False]
    await wall.keyboard.press("End")
    await expect(cards.last).to_be_focused()
    await wall.keyboard.press("ArrowLeft")
    await expect(cards.nth(2)).to_be_focused()
    await wall.keyboard.press("Enter")
    await expect(wall.get_by_label("Chi tiết điểm cầu")).to_contain_text("Xã Minh Quang")
    await wall.keyboard.press("Escape")
    await expect(cards.nth(2)).to_be_focused()
    await wall.context.close()
