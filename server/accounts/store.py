"""Accounts, and the one-time link for the first of them."""

from typing import Any

from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from server.conference.rules import Refusal

from .log import record
from .model import SYSTEM, Account, Action, By, Credentials, NewAccount
from .rules import MAX_ACCOUNTS, SETUP_LIFE, check_scope
from .tables import accounts, sessions, setup_links

COLUMNS = tuple(accounts.c[name] for name in Account.__struct_fields__)


class AccountStore:
    """Guarantees: logins are unique; once there was an active administrator there always is one; the setup link
    makes one account, however many use it at once."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._exists = False

    async def exists(self) -> bool:
        """Whether there is any account. The last one cannot be deleted, so a yes stays a yes."""
        if not self._exists:
            async with self._engine.connect() as db:
                self._exists = await _count(db) > 0
        return self._exists

    async def get(self, id: int) -> Account | None:
        async with self._engine.connect() as db:
            return await _get(db, id)

    async def all(self) -> list[Account]:
        async with self._engine.connect() as db:
            return [Account(*row) for row in await db.execute(select(*COLUMNS).order_by(accounts.c.login))]

    async def by_login(self, login: str) -> Credentials | None:
        return await self._credentials(_with_secrets().where(accounts.c.login == login))

    async def by_id(self, id: int) -> Credentials | None:
        return await self._credentials(_with_secrets().where(accounts.c.id == id))

    async def _credentials(self, query: Select[Any]) -> Credentials | None:
        async with self._engine.connect() as db:
            row = (await db.execute(query)).first()
        return Credentials(Account(*row[:-2]), row[-2], row[-1]) if row else None

    # --- making

    async def create(self, new: NewAccount, by: By, now: int) -> Account:
        """Raises `Refusal`: login_taken, too_many_accounts."""
        try:
            async with self._engine.begin() as db:
                account = await _insert(db, new, now)
                if await _count(db) > MAX_ACCOUNTS:
                    raise Refusal("too_many_accounts", limit=MAX_ACCOUNTS)
                await record(db, now, by, "account_created", f"account:{account.id}", account.name)
        except IntegrityError as e:
            raise Refusal("login_taken", "login") from e
        return account

    async def offer_setup(self, secret_hash: bytes, now: int) -> None:
        """Keeps a setup link. Earlier ones stay good: several servers may start on one empty database."""
        async with self._engine.begin() as db:
            await db.execute(delete(setup_links).where(setup_links.c.expires_at <= now))
            await db.execute(insert(setup_links), {"secret_hash": secret_hash, "expires_at": now + SETUP_LIFE})

    async def setup_open(self, secret_hash: bytes, now: int) -> bool:
        link = setup_links.c
        query = select(link.expires_at).where(link.secret_hash == secret_hash, link.expires_at > now)
        async with self._engine.connect() as db:
            return (await db.execute(query)).first() is not None and await _count(db) == 0

    async def create_first(self, secret_hash: bytes, new: NewAccount, now: int) -> Account:
        """Uses the setup link up. Raises `Refusal("setup_over")` when it is wrong, used or too late."""
        async with self._engine.begin() as db:
            # Taking away every link makes two at once wait for each other; the second finds none, or an account.
            taken = delete(setup_links).returning(setup_links.c.secret_hash, setup_links.c.expires_at)
            links = {row.secret_hash: row.expires_at for row in await db.execute(taken)}
            if links.get(secret_hash, 0) <= now or await _count(db):
                raise Refusal("setup_over")
            account = await _insert(db, new, now)
            await record(db, now, SYSTEM, "setup", f"account:{account.id}", account.name)
        return account

    # --- changing

    async def change(self, id: int, values: dict[str, Any], by: By, now: int) -> tuple[Account, Account]:
        """The account before and after. `values`: columns of name, role, unit, disabled, password_hash.

        Disabling and a new password end every session. Raises `Refusal`: account_unknown, last_administrator.
        """
        async with self._engine.begin() as db:
            before = await _held(db, id)
            check_scope(values.get("role", before.role), values.get("unit", before.unit))
            written = dict(values)
            if values.get("disabled") or "password_hash" in values:
                written["generation"] = accounts.c.generation + 1
                await db.execute(delete(sessions).where(sessions.c.account == id))
            if written:
                await db.execute(update(accounts).where(accounts.c.id == id).values(written))
            after = await _get(db, id)
            assert after is not None, "its row is held"
            await _keep_administrator(db, before)
            for action in _actions(before, after, "password_hash" in values):
                await record(db, now, by, action, f"account:{id}", after.name)
        return before, after

    async def delete(self, id: int, by: By, now: int) -> Account:
        """Its sessions and tokens go with it. Raises `Refusal`: account_unknown, last_administrator."""
        async with self._engine.begin() as db:
            account = await _held(db, id)
            await db.execute(delete(accounts).where(accounts.c.id == id))
            await _keep_administrator(db, account)
            await record(db, now, by, "account_deleted", f"account:{id}", account.name)
        return account

    async def change_password(
        self, proven: Credentials, password_hash: str, session: str, secret_hash: bytes, now: int
    ) -> bool:
        """A person's own: every other session ends, this one goes on under a new secret.

        False when the account was disabled or its password changed since it was proven.
        """
        id, generation = proven.account.id, proven.generation + 1
        mine = (accounts.c.id == id, accounts.c.generation == proven.generation, accounts.c.disabled.is_(False))
        values = {"password_hash": password_hash, "generation": generation}
        async with self._engine.begin() as db:
            if (await db.execute(update(accounts).where(*mine).values(values))).rowcount != 1:
                return False
            await db.execute(delete(sessions).where(sessions.c.account == id, sessions.c.id != session))
            kept = update(sessions).where(sessions.c.account == id)
            await db.execute(kept.values(generation=generation, secret_hash=secret_hash))
            by = By(f"account:{id}", proven.account.name)
            await record(db, now, by, "password_changed", by.actor, by.name)
        return True

    async def renew_hash(self, proven: Credentials, password_hash: str) -> None:
        """The same password under today's parameters; nothing if it was changed meanwhile."""
        same = (accounts.c.id == proven.account.id, accounts.c.password_hash == proven.password_hash)
        async with self._engine.begin() as db:
            await db.execute(update(accounts).where(*same).values(password_hash=password_hash))


def _with_secrets() -> Select[Any]:
    return select(*COLUMNS, accounts.c.password_hash, accounts.c.generation)


async def _count(db: AsyncConnection) -> int:
    return await db.scalar(select(func.count()).select_from(accounts)) or 0


async def _get(db: AsyncConnection, id: int) -> Account | None:
    row = (await db.execute(select(*COLUMNS).where(accounts.c.id == id))).first()
    return Account(*row) if row else None


async def _insert(db: AsyncConnection, new: NewAccount, now: int) -> Account:
    fields = {name: getattr(new, name) for name in NewAccount.__struct_fields__}
    row = {**fields, "disabled": False, "generation": 1, "created_at": now}
    id = (await db.execute(insert(accounts).returning(accounts.c.id), row)).scalar_one()
    return Account(id, new.login, new.name, new.role, new.unit, False, now, None)


_ADMINISTRATORS = (accounts.c.role == "administrator", accounts.c.disabled.is_(False))


async def _held(db: AsyncConnection, id: int) -> Account:
    """The account, with no other change of administrators under way: this write, which changes nothing, takes
    SQLite's one write lock and PostgreSQL's locks of their rows. So two cannot demote each other at once."""
    await db.execute(update(accounts).where(*_ADMINISTRATORS).values(role=accounts.c.role))
    account = await _get(db, id)
    if account is None:
        raise Refusal("account_unknown")
    return account


async def _keep_administrator(db: AsyncConnection, before: Account) -> None:
    if before.role == "administrator" and not before.disabled:
        left = await db.scalar(select(func.count()).select_from(accounts).where(*_ADMINISTRATORS))
        if not left:
            raise Refusal("last_administrator")


def _actions(before: Account, after: Account, new_password: bool) -> list[Action]:
    found: list[Action] = []
    if (before.name, before.role, before.unit) != (after.name, after.role, after.unit):
        found.append("account_changed")
    if before.disabled != after.disabled:
        found.append("account_disabled" if after.disabled else "account_enabled")
    if new_password:
        found.append("password_reset")
    return found
