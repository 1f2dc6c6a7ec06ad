"""Calls for help: one open call a room, taken by an organizer, resolved by either side."""

from server.protocol.commands import AskHelp, ResolveHelp, TakeHelp
from server.protocol.events import Event, EventBody, HelpAsked, HelpResolved, HelpTaken

from .rules import (
    OPERATORS,
    ORGANIZERS,
    Actor,
    Moment,
    Refusal,
    applies,
    note,
    one_point,
    open_point,
    rule,
)
from .state import Help, State


@rule(AskHelp, allow=OPERATORS, reach=one_point)
def ask(state: State, c: AskHelp, actor: Actor, moment: Moment) -> list[EventBody]:
    if state.phase in ("draft", "closed"):
        raise Refusal("not_begun" if state.phase == "draft" else "conference_closed")
    point = open_point(state, c.point)
    if point.help and (point.help.category, point.help.note) == (c.category, c.note.strip()):
        return []
    return [HelpAsked(point.id, c.category, c.note.strip())]


@applies(HelpAsked)
def asked(state: State, event: Event, body: HelpAsked) -> None:
    point = state.points[body.point]
    if point.help:  # the same call, told more exactly: who waits does not go back in the queue
        point.help.category, point.help.note = body.category, body.note
    else:
        point.help = Help(body.category, event.occurred_at, body.note)
    note(point, event, "help")


@rule(TakeHelp, allow=ORGANIZERS, reach=one_point)
def take(state: State, c: TakeHelp, actor: Actor, moment: Moment) -> list[EventBody]:
    point = open_point(state, c.point)
    if not point.help:
        raise Refusal("no_help_open", "point")
    return [] if point.help.owner == actor.name else [HelpTaken(point.id, actor.name)]


@applies(HelpTaken)
def taken(state: State, event: Event, body: HelpTaken) -> None:
    point = state.points[body.point]
    if point.help:
        point.help.owner = body.owner
        note(point, event, "help_taken")


@rule(ResolveHelp, allow=OPERATORS, reach=one_point)
def resolve(state: State, c: ResolveHelp, actor: Actor, moment: Moment) -> list[EventBody]:
    point = open_point(state, c.point)
    return [HelpResolved(point.id, c.note.strip())] if point.help else []


@applies(HelpResolved)
def resolved(state: State, event: Event, body: HelpResolved) -> None:
    point = state.points[body.point]
    point.help = None
    note(point, event, "help_resolved")
