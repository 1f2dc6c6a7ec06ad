"""People in the rooms: the later tap is the room's word, every report stays in the journal."""

from server.protocol.commands import ReportHeadcount
from server.protocol.events import Event, EventBody, HeadcountReported
from server.protocol.views import Headcount

from .rules import OPERATORS, Actor, Moment, Refusal, applies, note, one_point, open_point, rule
from .state import State


@rule(ReportHeadcount, allow=OPERATORS, reach=one_point)
def report(state: State, c: ReportHeadcount, actor: Actor, moment: Moment) -> list[EventBody]:
    if state.phase == "draft":
        raise Refusal("not_begun")
    point = open_point(state, c.point)
    if point.stage == "none":
        raise Refusal("not_checked_in", "point")
    return [HeadcountReported(point.id, c.in_room, c.absent_excused, c.absent_unexcused)]


@applies(HeadcountReported)
def reported(state: State, event: Event, body: HeadcountReported) -> None:
    point = state.points[body.point]
    if point.headcount and event.occurred_at < point.headcount.occurred_at:
        return
    point.headcount = Headcount(body.in_room, body.absent_excused, body.absent_unexcused, event.occurred_at, event.at)
    note(point, event, "headcount")
