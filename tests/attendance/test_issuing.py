"""New codes over HTTP, and routes that take the request itself."""

import pytest
from aiohttp import web

from server.http.routing import Allow, Principal, Route
from tests.attendance.place import CONFERENCE, Place, page

ORGANIZER = Principal("account", "organizer", "account:2", "Lê Văn Nam")
OF_BA_DINH = Principal("account", "organizer", "account:3", "Phạm Hoa", unit="001")
VIEWER = Principal("account", "viewer", "account:4", "Người xem")
PATH = f"/api/conferences/{CONFERENCE}/codes"


async def test_a_new_code_opens_and_the_one_before_ends(place: Place) -> None:
    place.who, phone = ORGANIZER, place.phone()
    answer = await phone.post(PATH, json={"point": 1})
    made = await answer.json()
    assert answer.status == 201
    assert made == {"code": made["code"], "url": f"https://cau.example/D/{made['code']}", "point": 1}
    assert "Xã Tản Lĩnh" in await page(await phone.get(f"/D/{made['code']}"))
    await page(await phone.get(f"/D/{place.rooms[0]}"), 404)


async def test_the_conference_gets_its_own(place: Place) -> None:
    place.who, phone = ORGANIZER, place.phone()
    made = await (await phone.post(PATH, json={})).json()
    assert made["point"] is None
    assert "Hội trường lớn" in await page(await phone.get(f"/D/{made['code']}"))
    await page(await phone.get(f"/D/{place.own}"), 404)


@pytest.mark.parametrize(
    ("who", "body", "status", "code"),
    [
        (None, {"point": 1}, 401, "unauthenticated"),
        (VIEWER, {"point": 1}, 403, "forbidden"),
        (OF_BA_DINH, {"point": 1}, 403, "forbidden_scope"),
        (OF_BA_DINH, {}, 403, "forbidden_scope"),
        (ORGANIZER, {"point": 99}, 404, "point_unknown"),
        (ORGANIZER, {"point": 0}, 400, "bad_value"),
        (ORGANIZER, {"code": "AAAAAAAAAAA"}, 400, "bad_value"),
    ],
)
async def test_who_may_not_changes_nothing(
    place: Place, who: Principal | None, body: dict[str, object], status: int, code: str
) -> None:
    place.who = who
    answer = await place.phone().post(PATH, json=body)
    assert (answer.status, (await answer.json())["error"]["code"]) == (status, code)
    for working in (place.own, *place.rooms):
        await page(await place.phone().get(f"/D/{working}"))


async def test_a_subtrees_organizer_renews_his_rooms(place: Place) -> None:
    place.who = OF_BA_DINH
    assert (await place.phone().post(PATH, json={"point": 4})).status == 201


async def test_no_such_conference(place: Place) -> None:
    place.who = ORGANIZER
    answer = await place.phone().post("/api/conferences/none/codes", json={})
    assert (answer.status, (await answer.json())["error"]["code"]) == (404, "conference_unknown")


@pytest.mark.parametrize("allow", [a for a in Allow if a not in (Allow.PUBLIC, Allow.LINK)])
async def test_a_route_for_some_cannot_skip_who_asks(place: Place, allow: Allow) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response()

    with pytest.raises(TypeError, match="nobody would ask"):
        place.assembly.mount(web.Application(), [Route("GET", "/x", handler, allow, "X", raw=True)])
