"""Appending and reading. The database's transaction is the only referee of order."""

import hashlib
from collections.abc import AsyncIterator, Collection, Iterable, Iterator
from contextlib import asynccontextmanager, suppress
from itertools import count
from typing import Any

import msgspec
import structlog
from msgspec import Struct
from sqlalchemy import (
    ARRAY,
    BindParameter,
    LargeBinary,
    RowMapping,
    String,
    bindparam,
    cast,
    delete,
    func,
    insert,
    null,
    or_,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from server.db import upsert
from server.protocol.events import Event, UnitsPlaced
from server.protocol.views import Summary

from .tables import answers, events, journals, places, snapshots
from .upcast import Gap, decode_body, version_of

log = structlog.get_logger()

READ_LOT = 5_000  # events in memory at once while a long journal is read
_encode = msgspec.json.Encoder().encode

# Built once: putting a statement together costs as much as running it, and `append` is the hot path.
_SUMMARY = ("title", "starts_at", "phase", "points")
_MOVE = (
    update(journals)
    .where(journals.c.id == bindparam("journal"), journals.c.seq == bindparam("expected"))
    .values(seq=bindparam("next"))
)
_MOVE_AND_SHOW = _MOVE.values({name: bindparam(f"new_{name}") for name in _SUMMARY})
_INSERT_EVENTS, _INSERT_ANSWERS = insert(events), insert(answers)
# A replica that was promoted begins a timeline of its own. It may lack what was shown and never acknowledged, so it is
# another history: who looks begins anew.
_EPOCH = (journals.c.epoch + "." + func.left(func.pg_walfile_name(func.pg_current_wal_lsn()), 8)).label("epoch")
_LOCK = select(_EPOCH, journals.c.seq).where(journals.c.id == bindparam("journal")).with_for_update()
_E, _A = events.c, answers.c
_MINE: BindParameter[str] = bindparam("journal")
_EVENT_RECEIPTS = select(
    _E.command_id,
    _E.command_hash,
    _E.at,
    (_E.seq + _E.span - 1).label("seq"),
    cast(null(), LargeBinary).label("refusal"),
).where(_E.conference == _MINE)
_ANSWER_RECEIPTS = select(_A.command_id, _A.command_hash, _A.at, _A.seq, _A.refusal).where(_A.conference == _MINE)
_AMONG: BindParameter[list[str]] = bindparam("ids", expanding=True)
_RECEIPTS = union_all(
    _EVENT_RECEIPTS.where(_E.command_id.in_(_AMONG)), _ANSWER_RECEIPTS.where(_A.command_id.in_(_AMONG))
)
# Where servers share the journal they ask at every commit, and PostgreSQL, until it has statistics, thinks that to look
# up many at once costs more than to read the whole journal. So it is asked for one after the other.
_ASKED = func.unnest(bindparam("ids", type_=ARRAY(String))).table_valued("id").render_derived()
_ONES = (
    _EVENT_RECEIPTS.where(_E.command_id == _ASKED.c.id).limit(1).lateral(),
    _ANSWER_RECEIPTS.where(_A.command_id == _ASKED.c.id).limit(1).lateral(),
)
_RECEIPTS_ONE_BY_ONE = union_all(*(select(one).select_from(_ASKED.join(one, true())) for one in _ONES))


class Conflict(Exception):
    """Another writer was first, or one of the command ids is known already. Read, and decide again."""


class Head(Struct, frozen=True):
    """`epoch`: of the history that `seq` counts; another one when a backup was restored or a replica took over."""

    epoch: str
    seq: int


class Receipt(Struct, frozen=True):
    """The answer a command got. `digest` tells the same command from another one under its id."""

    command_id: str
    digest: bytes
    at: int
    seq: int
    refusal: bytes | None = None


class Entry(Struct, frozen=True):
    """What one command led to: its events (maybe none) and its receipt (None for the server's own)."""

    events: list[Event]
    receipt: Receipt | None = None


class Stored(Struct, frozen=True):
    """A snapshot: the encoded state after event `seq`."""

    seq: int
    state: bytes


class Journal:
    """Durable ordered events over SQLite or PostgreSQL.

    Guarantees: sequence numbers of a conference are gapless from 1; a turn is atomic and ends only
    when what it appended is on the disk; a command id is written once. Any number of servers may write.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self.shared = engine.dialect.name != "sqlite"  # SQLite serves one server: nobody to wait for
        j = journals.c
        self._heads = select(j.id, _EPOCH if self.shared else j.epoch, j.seq)

    async def create(self, conference: str, epoch: str) -> None:
        """An empty journal. Raises `Conflict` when the id is taken."""
        row = {"id": conference, "epoch": epoch, "seq": 0, "title": "", "starts_at": 0}
        try:
            async with self._engine.begin() as db:
                await db.execute(insert(journals), {**row, "phase": "draft", "points": 0})
        except IntegrityError as e:
            raise Conflict(conference) from e

    async def head(self, conference: str) -> Head | None:
        return (await self.heads([conference])).get(conference)

    async def heads(self, conferences: Iterable[str]) -> dict[str, Head]:
        """How far each of these journals has come."""
        async with self._engine.connect() as db:
            rows = (await db.execute(self._heads.where(journals.c.id.in_(conferences)))).all()
        return {id: Head(epoch, seq) for id, epoch, seq in rows}

    async def conferences(self, unit: str | None = None) -> list[Summary]:
        """Every conference that has begun its journal, newest beginning first; of a `unit`, those that have it."""
        query = select(journals).where(journals.c.seq > 0).order_by(journals.c.starts_at.desc())
        if unit is not None:
            query = query.join(places, places.c.conference == journals.c.id).where(places.c.unit == unit)
        async with self._engine.connect() as db:
            rows = (await db.execute(query)).mappings().all()
        return [Summary(r["id"], r["title"], r["starts_at"], r["phase"], r["points"]) for r in rows]

    @asynccontextmanager
    async def turn(self, conference: str) -> "AsyncIterator[Turn]":
        """One transaction in which nobody else can write this journal; it commits when the block ends well.

        Raises `Conflict` and writes nothing when another writer was first all the same, or a command id
        was used before. Any other exception leaves it uncertain whether it was written: read to know.
        """
        try:
            async with self._engine.begin() as db:
                head = None
                if self.shared:
                    row = (await db.execute(_LOCK, {"journal": conference})).first()
                    if row is None:
                        raise Conflict(conference)
                    head = Head(*row)
                yield Turn(db, conference, head)
        except IntegrityError as e:
            raise Conflict(conference) from e

    async def read(self, conference: str, after: int = 0, until: int | None = None) -> AsyncIterator[list[Event]]:
        """Events after `after`, in order, in lots, up to and with `until`. Raises `Gap` where one is missing."""
        while True:
            async with self._engine.connect() as db:
                lot = await _lot(db, conference, after, until)
            if not lot:
                return
            yield lot
            after = lot[-1].seq

    async def page(
        self,
        conference: str,
        *,
        point: int | None = None,
        among: Collection[int] | None = None,
        types: Iterable[str] = (),
        before: int | None = None,
        limit: int = 100,
    ) -> list[Event]:
        """The newest events first: the audit trail, or the history of one point. `among`: only events of one of
        these points, or of no single one."""
        query = select(events).where(events.c.conference == conference).order_by(events.c.seq.desc()).limit(limit)
        if point is not None:
            query = query.where(events.c.point == point)
        if among is not None:
            query = query.where(or_(events.c.point.is_(None), events.c.point.in_(among)))
        if wanted := list(types):
            query = query.where(events.c.type.in_(wanted))
        if before is not None:
            query = query.where(events.c.seq < before)
        async with self._engine.connect() as db:
            return [_event(r) for r in (await db.execute(query)).mappings().all()]

    async def recent_receipts(self, conference: str, limit: int) -> list[Receipt]:
        """The last answers with events, oldest first: what a phone may ask again after a restart."""
        e = events.c
        query = (
            select(e.command_id, e.command_hash, e.at, e.seq, e.span)
            .where(e.conference == conference, e.command_id.is_not(None))
            .order_by(e.seq.desc())
            .limit(limit)
        )
        async with self._engine.connect() as db:
            rows = (await db.execute(query)).all()
        return [Receipt(r[0], r[1], r[2], r[3] + r[4] - 1) for r in reversed(rows)]

    async def save_snapshot(self, conference: str, seq: int, state_version: int, state: bytes) -> None:
        """Replaces an older one, never a newer one of another server."""
        digest = proof(conference, seq, state_version, state)
        row = {"conference": conference, "seq": seq, "state_version": state_version, "state": state, "digest": digest}
        async with self._engine.begin() as db:
            await db.execute(upsert(self._engine, snapshots, newer="seq"), row)

    async def load_snapshot(self, conference: str, state_version: int) -> Stored | None:
        """The last snapshot, if a program with the same shape of state wrote it and it is what was written."""
        s = snapshots.c
        query = select(s.seq, s.state, s.digest).where(s.conference == conference, s.state_version == state_version)
        try:
            async with self._engine.connect() as db:
                row = (await db.execute(query)).first()
        except DBAPIError as error:
            if error.connection_invalidated:
                raise
            log.warning("snapshot_damaged", conference=conference, error=repr(error))  # so much that it is no row
            await self._forget(conference)
            return None
        if row is None:
            return None
        whole = isinstance(row.state, bytes) and row.digest == proof(conference, row.seq, state_version, row.state)
        if not whole:
            if row.digest is not None:  # else it was kept before there were digests
                log.warning("snapshot_damaged", conference=conference, seq=row.seq)
            await self._forget(conference)
            return None
        return Stored(row.seq, row.state)

    async def _forget(self, conference: str) -> None:
        """A damaged snapshot goes: were its `seq` too high, no true one could ever replace it."""
        with suppress(SQLAlchemyError):  # a disk that cannot be written to is no reason not to start
            async with self._engine.begin() as db:
                await db.execute(delete(snapshots).where(snapshots.c.conference == conference))


def proof(conference: str, seq: int, state_version: int, state: bytes) -> bytes:
    """The digest of a snapshot's row: bytes that changed on the disk may still decode, to a state that never was."""
    place = f"{conference} {seq} {state_version} ".encode()
    return hashlib.blake2b(place + state, digest_size=16).digest()


class Turn:
    """A writer's turn at one journal. `head`: where the journal stands; None on SQLite, where `append` finds out."""

    def __init__(self, db: AsyncConnection, conference: str, head: Head | None) -> None:
        self._db, self._conference, self.head = db, conference, head

    async def missed(self, after: int) -> list[Event]:
        """Up to `READ_LOT` events that others wrote after event `after`, in order."""
        return await _lot(self._db, self._conference, after, None)

    async def receipts(self, ids: list[str]) -> dict[str, Receipt]:
        """The answers that were given to these commands."""
        statement = _RECEIPTS_ONE_BY_ONE if self.head else _RECEIPTS
        rows = await self._db.execute(statement, {"journal": self._conference, "ids": ids})
        return {r[0]: Receipt(*r) for r in rows}

    async def append(self, expected: int, entries: list[Entry], summary: Summary | None = None) -> None:
        """All entries after event `expected`, which must be the last one: else `Conflict`. `summary`: the
        conference's line in the list, when these events change it."""
        rows, kept = _rows(self._conference, entries)
        values: dict[str, Any] = {"journal": self._conference, "expected": expected, "next": expected + len(rows)}
        if summary:
            values |= {f"new_{f}": getattr(summary, f) for f in _SUMMARY}
        if (await self._db.execute(_MOVE_AND_SHOW if summary else _MOVE, values)).rowcount != 1:
            raise Conflict(self._conference)
        if rows:
            await self._db.execute(_INSERT_EVENTS, rows)
        if kept:
            await self._db.execute(_INSERT_ANSWERS, kept)
        if units := {u.code for e in _events(entries) if isinstance(e.body, UnitsPlaced) for u in e.body.units}:
            await self._place(units)

    async def _place(self, units: set[str]) -> None:
        """They may have been placed before, under another name. Nobody else writes meanwhile."""
        here = places.c.conference == self._conference
        known = set(await self._db.scalars(select(places.c.unit).where(here)))
        if new := units - known:
            await self._db.execute(insert(places), [{"unit": u, "conference": self._conference} for u in sorted(new)])


async def _lot(db: AsyncConnection, conference: str, after: int, until: int | None) -> list[Event]:
    query = select(events).where(events.c.conference == conference, events.c.seq > after)
    if until is not None:
        query = query.where(events.c.seq <= until)
    rows = (await db.execute(query.order_by(events.c.seq).limit(READ_LOT))).mappings().all()
    if rows and rows[-1]["seq"] != after + len(rows):
        present = {r["seq"] for r in rows}
        raise Gap(f"event {next(n for n in count(after + 1) if n not in present)} is missing")
    return [_event(r) for r in rows]


def _events(entries: list[Entry]) -> Iterator[Event]:
    return (event for entry in entries for event in entry.events)


def _rows(conference: str, entries: list[Entry]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    kept: list[dict[str, Any]] = []
    for entry in entries:
        r = entry.receipt
        for n, event in enumerate(entry.events):
            rows.append(_row(conference, event, None if n else r, len(entry.events)))
        if r and not entry.events:
            kept.append(
                {
                    "conference": conference,
                    "command_id": r.command_id,
                    "command_hash": r.digest,
                    "at": r.at,
                    "seq": r.seq,
                    "refusal": r.refusal,
                }
            )
    return rows, kept


def _row(conference: str, event: Event, receipt: Receipt | None, span: int) -> dict[str, Any]:
    kind = event.body.__struct_config__.tag
    point = getattr(event.body, "point", None)
    return {
        "conference": conference,
        "seq": event.seq,
        "at": event.at,
        "occurred_at": event.occurred_at,
        "tapped_at": event.tapped_at,
        "actor": event.by,
        "type": kind,
        "version": version_of(str(kind)),
        "point": point if isinstance(point, int) else None,
        "body": _encode(event.body),
        "command_id": receipt.command_id if receipt else None,
        "command_hash": receipt.digest if receipt else None,
        "span": span if receipt else None,
    }


def _event(row: RowMapping) -> Event:
    body = decode_body(row["type"], row["version"], row["body"])
    return Event(row["seq"], row["at"], row["actor"], body, row["occurred_at"], row["tapped_at"])
