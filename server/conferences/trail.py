"""The audit trail in pages, each with as many events as were asked for that concern its reader."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from server.conference import view
from server.conference.record import added_points, told
from server.conference.state import State
from server.http.routing import Allow, Principal, permits
from server.journal import Journal
from server.live.conferences import Live
from server.protocol.base import PointId
from server.protocol.events import Event, PointsAdded

from .actors import actor_name

MAX_PAGE = 1_000  # events in one page of the audit trail
LOT = 500  # events read at once for who is shown a part of them
MAX_LOTS = 20  # for one page: 10,000 events that are none of the reader's, some tenths of a second
MAX_AMONG = 5_000  # points named in one question to the database; of more, most events are the reader's anyway


class JournalQuery(Struct, frozen=True):
    """`before`: only events with a smaller number; newest first. `type`: names, separated by commas."""

    before: int | None = None
    point: PointId | None = None
    type: str = ""
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = 100


class JournalEntry(Struct, frozen=True):
    """`title` names the point, `who` the actor as people know him. Who is bound to a unit reads of an event what
    concerns that subtree; `points` numbers the rooms that `points_added` then tells of, in its order."""

    event: Event
    who: str
    title: str | UnsetType = UNSET
    points: list[int] | UnsetType = UNSET


class JournalPage(Struct, frozen=True):
    """`next_before` asks for the page after this one; null when there is none."""

    entries: list[JournalEntry]
    next_before: int | None


class _Read(Struct, frozen=True):
    event: Event
    title: str | UnsetType
    points: list[int] | UnsetType


class Trail:
    """`name_of` tells who `account:7` is."""

    def __init__(self, journal: Journal, name_of: Callable[[str], Awaitable[str]]) -> None:
        self._journal, self._name_of = journal, name_of

    async def page(self, live: Live, who: Principal, q: JournalQuery, types: Sequence[str], lang: str) -> JournalPage:
        found, next_before = await self._read(live, who, q, types)
        names = {by: await self._who(by, lang) for by in {r.event.by for r in found}}
        entries = [JournalEntry(r.event, names[r.event.by], r.title, r.points) for r in found]
        return JournalPage(entries, next_before)

    async def _read(
        self, live: Live, who: Principal, q: JournalQuery, types: Sequence[str]
    ) -> tuple[list[_Read], int | None]:
        """Reads on until the page is full. It is short only at the journal's end, or where `MAX_LOTS` hold almost
        nothing of this reader."""
        organizes = permits(Allow.ORGANIZER, who)
        read = partial(_told, root=who.unit, organizes=organizes)
        among = await live.conductor.at_rest(lambda state: _points_of(state, who.unit))
        # One more than a page tells whether there is another.
        size, before = q.limit + 1 if organizes and who.unit is None else LOT, q.before
        found: list[_Read] = []
        for _ in range(MAX_LOTS):
            lot = await self._journal.page(live.id, point=q.point, among=among, types=types, before=before, limit=size)
            found += await live.conductor.at_rest(partial(read, events=lot))
            if len(found) > q.limit:
                return found[: q.limit], found[q.limit - 1].event.seq
            if len(lot) < size:
                return found, None
            before = lot[-1].seq
        return found, before

    async def _who(self, by: str, lang: str) -> str:
        name = await self._name_of(by)
        return actor_name(by, lang) if name == by else name


def _points_of(state: State, root: str | None) -> list[int] | None:
    """The points whose events are the reader's; None: the database need not tell them apart."""
    if root is None:
        return None
    own = [p.id for p in state.points.values() if state.within(p.unit, root)]
    return own if len(own) <= MAX_AMONG else None


def _told(state: State, *, events: Sequence[Event], root: str | None, organizes: bool) -> list[_Read]:
    found = []
    for event in events:
        if narrowed := told(state, event, root, organizes):
            body = event.body
            points = added_points(state, body, root) if root and isinstance(body, PointsAdded) else UNSET
            found.append(_Read(narrowed, _title(state, event), points))
    return found


def _title(state: State, event: Event) -> str | UnsetType:
    point = state.points.get(getattr(event.body, "point", None) or 0)
    return view.point(state, point).title if point else UNSET
