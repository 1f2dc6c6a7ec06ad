"""Accounts, for administrators."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from server.http.problems import Problem
from server.http.routing import Allow, Call, Route
from server.live.conductor import Clock
from server.protocol.base import Label

from .authenticator import Authenticator, Within
from .calls import LoginText, PasswordText, Unit, by, check_unit, number
from .log import AccountLog
from .model import Account, AccountRole, LogEntry, NewAccount
from .passwords import Passwords
from .rules import WEAK_PASSWORD, check_login, check_password, check_scope
from .store import AccountStore

MAX_PAGE = 500  # lines of the log in one answer
ONE = "/api/accounts/{account}"


class AccountRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """`login`: 2 to 64 plain letters, digits, `. _ - + @`; case does not count. `password`: 12 to 200 characters.
    `unit` bounds the account to a subtree; without it, and always for administrators, everything."""

    login: LoginText
    name: Label
    password: PasswordText
    role: AccountRole
    unit: Unit | None = None


class AccountEdit(Struct, frozen=True, forbid_unknown_fields=True):
    """What is left out stays. `unit` null lifts the bound. A new `password`, or `disabled`, ends every session."""

    name: Label | UnsetType = UNSET
    role: AccountRole | UnsetType = UNSET
    unit: Unit | None | UnsetType = UNSET
    disabled: bool | UnsetType = UNSET
    password: PasswordText | UnsetType = UNSET


class AccountList(Struct, frozen=True):
    """In the order of their logins."""

    accounts: list[Account]


class LogQuery(Struct, frozen=True):
    """`before`: only lines with a smaller id."""

    before: Annotated[int, Meta(ge=1, le=2**31 - 1)] | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = 100


class LogPage(Struct, frozen=True):
    """Newest first. `next_before` asks for the page after this one; null when there is none."""

    entries: list[LogEntry]
    next_before: int | None


class AccountRoutes:
    """`within` tells whether a unit exists and lies in another's subtree."""

    def __init__(
        self,
        accounts: AccountStore,
        log: AccountLog,
        passwords: Passwords,
        authenticator: Authenticator,
        within: Within,
        clock: Clock,
    ) -> None:
        self._accounts, self._log, self._passwords = accounts, log, passwords
        self._authenticator, self._within, self._clock = authenticator, within, clock

    def routes(self) -> list[Route]:
        return [
            Route("GET", "/api/accounts", self.list_all, Allow.ADMINISTRATOR, "Every account", answer=AccountList),
            Route(
                "POST", "/api/accounts", self.create, Allow.ADMINISTRATOR, "Create an account",
                body=AccountRequest, answer=Account, status=201,
                errors=("login_bad", "login_taken", *WEAK_PASSWORD, "unit_unknown", "administrator_whole",
                        "too_many_accounts"),
            ),
            Route(
                "GET", "/api/accounts/log", self.log, Allow.ADMINISTRATOR, "What was done to accounts and keys",
                query=LogQuery, answer=LogPage,
            ),
            Route(
                "PATCH", ONE, self.edit, Allow.ADMINISTRATOR, "Change an account",
                body=AccountEdit, answer=Account,
                errors=("account_unknown", *WEAK_PASSWORD, "password_own", "unit_unknown", "administrator_whole",
                        "last_administrator"),
            ),
            Route(
                "DELETE", ONE, self.delete, Allow.ADMINISTRATOR, "Delete an account, its sessions and its tokens",
                status=204, errors=("account_unknown", "last_administrator"),
            ),
        ]  # fmt: skip

    async def list_all(self, call: Call) -> AccountList:
        return AccountList(await self._accounts.all())

    async def create(self, call: Call) -> Account:
        body: AccountRequest = call.body
        login = check_login(body.login)
        password = check_password(body.password, login)
        check_scope(body.role, body.unit)
        await check_unit(self._within, body.unit, None)
        new = NewAccount(login, body.name, await self._passwords.hash(password), body.role, body.unit)
        return await self._accounts.create(new, by(call.principal), self._clock())

    async def edit(self, call: Call) -> Account:
        id, body = number(call, "account", "account_unknown"), call.body
        values = await self._values(call, id, body)
        before, after = await self._accounts.change(id, values, by(call.principal), self._clock())
        self._authenticator.forget(lambda p: p.account == id)
        # With another role or unit the sessions stay, but what is open was opened with the rights of before.
        same_rights = (before.role, before.unit, before.disabled) == (after.role, after.unit, after.disabled)
        if not same_rights or "password_hash" in values:
            self._authenticator.revoke(lambda p: p.account == id)
        return after

    async def _values(self, call: Call, id: int, body: AccountEdit) -> dict[str, Any]:
        given = {name: getattr(body, name) for name in ("name", "role", "unit", "disabled")}
        values = {name: value for name, value in given.items() if value is not UNSET}
        if "unit" in values:
            await check_unit(self._within, values["unit"], None)
        if body.password is not UNSET:
            values["password_hash"] = await self._new_password(call, id, body.password)
        return values

    async def _new_password(self, call: Call, id: int, password: str) -> str:
        if id == call.principal.account:  # whoever found a console open must not take the account with him
            raise Problem(409, "password_own", "password")
        account = await self._accounts.get(id)
        if account is None:
            raise Problem(404, "account_unknown")
        return await self._passwords.hash(check_password(password, account.login))

    async def delete(self, call: Call) -> None:
        id = number(call, "account", "account_unknown")
        await self._accounts.delete(id, by(call.principal), self._clock())
        self._authenticator.revoke(lambda p: p.account == id)

    async def log(self, call: Call) -> LogPage:
        query: LogQuery = call.query
        entries = await self._log.page(query.before, query.limit)
        return LogPage(entries, entries[-1].id if len(entries) == query.limit else None)
