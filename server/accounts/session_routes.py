"""Signing in and out, one's own sessions and password, and the first administrator."""

from typing import cast

import structlog
from aiohttp import web
from msgspec import UNSET, Struct, UnsetType

from server.http.problems import Problem
from server.http.routing import Allow, Call, Route
from server.http.tries import Tries
from server.live.conductor import Clock
from server.protocol.base import Label

from . import keys
from .authenticator import Authenticator
from .calls import (
    LoginText,
    PasswordText,
    answer,
    by,
    drop_cookie,
    own_account,
    person,
    put_cookie,
    refuse_other_sites,
    slow_down,
)
from .model import AccountRole, Credentials, NewAccount
from .passwords import Passwords
from .rules import WEAK_PASSWORD, check_login, check_password, is_login, normal_login, normal_password
from .sessions import SessionStore
from .store import AccountStore

log = structlog.get_logger()

# A person who mistypes stays below; a guesser has 7,200 tries a day at one login.
LOGIN_RATE, LOGIN_BURST = 5 / 60, 10.0  # of one login from one address
ANYWHERE_RATE, ANYWHERE_BURST = 2.0, 200.0  # of one login from everywhere: what spread guessing may reach
# An office behind one address begins its day; a list of stolen passwords takes a month.
ADDRESS_RATE, ADDRESS_BURST = 30 / 60, 30.0


class SignIn(Struct, frozen=True, forbid_unknown_fields=True):
    login: LoginText
    password: PasswordText


class PasswordChange(Struct, frozen=True, forbid_unknown_fields=True):
    """`current`: the password until now. `password`: 12 to 200 characters, not obvious, without the login."""

    current: PasswordText
    password: PasswordText


class SetupRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """`token`: the last part of the link that the server printed."""

    token: LoginText
    login: LoginText
    name: Label
    password: PasswordText


class Me(Struct, frozen=True):
    """Who is asking, as far as the key goes: a token's role and unit may be less than its owner's."""

    id: int
    login: str
    name: str
    role: AccountRole
    unit: str | None


class KioskSeat(Struct, frozen=True):
    """What a kiosk's token shows; `programme`: what all rooms see as well."""

    conference: str
    name: str
    unit: str | None
    programme: bool


class SessionAnswer(Struct, frozen=True):
    """`account` is null for who is not signed in. `setup_needed`: there is no account yet at all.
    `kiosk` stands for who came with a kiosk's token."""

    account: Me | None
    setup_needed: bool
    kiosk: KioskSeat | UnsetType = UNSET


class SessionView(Struct, frozen=True):
    """`current`: the one that asks."""

    id: str
    created_at: int
    last_seen_at: int
    expires_at: int
    user_agent: str
    address: str
    current: bool


class SessionList(Struct, frozen=True):
    """The last seen first."""

    sessions: list[SessionView]


class SessionRoutes:
    def __init__(
        self,
        accounts: AccountStore,
        sessions: SessionStore,
        passwords: Passwords,
        authenticator: Authenticator,
        tries: Tries,
        clock: Clock,
    ) -> None:
        self._accounts, self._sessions, self._passwords = accounts, sessions, passwords
        self._authenticator, self._clock = authenticator, clock
        self._by_login = tries.limit("login", LOGIN_RATE, LOGIN_BURST)
        self._by_login_anywhere = tries.limit("login anywhere", ANYWHERE_RATE, ANYWHERE_BURST)
        self._by_address = tries.limit("sign-in address", ADDRESS_RATE, ADDRESS_BURST)

    def routes(self) -> list[Route]:
        return [*self._door(), *self._own()]

    def _door(self) -> list[Route]:
        return [
            Route(
                "POST", "/api/session", self.sign_in, Allow.PUBLIC, "Sign in; sets the session cookie",
                body=SignIn, answer=SessionAnswer, errors=("login_failed", "rate_limited", "busy"),
            ),
            Route("GET", "/api/session", self.who_am_i, Allow.PUBLIC, "Who is asking", answer=SessionAnswer),
            Route("DELETE", "/api/session", self.sign_out, Allow.PUBLIC, "Sign out", status=204),
            Route(
                "POST", "/api/setup", self.set_up, Allow.LINK, "Create the first administrator and sign in",
                body=SetupRequest, answer=SessionAnswer,
                errors=("setup_over", "login_bad", *WEAK_PASSWORD, "rate_limited", "busy"),
            ),
        ]  # fmt: skip

    def _own(self) -> list[Route]:
        return [
            Route(
                "POST", "/api/session/password", self.change_password, Allow.VIEWER,
                "Change one's own password; every other session ends", body=PasswordChange, status=204,
                errors=("password_wrong", *WEAK_PASSWORD, "session_needed", "rate_limited", "busy"),
            ),
            Route(
                "GET", "/api/sessions", self.list_mine, Allow.VIEWER, "One's own sessions",
                answer=SessionList, errors=("session_needed",),
            ),
            Route(
                "DELETE", "/api/sessions", self.end_others, Allow.VIEWER, "End every other session of one's own",
                status=204, errors=("session_needed",),
            ),
            Route(
                "DELETE", "/api/sessions/{session}", self.end, Allow.VIEWER, "End a session of one's own",
                status=204, errors=("session_needed", "session_unknown"),
            ),
        ]  # fmt: skip

    # --- in and out

    async def sign_in(self, call: Call) -> web.Response:
        refuse_other_sites(call)
        login = normal_login(call.body.login)
        await slow_down(self._by_address, call.address)
        # By both, so that nobody can shut a person out by guessing from elsewhere; all together are bounded too.
        await slow_down(self._by_login, f"{login} {call.address}")
        await slow_down(self._by_login_anywhere, login)
        found = await self._accounts.by_login(login) if is_login(login) else None
        if not await self._prove(found, call.body.password) or found is None or found.account.disabled:
            # In the server's log alone: a table would let anybody fill the disk, and only for logins that exist.
            log.warning("sign_in_failed", address=call.address, account=found.account.id if found else None)
            raise Problem(401, "login_failed")
        return await self._let_in(call, found)

    async def _prove(self, found: Credentials | None, typed: str) -> bool:
        password = normal_password(typed)
        if not await self._passwords.verify(found.password_hash if found else None, password) or found is None:
            return False
        if self._passwords.outdated(found.password_hash):
            await self._accounts.renew_hash(found, await self._passwords.hash(password))
        return True

    async def _let_in(self, call: Call, proven: Credentials) -> web.Response:
        who, key, now = call.who, keys.new(keys.SESSION), self._clock()
        if who and who.session and who.account:  # the browser's session until now would be left lying about
            await self._sessions.end(who.account, who.session, by(who), now, own=True)
            self._authenticator.revoke(lambda p: p.session == who.session)
        agent = call.request.headers.get("User-Agent", "")
        ended = await self._sessions.start(proven, key.digest, agent, call.address, now)
        if ended:
            self._authenticator.revoke(lambda p: p.session in ended)
        me = Me(*(getattr(proven.account, name) for name in Me.__struct_fields__))
        return put_cookie(call, answer(SessionAnswer(me, False)), key.secret)

    async def who_am_i(self, call: Call) -> SessionAnswer:
        who, setup_needed = call.who, not await self._accounts.exists()
        if who and who.kind == "kiosk":
            return SessionAnswer(None, setup_needed, KioskSeat(who.conference or "", who.name, who.unit, who.programme))
        account = await self._accounts.get(who.account) if who and who.account else None
        if who is None or account is None:
            return SessionAnswer(None, setup_needed)
        role = cast(AccountRole, who.role)  # accounts and their tokens have no other
        return SessionAnswer(Me(account.id, account.login, account.name, role, who.unit), setup_needed)

    async def sign_out(self, call: Call) -> web.Response:
        """Whoever has no session is signed out already."""
        who = call.who
        if who and who.session and who.account:
            await self._sessions.end(who.account, who.session, by(who), self._clock(), own=True)
            self._authenticator.revoke(lambda p: p.session == who.session)
        return drop_cookie(call, web.Response(status=204))

    # --- one's own

    async def list_mine(self, call: Call) -> SessionList:
        who = person(call)
        found = await self._sessions.of(own_account(who), self._clock())
        return SessionList(
            [
                SessionView(
                    s.id, s.created_at, s.last_seen_at, s.expires_at, s.user_agent, s.address, s.id == who.session
                )
                for s in found
            ]
        )

    async def end(self, call: Call) -> None:
        who, session = person(call), call.path("session")
        account, own = own_account(who), session == who.session
        if not (session.isascii() and session.isalnum()) or not await self._sessions.end(
            account, session, by(who), self._clock(), own=own
        ):
            raise Problem(404, "session_unknown")
        self._authenticator.revoke(lambda p: p.account == account and p.session == session)

    async def end_others(self, call: Call) -> None:
        who = person(call)
        account = own_account(who)
        await self._sessions.end_others(account, who.session, by(who), self._clock())
        self._revoke_others(account, who.session)

    def _revoke_others(self, account: int, session: str | None) -> None:
        self._authenticator.revoke(lambda p: p.kind == "account" and p.account == account and p.session != session)

    async def change_password(self, call: Call) -> web.Response:
        who = person(call)
        account, session = own_account(who), who.session or ""
        proven = await self._accounts.by_id(account)
        if proven is None:
            raise Problem(401, "unauthenticated")
        await slow_down(self._by_login, f"{proven.account.login} {call.address}")
        if not await self._prove(proven, call.body.current):
            raise Problem(400, "password_wrong", "current")
        password = check_password(call.body.password, proven.account.login)
        key, hashed = keys.new(keys.SESSION), await self._passwords.hash(password)
        if not await self._accounts.change_password(proven, hashed, session, key.digest, self._clock()):
            raise Problem(401, "unauthenticated")
        self._authenticator.forget(lambda p: p.account == account)  # this session goes on, under another secret
        self._revoke_others(account, session)
        return put_cookie(call, web.Response(status=204), key.secret)

    # --- the first administrator

    async def set_up(self, call: Call) -> web.Response:
        await slow_down(self._by_address, call.address)
        body: SetupRequest = call.body
        link, now = keys.digest(body.token.strip(), keys.SETUP), self._clock()
        if link is None or not await self._accounts.setup_open(link, now):
            raise Problem(409, "setup_over")
        login = check_login(body.login)
        hashed = await self._passwords.hash(check_password(body.password, login))
        new = NewAccount(login, body.name, hashed, "administrator", None)
        account = await self._accounts.create_first(link, new, self._clock())
        return await self._let_in(call, Credentials(account, hashed, 1))
