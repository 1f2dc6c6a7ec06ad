"""Which streams of a conference somebody may publish or watch. Pure."""

from typing import Literal

from msgspec import Struct

from server.conference.state import Point, State
from server.protocol.bridges import CHECK, MAIN, POINT, PROGRAMME, SPARE, TALK
from server.protocol.passes import Act

Verdict = Literal["yes", "stream_unknown", "forbidden_scope", "not_asked"]
_OF_POINT = (POINT, TALK, CHECK)


class Stream(Struct, frozen=True):
    """`point` None: of the whole conference."""

    kind: str
    point: int | None = None


def parse(name: str) -> Stream | None:
    """`main`, `point/17`; None for what is no stream's name."""
    if name in (PROGRAMME, MAIN, SPARE):
        return Stream(name)
    kind, _, number = name.partition("/")
    plain = number.isascii() and number.isdigit() and len(number) <= 6 and str(int(number)) == number
    return Stream(kind, int(number)) if kind in _OF_POINT and plain else None


def organizer_may(state: State, stream: Stream, act: Act, unit: str | None) -> Verdict:
    """An organizer bound to `unit` speaks with its rooms and watches them; what all see comes from who has all."""
    if stream.point is not None:
        point = state.points.get(stream.point)
        if point is None or point.closed or not state.within(point.unit, unit):
            return "stream_unknown"
        return "yes" if (stream.kind, act) in ((POINT, "watch"), (TALK, "publish")) else "stream_unknown"
    if act == "publish":
        if stream.kind == PROGRAMME:
            return "stream_unknown"
        return "yes" if unit is None else "forbidden_scope"
    return "yes"


def sees(state: State, stream: str, unit: str | None) -> bool:
    """Whether an organizer bound to `unit` is told of a stream: of the hall's, and of his own rooms'."""
    found = parse(stream)
    if unit is None or found is None or found.point is None:
        return True
    point = state.points.get(found.point)
    return point is not None and state.within(point.unit, unit)


def room_may(point: Point, stream: Stream, act: Act) -> Verdict:
    """A room watches the programme and what is said to it alone, tries itself out where nobody else looks, and is seen
    by others only after it was asked and agreed."""
    if stream == Stream(PROGRAMME) and act == "watch":
        return "yes"
    if stream.point != point.id:
        return "stream_unknown"
    if stream.kind == POINT and act == "publish":
        return "yes" if point.air in ("ready", "on") else "not_asked"
    return "yes" if stream.kind == CHECK or (stream.kind, act) == (TALK, "watch") else "stream_unknown"


def units_above(state: State, unit: str) -> list[str]:
    """From `unit` to the root of its tree."""
    path: list[str] = []
    at: str | None = unit
    while at is not None and at in state.units and at not in path:
        path.append(at)
        at = state.units[at].parent
    return path
