"""From a request to who is asking. Everything that is not proven is nobody."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection

import msgspec
import structlog
from aiohttp import web
from msgspec import Struct
from sqlalchemy.exc import SQLAlchemyError

from server.http.routing import Principal
from server.live.conductor import Clock, now_ms
from server.protocol.errors import CannotWrite
from server.tasks import Tasks

from . import keys
from .kiosks import KioskStore
from .model import Account, Token
from .rules import SEEN_EVERY, SESSION_LIFE, lesser
from .sessions import SessionStore
from .tokens import TokenStore

log = structlog.get_logger()

COOKIE = "nc_session"
DEVICE_PREFIX = "nc_dev_"
CACHE_MS = 5_000  # how long another server's revocation may go unseen here; this one's is seen at once
# While the database is away nobody can take a key back either: whose key was good a moment before is let in by it.
GOOD_MS = 60_000
PATIENCE_SECONDS = 2.0  # for the database to say who somebody is
MAX_CACHED = 20_000  # sessions, tokens and kiosks in use within five seconds; more are only asked for again

Within = Callable[[str, str | None], Awaitable[bool]]
Devices = Callable[[str], Awaitable[Principal | None]]
Test = Callable[[Principal], bool]


class _Known(Struct, frozen=True):
    """`at`: when it was last asked for, ms; `good_at`: when the database last said so."""

    who: Principal
    at: int
    expires_at: int | None
    good_at: int

    def holds(self, since: int, age: int, now: int) -> bool:
        """Whether what is known since then may count for so long, while its key's time is not over."""
        return 0 <= now - since < age and (self.expires_at is None or now < self.expires_at)


class Authenticator:
    """Resolves bearer tokens and the session cookie.

    `within(unit, root)`: whether a unit exists and lies in the subtree of `root` (None: the whole tree).
    `devices`: who a device token stands for. `on_revoked`: closes the live sockets of whom its test matches.
    """

    def __init__(
        self,
        sessions: SessionStore,
        tokens: TokenStore,
        kiosks: KioskStore,
        within: Within,
        devices: Devices,
        on_revoked: Callable[[Test], None],
        clock: Clock = now_ms,
    ) -> None:
        self._sessions, self._tokens, self._kiosks = sessions, tokens, kiosks
        self._within, self._devices, self._on_revoked = within, devices, on_revoked
        self._clock = clock
        self._known: OrderedDict[bytes, _Known] = OrderedDict()
        self._revocations = 0
        self._tasks = Tasks()

    async def authenticate(self, request: web.Request, token: str | None = None) -> Principal | None:
        """`token`, or else the bearer's, or else the cookie's. A wrong token does not fall back on the cookie.
        Raises `CannotWrite` when the database does not say who it is."""
        secret = _bearer(request) if token is None else token
        if secret is None:
            cookie = request.cookies.get(COOKIE)
            return await self._resolve(cookie, keys.SESSION) if cookie else None
        if secret.startswith(DEVICE_PREFIX):
            return await self._devices(secret)
        if secret.startswith(keys.TOKEN):
            return await self._resolve(secret, keys.TOKEN)
        return await self._resolve(secret, keys.KIOSK)

    async def close(self) -> None:
        await self._tasks.stop()

    def revoke(self, test: Test) -> None:
        """From now on whom `test` matches is asked for anew, and his live sockets are closed."""
        self.forget(test)
        self._on_revoked(test)

    def forget(self, test: Test) -> None:
        """Asks anew who they are; their sockets stay."""
        self._revocations += 1
        for digest in [d for d, known in self._known.items() if test(known.who)]:
            del self._known[digest]

    # --- looking up

    async def _resolve(self, secret: str, prefix: str) -> Principal | None:
        digest, now = keys.digest(secret, prefix), self._clock()
        if digest is None:
            return None
        known = self._known.get(digest)
        if known and known.holds(known.at, CACHE_MS, now):
            return known.who
        before = self._revocations
        found = await self._in_time(prefix, digest, now)
        if isinstance(found, Exception):
            return self._still_good(digest, now, found)
        # What was revoked while the database was asked must not come back by its old answer.
        if found and before == self._revocations:
            self._remember(digest, found)
        return found.who if found else None

    async def _in_time(self, prefix: str, digest: bytes, now: int) -> _Known | None | Exception:
        """The question ends by itself: to call it back from a database that hangs may hang as well."""
        asked = self._tasks.start("who is it", self._ask(prefix, digest, now))
        await asyncio.wait({asked}, timeout=PATIENCE_SECONDS)
        return asked.result() if asked.done() else TimeoutError("the database does not answer")

    async def _ask(self, prefix: str, digest: bytes, now: int) -> _Known | None | Exception:
        try:
            return await self._look_up(prefix, digest, now)
        except (SQLAlchemyError, OSError) as error:
            return error

    def _still_good(self, digest: bytes, now: int, error: Exception) -> Principal:
        known = self._known.get(digest)
        if known is None or not known.holds(known.good_at, GOOD_MS, now):
            raise CannotWrite from error
        log.info("known_from_before", by=known.who.by, error=repr(error))
        self._known[digest] = msgspec.structs.replace(known, at=now)
        return known.who

    def confirm(self, held: Collection[Principal]) -> None:
        """The database has just said that their keys are good."""
        now = self._clock()
        for digest, known in self._known.items():
            if known.who in held:
                self._known[digest] = msgspec.structs.replace(known, good_at=now)

    def _remember(self, digest: bytes, known: _Known) -> None:
        self._known[digest] = known
        self._known.move_to_end(digest)
        if len(self._known) > MAX_CACHED:
            self._known.popitem(last=False)

    async def _look_up(self, prefix: str, digest: bytes, now: int) -> _Known | None:
        if prefix == keys.SESSION:
            return await self._session(digest, now)
        if prefix == keys.TOKEN:
            return await self._token(digest, now)
        return await self._kiosk(digest, now)

    async def _session(self, digest: bytes, now: int) -> _Known | None:
        found = await self._sessions.find(digest, now)
        if found is None:
            return None
        session, account = found
        if now - session.last_seen_at >= SEEN_EVERY:
            await note(self._sessions.seen(session, account.id, now))
        by = f"account:{account.id}"
        # What it opened stays open while nobody asks for anything else: a wall is only looked at.
        ends = session.created_at + SESSION_LIFE
        who = Principal(
            "account", account.role, by, account.name, account.unit,
            account=account.id, session=session.id, expires_at=ends,
        )  # fmt: skip
        return _Known(who, now, session.expires_at, now)

    async def _token(self, digest: bytes, now: int) -> _Known | None:
        found = await self._tokens.find(digest, now)
        if found is None:
            return None
        token, owner = found
        who = await self.of_token(token, owner)
        if who is None:
            return None
        if token.last_used_at is None or now - token.last_used_at >= SEEN_EVERY:
            await note(self._tokens.used(token.id, now))
        return _Known(who, now, token.expires_at, now)

    async def of_token(self, token: Token, owner: Account) -> Principal | None:
        """Never more than its owner may today, whatever he might when he made it."""
        unit = owner.unit if token.unit is None else token.unit
        if unit is not None and unit != owner.unit and not await self._within(unit, owner.unit):
            return None
        role = lesser(token.role, owner.role)
        by, ends = f"token:{token.id}", token.expires_at
        return Principal("token", role, by, owner.name, unit, account=owner.id, expires_at=ends)

    async def _kiosk(self, digest: bytes, now: int) -> _Known | None:
        kiosk = await self._kiosks.find(digest, now)
        if kiosk is None:
            return None
        by, ends = f"kiosk:{kiosk.id}", kiosk.expires_at
        who = Principal(
            "kiosk", "viewer", by, kiosk.name, kiosk.unit, kiosk.conference,
            expires_at=ends, programme=kiosk.programme,
        )  # fmt: skip
        return _Known(who, now, kiosk.expires_at, now)


async def note(writing: Awaitable[None]) -> None:
    """When somebody was last seen is worth less than answering him."""
    try:
        await writing
    except (SQLAlchemyError, OSError) as error:
        log.warning("last_seen_not_written", error=repr(error))


def _bearer(request: web.Request) -> str | None:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None
