"""The register of bridges, by the database's own clock."""

import msgspec
from sqlalchemy import BigInteger, Row, delete, literal_column, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import upsert
from server.protocol.bridges import BridgeReport

from .model import Bridge, Carried
from .tables import bridges

FORGET_MS = 24 * 3_600_000  # without a report, when another one comes: nobody asks any more what became of it

_NOW = {
    "postgresql": "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)",
    "sqlite": "CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)",
}
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Carried).decode


class BridgeStore:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._now = literal_column(_NOW[engine.dialect.name], BigInteger)

    async def note(self, name: str, report: BridgeReport) -> bool:
        """Writes that the bridge lives and how it fares. Whether it is to be drained."""
        values = {
            "seen_at": self._now,
            "url": report.url.rstrip("/"),
            "unit": report.unit,
            "upstream": report.upstream,
            "capacity": report.capacity,
            "viewers": report.viewers,
            "busy": report.busy,
            "carried": _encode(Carried(report.publishers, report.showing)),
        }
        known = update(bridges).where(bridges.c.name == name).values(values).returning(bridges.c.draining)
        async with self._engine.begin() as db:
            if self._engine.dialect.name == "postgresql":
                # A sign of life need not survive the loss of power: no wait for the disk.
                await db.execute(text("SET LOCAL synchronous_commit = off"))
            found = (await db.execute(known)).first()
            if found is None:
                await db.execute(delete(bridges).where(bridges.c.seen_at < self._now - FORGET_MS))
                await db.execute(upsert(self._engine, bridges).values(name=name, draining=False, **values))
            return found is not None and bool(found.draining)

    async def all(self) -> list[Bridge]:
        """Those heard of within a day, by name."""
        async with self._engine.connect() as db:
            rows = await db.execute(select(bridges, self._now.label("now")).order_by(bridges.c.name))
            return [_bridge(row) for row in rows]

    async def drain(self, name: str, on: bool) -> bool:
        """Whether there is such a bridge."""
        async with self._engine.begin() as db:
            found = await db.execute(update(bridges).where(bridges.c.name == name).values(draining=on))
            return bool(found.rowcount)


def _bridge(row: Row) -> Bridge:  # type: ignore[type-arg]
    return Bridge(
        row.name,
        row.url,
        row.unit,
        row.upstream,
        row.capacity,
        row.viewers,
        row.busy,
        _decode(row.carried),
        row.draining,
        row.seen_at,
        row.now,
    )
