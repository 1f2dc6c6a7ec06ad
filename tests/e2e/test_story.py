"""The whole main job in a browser: from a spreadsheet of rooms to a live wall and a document that was read."""

import re
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, expect

from bench.process import ServerProcess
from tests.documents.files import pdf
from tests.e2e.axe import accessible
from tests.e2e.conftest import person
from tests.servers.whole import POINTS_CSV, UNITS_CSV

CHEAP_PHONE = "Mozilla/5.0 (Linux; Android 10; SM-A107F) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36 Zalo"
DOUBLE_TAP_MS = 600
LAST_TAP = "window.lastTap ?? 0"
PASSWORD = "sáng nay trời đẹp quá"


class Organizer:
    """Somebody at the console."""

    def __init__(self, page: Page, server: ServerProcess) -> None:
        self.page, self.base, self.server = page, server.base, server
        self.conference = ""

    async def go(self, path: str) -> None:
        await self.page.goto(self.base + path)

    async def press(self, name: str) -> None:
        await self.page.get_by_role("button", name=name, exact=True).click()

    async def sign_up(self) -> None:
        token = re.search(r"/setup/(\S+)", "\n".join(self.server.output))
        assert token is not None, "the server printed the one-time link"
        await self.go(f"/setup/{token[1]}")
        await self.page.get_by_label("Họ và tên").fill("Trần Thu Hà")
        await self.page.get_by_label("Tên đăng nhập").fill("thu.ha")
        await self.page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
        await self.page.get_by_label("Nhập lại mật khẩu").fill(PASSWORD)
        await accessible(self.page)
        await self.press("Tạo và đăng nhập")
        await expect(self.page.get_by_role("heading", name="Hội nghị", exact=True)).to_be_visible()

    async def give(self, name: str, content: str, rows: int) -> None:
        """A file as it is, looked at, then taken over."""
        file: Any = {"name": name, "mimeType": "text/csv", "buffer": content.encode("utf-8-sig")}
        await self.page.locator("input[type=file]").set_input_files(file)
        await self.press(f"Nhập {rows} dòng")
        await expect(self.page.get_by_text("Đã nhập xong")).to_be_visible()

    async def create_conference(self) -> None:
        await self.go("/console")
        await self.press("Tạo hội nghị")
        dialog = self.page.get_by_role("dialog")
        await dialog.get_by_label("Tên hội nghị").fill("Hội nghị trực tuyến toàn thành phố")
        await dialog.get_by_role("button", name="Tạo hội nghị").click()
        await self.page.wait_for_url(re.compile(r"/console/c/\w+$"))
        self.conference = self.page.url.rsplit("/", 1)[1]

    async def phase(self, name: str, then: str) -> None:
        await self.press(name)
        await self.page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()
        await expect(self.page.locator(".badge").get_by_text(then, exact=True)).to_be_visible()

    async def ask(self, path: str) -> Any:
        answer = await self.page.request.get(f"{self.base}/api/conferences/{self.conference}{path}")
        assert answer.ok, await answer.text()
        return await answer.json()

    async def reported(self) -> list[int]:
        page = await self.ask("/journal?type=headcount_reported")
        return [entry["event"]["body"]["in_room"] for entry in reversed(page["entries"])]


async def prepare(organizer: Organizer) -> None:
    await organizer.sign_up()
    await organizer.go("/console/units/import")
    await organizer.give("don-vi.csv", UNITS_CSV, 6)
    await organizer.create_conference()
    await organizer.go(f"/console/c/{organizer.conference}/points/add?by=file")
    await organizer.give("diem-cau.csv", POINTS_CSV, 4)
    await organizer.go(f"/console/c/{organizer.conference}")
    await organizer.phase("Tổng duyệt", "Tổng duyệt")
    await organizer.phase("Bắt đầu hội nghị", "Đang diễn ra")
    await accessible(organizer.page)


async def open_wall(organizer: Organizer, context: BrowserContext) -> Page:
    wall = await context.new_page()
    await wall.set_viewport_size({"width": 1920, "height": 1080})
    await wall.goto(f"{organizer.base}/wall/{organizer.conference}")
    await expect(wall.locator(".t")).to_have_count(4)
    await accessible(wall)
    return wall


async def tap(phone: Page, name: str | re.Pattern[str]) -> None:
    """A deliberate tap: the page takes a tap that follows at once for the second half of a double one."""
    await phone.wait_for_function(f"last => Date.now() - last > {DOUBLE_TAP_MS}", arg=await phone.evaluate(LAST_TAP))
    await phone.get_by_role("button", name=name, exact=isinstance(name, str)).click()
    await phone.evaluate("window.lastTap = Date.now()")


async def report(phone: Page, people: int) -> None:
    await phone.get_by_label("Số người trong phòng").fill(str(people))
    await tap(phone, re.compile(f"^Báo {people} người"))


async def room_works(organizer: Organizer, phone: Page, wall: Page) -> None:
    """In, ready, and a headcount that was tapped while the line was away."""
    links = await organizer.ask("/links")
    await phone.goto(next(link["url"] for link in links if link["point"] == 1))
    await tap(phone, "Vào phòng")
    await expect(phone.locator(".receipt")).to_contain_text("Máy chủ đã ghi")
    await expect(wall.locator(".t").first).to_have_attribute("aria-label", re.compile("Đã vào phòng"))
    await phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await accessible(phone)
    await phone.context.set_offline(True)
    await tap(phone, "Phòng sẵn sàng")
    await report(phone, 66)
    await expect(phone.locator(".receipt")).to_contain_text("2 việc chờ gửi")
    await phone.reload()
    await expect(phone.locator(".receipt")).to_contain_text("2 việc chờ gửi")
    assert await organizer.reported() == []
    await phone.context.set_offline(False)
    await expect(phone.locator(".receipt")).to_contain_text("Máy chủ đã ghi", timeout=15_000)
    assert await organizer.reported() == [66], "once"
    await expect(wall.locator(".t").first).to_have_attribute("aria-label", re.compile("66"))


async def help_comes(phone: Page, wall: Page) -> None:
    """Asked for in the room, seen, taken and resolved on the wall, told in the room."""
    await tap(phone, "Cần hỗ trợ")
    await phone.get_by_text("Đường truyền kém").click()
    await phone.get_by_label("Nói thêm").fill("hình chập chờn")
    await tap(phone, "Gọi hỗ trợ")
    rail = wall.get_by_label("Cần chú ý")
    await rail.get_by_text("Tản Lĩnh").first.click()
    drawer = wall.get_by_label("Chi tiết điểm cầu")
    await expect(drawer).to_contain_text("hình chập chờn")
    await accessible(wall)
    await drawer.get_by_role("button", name="Nhận hỗ trợ").click()
    await expect(phone.locator("footer")).to_contain_text("Trần Thu Hà đang xử lý")
    await drawer.get_by_role("button", name="Đã khắc phục").click()
    await expect(phone.locator("footer")).to_contain_text("Cần hỗ trợ")
    await expect(rail).to_contain_text("Không có yêu cầu nào đang chờ")


async def document_is_read(organizer: Organizer, browser: Browser, wall: Page) -> None:
    """Uploaded at the console, read on a phone without JavaScript, counted on the wall and in the console."""
    paper = pdf()
    await organizer.go(f"/console/c/{organizer.conference}/documents")
    file: Any = {"name": "Nghị quyết số 57.pdf", "mimeType": "application/pdf", "buffer": paper}
    await organizer.page.locator("input[type=file]").first.set_input_files(file)
    await expect(organizer.page.get_by_text("Đã phát hành").first).to_be_visible()
    await accessible(organizer.page)
    detail = await organizer.ask("/points/1")
    reader = await browser.new_context(
        viewport={"width": 360, "height": 740}, locale="vi-VN", java_script_enabled=False, user_agent=CHEAP_PHONE
    )
    page = await reader.new_page()
    answer = await page.goto(detail["code_url"])
    assert answer is not None
    assert answer.ok
    link = page.get_by_role("link", name=re.compile("Nghị quyết số 57"))
    await expect(link).to_be_visible()
    read = await reader.request.get(organizer.base + str(await link.get_attribute("href")))
    assert read.ok
    assert await read.body() == paper
    await expect(wall.get_by_label("Tổng hợp")).to_contain_text(re.compile(r"Lượt quét QR\s*1\s"), timeout=15_000)
    await expect(organizer.page.get_by_role("main")).to_contain_text(re.compile(r"1\s*lượt mở"), timeout=15_000)
    await reader.close()


async def attendee_page_is_accessible(organizer: Organizer, pocket: BrowserContext) -> None:
    page = await pocket.new_page()
    await page.goto((await organizer.ask("/points/2"))["code_url"])
    await expect(page.get_by_text("Nghị quyết số 57")).to_be_visible()
    await accessible(page)


async def test_the_main_job(process: ServerProcess, browser: Browser, tmp_path: Path) -> None:
    desk, pocket = await person(browser), await person(browser, 390, 844)
    organizer = Organizer(await desk.new_page(), process)
    try:
        await prepare(organizer)
        wall, phone = await open_wall(organizer, desk), await pocket.new_page()
        await room_works(organizer, phone, wall)
        await help_comes(phone, wall)
        await document_is_read(organizer, browser, wall)
        await attendee_page_is_accessible(organizer, pocket)
    except BaseException:
        for n, page in enumerate([*desk.pages, *pocket.pages]):
            await page.screenshot(path=tmp_path / f"at-failure-{n}.png")
        raise
