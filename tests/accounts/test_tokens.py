"""An API token may do what its owner may, or less, never more, and not for ever."""

from typing import Any

import pytest

from .house import PASSWORD, House, heard, me, ok, refused


async def test_a_token_is_shown_once_and_acts_for_its_owner(house: House) -> None:
    owner = await house.signed_in("ha", "organizer", "271")

    made = await ok(await owner.post("/api/tokens", json={"name": " Bảng tổng hợp "}), 201)

    assert (made["name"], made["role"], made["unit"]) == ("Bảng tổng hợp", "organizer", "271")
    assert made["token"].startswith("nc_pat_")
    assert await me(house.bearer(made["token"])) == await me(owner)
    (listed,) = (await ok(await owner.get("/api/tokens")))["tokens"]
    assert listed == {k: v for k, v in made.items() if k != "token"} | {"last_used_at": house.clock.now}


async def test_a_token_may_be_given_less(house: House) -> None:
    owner = await house.signed_in("admin1", "administrator")

    token = await house.token(owner, role="viewer", unit="271")

    assert (await me(token))["role"] == "viewer"
    assert (await me(token))["unit"] == "271"
    assert await refused(await token.get("/api/accounts")) == (403, "forbidden", None)


@pytest.mark.parametrize(
    ("role", "unit", "asked", "expected"),
    [
        ("viewer", None, {"role": "organizer"}, (403, "token_role", "role")),
        ("organizer", "271", {"role": "administrator"}, (403, "token_role", "role")),
        ("organizer", "271", {"unit": "HN"}, (403, "forbidden_scope", "unit")),
        ("organizer", "271", {"unit": "00001"}, (403, "forbidden_scope", "unit")),
        ("organizer", "271", {"unit": "nowhere"}, (400, "bad_value", "unit")),
        ("organizer", None, {"unit": "NOWHERE"}, (400, "unit_unknown", "unit")),
        ("administrator", None, {"unit": "271"}, (400, "administrator_whole", "unit")),
        ("viewer", None, {"name": ""}, (400, "bad_value", "name")),
        ("viewer", None, {"expires_at": 1}, (400, "expiry_past", "expires_at")),
        ("viewer", None, {"expires_at": -1}, (400, "bad_value", "expires_at")),
    ],
)
async def test_a_token_cannot_be_given_more(
    house: House, role: Any, unit: str | None, asked: dict[str, Any], expected: tuple[int, str, str]
) -> None:
    owner = await house.signed_in("ha", role, unit)

    assert await refused(await owner.post("/api/tokens", json={"name": "Bảng", **asked})) == expected

    assert (await ok(await owner.get("/api/tokens"))) == {"tokens": []}


async def test_a_token_shrinks_with_its_owner(house: House) -> None:
    administrator = await house.signed_in("admin1", "administrator")
    account = await house.account("hoa", "organizer")
    owner = await house.sign_in("hoa")
    whole, part = await house.token(owner), await house.token(owner, unit="001")
    path = f"/api/accounts/{account.id}"

    await ok(await administrator.patch(path, json={"role": "viewer"}))
    assert ((await me(whole))["role"], (await me(part))["role"]) == ("viewer", "viewer")

    await ok(await administrator.patch(path, json={"unit": "271"}))
    assert (await me(whole))["unit"] == "271"
    assert await me(part) is None, "what it was made for is not its owner's any more"

    await ok(await administrator.patch(path, json={"unit": "HN", "role": "organizer"}))
    assert ((await me(part))["unit"], (await me(part))["role"]) == ("001", "organizer")


async def test_a_revoked_token_is_nobody_from_the_next_request_on(house: House) -> None:
    owner = await house.signed_in("ha", "viewer")
    token = await house.token(owner)
    assert await me(token)
    wall = await house.wall(token)
    (listed,) = (await ok(await owner.get("/api/tokens")))["tokens"]
    stranger = await house.signed_in("hoa", "viewer")
    assert await refused(await stranger.delete(f"/api/tokens/{listed['id']}")) == (404, "token_unknown", None)
    assert await me(token)

    await ok(await owner.delete(f"/api/tokens/{listed['id']}"), 204)

    assert await me(token) is None
    assert (await heard(wall))["reason"] == "revoked"
    assert await refused(await owner.delete(f"/api/tokens/{listed['id']}")) == (404, "token_unknown", None)


async def test_a_token_ends_at_its_hour_also_when_it_is_known_by_heart(house: House) -> None:
    owner = await house.signed_in("ha", "viewer")
    token = await house.token(owner, expires_at=house.clock.now + 1_000)
    wall, another = await house.wall(token), await house.wall(owner)
    house.clock.now += 999
    assert await me(token)
    await house.sockets.sweep()
    await wall.send_json({"t": "beat"})
    assert (await heard(wall))["t"] == "pulse"

    house.clock.now += 1

    assert await me(token) is None
    await house.sockets.sweep()
    assert (await heard(wall))["reason"] == "revoked"
    await another.send_json({"t": "beat"})
    assert (await heard(another))["t"] == "pulse"


async def test_a_token_cannot_make_itself_last(house: House) -> None:
    owner = await house.signed_in("admin1", "administrator")
    token = await house.token(owner)
    password = {"current": PASSWORD, "password": "một mật khẩu khác nữa"}

    for method, path, body in (
        ("POST", "/api/tokens", {"name": "Bảng"}),
        ("GET", "/api/tokens", None),
        ("DELETE", "/api/tokens/1", None),
        ("POST", "/api/session/password", password),
        ("GET", "/api/sessions", None),
        ("DELETE", "/api/sessions", None),
        ("DELETE", "/api/sessions/x", None),
    ):
        answer = await token.request(method, path, json=body)
        assert await refused(answer) == (403, "session_needed", None), (method, path)
    assert await me(owner)
