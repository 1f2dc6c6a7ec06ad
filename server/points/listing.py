"""The points of a conference as its hub published them: filtered, searched, in pages."""

import asyncio
from bisect import bisect
from collections.abc import Callable, Mapping
from typing import Annotated, get_args
from weakref import WeakKeyDictionary

from msgspec import Meta, Struct
from msgspec.structs import replace

from server.conference import view
from server.conference.state import State
from server.conference.tally import Tallies
from server.live.conferences import Live
from server.live.hub import Hub
from server.protocol.base import MAX_LABEL, MAX_POINTS, UnitCode
from server.protocol.terms import Status
from server.protocol.views import PointInfo, PointRow, Tally
from server.tables.text import fold

MAX_PAGE = 40_000  # the largest conference in one answer: 37,000 points
FEW = 500  # texts folded at once in the loop: some milliseconds
CLOSED = "closed"
STATUS_WORDS = frozenset({*get_args(Status), CLOSED})


class PointQuery(Struct, frozen=True):
    """`unit`: its subtree. `status`: names separated by commas, or `closed` alone. `q`: words of the title, room,
    address, unit or its group, without accents. `after`: the last point of the page before; a page of `limit` may
    hold the largest conference, some 10 MB."""

    unit: UnitCode | None = None
    status: str = ""
    q: Annotated[str, Meta(max_length=MAX_LABEL)] = ""
    after: Annotated[int, Meta(ge=0, le=MAX_POINTS)] = 0
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = 200


class PointItem(Struct, frozen=True):
    info: PointInfo
    row: PointRow
    closed: bool = False


class PointList(Struct, frozen=True):
    """By number. `total`: what the filters let through on all pages. `tallies`: the sum over the asked subtree,
    whatever else is filtered; closed points never count."""

    points: list[PointItem]
    total: int
    tallies: list[Tally]


class Listing:
    """Remembers the searchable text of every point: only what changed is folded again."""

    def __init__(self) -> None:
        self._texts: WeakKeyDictionary[Hub, dict[int, tuple[PointInfo, str]]] = WeakKeyDictionary()

    async def prepare(self, live: Live) -> None:
        """Before a search: folds what is new. The first time it is every point, so it is done in a thread."""
        texts = self._texts.setdefault(live.hub, {})
        infos = live.hub.infos
        new = [(i, live.hub.tree.group(i.unit)) for i in infos.values() if i.id not in texts or texts[i.id][0] is not i]
        texts.update(await asyncio.to_thread(_fold_all, new) if len(new) > FEW else _fold_all(new))

    def list_open(self, live: Live, root: str | None, q: PointQuery, statuses: frozenset[str]) -> PointList:
        """What the reader bounded to `root` may see. Does not await: the picture is of one moment."""
        hub, rows = live.hub, live.hub.all_rows()
        found = ids = _below(hub, root, q.unit)
        if words := fold(q.q).split():
            found = [id for id in found if self._says(hub, id, words)]
        if statuses:
            found = [id for id in found if rows[id].status in statuses]
        page = found[bisect(found, q.after) :][: q.limit]
        items = [PointItem(hub.infos[id], rows[id]) for id in page]
        return PointList(items, len(found), [_tally(hub, root, q.unit, ids, rows)])

    def _says(self, hub: Hub, id: int, words: list[str]) -> bool:
        texts = self._texts.setdefault(hub, {})
        info, known = hub.infos[id], texts.get(id)
        if known is None or known[0] is not info:
            known = texts[id] = (info, _searchable(info, hub.tree.group(info.unit)))
        return all(word in known[1] for word in words)


def closed_list(root: str | None, q: PointQuery) -> Callable[[State], PointList]:
    """To be read at rest: the hub does not show closed points."""
    words = fold(q.q).split()

    def read(state: State) -> PointList:
        leads = view.leading_units(state)
        found: list[PointItem] = []
        for p in state.points.values():
            if not p.closed or not (state.within(p.unit, root) and state.within(p.unit, q.unit)):
                continue
            info = view.info(state, p, leads)
            if all(word in _searchable(info, view.point(state, p).group) for word in words):
                found.append(PointItem(info, view.row(state, p), True))
        page = [item for item in found if item.info.id > q.after][: q.limit]
        return PointList(page, len(found), [])

    return read


def _searchable(info: PointInfo, group: str) -> str:
    # The title holds the room. Its middle dot is no word, and a text that folds to plain letters folds faster.
    return fold(f"{info.title.replace('·', ' ')} {info.unit} {info.address} {group}")


def _fold_all(infos: list[tuple[PointInfo, str]]) -> dict[int, tuple[PointInfo, str]]:
    return {info.id: (info, _searchable(info, group)) for info, group in infos}


def _below(hub: Hub, root: str | None, unit: str | None) -> list[int]:
    """Open points of the subtree, by number. Whether a unit lies in it is found out once a unit."""
    ids = sorted(hub.infos)
    if root is None and unit is None:
        return ids
    inside: dict[str, bool] = {}
    for id in ids:
        at = hub.infos[id].unit
        if at not in inside:
            inside[at] = hub.tree.within(at, root) and hub.tree.within(at, unit)
    return [id for id in ids if inside[hub.infos[id].unit]]


def _tally(hub: Hub, root: str | None, unit: str | None, ids: list[int], rows: Mapping[int, PointRow]) -> Tally:
    """Groups' sums are known. As many points as below the asked unit are these points: nothing else is in reach."""
    known = hub.tallies(root)
    for total in (known.of(""), known.of(unit or "")):
        if total.points == len(ids):
            return replace(total, unit=unit or "")
    sums = Tallies(lambda point: (), hub.expected)
    for id in ids:
        sums.put(rows[id], id in hub.arrived)
    return replace(sums.of(""), unit=unit or "")
