"""Sessions: who is signed in where."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from . import keys
from .log import record
from .model import Account, By, Credentials, Session
from .rules import MAX_SESSIONS, session_expiry
from .store import COLUMNS as ACCOUNT
from .tables import accounts, sessions

_SESSION = tuple(sessions.c[name] for name in Session.__struct_fields__)
_VALID = (sessions.c.generation == accounts.c.generation, accounts.c.disabled.is_(False))


class SessionStore:
    """A session is good while its account is enabled, its password the same, and its time not over."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def start(
        self, proven: Credentials, secret_hash: bytes, user_agent: str, address: str, now: int
    ) -> list[str]:
        """Beyond `MAX_SESSIONS` the longest unseen ones end: gives their ids."""
        account = proven.account
        session = Session(keys.new_id(), now, now, session_expiry(now, now), user_agent[:200], address[:64])
        row = {name: getattr(session, name) for name in Session.__struct_fields__}
        row |= {"account": account.id, "generation": proven.generation, "secret_hash": secret_hash}
        others = (sessions.c.account == account.id, sessions.c.id != session.id)
        kept = select(sessions.c.id).where(*others).order_by(sessions.c.last_seen_at.desc()).limit(MAX_SESSIONS - 1)
        surplus = delete(sessions).where(*others, sessions.c.id.not_in(kept)).returning(sessions.c.id)
        async with self._engine.begin() as db:
            await _note_seen(db, account.id, now)
            await db.execute(insert(sessions), row)
            ended = list(await db.scalars(surplus))
            by = By(f"account:{account.id}", account.name)
            await record(db, now, by, "signed_in", by.actor, by.name)
        return ended

    async def find(self, secret_hash: bytes, now: int) -> tuple[Session, Account] | None:
        query = (
            select(*_SESSION, *ACCOUNT)
            .join_from(sessions, accounts)
            .where(sessions.c.secret_hash == secret_hash, sessions.c.expires_at > now, *_VALID)
        )
        async with self._engine.connect() as db:
            row = (await db.execute(query)).first()
        return (Session(*row[: len(_SESSION)]), Account(*row[len(_SESSION) :])) if row else None

    async def standing(self, ids: Sequence[str]) -> dict[str, tuple[Session, Account]]:
        """Those that nobody ended, also when they have not been used for long."""
        query = select(*_SESSION, *ACCOUNT).join_from(sessions, accounts).where(sessions.c.id.in_(ids), *_VALID)
        async with self._engine.connect() as db:
            rows = (await db.execute(query)).all()
        return {row[0]: (Session(*row[: len(_SESSION)]), Account(*row[len(_SESSION) :])) for row in rows}

    async def seen(self, session: Session, account: int, now: int) -> None:
        """It was used: its end moves on."""
        values = {"last_seen_at": now, "expires_at": session_expiry(session.created_at, now)}
        async with self._engine.begin() as db:
            await _note_seen(db, account, now)
            await db.execute(update(sessions).where(sessions.c.id == session.id).values(values))

    async def of(self, account: int, now: int) -> list[Session]:
        """The last seen first."""
        query = select(*_SESSION).join_from(sessions, accounts)
        query = query.where(sessions.c.account == account, sessions.c.expires_at > now, *_VALID)
        async with self._engine.connect() as db:
            return [Session(*row) for row in await db.execute(query.order_by(sessions.c.last_seen_at.desc()))]

    async def end(self, account: int, id: str, by: By, now: int, *, own: bool) -> bool:
        """False when the account has no such session. `own`: it is the one that asks, a sign-out."""
        async with self._engine.begin() as db:
            gone = await db.execute(delete(sessions).where(sessions.c.account == account, sessions.c.id == id))
            if gone.rowcount == 1:
                await record(db, now, by, "signed_out" if own else "session_ended", f"session:{id}", by.name)
        return gone.rowcount == 1

    async def end_others(self, account: int, keep: str | None, by: By, now: int) -> None:
        mine = sessions.c.account == account
        async with self._engine.begin() as db:
            gone = await db.execute(delete(sessions).where(mine, sessions.c.id.is_distinct_from(keep)))
            if gone.rowcount:
                await record(db, now, by, "other_sessions_ended", f"account:{account}", by.name)

    async def purge(self, now: int) -> int:
        """Deletes those whose time is over, and gives how many."""
        async with self._engine.begin() as db:
            return (await db.execute(delete(sessions).where(sessions.c.expires_at <= now))).rowcount


async def _note_seen(db: AsyncConnection, account: int, now: int) -> None:
    """Comes first in a transaction: whoever touches both locks the account before its sessions, or two deadlock."""
    await db.execute(update(accounts).where(accounts.c.id == account).values(last_seen_at=now))
