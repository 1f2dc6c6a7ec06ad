"""Rooms of units: added, edited, merged, closed. A point is never deleted: its record stays."""

from collections.abc import Iterable, Sequence

import msgspec
from msgspec import UNSET

from server.protocol.base import MAX_POINTS
from server.protocol.commands import (
    AddPoints,
    ClosePoints,
    EditPoints,
    MergePoints,
    NewPoint,
    PointEdit,
    ReopenPoints,
)
from server.protocol.events import (
    Event,
    EventBody,
    PointsAdded,
    PointsClosed,
    PointsEdited,
    PointsMerged,
    PointsReopened,
    UnitsPlaced,
)

from .rules import ORGANIZERS, Actor, Moment, Refusal, applies, find, named_points, note, rule
from .state import Point, State

EDITABLE = ("name", "seats", "expected", "address", "lat", "lon")
LOT = 500  # points in one event: a row of the journal stays some tens of kilobytes


def _added_under(state: State, c: AddPoints) -> Iterable[Point] | None:
    """An organizer of a subtree may add rooms where units of that subtree are placed already."""
    if c.units or any(new.unit not in state.units for new in c.points):
        return None
    one_a_unit = {new.unit: new for new in c.points}
    return [*(_draft(0, new) for new in one_a_unit.values()), *(find(state, e.point, "edits") for e in c.edits)]


def _draft(id: int, new: NewPoint) -> Point:
    return Point(id, new.unit, new.name, new.seats, new.expected, new.address, new.lat, new.lon, new.code or None)


@rule(AddPoints, allow=ORGANIZERS, reach=_added_under)
def add(state: State, c: AddPoints, actor: Actor, moment: Moment) -> list[EventBody]:
    if len(state.points) + len(c.points) > MAX_POINTS:
        raise Refusal("too_many_points", limit=MAX_POINTS)
    if c.points and c.first != state.next_point:
        raise Refusal("points_changed", "points")
    known = set(state.units) | {u.code for u in c.units}
    for n, unit in enumerate(c.units):
        if unit.parent is not None and unit.parent not in known:
            raise Refusal("unit_unknown", "units", unit=unit.parent, row=n + 1)
    for n, new in enumerate(c.points):
        if new.unit not in known:
            raise Refusal("unit_unknown", "points", unit=new.unit, row=n + 1)
    placed = [u for u in c.units if state.units.get(u.code) != u]
    events: list[EventBody] = [UnitsPlaced(placed[i : i + LOT]) for i in range(0, len(placed), LOT)]
    events += [PointsAdded(c.first + i, c.points[i : i + LOT]) for i in range(0, len(c.points), LOT)]
    return events + _edits(state, c.edits)


@applies(UnitsPlaced)
def placed(state: State, event: Event, body: UnitsPlaced) -> None:
    for unit in body.units:
        state.units[unit.code] = unit


@applies(PointsAdded)
def added(state: State, event: Event, body: PointsAdded) -> None:
    for i, new in enumerate(body.points, body.first):
        point = state.points[i] = _draft(i, new)
        note(point, event, "added")
    state.next_point = max(state.next_point, body.first + len(body.points))


def _edited_points(state: State, c: EditPoints) -> Iterable[Point] | None:
    return [find(state, e.point, "edits") for e in c.edits]


@rule(EditPoints, allow=ORGANIZERS, reach=_edited_points)
def edit(state: State, c: EditPoints, actor: Actor, moment: Moment) -> list[EventBody]:
    return _edits(state, c.edits)


@applies(PointsEdited)
def edited(state: State, event: Event, body: PointsEdited) -> None:
    for e in body.edits:
        point = state.points[e.point]
        for name in EDITABLE:
            if (value := getattr(e, name)) is not UNSET:
                setattr(point, name, value)
        note(point, event, "edited")


def _edits(state: State, wanted: Sequence[PointEdit]) -> list[EventBody]:
    """What the edits change, in lots."""
    edits = [d for e in wanted if (d := _difference(find(state, e.point, "edits"), e))]
    return [PointsEdited(edits[i : i + LOT]) for i in range(0, len(edits), LOT)]


def _difference(point: Point, e: PointEdit) -> PointEdit | None:
    """What is new in it; an import's edits hold nothing else, so they are taken as they are."""
    lat, lon = (at if new is UNSET else new for new, at in ((e.lat, point.lat), (e.lon, point.lon)))
    if (lat is None) != (lon is None):
        raise Refusal("position_half", "lon" if lon is None else "lat", point=e.point)
    named = [f for f in EDITABLE if getattr(e, f) is not UNSET]
    same = {f: UNSET for f in named if getattr(e, f) == getattr(point, f)}
    if len(same) == len(named):
        return None
    return msgspec.structs.replace(e, **same) if same else e


def _merged_points(state: State, c: MergePoints) -> Iterable[Point] | None:
    return [find(state, c.into, "into"), *(find(state, p, "points") for p in c.points)]


@rule(MergePoints, allow=ORGANIZERS, reach=_merged_points)
def merge(state: State, c: MergePoints, actor: Actor, moment: Moment) -> list[EventBody]:
    if c.into in c.points or len(set(c.points)) != len(c.points):
        raise Refusal("merge_with_itself", "points")
    if any(state.points[p].closed for p in (c.into, *c.points)):
        raise Refusal("point_closed", "points")
    return [PointsMerged(c.into, c.points)]


@applies(PointsMerged)
def merged(state: State, event: Event, body: PointsMerged) -> None:
    into = state.points[body.into]
    for p in body.points:
        other = state.points[p]
        into.seats += other.seats
        into.expected += other.expected
        _close(state, other, event)
        other.merged_into = into.id
    note(into, event, "edited")


@rule(ClosePoints, allow=ORGANIZERS, reach=named_points)
def close(state: State, c: ClosePoints, actor: Actor, moment: Moment) -> list[EventBody]:
    still_open = [p for p in dict.fromkeys(c.points) if not state.points[p].closed]
    return [PointsClosed(still_open, c.reason.strip())] if still_open else []


@applies(PointsClosed)
def closed(state: State, event: Event, body: PointsClosed) -> None:
    for p in body.points:
        _close(state, state.points[p], event)


@rule(ReopenPoints, allow=ORGANIZERS, reach=named_points)
def reopen(state: State, c: ReopenPoints, actor: Actor, moment: Moment) -> list[EventBody]:
    for p in c.points:
        if state.points[p].merged_into is not None:
            raise Refusal("point_merged", "points", point=p)
    shut = [p for p in dict.fromkeys(c.points) if state.points[p].closed]
    return [PointsReopened(shut)] if shut else []


@applies(PointsReopened)
def reopened(state: State, event: Event, body: PointsReopened) -> None:
    for p in body.points:
        point = state.points[p]
        point.closed = False
        note(point, event, "edited")


def _close(state: State, point: Point, event: Event) -> None:
    point.closed = True
    point.help = None
    state.let_go(point)
    point.line, point.line_at = "none", event.at
    note(point, event, "edited")
