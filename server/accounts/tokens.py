"""API tokens: a person's right, or a part of it, for a program."""

from collections.abc import Sequence

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from server.conference.rules import Refusal

from .log import record
from .model import Account, AccountRole, By, Token
from .rules import MAX_TOKENS
from .store import COLUMNS as ACCOUNT
from .tables import accounts, api_tokens

_TOKEN = tuple(api_tokens.c[name] for name in Token.__struct_fields__)


class TokenStore:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def create(
        self,
        owner: Account,
        secret_hash: bytes,
        name: str,
        role: AccountRole,
        unit: str | None,
        expires_at: int | None,
        now: int,
    ) -> Token:
        """Raises `Refusal("too_many_tokens")`."""
        row = {"account": owner.id, "secret_hash": secret_hash, "name": name, "role": role, "unit": unit}
        row |= {"created_at": now, "expires_at": expires_at}
        async with self._engine.begin() as db:
            id = (await db.execute(insert(api_tokens).returning(api_tokens.c.id), row)).scalar_one()
            count = select(func.count()).select_from(api_tokens).where(api_tokens.c.account == owner.id)
            if (await db.scalar(count) or 0) > MAX_TOKENS:
                raise Refusal("too_many_tokens", limit=MAX_TOKENS)
            # The journal names `token:3`; this line tells for good who that is.
            by = By(f"account:{owner.id}", owner.name)
            await record(db, now, by, "token_created", f"token:{id}", f"{owner.name} ({name})"[:200])
        return Token(id, name, role, unit, now, expires_at, None)

    async def find(self, secret_hash: bytes, now: int) -> tuple[Token, Account] | None:
        token = api_tokens.c
        query = (
            select(*_TOKEN, *ACCOUNT)
            .join_from(api_tokens, accounts)
            .where(token.secret_hash == secret_hash, accounts.c.disabled.is_(False))
            .where(or_(token.expires_at.is_(None), token.expires_at > now))
        )
        async with self._engine.connect() as db:
            row = (await db.execute(query)).first()
        return (Token(*row[: len(_TOKEN)]), Account(*row[len(_TOKEN) :])) if row else None

    async def standing(self, ids: Sequence[int]) -> dict[int, tuple[Token, Account]]:
        """Those that nobody revoked, of accounts that are enabled."""
        query = select(*_TOKEN, *ACCOUNT).join_from(api_tokens, accounts)
        query = query.where(api_tokens.c.id.in_(ids), accounts.c.disabled.is_(False))
        async with self._engine.connect() as db:
            rows = (await db.execute(query)).all()
        return {row[0]: (Token(*row[: len(_TOKEN)]), Account(*row[len(_TOKEN) :])) for row in rows}

    async def used(self, id: int, now: int) -> None:
        async with self._engine.begin() as db:
            await db.execute(update(api_tokens).where(api_tokens.c.id == id).values(last_used_at=now))

    async def of(self, account: int) -> list[Token]:
        """The newest first; those whose time is over as well, so that their owner sees why they fail."""
        query = select(*_TOKEN).where(api_tokens.c.account == account).order_by(api_tokens.c.id.desc())
        async with self._engine.connect() as db:
            return [Token(*row) for row in await db.execute(query)]

    async def revoke(self, account: int, id: int, by: By, now: int) -> bool:
        """False when the account has no such token."""
        mine = (api_tokens.c.account == account, api_tokens.c.id == id)
        async with self._engine.begin() as db:
            gone = (await db.execute(delete(api_tokens).where(*mine).returning(api_tokens.c.name))).first()
            if gone is not None:
                await record(db, now, by, "token_revoked", f"token:{id}", f"{by.name} ({gone.name})"[:200])
        return gone is not None
