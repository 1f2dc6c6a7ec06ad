"""Kiosks: links that show one conference's wall without a sign-in."""

from collections.abc import Sequence

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from server.conference.rules import Refusal

from .log import record
from .model import By, Kiosk
from .rules import MAX_KIOSKS
from .tables import kiosks

_KIOSK = tuple(kiosks.c[name] for name in Kiosk.__struct_fields__)


class KioskStore:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def create(self, kiosk: Kiosk, secret_hash: bytes, by: By) -> None:
        """Raises `Refusal("too_many_kiosks")`."""
        row = {name: getattr(kiosk, name) for name in Kiosk.__struct_fields__}
        async with self._engine.begin() as db:
            await db.execute(insert(kiosks), {**row, "secret_hash": secret_hash})
            count = select(func.count()).select_from(kiosks).where(kiosks.c.conference == kiosk.conference)
            if (await db.scalar(count) or 0) > MAX_KIOSKS:
                raise Refusal("too_many_kiosks", limit=MAX_KIOSKS)
            await record(db, kiosk.created_at, by, "kiosk_created", f"kiosk:{kiosk.id}", kiosk.name)

    async def find(self, secret_hash: bytes, now: int) -> Kiosk | None:
        query = select(*_KIOSK).where(kiosks.c.secret_hash == secret_hash)
        query = query.where(or_(kiosks.c.expires_at.is_(None), kiosks.c.expires_at > now))
        async with self._engine.connect() as db:
            row = (await db.execute(query)).first()
        return Kiosk(*row) if row else None

    async def standing(self, ids: Sequence[str]) -> set[str]:
        """Those that nobody revoked."""
        async with self._engine.connect() as db:
            return set(await db.scalars(select(kiosks.c.id).where(kiosks.c.id.in_(ids))))

    async def of(self, conference: str) -> list[Kiosk]:
        """The newest first; those whose time is over as well."""
        query = select(*_KIOSK).where(kiosks.c.conference == conference)
        async with self._engine.connect() as db:
            rows = await db.execute(query.order_by(kiosks.c.created_at.desc(), kiosks.c.id))
            return [Kiosk(*row) for row in rows]

    async def get(self, conference: str, id: str) -> Kiosk | None:
        async with self._engine.connect() as db:
            row = (
                await db.execute(select(*_KIOSK).where(kiosks.c.conference == conference, kiosks.c.id == id))
            ).first()
        return Kiosk(*row) if row else None

    async def revoke(self, kiosk: Kiosk, by: By, now: int) -> None:
        async with self._engine.begin() as db:
            if (await db.execute(delete(kiosks).where(kiosks.c.id == kiosk.id))).rowcount:
                await record(db, now, by, "kiosk_revoked", f"kiosk:{kiosk.id}", kiosk.name)
