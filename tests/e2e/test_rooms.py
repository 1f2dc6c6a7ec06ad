"""A room's address and position are put right in the console, as people copy them from a map."""

from playwright.async_api import Browser, expect

from tests.e2e.axe import accessible
from tests.e2e.conftest import person
from tests.e2e.test_faces import sign_in
from tests.servers.whole import Whole


async def test_an_organizer_gives_a_room_its_place(house: Whole, browser: Browser) -> None:
    """Given a room of a file without coordinates, when its place is pasted, then the record holds both numbers; what
    is no place on earth is told beside the field and changes nothing."""
    context = await person(browser)
    desk = await context.new_page()
    await desk.goto(f"{house.base}/login")
    await sign_in(desk)
    await desk.goto(f"{house.base}/console/c/{house.conference}/points?point=1")
    panel = desk.get_by_role("complementary", name="Chi tiết điểm cầu")
    await panel.locator("section", has_text="Phòng họp").get_by_role("button", name="Sửa").click()
    place = panel.get_by_label("Tọa độ")
    await place.fill("21.0285, 195")
    await panel.get_by_label("Địa chỉ").fill("Số 1 đường Tản Lĩnh")
    await panel.get_by_role("button", name="Lưu").click()
    await expect(panel.get_by_role("alert")).to_contain_text("kinh độ từ −180 đến 180")
    await accessible(desk)

    await place.fill("21,0285; 105,8542")
    await panel.get_by_role("button", name="Lưu").click()

    await expect(panel.get_by_text("21.0285, 105.8542", exact=True)).to_be_visible()
    detail = await house.admin.call("GET", f"{house.one}/points/1", dict)
    assert (detail["lat"], detail["lon"], detail["info"]["address"]) == (21.0285, 105.8542, "Số 1 đường Tản Lĩnh")
    await context.close()
