"""Rooms come in, get ready, follow on television, and leave.

Stage and television are two registers where the later tap wins. A tap that waited on a phone without
a line, and that another device has overtaken meanwhile, is recorded but changes nothing.
"""

from server.protocol.commands import CheckIn, FollowTv, Leave, Ready
from server.protocol.events import CheckedIn, Event, EventBody, PointLeft, ReadySet, TvFollowed
from server.protocol.terms import Stage

from .rules import OPERATORS, Actor, Moment, Refusal, applies, note, one_point, open_point, rule
from .state import Point, State


def begun(state: State) -> None:
    """Refuses what rooms do only while the conference is on."""
    if state.phase == "draft":
        raise Refusal("not_begun")
    if state.phase == "closed":
        raise Refusal("conference_closed")


@rule(CheckIn, allow=OPERATORS, reach=one_point)
def check_in(state: State, c: CheckIn, actor: Actor, moment: Moment) -> list[EventBody]:
    begun(state)
    point = open_point(state, c.point)
    by_device = actor.role == "operator"
    if point.stage in ("in", "ready") and not (by_device and point.line != "up"):
        return []
    return [CheckedIn(point.id, by_device)]


@applies(CheckedIn)
def checked_in(state: State, event: Event, body: CheckedIn) -> None:
    point = state.points[body.point]
    point.arrived = True
    if body.by_device and point.line != "up":
        point.line, point.line_at = "up", event.at
    if point.stage not in ("in", "ready") and _later(point, event):
        _stage(point, event, "in")


@rule(Ready, allow=OPERATORS, reach=one_point)
def ready(state: State, c: Ready, actor: Actor, moment: Moment) -> list[EventBody]:
    begun(state)
    point = open_point(state, c.point)
    if point.stage not in ("in", "ready"):
        raise Refusal("not_checked_in", "point")
    return [] if (point.stage == "ready") == c.ready else [ReadySet(point.id, c.ready)]


@applies(ReadySet)
def ready_set(state: State, event: Event, body: ReadySet) -> None:
    point = state.points[body.point]
    if point.stage in ("in", "ready") and _later(point, event):
        _stage(point, event, "ready" if body.ready else "in")
        note(point, event, "ready" if body.ready else "not_ready")


@rule(FollowTv, allow=OPERATORS, reach=one_point)
def follow_tv(state: State, c: FollowTv, actor: Actor, moment: Moment) -> list[EventBody]:
    begun(state)
    point = open_point(state, c.point)
    return [] if point.tv == c.on else [TvFollowed(point.id, c.on)]


@applies(TvFollowed)
def tv_followed(state: State, event: Event, body: TvFollowed) -> None:
    point = state.points[body.point]
    if event.occurred_at < point.tv_at:
        return
    point.tv, point.tv_at = body.on, event.occurred_at
    note(point, event, "tv" if body.on else "tv_off")
    if body.on:  # a room that follows on television is there, whether or not anybody tapped before
        point.arrived = True
        if point.stage in ("none", "left") and _later(point, event):
            point.stage, point.stage_at = "in", event.occurred_at


@rule(Leave, allow=OPERATORS, reach=one_point)
def leave(state: State, c: Leave, actor: Actor, moment: Moment) -> list[EventBody]:
    point = open_point(state, c.point)
    if point.stage == "none":
        raise Refusal("not_checked_in", "point")
    return [] if point.stage == "left" else [PointLeft(point.id)]


@applies(PointLeft)
def left(state: State, event: Event, body: PointLeft) -> None:
    point = state.points[body.point]
    if not _later(point, event):
        return
    _stage(point, event, "left")
    point.line, point.line_at = "none", event.at
    point.tv, point.tv_at = False, event.occurred_at
    point.help = None
    state.let_go(point)


def _later(point: Point, event: Event) -> bool:
    return event.occurred_at >= point.stage_at


def _stage(point: Point, event: Event, stage: Stage) -> None:
    point.stage, point.stage_at = stage, event.occurred_at
    note(point, event, stage if stage != "none" else "left")
