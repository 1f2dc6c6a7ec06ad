"""Units in the database. The store decides nothing: it writes what a plan of `rules` gave, or refuses whole."""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from server.db import upsert

from .model import Unit
from .tables import units, units_revision
from .tree import UnitTree
from .verdicts import Progress

LOT = 1_000  # rows a statement: some milliseconds, then other tasks run
_THE_ROW = 1

_aliases = msgspec.json.Decoder(tuple[str, ...])


class UnitsChanged(Exception):
    """Somebody wrote units after the plan was made: plan again. `code` is a key of `messages.MESSAGES`."""

    code = "units_changed"


class UnitsNow(Struct, frozen=True):
    """All units as of one revision. 0 is the revision of an empty database."""

    revision: int
    tree: UnitTree


class UnitStore:
    """One a process. Any number of processes may write: the database's transaction is the referee."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._upsert = upsert(engine, units)
        self._now: UnitsNow | None = None
        self._loading = asyncio.Lock()

    async def current(self) -> UnitsNow:
        """The units as of the last commit. Costs one small query unless somebody wrote since the last call."""
        async with self._loading, self._engine.connect() as connection:
            # The revision before the rows: should a write come between, the rows are newer than they claim,
            # so the next call reads again and `apply` refuses. The other way round nobody would notice.
            revision = await _revision(connection)
            if self._now is None or self._now.revision != revision:
                self._now = UnitsNow(revision, await _load(connection))
            return self._now

    async def apply(self, written: Sequence[Unit], revision: int, progress: Progress | None = None) -> int:
        """Adds or replaces units in one transaction and returns the new revision.

        `revision` is that of the state the plan was made from. Raises `UnitsChanged`, then nothing is written.
        """
        async with self._engine.begin() as connection:
            await _advance(connection, revision)
            for start in range(0, len(written), LOT):
                lot = written[start : start + LOT]
                await connection.execute(self._upsert, [_record(unit) for unit in lot])
                if progress:
                    progress(start + len(lot), len(written))
        return revision + 1


async def _revision(connection: AsyncConnection) -> int:
    return await connection.scalar(select(units_revision.c.revision)) or 0


async def _advance(connection: AsyncConnection, revision: int) -> None:
    """The first statement of a write: whoever comes second waits here, and then finds the number gone."""
    after = {"id": _THE_ROW, "revision": revision + 1}
    if revision == 0:
        try:
            await connection.execute(insert(units_revision).values(after))
        except IntegrityError as error:
            raise UnitsChanged from error
        return
    same = units_revision.c.revision == revision
    if (await connection.execute(update(units_revision).where(same).values(after))).rowcount != 1:
        raise UnitsChanged


async def _load(connection: AsyncConnection) -> UnitTree:
    found: dict[str, Unit] = {}
    async with connection.stream(select(units)) as rows:
        async for lot in rows.partitions(LOT):
            found.update((row.code, _unit(row)) for row in lot)
    return await asyncio.to_thread(UnitTree, found)


def _unit(row: Sequence[Any]) -> Unit:
    code, name, kind, parent, aliases, valid_from, valid_to, place = row
    return Unit(code, name, kind, parent, _aliases.decode(aliases), valid_from, valid_to, place)


def _record(unit: Unit) -> dict[str, object]:
    return {
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind,
        "parent": unit.parent,
        "aliases": msgspec.json.encode(unit.aliases).decode(),
        "valid_from": unit.valid_from,
        "valid_to": unit.valid_to,
        "place": unit.order,
    }
