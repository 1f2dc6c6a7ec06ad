"""An operator's page with a real server and real bridges: the programme plays and outlives a bridge, the room shows
itself by its own choice, and speaks on air."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from bridge.door.tasks import Tasks
from bridge.testcard.publisher import publish
from server.config import MediaConfig
from server.protocol.bridges import MediaPass
from tests.bridge.door.house import KEY, House
from tests.bridge.test_service import alive, bridge, shown, started
from tests.e2e.axe import accessible
from tests.e2e.conftest import person
from tests.e2e.test_story import tap
from tests.servers.whole import Whole, whole
from tests.waiting import until, until_async

SMALL = (390, 844)
START_SECONDS = 30  # of a process, on a machine that does other things as well
BACK_SECONDS = 5.0  # from a bridge's death until the picture moves again
# What the page counts itself: pictures that were shown, over all its sessions.
COUNTS = """() => {
  window.shown = 0;
  const video = document.querySelector('.frame video');
  const next = () => video.requestVideoFrameCallback(() => { window.shown += 1; next(); });
  next();
}"""
# A computer as many communes have them: with a microphone alone.
NO_CAMERA = """
const devices = navigator.mediaDevices;
const give = devices.getUserMedia.bind(devices), all = devices.enumerateDevices.bind(devices);
devices.getUserMedia = (c) => (c.video ? Promise.reject(new DOMException('', 'NotFoundError')) : give(c));
devices.enumerateDevices = async () => (await all()).filter((one) => one.kind !== 'videoinput');
"""
MUTED = "() => document.querySelector('.frame video').muted"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Whole]:
    async with whole(tmp_path, media=MediaConfig(KEY)) as house:
        yield house


@asynccontextmanager
async def hall(house: Whole) -> AsyncIterator[None]:
    """The test programme comes in."""
    wanted = {"stream": "main", "act": "publish"}
    given = await house.admin.call("POST", f"{house.one}/media/passes", MediaPass, wanted)
    async with Tasks() as tasks:
        tasks.start("hall", publish(given.url, given.token))
        yield


async def room(browser: Browser, house: Whole, point: int = 1, size: tuple[int, int] = SMALL, device: str = "") -> Page:
    """An operator's page of a room that is in. `device`: a script that makes it another device than it is."""
    context = await person(browser, *size)
    await context.add_init_script(device)
    page = await context.new_page()
    await page.goto(f"{house.base}/O/{await house.link(point)}")
    await tap(page, "Vào phòng")
    await expect(page.get_by_role("button", name="Phòng sẵn sàng")).to_be_visible()
    return page


async def plays(page: Page, frames: int = 20, within: float = 10_000) -> None:
    """So many more pictures are shown."""
    await page.wait_for_function("() => !document.querySelector('.frame .wait')")
    await page.evaluate(COUNTS)
    await page.wait_for_function("n => window.shown >= n", arg=frames, timeout=within)


def part(house: Whole, point: int) -> dict[str, object]:
    """What walls are told of a room's media."""
    live = house.server.conferences.of(house.conference)
    assert live is not None
    seen = live.presence.seen(point)[2]
    return seen._asdict() if seen else {}


async def test_without_media_nothing_of_them_is_shown(tmp_path: Path, browser: Browser) -> None:
    async with whole(tmp_path) as bare:
        page = await room(browser, bare)
        await expect(page.get_by_role("switch", name="TV")).to_be_visible()
        await expect(page.locator("video")).to_have_count(0)
        await expect(page.get_by_role("switch")).to_have_count(1)


async def test_the_programme_plays_by_itself_and_the_organizers_see_how(house: Whole, browser: Browser) -> None:
    """Given a programme, when a room's page is opened, then it plays without a tap, silent until one; the organizers
    are told; by hand only the sound is loaded, and that choice outlives a reload."""
    async with bridge(house, "a") as carrier, hall(house):
        await until(lambda: shown(carrier) == "main", "the hall on the programme")
        page = await room(browser, house)
        await plays(page)
        await accessible(page)
        assert await page.evaluate(MUTED)
        await until(lambda: part(house, 1).get("playing") == 1, "the room among those that play")

        await page.get_by_role("button", name="Bật tiếng").click()
        await until(lambda: part(house, 1).get("level"), "its sound")
        await page.get_by_label("Độ nét").select_option("Chỉ nghe tiếng")

        await expect(page.get_by_text("Đang nghe tiếng, không tải hình")).to_be_visible()
        await page.reload()
        await expect(page.get_by_text("Đang nghe tiếng, không tải hình")).to_be_visible()
        await page.get_by_label("Độ nét").select_option("Tự động")
        await plays(page)
        await page.get_by_role("button", name="Dừng xem").click()
        await until(lambda: not part(house, 1).get("playing"), "the room no longer among those that play")


async def test_when_its_bridge_dies_the_room_sees_on_from_another_one(
    house: Whole, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a room at the bridge of its unit, when that is killed, then the programme moves again within five seconds,
    from the bridge where it is published, and nobody touched the page."""
    async with bridge(house, "trung-tam") as home, hall(house):
        await until(lambda: shown(home) == "main", "the hall on the programme")
        monkeypatch.setenv("NHIPCAU_BRIDGE__SERVICE__UNIT", "271")
        near = await started(house, tmp_path, "ba-vi")
        try:
            await until_async(lambda: alive(house, "ba-vi"), "the near bridge", START_SECONDS)
            page = await room(browser, house)
            await plays(page)
            assert len(watched(home)) == 1  # the other bridge

            near.send_signal(signal.SIGKILL)
            died = asyncio.get_running_loop().time()

            await expect(page.get_by_text("Mất hình, đang tự nối lại…").first).to_be_visible()
            await plays(page, frames=1)
            assert asyncio.get_running_loop().time() - died < BACK_SECONDS
            await until(lambda: len(watched(home)) >= 1, "the room at the other bridge")
        finally:
            if near.returncode is None:
                near.terminate()
            await near.wait()


def watched(carrier: House) -> list[str]:
    """The stream of each viewer."""
    return [one.allowed.stream for one in carrier.door.reception.sessions.values() if not one.publishes]


async def test_the_room_is_seen_by_its_own_choice_alone(house: Whole, browser: Browser) -> None:
    """Given a room that shows nothing of itself, when it turns its camera on, then its small picture is there and the
    page says so on top; when it is turned off again there is none."""
    page = await room(browser, house)
    assert part(house, 1) == {}
    choice = page.get_by_role("switch", name="Cho ban tổ chức xem hình phòng họp")
    await choice.click()

    await expect(page.get_by_text("Ban tổ chức đang xem được hình phòng")).to_be_in_viewport()
    version = await until(lambda: part(house, 1).get("picture"), "its small picture")
    address = f"{house.base}{house.one}/points/1/thumbnail?v={version}"
    wall = await house.token("viewer")
    picture = await page.context.request.get(address, headers={"Authorization": f"Bearer {wall}"})
    assert picture.headers["content-type"] == "image/jpeg"
    assert (await picture.body()).startswith(b"\xff\xd8")
    await accessible(page)

    await choice.click()
    await expect(page.get_by_text("Ban tổ chức đang xem được hình phòng")).to_have_count(0)
    await until(lambda: not part(house, 1).get("picture"), "no picture of it")


@pytest.mark.parametrize("size", [SMALL, (1440, 900)])
async def test_a_room_speaks_on_air(house: Whole, browser: Browser, size: tuple[int, int]) -> None:
    """Given a room that is asked, when it agrees, then the organizers alone see it; put on air every room sees it, its
    own page says so in red and keeps the programme's sound off; closed and opened again, it does not say that it is on
    air, lets the programme be heard and goes on by one tap; taken back, it sends no more."""
    async with bridge(house, "a") as carrier, hall(house):
        await until(lambda: shown(carrier) == "main", "the hall on the programme")
        page, other = await room(browser, house, 1, size), await room(browser, house, 2)
        await plays(other)
        await page.get_by_role("button", name="Bật tiếng").click()
        await house.command("ask_air", point=1)
        await expect(page.get_by_role("heading", name="Ban tổ chức mời phòng phát biểu")).to_be_in_viewport()
        await accessible(page)

        await tap(page, "Đồng ý phát biểu")

        await expect(page.get_by_text("Ban tổ chức đang xem trước")).to_be_visible()
        await until(lambda: carrier.door.reception.stage.publisher(house.conference, "point/1"), "the room's picture")
        await until(lambda: "talk/1" in watched(carrier), "the room listening to the organizers")
        assert shown(carrier) == "main"
        await accessible(page)
        await house.command("put_on_air", point=1)
        await expect(page.get_by_text("Cả hội nghị đang thấy và nghe phòng này.")).to_be_in_viewport()
        await until(lambda: shown(carrier) == "point/1", "the room on the programme")
        assert await page.evaluate(MUTED)
        await plays(other)
        await accessible(page)

        if size == SMALL:  # what it does is the same on every screen
            page = await opened_again(page, carrier)
        await house.command("end_air", point=1)
        await expect(page.get_by_text("Đang lên sóng".upper())).to_have_count(0)
        publisher = carrier.door.reception.stage.publisher
        await until(lambda: publisher(house.conference, "point/1") is None, "nothing sent any more")
        assert not await page.evaluate(MUTED)


async def opened_again(page: Page, carrier: House) -> Page:
    """The page of a room on air is closed, and another tab of the same device goes on."""
    address, context = page.url, page.context
    await page.close()
    await until(lambda: shown(carrier) == "main", "the hall again")
    page = await context.new_page()
    await page.goto(address)
    await expect(page.get_by_role("heading", name="Trang này chưa phát")).to_be_in_viewport()
    await expect(page.get_by_text("chương trình đang là hội trường")).to_be_visible()
    await expect(page.get_by_text("Đang lên sóng".upper())).to_have_count(0)
    await page.get_by_role("button", name="Bật tiếng").click()
    assert not await page.evaluate(MUTED)
    await accessible(page)
    await tap(page, "Tiếp tục phát biểu")
    await until(lambda: shown(carrier) == "point/1", "the room on the programme again")
    await expect(page.get_by_text("Cả hội nghị đang thấy và nghe phòng này.")).to_be_visible()
    assert await page.evaluate(MUTED)
    return page


async def test_a_room_without_a_camera_speaks_by_its_sound_alone(house: Whole, browser: Browser) -> None:
    """Given a computer with a microphone only, then the page says so and offers the sound alone; the organizers are
    told, and the bridge gets nothing but sound."""
    async with bridge(house, "a") as carrier:
        page = await room(browser, house, device=NO_CAMERA)
        await house.command("ask_air", point=1)
        await page.evaluate("scrollTo(0, document.body.scrollHeight)")
        await page.get_by_role("button", name="Ban tổ chức mời phòng phát biểu").click()
        await tap(page, "Đồng ý phát biểu")
        await expect(page.get_by_role("heading", name="Máy này không có camera")).to_be_in_viewport()
        assert part(house, 1).get("voice") is not True
        await accessible(page)

        await tap(page, "Chỉ nói bằng tiếng")

        await expect(page.get_by_text("Phòng chỉ gửi tiếng")).to_be_visible()
        publisher = carrier.door.reception.stage.publisher
        await until(lambda: publisher(house.conference, "point/1"), "the room's sound")
        sends = publisher(house.conference, "point/1")
        assert sends is not None
        assert set(sends.codecs) == {"audio"}
        await until(lambda: part(house, 1).get("voice"), "the organizers told of it")
        await accessible(page)
        await page.get_by_role("button", name="Bật cả camera").click()
        await expect(page.get_by_role("heading", name="Máy này không có camera")).to_be_visible()
        await tap(page, "Thôi phát biểu")
        await until(lambda: not part(house, 1).get("voice"), "nothing of it left")


async def test_a_room_that_declines_sends_nothing(house: Whole, browser: Browser) -> None:
    async with bridge(house, "a") as carrier:
        page = await room(browser, house)
        await house.command("ask_air", point=1)
        await tap(page, "Từ chối")
        await expect(page.get_by_text("Ban tổ chức mời phòng phát biểu")).to_have_count(0)
        assert [event["body"]["accepted"] for event in await house.journal("air_answered")] == [False]
        assert carrier.door.reception.stage.publisher(house.conference, "point/1") is None
