"""A notice from the organizer's desk to every screen it is meant for, live and without a script."""

from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.e2e.axe import accessible
from tests.e2e.conftest import person
from tests.e2e.test_faces import sign_in
from tests.servers.whole import Whole


async def code_url(house: Whole, point: int) -> str:
    return str((await house.admin.call("GET", f"{house.one}/points/{point}", dict))["code_url"])


async def operators_page(house: Whole, point: int) -> str:
    links: list[Any] = await house.admin.call("GET", f"{house.one}/links", list)
    return next(str(link["url"]) for link in links if link["point"] == point)


async def listening(phone: Page, address: str) -> None:
    """Opens a room's page and returns when it listens."""
    async with phone.expect_response(lambda answer: "/live?" in answer.url):
        await phone.goto(address)


async def test_a_notice_reaches_every_screen_it_is_meant_for(house: Whole, browser: Browser) -> None:
    desk, pocket = await person(browser), await person(browser, 360, 740)
    console, wall = await desk.new_page(), await desk.new_page()
    phone, elsewhere, operator = [await pocket.new_page() for _ in range(3)]
    await console.goto(f"{house.base}/login")
    await sign_in(console)
    await console.goto(f"{house.base}/console/c/{house.conference}/notices")
    await expect(console.get_by_text("Chưa có thông báo nào")).to_be_visible()
    await wall.goto(f"{house.base}/wall/{house.conference}")
    await operator.goto(await operators_page(house, 1))
    await expect(operator.get_by_role("heading", name="Xã Tản Lĩnh")).to_be_visible()

    # A page in a tab behind holds no line: each phone is looked at when it is asked.
    await listening(phone, await code_url(house, 1))
    await console.get_by_label("Nội dung").fill("Giải lao đến 9 giờ 30")
    await accessible(console)
    await console.get_by_role("button", name="Đăng thông báo").click()
    await expect(console.get_by_text("Đã đăng thông báo")).to_be_visible()
    for page in (phone, operator, wall, console):
        await expect(page.get_by_text("Giải lao đến 9 giờ 30").first).to_be_visible()
    await accessible(phone)
    await accessible(operator)
    await accessible(wall)

    await listening(elsewhere, await code_url(house, 4))
    await expect(elsewhere.get_by_text("Giải lao đến 9 giờ 30")).to_be_visible()
    await console.get_by_label("Nội dung").fill("Riêng phòng này")
    await console.get_by_label("Người dự (trên điện thoại quét mã)").check()
    await console.get_by_label("Một điểm cầu").check()
    await console.get_by_label("Chọn điểm cầu").fill("tan linh")
    await console.get_by_role("option", name="Xã Tản Lĩnh").first.click()
    await console.get_by_role("button", name="Đăng thông báo").click()
    await expect(console.get_by_text("người dự · Xã Tản Lĩnh")).to_be_visible()
    await phone.bring_to_front()
    await expect(phone.get_by_text("Riêng phòng này")).to_be_visible()
    await expect(operator.get_by_text("Riêng phòng này")).to_be_hidden()
    await expect(elsewhere.get_by_text("Riêng phòng này")).to_be_hidden()

    await console.get_by_role("button", name="Gỡ thông báo “Giải lao đến 9 giờ 30”").click()
    for page in (phone, operator, wall):
        await expect(page.get_by_text("Giải lao đến 9 giờ 30")).to_have_count(0)
    await expect(phone.get_by_text("Riêng phòng này")).to_be_visible()
    await desk.close()
    await pocket.close()


async def test_documents_that_change_are_offered_and_nothing_jumps(house: Whole, browser: Browser) -> None:
    pocket = await person(browser, 360, 740)
    phone = await pocket.new_page()
    await listening(phone, await code_url(house, 1))
    changed = phone.get_by_text("Danh sách tài liệu vừa thay đổi.")
    await expect(changed).to_be_hidden()
    upload = {"X-File-Name": "de-cuong.txt"}
    await house.admin.call("POST", f"{house.one}/documents?title=De%20cuong", dict, data=b"noi dung", **upload)
    await expect(changed).to_be_visible()
    await expect(phone.get_by_text("De cuong")).to_be_hidden()
    await accessible(phone)
    await house.command("withdraw_document", document=1)
    await expect(changed).to_be_hidden()
    await house.command("restore_document", document=1)
    await phone.get_by_role("link", name="Tải lại trang").last.click()
    await expect(phone.get_by_text("De cuong")).to_be_visible()
    await expect(changed).to_be_hidden()
    await pocket.close()


async def test_without_a_script_the_next_load_shows_it(house: Whole, browser: Browser) -> None:
    pocket = await browser.new_context(java_script_enabled=False, locale="vi-VN")
    phone = await pocket.new_page()
    await phone.goto(await code_url(house, 1))
    await house.command("post_notice", text="Giải lao đến 9 giờ 30")
    await phone.reload()
    await expect(phone.get_by_text("Giải lao đến 9 giờ 30")).to_be_visible()
    await pocket.close()
