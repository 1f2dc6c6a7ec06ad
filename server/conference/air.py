"""A room on air: asked by the organizers, agreed to by the room itself, shown in place of the hall, one at a time.

The room's own yes comes before anything of it is shown, and it may take it back. Whoever leaves, closes or ends is
off the air with it (`State.let_go`), so the state never names a room that is not there.
"""

from collections.abc import Iterable

from server.protocol.commands import AnswerAir, AskAir, EndAir, PutOnAir, RenewMediaKeys
from server.protocol.events import AirAnswered, AirAsked, AirEnded, Event, EventBody, MediaKeysRenewed, OnAirSet

from .arrivals import begun
from .rules import OPERATORS, ORGANIZERS, Actor, Moment, Refusal, applies, find, one_point, open_point, rule, whole
from .state import Point, State


@rule(AskAir, allow=ORGANIZERS, reach=one_point)
def ask(state: State, c: AskAir, actor: Actor, moment: Moment) -> list[EventBody]:
    begun(state)
    point = open_point(state, c.point)
    if point.stage not in ("in", "ready"):
        raise Refusal("not_checked_in", "point")
    return [AirAsked(point.id)] if point.air == "none" else []


@applies(AirAsked)
def asked(state: State, event: Event, body: AirAsked) -> None:
    state.points[body.point].air = "asked"


@rule(AnswerAir, allow=OPERATORS, reach=one_point)
def answer(state: State, c: AnswerAir, actor: Actor, moment: Moment) -> list[EventBody]:
    point = open_point(state, c.point)
    if actor.point is None:
        raise Refusal("room_decides")  # nobody says yes for the people who are seen and heard
    if not c.accept:
        return [] if point.air == "none" else [AirAnswered(point.id, accepted=False)]
    if point.air == "none":
        raise Refusal("air_not_asked")
    return [AirAnswered(point.id)] if point.air == "asked" else []


@applies(AirAnswered)
def answered(state: State, event: Event, body: AirAnswered) -> None:
    point = state.points[body.point]
    if not body.accepted:
        state.let_go(point)
    elif point.air == "asked":
        point.air = "ready"


@rule(PutOnAir, allow=ORGANIZERS, reach=whole)
def put(state: State, c: PutOnAir, actor: Actor, moment: Moment) -> list[EventBody]:
    if c.point == state.on_air:
        return []
    if c.point is not None:
        begun(state)
        if open_point(state, c.point).air != "ready":
            raise Refusal("air_not_ready", "point")
    return [OnAirSet(c.point)]


@applies(OnAirSet)
def put_on(state: State, event: Event, body: OnAirSet) -> None:
    if state.on_air is not None:
        state.points[state.on_air].air = "ready"  # it stays asked and agreed: to be shown again at once
    state.on_air = body.point
    if body.point is not None:
        state.points[body.point].air = "on"


def _ended(state: State, c: EndAir) -> Iterable[Point] | None:
    """Who lets the room on air go changes what everybody sees."""
    return whole(state, c) if state.on_air == c.point else one_point(state, c)


@rule(EndAir, allow=ORGANIZERS, reach=_ended)
def end(state: State, c: EndAir, actor: Actor, moment: Moment) -> list[EventBody]:
    return [AirEnded(c.point)] if find(state, c.point).air != "none" else []


@applies(AirEnded)
def ended(state: State, event: Event, body: AirEnded) -> None:
    state.let_go(state.points[body.point])


@rule(RenewMediaKeys, allow=ORGANIZERS, reach=whole)
def renew_keys(state: State, c: RenewMediaKeys, actor: Actor, moment: Moment) -> list[EventBody]:
    return [MediaKeysRenewed()]


@applies(MediaKeysRenewed)
def keys_renewed(state: State, event: Event, body: MediaKeysRenewed) -> None:
    state.media_generation += 1
