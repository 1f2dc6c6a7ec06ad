"""Signing in and out, and what a stolen or guessed way in is worth."""

import unicodedata

import pytest

from server.accounts import rules
from server.accounts.authenticator import COOKIE
from server.accounts.passwords import MAX_WAITING, strong
from server.accounts.session_routes import ADDRESS_BURST, LOGIN_BURST

from .house import OTHER_PASSWORD, OURS, PASSWORD, CountingHasher, House, cookie, me, ok, refused

WRONG = {"login": "ha", "password": "không phải mật khẩu này"}
RIGHT = {"login": "ha", "password": PASSWORD}


async def test_a_good_password_opens_whatever_the_case_of_the_login(house: House) -> None:
    account = await house.account("ha", "administrator")
    browser = house.browser()

    answer = await ok(await browser.post("/api/session", json={**RIGHT, "login": " HA "}))

    expected = {"id": account.id, "login": "ha", "name": "Người ha", "role": "administrator", "unit": None}
    assert answer == {"account": expected, "setup_needed": False}
    assert await me(browser) == expected


async def test_accents_typed_apart_open_as_well(house: House) -> None:
    await house.account("ha")

    await house.sign_in("ha", unicodedata.normalize("NFD", PASSWORD))


@pytest.mark.parametrize("https", [True, False])
async def test_the_cookie_is_kept_from_scripts_and_other_sites(house: House, https: bool) -> None:
    await house.account("ha")
    headers = {"X-Forwarded-Proto": "https"} if https else {}

    answer = await house.browser().post("/api/session", json=RIGHT, headers=headers)

    morsel = answer.cookies[COOKIE]
    assert morsel["httponly"]
    assert (morsel["samesite"], morsel["path"], morsel["domain"]) == ("Lax", "/", "")
    assert bool(morsel["secure"]) is https
    assert int(morsel["max-age"]) * 1_000 == rules.SESSION_LIFE


async def test_all_that_is_wrong_is_refused_in_the_same_words_after_the_same_work(house: House) -> None:
    administrator = await house.signed_in("admin1", "administrator")
    await house.account("ha")
    gone = await house.account("hoa")
    await ok(await administrator.patch(f"/api/accounts/{gone.id}", json={"disabled": True}))
    house.hasher.verified.clear()

    answers = []
    for login, password in (("ha", "sai mật khẩu rồi"), ("lan", PASSWORD), ("hoa", PASSWORD), ("có dấu\x00", PASSWORD)):
        response = await house.browser().post("/api/session", json={"login": login, "password": password})
        answers.append((response.status, (await response.json())["error"] | {"request_id": ""}, response.cookies))

    assert answers[0][0] == 401
    assert answers[0][1]["code"] == "login_failed"
    assert answers == [answers[0]] * 4
    costs = [made.rpartition("$")[0].rpartition("$")[0] for made in house.hasher.verified]
    assert costs == [costs[0]] * 4, "one verification each, all with the same parameters"


@pytest.mark.usefixtures("no_time_passes")
async def test_guessing_at_one_login_is_slowed_down_also_for_the_right_password(house: House) -> None:
    await house.account("ha")
    await house.account("hoa")
    browser, there = house.browser(), {"X-Forwarded-For": "198.51.100.1"}
    for _ in range(int(LOGIN_BURST)):
        assert (await browser.post("/api/session", json=WRONG, headers=there)).status == 401

    answer = await browser.post("/api/session", json={**RIGHT, "login": "HA"}, headers=there)

    assert await refused(answer) == (429, "rate_limited", None)
    assert answer.headers["Retry-After"] == "12"
    await house.sign_in("hoa")


@pytest.mark.usefixtures("no_time_passes")
async def test_who_guesses_elsewhere_shuts_nobody_out(house: House) -> None:
    await house.account("ha")
    browser = house.browser()
    for _ in range(int(LOGIN_BURST) + 2):
        await browser.post("/api/session", json=WRONG, headers={"X-Forwarded-For": "198.51.100.1"})

    answer = await browser.post("/api/session", json=RIGHT, headers={"X-Forwarded-For": "192.0.2.1"})

    assert answer.status == 200


@pytest.mark.usefixtures("no_time_passes")
async def test_guessing_from_one_address_is_slowed_down(house: House) -> None:
    await house.account("ha")
    browser = house.browser()
    for n in range(int(ADDRESS_BURST)):
        body = {"login": f"nguoi{n}", "password": PASSWORD}
        assert (
            await browser.post("/api/session", json=body, headers={"X-Forwarded-For": "198.51.100.9"})
        ).status == 401

    answer = await browser.post("/api/session", json=RIGHT, headers={"X-Forwarded-For": "198.51.100.9"})

    assert await refused(answer) == (429, "rate_limited", None)
    await ok(await browser.post("/api/session", json=RIGHT, headers={"X-Forwarded-For": "198.51.100.10"}))


async def test_a_page_of_another_site_cannot_sign_a_browser_in(house: House) -> None:
    await house.account("ha")
    stranger = house.browser({})

    answer = await stranger.post("/api/session", json=RIGHT, headers={"Origin": "https://other.example"})

    assert await refused(answer) == (403, "forbidden_origin", None)
    assert not answer.cookies
    await ok(await stranger.post("/api/session", json=RIGHT))  # a program sends no Origin


@pytest.mark.parametrize("headers", [{}, {**OURS, "Origin": "https://other.example"}])
async def test_a_page_of_another_site_cannot_use_the_cookie(house: House, headers: dict[str, str]) -> None:
    browser = await house.signed_in("ha", "administrator")
    elsewhere = house.browser(headers)
    elsewhere.session.cookie_jar.update_cookies({COOKIE: cookie(browser)}, elsewhere.make_url("/"))
    assert await me(elsewhere)

    for method, path in (("DELETE", "/api/session"), ("POST", "/api/tokens"), ("DELETE", "/api/accounts/1")):
        answer = await elsewhere.request(method, path, json={"name": "x"})
        assert await refused(answer) == (403, "forbidden_origin", None)
    assert await me(browser)


async def test_signing_out_ends_the_session_at_once_and_twice_does_no_harm(house: House) -> None:
    browser = await house.signed_in("ha", "viewer")
    stolen = house.browser()
    stolen.session.cookie_jar.update_cookies({COOKIE: cookie(browser)}, stolen.make_url("/"))
    assert await me(stolen)

    await ok(await browser.delete("/api/session"), 204)

    assert cookie(browser) == ""
    assert await me(stolen) is None
    await ok(await browser.delete("/api/session"), 204)


async def test_signing_in_anew_leaves_no_session_lying_about(house: House) -> None:
    browser = await house.signed_in("ha", "viewer")
    first = cookie(browser)

    await ok(await browser.post("/api/session", json=RIGHT))

    assert cookie(browser) != first
    assert len((await ok(await browser.get("/api/sessions")))["sessions"]) == 1


async def test_a_session_slides_with_its_use_and_ends_when_nobody_comes(house: House) -> None:
    browser = await house.signed_in("ha", "viewer")
    house.clock.now += rules.SESSION_IDLE - 1
    assert await me(browser)
    house.clock.now += rules.SESSION_IDLE - 1
    assert await me(browser)

    house.clock.now += rules.SESSION_IDLE

    assert await me(browser) is None
    assert await refused(await browser.get("/api/sessions")) == (401, "unauthenticated", None)


async def test_a_session_in_use_ends_all_the_same_one_day(house: House) -> None:
    browser = await house.signed_in("ha", "viewer")
    for _ in range(rules.SESSION_LIFE // (rules.SESSION_IDLE // 2) - 1):
        house.clock.now += rules.SESSION_IDLE // 2
        assert await me(browser)

    house.clock.now += rules.SESSION_IDLE // 2

    assert await me(browser) is None


# --- one's own sessions


async def test_sessions_are_listed_and_ended_one_by_one_from_the_next_request_on(house: House) -> None:
    here = await house.signed_in("ha", "viewer")
    there = house.browser({**OURS, "User-Agent": "Điện thoại".encode().decode("latin-1") + "x" * 300})
    await ok(await there.post("/api/session", json=RIGHT, headers={"X-Forwarded-For": "203.0.113.7"}))
    assert await me(there)

    sessions = (await ok(await here.get("/api/sessions")))["sessions"]
    (mine,) = [s for s in sessions if s["current"]]
    (other,) = [s for s in sessions if not s["current"]]
    assert other["address"] == "203.0.113.7"
    assert len(other["user_agent"]) == 200
    assert mine["expires_at"] == house.clock.now + rules.SESSION_IDLE

    await ok(await here.delete(f"/api/sessions/{other['id']}"), 204)

    assert await me(there) is None
    assert await me(here)
    again = await here.delete(f"/api/sessions/{other['id']}")
    assert await refused(again) == (404, "session_unknown", None)


async def test_all_other_sessions_are_ended_together(house: House) -> None:
    here = await house.signed_in("ha", "viewer")
    others = [await house.sign_in("ha") for _ in range(3)]
    stranger = await house.signed_in("hoa", "viewer")
    token = await house.token(here)

    await ok(await here.delete("/api/sessions"), 204)

    assert [await me(b) for b in others] == [None] * 3
    assert await me(here)
    assert await me(stranger)
    assert await me(token), "a token is no session"


@pytest.mark.parametrize("name", ["0123456789abcdef", "é", "a" * 500])
async def test_a_session_of_somebody_else_is_unknown(house: House, name: str) -> None:
    browser = await house.signed_in("ha", "viewer")
    other = await house.signed_in("hoa", "viewer")
    theirs = (await ok(await other.get("/api/sessions")))["sessions"][0]["id"]

    for session in (name, theirs):
        assert await refused(await browser.delete(f"/api/sessions/{session}")) == (404, "session_unknown", None)
    assert await me(other)


# --- one's own password


async def test_a_new_password_ends_every_other_session_and_the_old_password(house: House) -> None:
    here = await house.signed_in("ha", "viewer")
    there = await house.sign_in("ha")
    copied = house.browser()
    copied.session.cookie_jar.update_cookies({COOKIE: cookie(here)}, copied.make_url("/"))
    assert await me(copied)

    await ok(await here.post("/api/session/password", json={"current": PASSWORD, "password": OTHER_PASSWORD}), 204)

    assert await me(here)
    assert await me(there) is None
    assert await me(copied) is None, "a copy of this session's cookie is worth nothing either"
    answer = await house.browser().post("/api/session", json=RIGHT)
    assert await refused(answer) == (401, "login_failed", None)
    await house.sign_in("ha", OTHER_PASSWORD)


async def test_a_new_password_needs_the_current_one_and_is_no_weak_one(house: House) -> None:
    browser = await house.signed_in("ha.tran", "viewer")
    before = cookie(browser)

    async def change(current: str, password: str) -> tuple[int, str, str | None]:
        return await refused(
            await browser.post("/api/session/password", json={"current": current, "password": password})
        )

    assert await change("sai mật khẩu rồi", OTHER_PASSWORD) == (400, "password_wrong", "current")
    assert await change(PASSWORD, "ngắn quá") == (400, "password_short", "password")
    assert await change(PASSWORD, "tôi là ha.tran đây") == (400, "password_is_login", "password")
    assert await change(PASSWORD, "matkhau12345678") == (400, "password_obvious", "password")
    assert cookie(browser) == before
    await house.sign_in("ha.tran")


@pytest.mark.usefixtures("no_time_passes")
async def test_the_current_password_cannot_be_guessed_at_an_open_console(house: House) -> None:
    browser = await house.signed_in("ha", "viewer")  # took one of the burst
    body = {"current": "sai mật khẩu rồi", "password": OTHER_PASSWORD}
    for _ in range(int(LOGIN_BURST) - 1):
        assert (await browser.post("/api/session/password", json=body)).status == 400

    answer = await browser.post("/api/session/password", json={**body, "current": PASSWORD})

    assert await refused(answer) == (429, "rate_limited", None)


async def test_a_hash_of_older_parameters_is_renewed_at_the_next_sign_in(house: House) -> None:
    await house.account("ha")
    stronger = CountingHasher(time_cost=2)
    house.passwords._hasher = stronger

    await house.sign_in("ha")
    await house.sign_in("ha")

    assert ["t=2" in made for made in stronger.verified] == [False, True]


async def test_too_many_sign_ins_at_once_are_told_to_come_back(house: House) -> None:
    await house.account("ha")
    house.passwords._waiting = MAX_WAITING

    assert await refused(await house.browser().post("/api/session", json=RIGHT)) == (503, "busy", None)

    house.passwords._waiting = 0
    await house.sign_in("ha")
    assert house.passwords._waiting == 0


def test_passwords_are_hashed_by_argon2id_with_memory_that_hurts() -> None:
    made = strong().hash(PASSWORD)

    assert made.startswith("$argon2id$v=19$m=65536,t=2,p=1$")
