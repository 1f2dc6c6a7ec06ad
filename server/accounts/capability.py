"""The capability whole, as `app.py` joins it to the others."""

from collections.abc import Callable, Collection

from sqlalchemy.ext.asyncio import AsyncEngine

from server.http.routing import Principal, Route
from server.http.tries import Tries
from server.live.conductor import Clock, now_ms
from server.live.conferences import Conferences

from . import keys
from .account_routes import AccountRoutes
from .authenticator import Authenticator, Devices, Test, Within
from .kiosk_routes import KioskRoutes
from .kiosks import KioskStore
from .log import AccountLog
from .model import SYSTEM, Account, AccountRole, NewAccount
from .passwords import Passwords
from .rules import LOG_KEEP, check_login, check_name, check_password, check_scope
from .session_routes import SessionRoutes
from .sessions import SessionStore
from .standing import Standing
from .store import AccountStore
from .token_routes import TokenRoutes
from .tokens import TokenStore


class Accounts:
    """`within`, `devices`, `on_revoked`: see `Authenticator`. `base_url`: without a slash at the end."""

    def __init__(
        self,
        engine: AsyncEngine,
        conferences: Conferences,
        within: Within,
        devices: Devices,
        on_revoked: Callable[[Test], None],
        base_url: str,
        tries: Tries,
        *,
        clock: Clock = now_ms,
        passwords: Passwords | None = None,
    ) -> None:
        self._clock, self._passwords = clock, passwords or Passwords()
        self._accounts, self._log = AccountStore(engine), AccountLog(engine)
        self._sessions, self._tokens, self._kiosks = SessionStore(engine), TokenStore(engine), KioskStore(engine)
        self.authenticator = Authenticator(
            self._sessions, self._tokens, self._kiosks, within, devices, on_revoked, clock
        )
        self._standing = Standing(self._sessions, self._tokens, self._kiosks, self.authenticator, clock)
        self._parts = (
            SessionRoutes(self._accounts, self._sessions, self._passwords, self.authenticator, tries, clock),
            AccountRoutes(self._accounts, self._log, self._passwords, self.authenticator, within, clock),
            TokenRoutes(self._accounts, self._tokens, self.authenticator, within, clock),
            KioskRoutes(self._kiosks, conferences, self.authenticator, base_url, clock),
        )

    def routes(self) -> list[Route]:
        return [route for part in self._parts for route in part.routes()]

    async def name_of(self, actor: str) -> str:
        """Who `account:7` or `token:3` in a journal is, as people know him."""
        return await self._log.name_of(actor)

    async def ensure_setup(self) -> str | None:
        """A one-time token for creating the first administrator, valid for a day; None when there is an account."""
        if await self._accounts.exists():
            return None
        key = keys.new(keys.SETUP)
        await self._accounts.offer_setup(key.digest, self._clock())
        return key.secret

    async def create_account(
        self, login: str, name: str, password: str, role: AccountRole, unit: str | None = None
    ) -> Account:
        """By the same rules as over HTTP. Raises `Problem` and `Refusal`. The unit is taken as it is."""
        login, name = check_login(login), check_name(name)
        check_scope(role, unit)
        hashed = await self._passwords.hash(check_password(password, login))
        return await self._accounts.create(NewAccount(login, name, hashed, role, unit), SYSTEM, self._clock())

    async def recheck(self, held: Collection[Principal]) -> None:
        """Closes what keys opened that were taken back at another server. To be called every few seconds."""
        await self._standing.recheck(held)

    async def sweep(self) -> None:
        """To be called now and then: deletes what opens nothing any more. Sockets end by `Principal.expires_at`."""
        now = self._clock()
        await self._sessions.purge(now)
        await self._log.purge(now - LOG_KEEP)

    async def close(self) -> None:
        """Lets go of the threads that hash, and of questions that a database has not answered yet."""
        await self.authenticator.close()
        self._passwords.close()
