"""The first administrator comes by a link that the server printed, once."""

import asyncio

import pytest

from server.accounts import keys, rules
from server.accounts.session_routes import ADDRESS_BURST

from .house import PASSWORD, House, me, ok, refused

FIRST = {"login": "Ha.Tran", "name": "  Trần  Thu Hà ", "password": PASSWORD}


async def test_an_empty_server_needs_a_setup_and_offers_a_link(house: House) -> None:
    answer = await ok(await house.browser().get("/api/session"))
    assert answer == {"account": None, "setup_needed": True}

    token = await house.accounts.ensure_setup()

    assert token is not None
    assert token.startswith(keys.SETUP)


async def test_the_link_makes_the_first_administrator_and_signs_him_in(house: House) -> None:
    token = await house.accounts.ensure_setup()
    browser = house.browser()

    made = await ok(await browser.post("/api/setup", json={**FIRST, "token": token}))

    account = made["account"]
    assert (account["login"], account["name"], account["role"]) == ("ha.tran", "Trần Thu Hà", "administrator")
    assert await me(browser) == account
    assert (await ok(await house.browser().get("/api/session")))["setup_needed"] is False
    assert await house.accounts.ensure_setup() is None
    again = await house.browser().post("/api/setup", json={**FIRST, "login": "lan", "token": token})
    assert await refused(again) == (409, "setup_over", None)


async def test_of_two_who_use_the_link_at_once_one_comes_in(house: House) -> None:
    token = await house.accounts.ensure_setup()
    logins = ("ha", "hoa", "lan")
    bodies = [{**FIRST, "login": login, "token": token} for login in logins]

    answers = await asyncio.gather(*(house.browser().post("/api/setup", json=body) for body in bodies))

    assert sorted(a.status for a in answers) == [200, 409, 409]
    (won,) = [login for login, a in zip(logins, answers, strict=True) if a.status == 200]
    accounts = await ok(await (await house.sign_in(won)).get("/api/accounts"))
    assert [a["login"] for a in accounts["accounts"]] == [won]


async def test_a_wrong_or_late_link_opens_nothing_and_costs_no_hash(house: House) -> None:
    token = await house.accounts.ensure_setup()
    browser = house.browser()
    for wrong in (keys.new(keys.SETUP).secret, "", "x", keys.new(keys.TOKEN).secret):
        answer = await browser.post("/api/setup", json={**FIRST, "token": wrong})
        assert await refused(answer) == (409, "setup_over", None)

    house.clock.now += rules.SETUP_LIFE
    late = await browser.post("/api/setup", json={**FIRST, "token": token})
    assert await refused(late) == (409, "setup_over", None)
    assert await ok(await browser.get("/api/session")) == {"account": None, "setup_needed": True}


async def test_what_is_wrong_with_the_form_leaves_the_link_good(house: House) -> None:
    token = await house.accounts.ensure_setup()
    browser = house.browser()
    for bad, code in (
        ({"login": "hà"}, "login_bad"),
        ({"name": " "}, "bad_value"),
        ({"password": "ngắn"}, "password_short"),
    ):
        answer = await browser.post("/api/setup", json={**FIRST, **bad, "token": token})
        assert await refused(answer) == (400, code, next(iter(bad)))

    await ok(await browser.post("/api/setup", json={**FIRST, "token": token}))


@pytest.mark.usefixtures("no_time_passes")
async def test_links_cannot_be_guessed_in_numbers(house: House) -> None:
    browser = house.browser()
    body = {**FIRST, "token": "x"}
    for _ in range(int(ADDRESS_BURST)):
        assert (await browser.post("/api/setup", json=body)).status == 409

    assert await refused(await browser.post("/api/setup", json=body)) == (429, "rate_limited", None)


async def test_an_account_made_otherwise_ends_the_setup(house: House) -> None:
    token = await house.accounts.ensure_setup()
    await house.account("demo1", "administrator")

    assert await house.accounts.ensure_setup() is None
    answer = await house.browser().post("/api/setup", json={**FIRST, "token": token})
    assert await refused(answer) == (409, "setup_over", None)
