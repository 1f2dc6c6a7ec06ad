"""Contacts in the database, a row a point."""

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from server.db import upsert

from .model import Contact
from .tables import contacts

LOT = 1_000  # rows a statement: some milliseconds, then other tasks run

_decode = msgspec.json.Decoder(list[Contact]).decode
_encode = msgspec.json.Encoder().encode


class ContactStore:
    """Every write is one transaction. A point without contacts has no row."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._upsert = upsert(engine, contacts)

    async def of_point(self, conference: str, point: int) -> list[Contact]:
        query = select(contacts.c.people).where(contacts.c.conference == conference, contacts.c.point == point)
        async with self._engine.connect() as db:
            people = await db.scalar(query)
        return _decode(people) if people else []

    async def of_conference(self, conference: str) -> dict[int, list[Contact]]:
        async with self._engine.connect() as db:
            return await _all(db, conference)

    async def write(self, conference: str, people: Mapping[int, Sequence[Contact]]) -> None:
        """Takes the place of what these points had; an empty list takes the contacts away."""
        async with self._engine.begin() as db:
            await self._put(db, conference, people)

    async def write_first(self, conference: str, people: Mapping[int, Contact]) -> None:
        """Changes name and number of the first contact of each point, keeping his role and the others.

        A contact without name and number takes the first one away. The same again changes nothing.
        """
        async with self._engine.begin() as db:
            # Held until the end: who writes the others of a point at another server meanwhile must not be undone.
            known = await _all(db, conference, held=True)
            await self._put(db, conference, {p: _with_first(known.get(p, []), people[p]) for p in sorted(people)})

    async def conferences(self) -> list[str]:
        """Those with any contacts."""
        async with self._engine.connect() as db:
            return list((await db.execute(select(contacts.c.conference).distinct())).scalars())

    async def forget(self, conference: str) -> int:
        """Deletes all contacts of a conference; gives the number of points that had some."""
        async with self._engine.begin() as db:
            return (await db.execute(delete(contacts).where(contacts.c.conference == conference))).rowcount

    async def _put(self, db: AsyncConnection, conference: str, people: Mapping[int, Sequence[Contact]]) -> None:
        items = list(people.items())
        for lot in (items[start : start + LOT] for start in range(0, len(items), LOT)):
            kept = [
                {"conference": conference, "point": p, "people": _encode(listed).decode()}
                for p, listed in lot
                if listed
            ]
            if kept:
                await db.execute(self._upsert, kept)
            if gone := [{"which": p} for p, listed in lot if not listed]:
                one = delete(contacts).where(
                    contacts.c.conference == conference, contacts.c.point == bindparam("which")
                )
                await db.execute(one, gone)


async def _all(db: AsyncConnection, conference: str, *, held: bool = False) -> dict[int, list[Contact]]:
    query = select(contacts.c.point, contacts.c.people).where(contacts.c.conference == conference)
    if held:
        query = query.order_by(contacts.c.point).with_for_update()
    found: dict[int, list[Contact]] = {}
    async with db.stream(query.execution_options(yield_per=LOT)) as rows:
        async for lot in rows.partitions():
            found.update((point, _decode(people)) for point, people in lot)
    return found


def _with_first(known: Sequence[Contact], first: Contact) -> list[Contact]:
    if not first.name and not first.phone:
        return list(known[1:])
    role = known[0].role if known else first.role
    return [Contact(first.name, role, first.phone), *known[1:]]
