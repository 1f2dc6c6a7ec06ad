"""Administrators make, change and end accounts; nobody else does."""

from typing import Any

import pytest

from server.http.routing import Allow

from .house import OTHER_PASSWORD, OURS, PASSWORD, House, me, ok, refused

NEW = {"login": "hoa", "name": "Lê Hoa", "password": PASSWORD, "role": "organizer", "unit": "271"}

# Who may, as the routes declare it; written out once more, so that a changed declaration is seen.
OPEN = {("POST", "/api/session"), ("GET", "/api/session"), ("DELETE", "/api/session"), ("POST", "/api/setup")}
VIEWERS = {
    ("POST", "/api/session/password"), ("GET", "/api/sessions"), ("DELETE", "/api/sessions"),
    ("DELETE", "/api/sessions/{session}"), ("GET", "/api/tokens"), ("POST", "/api/tokens"),
    ("DELETE", "/api/tokens/{token}"),
}  # fmt: skip
KIOSKS = "/api/conferences/{conference}/kiosks"
ORGANIZERS = {("GET", KIOSKS), ("POST", KIOSKS), ("DELETE", KIOSKS + "/{kiosk}")}
ADMINISTRATORS = {
    ("GET", "/api/accounts"), ("POST", "/api/accounts"), ("GET", "/api/accounts/log"),
    ("PATCH", "/api/accounts/{account}"), ("DELETE", "/api/accounts/{account}"),
}  # fmt: skip
LEVELS = {
    "nobody": OPEN,
    "device": OPEN,
    "kiosk": OPEN,
    "viewer": OPEN | VIEWERS,
    "organizer": OPEN | VIEWERS | ORGANIZERS,
    "administrator": OPEN | VIEWERS | ORGANIZERS | ADMINISTRATORS,
}


async def test_who_may_do_what_is_so_for_every_route_and_every_role(house: House) -> None:
    administrator = await house.signed_in("admin1", "administrator")
    people = {
        "nobody": house.browser(),
        "device": house.bearer("nc_dev_room-one"),
        "kiosk": (await house.kiosk(administrator))[1],
        "viewer": await house.token(administrator, role="viewer"),
        "organizer": await house.token(administrator, role="organizer"),
        "administrator": await house.token(administrator),
    }
    routes = {(r.method, r.path) for r in house.accounts.routes()}
    assert routes == LEVELS["administrator"], "a new route belongs into this table"

    for kind, may in LEVELS.items():
        for method, path in sorted(routes):
            # Names of nothing, and a body that is nothing: who is let in is refused for that and changes nothing.
            url = path.format(session="none", token=0, account=0, conference="none", kiosk="none")
            code = await _refusal(people[kind], method, url)
            expected = {"unauthenticated"} if kind == "nobody" else {"forbidden"}
            assert (code in expected) == ((method, path) not in may), (kind, method, path, code)


async def _refusal(who: Any, method: str, url: str) -> str | None:
    answer = await who.request(method, url, data=b"" if method in ("GET", "DELETE") else b"[")
    body = await answer.json() if answer.status not in (200, 204) else {}
    code: str | None = body.get("error", {}).get("code")
    return code


def test_every_route_says_what_it_answers_and_who_may(house: House) -> None:
    for route in house.accounts.routes():
        assert isinstance(route.allow, Allow)
        assert (route.answer is None) == (route.status == 204), f"{route.method} {route.path}"
        assert (route.body is None) == (route.method in ("GET", "DELETE")), f"{route.method} {route.path}"


@pytest.fixture
async def administrator(house: House) -> Any:
    return await house.signed_in("admin1", "administrator")


async def test_an_account_is_made_listed_and_signs_in(house: House, administrator: Any) -> None:
    made = await ok(await administrator.post("/api/accounts", json={**NEW, "login": "Hoa"}), 201)

    assert (made["login"], made["role"], made["unit"], made["disabled"]) == ("hoa", "organizer", "271", False)
    assert "password_hash" not in made
    listed = (await ok(await administrator.get("/api/accounts")))["accounts"]
    assert [a["login"] for a in listed] == ["admin1", "hoa"]
    browser = await house.sign_in("hoa")
    assert (await me(browser))["unit"] == "271"


@pytest.mark.parametrize(
    ("bad", "expected"),
    [
        ({"login": "ADMIN1"}, (409, "login_taken", "login")),
        ({"login": "lê hoa"}, (400, "login_bad", "login")),
        ({"name": "  "}, (400, "bad_value", "name")),
        ({"name": ""}, (400, "bad_value", "name")),
        ({"password": "ngắn"}, (400, "password_short", "password")),
        ({"role": "operator"}, (400, "bad_value", "role")),
        ({"role": "system"}, (400, "bad_value", "role")),
        ({"unit": "99999"}, (400, "unit_unknown", "unit")),
        ({"unit": "271\x00"}, (400, "bad_value", "unit")),
        ({"role": "administrator"}, (400, "administrator_whole", "unit")),
        ({"id": 1}, (400, "bad_value", "id")),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_made(
    administrator: Any, bad: dict[str, Any], expected: tuple[int, str, str | None]
) -> None:
    assert await refused(await administrator.post("/api/accounts", json={**NEW, **bad})) == expected

    assert len((await ok(await administrator.get("/api/accounts")))["accounts"]) == 1


async def test_invisible_signs_of_a_name_are_dropped(administrator: Any) -> None:
    made = await ok(await administrator.post("/api/accounts", json={**NEW, "name": "Lê\u200b  Hoa\n"}), 201)

    assert made["name"] == "Lê Hoa"


async def test_a_change_holds_from_the_next_request_on(house: House, administrator: Any) -> None:
    made = await ok(await administrator.post("/api/accounts", json=NEW), 201)
    browser, path = await house.sign_in("hoa"), f"/api/accounts/{made['id']}"
    assert (await me(browser))["role"] == "organizer"

    changed = await ok(await administrator.patch(path, json={"name": "Lê Thị Hoa", "role": "viewer", "unit": None}))

    assert (changed["name"], changed["role"], changed["unit"]) == ("Lê Thị Hoa", "viewer", None)
    assert await me(browser) == {k: changed[k] for k in ("id", "login", "name", "role", "unit")}
    kiosks = await browser.get("/api/conferences/hn2026/kiosks")
    assert await refused(kiosks) == (403, "forbidden", None)
    assert await ok(await administrator.patch(path, json={})) == changed | {"last_seen_at": house.clock.now}


async def test_a_disabled_account_is_out_at_once_with_its_tokens(house: House, administrator: Any) -> None:
    made = await ok(await administrator.post("/api/accounts", json=NEW), 201)
    browser = await house.sign_in("hoa")
    token = await house.token(browser)
    assert await me(browser)
    assert await me(token)

    await ok(await administrator.patch(f"/api/accounts/{made['id']}", json={"disabled": True}))

    assert (await me(browser), await me(token)) == (None, None)
    await ok(await administrator.patch(f"/api/accounts/{made['id']}", json={"disabled": False}))
    assert await me(browser) is None, "its sessions do not come back"
    assert await me(token), "its tokens do"
    await house.sign_in("hoa")


async def test_a_password_set_by_an_administrator_ends_every_session(house: House, administrator: Any) -> None:
    made = await ok(await administrator.post("/api/accounts", json=NEW), 201)
    browser = await house.sign_in("hoa")
    assert await me(browser)

    await ok(await administrator.patch(f"/api/accounts/{made['id']}", json={"password": OTHER_PASSWORD}))

    assert await me(browser) is None
    await house.sign_in("hoa", OTHER_PASSWORD)
    weak = await administrator.patch(f"/api/accounts/{made['id']}", json={"password": "hoa"})
    assert await refused(weak) == (400, "password_short", "password")


async def test_ones_own_password_is_not_set_without_the_current_one(administrator: Any) -> None:
    mine = (await me(administrator))["id"]

    answer = await administrator.patch(f"/api/accounts/{mine}", json={"password": OTHER_PASSWORD})

    assert await refused(answer) == (409, "password_own", "password")


async def test_the_last_administrator_is_told_why_he_must_stay(house: House, administrator: Any) -> None:
    path = f"/api/accounts/{(await me(administrator))['id']}"
    for change in ({"role": "viewer"}, {"disabled": True}):
        assert await refused(await administrator.patch(path, json=change)) == (409, "last_administrator", None)
    assert await refused(await administrator.delete(path)) == (409, "last_administrator", None)
    refusal = await administrator.patch(path, json={"unit": "271"})
    assert await refused(refusal) == (400, "administrator_whole", "unit")

    await house.account("admin2", "administrator")
    await ok(await administrator.delete(path), 204)
    assert await me(administrator) is None


@pytest.mark.parametrize("number", ["99", "0", "-1", "x", "9" * 30, "٣"])
@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_an_account_that_is_none_is_unknown(administrator: Any, method: str, number: str) -> None:
    for body in ({}, {"password": OTHER_PASSWORD}):
        answer = await administrator.request(method, f"/api/accounts/{number}", json=body)
        assert await refused(answer) == (404, "account_unknown", None)


async def test_the_log_tells_who_did_what_page_by_page(house: House, administrator: Any) -> None:
    made = await ok(await administrator.post("/api/accounts", json=NEW), 201)
    await ok(await administrator.delete(f"/api/accounts/{made['id']}"), 204)

    first = await ok(await administrator.get("/api/accounts/log", params={"limit": 2}))
    rest = await ok(await administrator.get("/api/accounts/log", params={"before": first["next_before"]}))

    told = [(e["actor_name"], e["action"], e["subject_name"]) for e in first["entries"] + rest["entries"]]
    assert told == [
        ("Người admin1", "account_deleted", "Lê Hoa"),
        ("Người admin1", "account_created", "Lê Hoa"),
        ("Người admin1", "signed_in", "Người admin1"),
        ("", "account_created", "Người admin1"),
    ]
    assert rest["next_before"] is None
    assert {e["at"] for e in first["entries"]} == {house.clock.now}
    too_many = await administrator.get("/api/accounts/log", params={"limit": 501})
    assert await refused(too_many) == (400, "bad_value", "limit")


async def test_a_token_of_an_administrator_may_make_accounts_without_the_header(
    house: House, administrator: Any
) -> None:
    token = await house.token(administrator)
    assert OURS.items().isdisjoint(token.session.headers.items())

    await ok(await token.post("/api/accounts", json=NEW), 201)
