"""Who is asking: proven by one of four keys, remembered for a moment, forgotten at once when revoked."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event

from server.accounts import authenticator, keys, rules
from server.accounts.authenticator import CACHE_MS, COOKIE
from server.accounts.model import Account, Session

from .house import DEVICE, PASSWORD, House, cookie, heard, me, ok


@pytest.fixture
def statements(house: House) -> Iterator[list[str]]:
    """Every statement that the database is given."""
    seen: list[str] = []

    def listen(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(house.engine.sync_engine, "before_cursor_execute", listen)
    yield seen
    event.remove(house.engine.sync_engine, "before_cursor_execute", listen)


async def watch(house: House, browser: Any) -> int:
    return int((await browser.get("/api/conferences/none/kiosks")).status)


async def test_fifty_requests_of_one_ask_the_database_once(house: House, statements: list[str]) -> None:
    kiosk = (await house.kiosk(await house.signed_in("ha", "organizer")))[1]
    statements.clear()

    for _ in range(50):
        await watch(house, kiosk)
    assert len(statements) == 1

    house.clock.now += CACHE_MS
    await watch(house, kiosk)
    assert len(statements) == 2, "and again when some seconds have passed: another server may have revoked it"


async def test_a_clock_set_back_makes_nobody_known_for_longer(house: House, statements: list[str]) -> None:
    kiosk = (await house.kiosk(await house.signed_in("ha", "organizer")))[1]
    await watch(house, kiosk)
    statements.clear()

    house.clock.now -= 3_600_000
    await watch(house, kiosk)

    assert len(statements) == 1


async def test_being_seen_is_written_once_a_minute(house: House, statements: list[str]) -> None:
    browser = await house.signed_in("ha", "viewer")
    token = await house.token(browser)
    await me(token)
    statements.clear()

    for _ in range(rules.SEEN_EVERY // CACHE_MS):
        house.clock.now += CACHE_MS
        await me(browser)
        await me(token)

    written = [s.split()[1] for s in statements if s.startswith("UPDATE")]
    assert sorted(written) == ["accounts", "api_tokens", "sessions"]


async def test_what_is_revoked_while_it_is_looked_up_is_not_remembered(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await house.signed_in("ha", "viewer")
    sessions = house.accounts._sessions
    asked, go_on, find = asyncio.Event(), asyncio.Event(), sessions.find

    async def slow(secret_hash: bytes, now: int) -> tuple[Session, Account] | None:
        found = await find(secret_hash, now)
        asked.set()
        await go_on.wait()
        return found

    monkeypatch.setattr(sessions, "find", slow)
    async with asyncio.TaskGroup() as group:
        looking = group.create_task(me(browser))
        await asked.wait()
        house.accounts.authenticator.revoke(lambda p: p.kind == "account")
        go_on.set()

    assert looking.result(), "it was asked before it was revoked"
    assert not house.accounts.authenticator._known


async def test_no_more_are_remembered_than_there_is_room(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authenticator, "MAX_CACHED", 3)
    await house.account("ha")
    browsers = [await house.sign_in("ha") for _ in range(5)]

    for browser in browsers:
        assert await me(browser)

    assert len(house.accounts.authenticator._known) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        lambda key: "Bearer " + key[:-1] + ("A" if key[-1] != "A" else "B"),
        lambda key: "Bearer " + key + "A",
        lambda key: "Bearer " + key.replace("nc_pat_", "nc_kio_"),
        lambda key: "Bearer " + key.replace("nc_pat_", "nc_ses_"),
        lambda key: "Bearer " + key.replace("nc_pat_", ""),
        lambda key: "Bearer",
        lambda key: "Bearer nc_dev_room-two",
        lambda key: "Basic " + key,
    ],
)
async def test_a_key_that_is_not_exactly_right_is_nobody(house: House, wrong: Callable[[str], str]) -> None:
    owner = await house.signed_in("ha", "viewer")
    made = (await ok(await owner.post("/api/tokens", json={"name": "Bảng"}), 201))["token"]
    assert await me(house.browser({"Authorization": f"bearer {made}"})), "the scheme's case does not count"

    assert await me(house.browser({"Authorization": wrong(made)})) is None


async def test_a_wrong_token_does_not_fall_back_on_the_cookie(house: House) -> None:
    browser = await house.signed_in("ha", "viewer")

    answer = await ok(await browser.get("/api/session", headers={"Authorization": "Bearer nc_pat_x"}))

    assert answer["account"] is None
    proxied = await ok(await browser.get("/api/session", headers={"Authorization": "Basic c2E6c2E="}))
    assert proxied["account"], "what a proxy asks for is none of ours"


async def test_the_cookies_secret_opens_as_a_cookie_alone(house: House) -> None:
    secret = cookie(await house.signed_in("ha", "viewer"))

    assert await me(house.bearer(secret)) is None
    token = await house.browser({"Cookie": f"{COOKIE}={keys.new(keys.SESSION).secret}"}).get("/api/session")
    assert (await ok(token))["account"] is None


async def test_a_device_is_whom_the_operators_say(house: House) -> None:
    device = house.bearer("nc_dev_room-one")

    socket = await device.ws_connect("/ws")
    await socket.send_json({"t": "hello", "v": 1, "conference": DEVICE.conference})

    assert (await socket.receive_json())["audience"] == "point:1"


@pytest.mark.parametrize("end", ["sign out", "disable", "other password", "delete", "less rights", "life"])
async def test_whatever_ends_a_right_closes_what_was_opened_by_it(house: House, end: str) -> None:
    administrator = await house.signed_in("admin1", "administrator")
    account = await house.account("hoa", "organizer")
    browser = await house.sign_in("hoa")
    wall, others = await house.wall(browser), await house.wall(administrator)
    path = f"/api/accounts/{account.id}"

    if end == "sign out":
        await browser.delete("/api/session")
    elif end == "disable":
        await ok(await administrator.patch(path, json={"disabled": True}))
    elif end == "other password":
        await ok(await administrator.patch(path, json={"password": PASSWORD + " hơn nữa"}))
    elif end == "delete":
        await ok(await administrator.delete(path), 204)
    elif end == "less rights":
        await ok(await administrator.patch(path, json={"unit": "271"}))
    else:
        house.clock.now += rules.SESSION_LIFE - 1
        await house.sockets.sweep()
        await wall.send_json({"t": "beat"})
        assert (await heard(wall))["t"] == "pulse"
        house.clock.now += 1
        await house.sockets.sweep()

    assert (await heard(wall))["code"] == 4110
    if end != "life":
        await others.send_json({"t": "beat"})
        assert (await heard(others))["t"] == "pulse"


async def test_another_name_closes_nothing(house: House) -> None:
    administrator = await house.signed_in("admin1", "administrator")
    account = await house.account("hoa", "organizer")
    browser = await house.sign_in("hoa")
    wall = await house.wall(browser)
    assert (await me(browser))["name"] == "Người hoa"

    await ok(await administrator.patch(f"/api/accounts/{account.id}", json={"name": "Lê Hoa"}))

    await wall.send_json({"t": "beat"})
    assert (await heard(wall))["t"] == "pulse"


async def test_ones_own_new_password_leaves_this_sessions_wall_open(house: House) -> None:
    here = await house.signed_in("ha", "viewer")
    there = await house.sign_in("ha")
    open_here, open_there = await house.wall(here), await house.wall(there)

    body = {"current": PASSWORD, "password": PASSWORD + " hơn nữa"}
    await ok(await here.post("/api/session/password", json=body), 204)

    assert (await heard(open_there))["code"] == 4110
    await open_here.send_json({"t": "beat"})
    assert (await heard(open_here))["t"] == "pulse"


async def test_whose_key_was_good_a_moment_ago_is_let_in_while_the_database_is_away(house: House) -> None:
    """Given a wall and a stranger to this server, when the database fails, then the wall may look for a minute more."""
    organizer = await house.signed_in("ha", "organizer")
    known, unknown = (await house.kiosk(organizer))[1], (await house.kiosk(organizer))[1]
    assert await watch(house, known) == (allowed := 403)

    def away(*_: Any) -> None:
        raise OSError("away")

    event.listen(house.engine.sync_engine, "before_cursor_execute", away)
    try:
        house.clock.now += authenticator.GOOD_MS - 1
        assert await watch(house, known) == allowed
        assert await watch(house, unknown) == 503
        house.clock.now += CACHE_MS
        assert await watch(house, known) == 503
    finally:
        event.remove(house.engine.sync_engine, "before_cursor_execute", away)
    assert await watch(house, unknown) == allowed
