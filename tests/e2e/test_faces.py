"""Pages the story passes by: they keep to WCAG 2.2 AA, fit the screen, and what is set on one shows on the other."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.documents.files import pdf
from tests.e2e.axe import accessible
from tests.e2e.conftest import person
from tests.servers.whole import LOGIN, PASSWORD, Whole

SIZES = [(1920, 1080), (3840, 2160), (390, 844)]
OVERFLOW = "[document.documentElement.scrollWidth > innerWidth, document.documentElement.scrollHeight > innerHeight]"


@pytest.fixture
async def desk(house: Whole, browser: Browser) -> AsyncIterator[Page]:
    """A browser at the log-in page."""
    context = await person(browser)
    page = await context.new_page()
    await page.goto(f"{house.base}/login")
    await expect(page.get_by_label("Tên đăng nhập")).to_be_visible()
    yield page
    await context.close()


async def sign_in(page: Page) -> None:
    await page.get_by_label("Tên đăng nhập").fill(LOGIN)
    await page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Đăng nhập").click()
    await expect(page.get_by_role("heading", name="Hội nghị", exact=True)).to_be_visible()


async def test_log_in_points_and_documents_are_accessible(house: Whole, desk: Page) -> None:
    await accessible(desk)
    await sign_in(desk)
    await desk.goto(f"{house.base}/console/c/{house.conference}/points")
    await expect(desk.get_by_label("Chọn Xã Tản Lĩnh", exact=True)).to_be_visible()
    await accessible(desk)
    await desk.goto(f"{house.base}/console/c/{house.conference}/documents")
    file: Any = {"name": "Nghị quyết số 57.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    await desk.locator("input[type=file]").first.set_input_files(file)
    await expect(desk.get_by_text("Đã phát hành").first).to_be_visible()
    await accessible(desk)
    await desk.goto(f"{house.base}/console/c/{house.conference}/printing")
    await expect(desk.get_by_role("button", name="Tạo đường dẫn")).to_be_visible()
    await accessible(desk)
    await desk.goto(f"{house.base}/console/account")
    await expect(desk.get_by_text("Phiên này")).to_be_visible()
    await accessible(desk)


@pytest.mark.parametrize(("mode", "line"), [("groups", ".outline .line"), ("table", ".table .line")])
async def test_the_walls_lists_are_accessible(house: Whole, browser: Browser, mode: str, line: str) -> None:
    await house.command("check_in", point=3)
    await house.command("ask_help", point=1, category="no_sound", note="")
    await house.command("report_headcount", point=3, in_room=5_000)
    kiosk = await house.kiosk()
    context = await person(browser, 1920, 1080)
    wall = await context.new_page()
    await wall.goto(f"{house.base}/k/{kiosk}?mode={mode}")
    await expect(wall.locator(line).first).to_be_visible()
    await accessible(wall)
    await context.close()


async def test_a_doubtful_headcount_is_named_and_found(house: Whole, browser: Browser) -> None:
    await house.command("check_in", point=3)
    await house.command("report_headcount", point=3, in_room=606)
    await house.command("check_in", point=4)
    await house.command("report_headcount", point=4, in_room=88)
    context = await person(browser, 1920, 1080)
    wall = await context.new_page()
    await wall.goto(f"{house.base}/k/{await house.kiosk()}")
    await expect(wall.locator(".t.odd")).to_have_count(1)
    await expect(wall.locator(".t.odd")).to_have_attribute("aria-label", re.compile("606 trên 50 người, nghi nhầm"))
    await wall.get_by_role("button", name="Nghi nhầm số").click()
    await wall.get_by_role("button", name="Bảng", exact=True).click()
    await expect(wall.locator(".table .line")).to_have_count(1)
    await expect(wall.locator(".table .line")).to_contain_text("nghi nhầm")
    await wall.locator(".table .line").click()
    await expect(wall.get_by_label("Chi tiết điểm cầu")).to_contain_text("phòng có 60 chỗ, triệu tập 50")
    await house.command("report_headcount", point=3, in_room=60)
    await expect(wall.locator(".table .line")).to_have_count(0)
    await context.close()


@pytest.mark.parametrize(("width", "height"), SIZES)
async def test_no_wall_is_larger_than_its_screen(house: Whole, browser: Browser, width: int, height: int) -> None:
    context = await person(browser, width, height)
    wall = await context.new_page()
    await wall.goto(f"{house.base}/k/{await house.kiosk()}")
    await expect(wall.get_by_label("Tổng hợp")).to_contain_text("/4")
    assert await wall.evaluate(OVERFLOW) == [False, False]
    await context.close()


async def test_a_screens_link_is_made_shown_once_and_taken_back(house: Whole, desk: Page) -> None:
    await sign_in(desk)
    await desk.goto(f"{house.base}/console/c/{house.conference}/printing")
    await desk.get_by_role("button", name="Tạo đường dẫn").click()
    dialog = desk.get_by_role("dialog")
    await dialog.get_by_label("Đặt ở đâu").fill("Ti vi phòng trực")
    await dialog.get_by_role("button", name="Tạo đường dẫn").click()
    address = await dialog.locator("code").inner_text()
    await dialog.get_by_role("button", name="Tôi đã chép").click()
    screen = await desk.context.new_page()
    await screen.goto(address)
    await expect(screen.get_by_label("Tổng hợp")).to_contain_text("/4")

    await desk.get_by_role("listitem").filter(has_text="Ti vi phòng trực").get_by_role("button", name="Thu hồi").click()
    await desk.get_by_role("dialog").get_by_role("button", name="Thu hồi").click()
    await expect(desk.get_by_text("Ti vi phòng trực")).to_have_count(0)
    await expect(screen.get_by_text("Đường dẫn này không còn dùng được")).to_be_visible()


async def test_a_codes_expiry_set_in_the_console_shows_on_the_landing_page(house: Whole, desk: Page) -> None:
    await sign_in(desk)
    reader = await desk.context.new_page()
    address = (await house.admin.call("GET", f"{house.one}/points/1", dict))["code_url"]
    documents = f"{house.base}/console/c/{house.conference}/documents"
    await desk.goto(documents)
    dialog = desk.get_by_role("dialog", name="Hạn dùng của mã tài liệu")
    edit = desk.get_by_role("button", name="Hạn dùng của mã tài liệu")

    await edit.click()
    await dialog.get_by_label("Hết hạn lúc").check()
    day = await dialog.get_by_label("Ngày", exact=True).input_value()
    await dialog.get_by_label("Giờ", exact=True).fill("17:30")
    await dialog.get_by_role("button", name="Lưu").click()
    await expect(desk.get_by_text(f"Mã tài liệu hết hạn lúc {day} 17:30.")).to_be_visible()
    await reader.goto(address)
    await expect(reader.locator("body")).to_contain_text(re.compile(rf"dùng được đến.*17:30.*{day[:5]}"))

    await edit.click()
    await dialog.get_by_label("Ngày", exact=True).fill("01/01/2020")
    await dialog.get_by_role("button", name="Lưu").click()
    await desk.get_by_role("button", name="Ngừng ngay").click()
    await expect(desk.get_by_text("Mã tài liệu đã hết hạn lúc 01/01/2020 17:30.")).to_be_visible()
    await reader.goto(address)
    await expect(reader.locator("body")).to_contain_text("đã hết hạn")

    await edit.click()
    await dialog.get_by_label("Không hết hạn").check()
    await dialog.get_by_role("button", name="Lưu").click()
    await expect(desk.get_by_text("đã hết hạn lúc")).to_have_count(0)
    await reader.goto(address)
    await expect(reader.locator("body")).not_to_contain_text("hết hạn")
