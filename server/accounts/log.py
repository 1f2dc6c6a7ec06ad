"""What was done to accounts and keys, by whom. Written in the transaction of what it tells."""

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from .model import Action, By, LogEntry
from .tables import account_log, accounts

_COLUMNS = tuple(account_log.c[name] for name in LogEntry.__struct_fields__)


async def record(db: AsyncConnection, at: int, by: By, action: Action, subject: str, subject_name: str) -> None:
    row = {"at": at, "actor": by.actor, "actor_name": by.name, "action": action}
    await db.execute(insert(account_log), {**row, "subject": subject, "subject_name": subject_name})


class AccountLog:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def page(self, before: int | None, limit: int) -> list[LogEntry]:
        """The newest first."""
        query = select(*_COLUMNS).order_by(account_log.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(account_log.c.id < before)
        async with self._engine.connect() as db:
            return [LogEntry(*row) for row in await db.execute(query)]

    async def name_of(self, actor: str) -> str:
        """Who `account:7` or `token:3` is, or was when last heard of; the text itself for anybody else."""
        kind, _, number = actor.partition(":")
        if kind not in ("account", "token") or not number.isdecimal():
            return actor
        last = select(account_log.c.subject_name).where(account_log.c.subject == actor)
        async with self._engine.connect() as db:
            name: str | None = None
            if kind == "account":
                name = await db.scalar(select(accounts.c.name).where(accounts.c.id == int(number)))
            return name or await db.scalar(last.order_by(account_log.c.id.desc()).limit(1)) or actor

    async def purge(self, before: int) -> None:
        """Forgets what is older than the moment `before`."""
        async with self._engine.begin() as db:
            await db.execute(delete(account_log).where(account_log.c.at < before))
