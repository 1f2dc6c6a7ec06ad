"""The stores keep their promises on both databases, also to callers at the same time."""

import asyncio
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from server.accounts import keys, rules
from server.accounts.kiosks import KioskStore
from server.accounts.log import AccountLog
from server.accounts.model import SYSTEM, Account, AccountRole, By, Credentials, Kiosk, NewAccount
from server.accounts.sessions import SessionStore
from server.accounts.store import AccountStore
from server.accounts.tokens import TokenStore
from server.conference.rules import Refusal

NOW = 1_700_000_000_000


def new(login: str, role: AccountRole = "administrator", unit: str | None = None) -> NewAccount:
    return NewAccount(login, f"Người {login}", f"hash of {login}", role, unit)


async def given(engine: AsyncEngine, login: str, role: AccountRole = "administrator") -> Account:
    return await AccountStore(engine).create(new(login, role), SYSTEM, NOW)


async def proven(engine: AsyncEngine, login: str) -> Credentials:
    found = await AccountStore(engine).by_login(login)
    assert found is not None
    return found


async def outcome(work: Any) -> str:
    """What became of a call: "done", or the code of its refusal."""
    try:
        await work
    except Refusal as refusal:
        return refusal.code
    return "done"


# --- accounts


async def test_an_account_comes_back_as_it_was_made(engine: AsyncEngine) -> None:
    made = await AccountStore(engine).create(new("hoa", "organizer", "271"), SYSTEM, NOW)

    assert made == Account(made.id, "hoa", "Người hoa", "organizer", "271", False, NOW, None)
    assert await AccountStore(engine).get(made.id) == made
    assert await AccountStore(engine).by_login("hoa") == Credentials(made, "hash of hoa", 1)
    assert await AccountStore(engine).by_id(made.id) == Credentials(made, "hash of hoa", 1)
    assert await AccountStore(engine).by_login("lan") is None


async def test_of_two_accounts_made_at_once_with_one_login_one_is(engine: AsyncEngine) -> None:
    done = await asyncio.gather(*(outcome(given(engine, "hoa")) for _ in range(3)))

    assert sorted(done) == ["done", "login_taken", "login_taken"]
    assert len(await AccountStore(engine).all()) == 1


async def test_a_number_is_never_given_twice(engine: AsyncEngine) -> None:
    """Journals name `account:2` for ever: nobody else may become that."""
    await given(engine, "a1")
    gone = await given(engine, "b2", "viewer")
    await AccountStore(engine).delete(gone.id, SYSTEM, NOW)

    assert (await given(engine, "c3")).id > gone.id


async def test_the_last_active_administrator_stays(engine: AsyncEngine) -> None:
    store, last = AccountStore(engine), await given(engine, "ha")
    await given(engine, "viewer", "viewer")
    resting = await given(engine, "resting")
    await store.change(resting.id, {"disabled": True}, SYSTEM, NOW)

    for change in ({"role": "organizer"}, {"role": "viewer", "unit": "271"}, {"disabled": True}):
        assert await outcome(store.change(last.id, change, SYSTEM, NOW)) == "last_administrator"
    assert await outcome(store.delete(last.id, SYSTEM, NOW)) == "last_administrator"

    assert await store.get(last.id) == last
    await store.change(last.id, {"name": "Hà"}, SYSTEM, NOW)
    await store.change(resting.id, {"disabled": False}, SYSTEM, NOW)
    assert await outcome(store.delete(last.id, SYSTEM, NOW)) == "done"


async def test_two_administrators_cannot_demote_each_other_at_once(engine: AsyncEngine) -> None:
    for n in range(5):
        one, two = await given(engine, f"one{n}"), await given(engine, f"two{n}")
        others = [a for a in await AccountStore(engine).all() if a.id not in (one.id, two.id)]
        for other in others:
            await outcome(AccountStore(engine).delete(other.id, SYSTEM, NOW))

        done = await asyncio.gather(
            outcome(AccountStore(engine).change(one.id, {"role": "viewer"}, SYSTEM, NOW)),
            outcome(AccountStore(engine).delete(two.id, SYSTEM, NOW)),
        )

        assert sorted(done) == ["done", "last_administrator"]


async def test_a_change_that_does_not_hold_changes_nothing(engine: AsyncEngine) -> None:
    store, last = AccountStore(engine), await given(engine, "ha")
    await SessionStore(engine).start(await proven(engine, "ha"), b"s1", "", "", NOW)

    assert await outcome(store.change(last.id, {"disabled": True, "name": "X"}, SYSTEM, NOW)) == "last_administrator"

    assert await SessionStore(engine).find(b"s1", NOW)
    found = await store.get(last.id)
    assert found is not None
    assert (found.name, found.disabled) == ("Người ha", False)


async def test_there_is_an_account_or_there_is_none(engine: AsyncEngine) -> None:
    store = AccountStore(engine)
    assert not await store.exists()
    await given(engine, "ha")
    assert await store.exists()


# --- the first administrator


async def test_the_setup_link_makes_one_account_however_many_use_it_at_once(engine: AsyncEngine) -> None:
    store = AccountStore(engine)
    await store.offer_setup(b"link", NOW)
    await store.offer_setup(b"link of another server", NOW)

    tries = [
        store.create_first(link, new(f"n{i}"), NOW)
        for i, link in enumerate((b"link", b"link", b"link of another server"))
    ]
    done = await asyncio.gather(*map(outcome, tries))

    assert sorted(done) == ["done", "setup_over", "setup_over"]
    assert len(await store.all()) == 1


async def test_the_setup_link_lives_a_day_and_only_on_an_empty_database(engine: AsyncEngine) -> None:
    store = AccountStore(engine)
    await store.offer_setup(b"link", NOW)

    late = NOW + rules.SETUP_LIFE
    assert await store.setup_open(b"link", late - 1)
    assert not await store.setup_open(b"link", late)
    assert not await store.setup_open(b"another", NOW)
    assert await outcome(store.create_first(b"link", new("ha"), late)) == "setup_over"
    assert await outcome(store.create_first(b"another", new("ha"), NOW)) == "setup_over"
    assert await store.setup_open(b"link", NOW), "a wrong link uses nothing up"

    await given(engine, "ha", "viewer")
    assert not await store.setup_open(b"link", NOW)
    assert await outcome(store.create_first(b"link", new("hoa"), NOW)) == "setup_over"


# --- sessions


async def test_a_session_is_found_until_its_time_is_over(engine: AsyncEngine) -> None:
    account, sessions = await given(engine, "ha"), SessionStore(engine)
    await sessions.start(await proven(engine, "ha"), b"s1", "Firefox", "203.0.113.7", NOW)

    found = await sessions.find(b"s1", NOW + rules.SESSION_IDLE - 1)
    assert found is not None
    session, owner = found
    assert (session.user_agent, session.address, session.created_at) == ("Firefox", "203.0.113.7", NOW)
    assert (owner.id, owner.last_seen_at) == (account.id, NOW)
    assert await sessions.find(b"s1", NOW + rules.SESSION_IDLE) is None
    assert await sessions.of(account.id, NOW + rules.SESSION_IDLE) == []
    assert await sessions.find(b"s2", NOW) is None

    await sessions.seen(session, account.id, NOW + rules.HOUR)
    found = await sessions.find(b"s1", NOW + rules.SESSION_IDLE)
    assert found is not None
    assert found[1].last_seen_at == found[0].last_seen_at == NOW + rules.HOUR


async def test_purging_takes_the_oldest_and_nothing_else(engine: AsyncEngine) -> None:
    await given(engine, "ha")
    sessions, who = SessionStore(engine), await proven(engine, "ha")
    await sessions.start(who, b"old", "", "", NOW)
    await sessions.start(who, b"new", "", "", NOW + 1)

    assert await sessions.purge(NOW + rules.SESSION_IDLE - 1) == 0
    assert await sessions.purge(NOW + rules.SESSION_IDLE) == 1

    assert await sessions.find(b"old", NOW) is None
    assert await sessions.find(b"new", NOW)


async def test_the_longest_unseen_session_gives_way(engine: AsyncEngine) -> None:
    await given(engine, "ha")
    sessions, who = SessionStore(engine), await proven(engine, "ha")
    for n in range(rules.MAX_SESSIONS):
        assert await sessions.start(who, b"%d" % n, "", "", NOW + n) == []
    first = await sessions.find(b"0", NOW)
    assert first is not None

    assert await sessions.start(who, b"one more", "", "", NOW) == [first[0].id]

    assert await sessions.find(b"0", NOW) is None
    assert await sessions.find(b"one more", NOW)


async def test_ones_own_new_password_ends_every_other_session_and_renews_this_one(engine: AsyncEngine) -> None:
    account, sessions = await given(engine, "ha"), SessionStore(engine)
    before = await proven(engine, "ha")
    for secret in (b"mine", b"stolen"):
        await sessions.start(before, secret, "", "", NOW)
    mine = await sessions.find(b"mine", NOW)
    assert mine is not None

    assert await AccountStore(engine).change_password(before, "new hash", mine[0].id, b"mine anew", NOW)

    assert [s.id for s in await sessions.of(account.id, NOW)] == [mine[0].id]
    assert await sessions.find(b"mine anew", NOW)
    assert await sessions.find(b"mine", NOW) is None
    assert await sessions.find(b"stolen", NOW) is None
    again = await AccountStore(engine).change_password(before, "by the old password", mine[0].id, b"x", NOW)
    assert not again, "it was proven by a password that is no more"
    assert (await proven(engine, "ha")).password_hash == "new hash"


@pytest.mark.parametrize("change", [{"disabled": True}, {"password_hash": "another"}])
async def test_a_sign_in_overtaken_by_a_change_opens_nothing(engine: AsyncEngine, change: dict[str, Any]) -> None:
    await given(engine, "ha")
    account = await given(engine, "hoa", "viewer")
    overtaken, store = await proven(engine, "hoa"), AccountStore(engine)
    await SessionStore(engine).start(overtaken, b"before", "", "", NOW)

    await store.change(account.id, change, SYSTEM, NOW)
    await SessionStore(engine).start(overtaken, b"after", "", "", NOW)
    await store.change(account.id, {"disabled": False}, SYSTEM, NOW)

    assert await SessionStore(engine).find(b"before", NOW) is None
    assert await SessionStore(engine).find(b"after", NOW) is None
    assert await SessionStore(engine).purge(NOW + rules.SESSION_IDLE) == 1, "of the earlier session nothing is kept"


async def test_only_ones_own_sessions_can_be_ended(engine: AsyncEngine) -> None:
    ha, hoa = await given(engine, "ha"), await given(engine, "hoa")
    sessions = SessionStore(engine)
    await sessions.start(await proven(engine, "ha"), b"ha", "", "", NOW)
    session = (await sessions.of(ha.id, NOW))[0].id

    assert not await sessions.end(hoa.id, session, SYSTEM, NOW, own=False)
    await sessions.end_others(hoa.id, None, SYSTEM, NOW)
    assert await sessions.find(b"ha", NOW)

    await sessions.end_others(ha.id, session, SYSTEM, NOW)
    assert await sessions.find(b"ha", NOW)
    assert await sessions.end(ha.id, session, SYSTEM, NOW, own=True)
    assert await sessions.find(b"ha", NOW) is None


async def test_a_hash_is_renewed_unless_the_password_changed_meanwhile(engine: AsyncEngine) -> None:
    account, store = await given(engine, "ha"), AccountStore(engine)
    before = await proven(engine, "ha")

    await store.renew_hash(before, "stronger")
    assert await proven(engine, "ha") == Credentials(account, "stronger", 1)

    await store.renew_hash(before, "too late")
    assert (await proven(engine, "ha")).password_hash == "stronger"


# --- tokens and kiosks


async def test_a_token_is_found_while_its_time_and_its_owner_last(engine: AsyncEngine) -> None:
    await given(engine, "ha")
    owner, tokens = await given(engine, "hoa", "organizer"), TokenStore(engine)
    until = await tokens.create(owner, b"until", "Bảng", "viewer", "271", NOW + 10, NOW)
    ever = await tokens.create(owner, b"ever", "Máy", "organizer", None, None, NOW)

    assert await tokens.find(b"until", NOW + 9) == (until, owner)
    assert await tokens.find(b"until", NOW + 10) is None
    assert await tokens.find(b"ever", NOW + rules.SESSION_LIFE) == (ever, owner)
    assert [t.id for t in await tokens.of(owner.id)] == [ever.id, until.id]

    await tokens.used(ever.id, NOW + 5)
    assert (await tokens.of(owner.id))[0].last_used_at == NOW + 5

    await AccountStore(engine).change(owner.id, {"disabled": True}, SYSTEM, NOW)
    assert await tokens.find(b"ever", NOW) is None
    await AccountStore(engine).delete(owner.id, SYSTEM, NOW)
    assert await tokens.of(owner.id) == []


async def test_a_token_is_revoked_by_its_owner_alone(engine: AsyncEngine) -> None:
    ha, hoa, tokens = await given(engine, "ha"), await given(engine, "hoa"), TokenStore(engine)
    token = await tokens.create(ha, b"t", "Bảng", "viewer", None, None, NOW)

    assert not await tokens.revoke(hoa.id, token.id, SYSTEM, NOW)
    assert await tokens.find(b"t", NOW)
    assert await tokens.revoke(ha.id, token.id, SYSTEM, NOW)
    assert await tokens.find(b"t", NOW) is None


async def test_an_account_has_so_many_tokens_and_no_more(engine: AsyncEngine) -> None:
    owner, tokens = await given(engine, "ha"), TokenStore(engine)
    for n in range(rules.MAX_TOKENS):
        await tokens.create(owner, b"%d" % n, "Bảng", "viewer", None, None, NOW)

    one_more = tokens.create(owner, b"one more", "Bảng", "viewer", None, None, NOW)

    assert await outcome(one_more) == "too_many_tokens"
    assert len(await tokens.of(owner.id)) == rules.MAX_TOKENS


async def test_a_kiosk_is_found_until_it_ends_or_is_revoked(engine: AsyncEngine) -> None:
    kiosks = KioskStore(engine)
    until = Kiosk(keys.new_id(), "c1", "271", "Ti vi", NOW, NOW + 10)
    ever = Kiosk(keys.new_id(), "c1", None, "Máy chiếu", NOW + 1, None)
    await kiosks.create(until, b"until", SYSTEM)
    await kiosks.create(ever, b"ever", SYSTEM)

    assert await kiosks.find(b"until", NOW + 9) == until
    assert await kiosks.find(b"until", NOW + 10) is None
    assert await kiosks.find(b"ever", NOW + rules.SESSION_LIFE) == ever
    assert await kiosks.of("c1") == [ever, until]
    assert await kiosks.of("c2") == []
    assert await kiosks.get("c2", ever.id) is None

    await kiosks.revoke(ever, SYSTEM, NOW)
    assert await kiosks.find(b"ever", NOW) is None
    assert await kiosks.get("c1", ever.id) is None


async def test_a_conference_has_so_many_kiosks_and_no_more(engine: AsyncEngine) -> None:
    kiosks = KioskStore(engine)
    for n in range(rules.MAX_KIOSKS):
        await kiosks.create(Kiosk(f"k{n}", "c1", None, "Ti vi", NOW, None), b"%d" % n, SYSTEM)

    assert (
        await outcome(kiosks.create(Kiosk("more", "c1", None, "Ti vi", NOW, None), b"m", SYSTEM)) == "too_many_kiosks"
    )
    assert await outcome(kiosks.create(Kiosk("c2", "c2", None, "Ti vi", NOW, None), b"c2", SYSTEM)) == "done"


# --- the log


async def test_every_action_is_told_once_with_the_names_of_then(engine: AsyncEngine) -> None:
    store, log = AccountStore(engine), AccountLog(engine)
    ha = await given(engine, "ha")
    hoa = await store.create(new("hoa", "viewer"), By("account:1", "Hà"), NOW + 1)
    await store.change(hoa.id, {"name": "Hoa", "disabled": True, "password_hash": "x"}, SYSTEM, NOW + 2)
    await store.change(hoa.id, {"name": "Hoa"}, SYSTEM, NOW + 3)
    await store.change(hoa.id, {"disabled": False}, SYSTEM, NOW + 4)
    await store.delete(hoa.id, SYSTEM, NOW + 5)

    lines = await log.page(None, 100)

    told = [(e.at - NOW, e.action, e.subject, e.subject_name) for e in reversed(lines)]
    who = f"account:{hoa.id}"
    assert told == [
        (0, "account_created", f"account:{ha.id}", "Người ha"),
        (1, "account_created", who, "Người hoa"),
        (2, "account_changed", who, "Hoa"),
        (2, "account_disabled", who, "Hoa"),
        (2, "password_reset", who, "Hoa"),
        (4, "account_enabled", who, "Hoa"),
        (5, "account_deleted", who, "Hoa"),
    ]
    assert (lines[-2].actor, lines[-2].actor_name) == ("account:1", "Hà")
    assert await log.page(lines[1].id, 2) == lines[2:4]

    await log.purge(NOW + 5)
    assert [e.action for e in await log.page(None, 100)] == ["account_deleted"]


async def test_an_actor_of_a_journal_has_a_name_also_when_he_is_gone(engine: AsyncEngine) -> None:
    store, log, tokens = AccountStore(engine), AccountLog(engine), TokenStore(engine)
    await given(engine, "ha")
    hoa = await given(engine, "hoa")
    token = await tokens.create(hoa, b"t", "Bảng", "viewer", None, None, NOW)
    await store.change(hoa.id, {"name": "Hoa"}, SYSTEM, NOW)

    assert await log.name_of(f"account:{hoa.id}") == "Hoa"
    assert await log.name_of(f"token:{token.id}") == "Người hoa (Bảng)"

    await store.delete(hoa.id, SYSTEM, NOW)
    assert await log.name_of(f"account:{hoa.id}") == "Hoa"
    assert await log.name_of(f"token:{token.id}") == "Người hoa (Bảng)"
    for nobody in ("system", "device:1.2", "account:999", "token:x", "account:"):
        assert await log.name_of(nobody) == nobody
