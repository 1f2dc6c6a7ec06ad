"""Lines lost and back. Presence notices; only what outlasts the grace period comes here and is recorded."""

from server.protocol.commands import LineGone, LineSeen
from server.protocol.events import Event, EventBody, LineLost, LineUp

from .rules import SYSTEM, Actor, Moment, applies, note, one_point, rule
from .state import Point, State


def on_record(point: Point) -> bool:
    """Whether the line of this room matters now: somebody is in the room and not gone again."""
    return not point.closed and point.stage in ("in", "ready")


@rule(LineSeen, allow=SYSTEM, reach=one_point)
def seen(state: State, c: LineSeen, actor: Actor, moment: Moment) -> list[EventBody]:
    point = state.points[c.point]
    return [LineUp(point.id)] if on_record(point) and point.line != "up" else []


@applies(LineUp)
def up(state: State, event: Event, body: LineUp) -> None:
    point = state.points[body.point]
    if point.line == "lost":
        note(point, event, "returned")
    point.line, point.line_at = "up", event.at


@rule(LineGone, allow=SYSTEM, reach=one_point)
def gone(state: State, c: LineGone, actor: Actor, moment: Moment) -> list[EventBody]:
    point = state.points[c.point]
    return [LineLost(point.id, c.since)] if on_record(point) and point.line == "up" else []


@applies(LineLost)
def lost(state: State, event: Event, body: LineLost) -> None:
    point = state.points[body.point]
    point.line, point.line_at = "lost", body.since
    note(point, event, "lost")
