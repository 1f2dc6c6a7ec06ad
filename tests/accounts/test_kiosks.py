"""A kiosk shows one conference's wall, within one unit, until it is revoked; it can do nothing else."""

from typing import Any

import pytest

from .house import CONFERENCE, House, heard, me, ok, refused

PATH = f"/api/conferences/{CONFERENCE}/kiosks"


async def listed(browser: Any) -> list[Any]:
    found: list[Any] = (await ok(await browser.get(PATH)))["kiosks"]
    return found


async def test_a_kiosks_link_is_shown_once_and_says_what_it_shows(house: House) -> None:
    organizer = await house.signed_in("ha", "organizer")

    made = await ok(await organizer.post(PATH, json={"name": "Ti vi", "unit": "271"}), 201)

    base, _, token = made["url"].rpartition("/")
    assert base == "https://cau.example/k"
    assert token.startswith("nc_kio_")
    assert await listed(organizer) == [{k: v for k, v in made.items() if k != "url"}]
    answer = await ok(await house.bearer(token).get("/api/session"))
    seat = {"conference": CONFERENCE, "name": "Ti vi", "unit": "271", "programme": False}
    assert answer == {"account": None, "setup_needed": False, "kiosk": seat}


async def test_a_kiosk_sees_its_wall_and_no_other_conferences(house: House) -> None:
    organizer = await house.signed_in("ha", "organizer")
    made = await ok(await organizer.post(PATH, json={"name": "Ti vi", "unit": "271"}), 201)
    token = made["url"].rpartition("/")[2]

    socket = await house.browser({}).ws_connect("/ws")
    await socket.send_json({"t": "hello", "v": 1, "conference": CONFERENCE, "token": token})
    assert (await socket.receive_json())["audience"] == "unit:271"
    rooms = {info["unit"] for info in (await socket.receive_json())["infos"]}
    assert rooms == {"09619", "09622"}

    other = await house.browser({}).ws_connect("/ws")
    await other.send_json({"t": "hello", "v": 1, "conference": "other", "token": token})
    assert (await other.receive_json())["error"]["code"] == "forbidden_scope"


async def test_a_kiosk_may_do_nothing_that_a_viewer_may(house: House) -> None:
    organizer = await house.signed_in("ha", "organizer")
    _, screen = await house.kiosk(organizer)

    for path in ("/api/sessions", "/api/tokens", "/api/accounts", PATH):
        assert await refused(await screen.get(path)) == (403, "forbidden", None)
    assert await me(screen) is None
    assert await refused(await screen.post(PATH, json={"name": "Ti vi"})) == (403, "forbidden", None)


async def test_an_organizer_of_a_unit_makes_and_sees_kiosks_within_it(house: House) -> None:
    whole = await house.signed_in("admin1", "administrator")
    of_unit = await house.signed_in("hoa", "organizer", "271")
    above, _ = await house.kiosk(whole)
    beside, _ = await house.kiosk(whole, unit="001")
    mine, screen = await house.kiosk(of_unit)
    below, _ = await house.kiosk(of_unit, unit="09619")

    assert {k["id"]: k["unit"] for k in await listed(of_unit)} == {mine: "271", below: "09619"}
    assert {k["id"] for k in await listed(whole)} == {above, beside, mine, below}
    seat = (await ok(await screen.get("/api/session")))["kiosk"]
    assert seat["unit"] == "271", "left out, it is the organizer's own"
    for other in (above, beside):
        assert await refused(await of_unit.delete(f"{PATH}/{other}")) == (404, "kiosk_unknown", None)
    await ok(await whole.delete(f"{PATH}/{mine}"), 204)
    assert len(await listed(whole)) == 3


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"unit": "HN"}, (403, "forbidden_scope", "unit")),
        ({"unit": "00001"}, (403, "forbidden_scope", "unit")),
        ({"unit": "ELSEWHERE"}, (400, "unit_unknown", "unit")),
        ({"expires_at": 5}, (400, "expiry_past", "expires_at")),
        ({"name": "\u200b"}, (400, "bad_value", "name")),
        ({"name": "x" * 201}, (400, "bad_value", "name")),
    ],
)
async def test_a_kiosk_that_cannot_be_is_refused(
    house: House, asked: dict[str, Any], expected: tuple[int, str, str]
) -> None:
    organizer = await house.signed_in("hoa", "organizer", "271")

    assert await refused(await organizer.post(PATH, json={"name": "Ti vi", **asked})) == expected

    assert await listed(organizer) == []


async def test_a_revoked_kiosk_goes_dark_at_once_and_the_others_stay(house: House) -> None:
    organizer = await house.signed_in("ha", "organizer")
    gone, screen = await house.kiosk(organizer)
    _, other = await house.kiosk(organizer)
    dark, bright = await house.wall(screen), await house.wall(other)

    await ok(await organizer.delete(f"{PATH}/{gone}"), 204)

    assert (await heard(dark))["code"] == 4110
    assert "kiosk" not in await ok(await screen.get("/api/session"))
    assert "kiosk" in await ok(await other.get("/api/session"))
    await bright.send_json({"t": "beat"})
    assert (await heard(bright))["t"] == "pulse"


async def test_a_kiosk_goes_dark_at_its_hour(house: House) -> None:
    organizer = await house.signed_in("ha", "organizer")
    _, screen = await house.kiosk(organizer, expires_at=house.clock.now + 60_000)
    _, lasting = await house.kiosk(organizer)
    wall, another = await house.wall(screen), await house.wall(lasting)

    house.clock.now += 60_000
    await house.sockets.sweep()

    assert (await heard(wall))["code"] == 4110
    assert len(await listed(organizer)) == 2, "the organizer still sees that there was one"
    await another.send_json({"t": "beat"})
    assert (await heard(another))["t"] == "pulse"


@pytest.mark.parametrize("kiosk", ["0123456789abcdef", "é"])
async def test_a_kiosk_that_is_none_is_unknown(house: House, kiosk: str) -> None:
    organizer = await house.signed_in("ha", "organizer")

    assert await refused(await organizer.delete(f"{PATH}/{kiosk}")) == (404, "kiosk_unknown", None)
    other = "/api/conferences/other/kiosks"
    assert await refused(await organizer.get(other)) == (404, "conference_unknown", None)


async def test_a_kiosk_of_another_conference_is_unknown_here(house: House) -> None:
    await house.conferences.journal.create("other", "epoch")
    organizer = await house.signed_in("ha", "organizer")
    kiosk, screen = await house.kiosk(organizer)

    answer = await organizer.delete(f"/api/conferences/other/kiosks/{kiosk}")

    assert await refused(answer) == (404, "kiosk_unknown", None)
    assert (await ok(await screen.get("/api/session")))["kiosk"]
