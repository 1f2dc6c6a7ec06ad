"""How a rule is written: who may, what it decides, what its events change.

    @rule(CheckIn, allow=OPERATORS, reach=one_point)
    def check_in(state, command, actor, moment): return [CheckedIn(...)]

    @applies(CheckedIn)
    def checked_in(state, event, body): ...

Every command declares who may give it (`allow`) and which points it touches (`reach`); `decide`
checks both before the rule runs, so a rule cannot forget it.
"""

from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct

from server.protocol.base import LATEST
from server.protocol.commands import Command, Scope
from server.protocol.events import Event, EventBody
from server.protocol.terms import Change, Role

from .state import Point, State

SYSTEM: frozenset[Role] = frozenset({"system"})
ADMINS: frozenset[Role] = frozenset({"administrator"})
ORGANIZERS: frozenset[Role] = frozenset({"administrator", "organizer"})
OPERATORS: frozenset[Role] = frozenset({"administrator", "organizer", "operator"})


MAX_WAIT = 24 * 3_600_000  # ms a tap may have waited; a conference is a morning, more is a broken clock


class Actor(Struct, frozen=True):
    """Who acts. `by` stands in the journal, `name` is shown; `unit` bounds an organizer, `point` an operator."""

    role: Role
    by: str
    unit: str | None = None
    point: int | None = None
    name: str = ""


class Moment(Struct, frozen=True):
    """When: the server's clock, the estimated time of the tap (never later), and the phone's own words."""

    now: int
    occurred_at: int
    tapped_at: int | None = None

    @staticmethod
    def of(now: int, tapped_at: int | None = None, sent_at: int | None = None) -> "Moment":
        """The tap happened as long before `now` as it waited on the phone by the phone's own clock.

        Only the difference of the phone's two times counts, so a clock that is wrong bends nothing.
        """
        waited = 0 if tapped_at is None or sent_at is None else min(max(sent_at - tapped_at, 0), MAX_WAIT)
        return Moment(now, now - waited, None if tapped_at is None else min(tapped_at, LATEST))


class Refusal(Exception):
    """A command does not hold. `code` finds the message, `params` fill it."""

    def __init__(self, code: str, field: str | None = None, **params: Any) -> None:
        super().__init__(code)
        self.code, self.field, self.params = code, field, params


class Subtree(Struct, frozen=True):
    """A unit and all below it, where a command touches more than rooms that are there."""

    unit: str
    id: int = 0  # no room's


Reach = Callable[[State, Any], Iterable[Point | Subtree] | None]
Decide = Callable[[State, Any, Actor, Moment], list[EventBody]]
Apply = Callable[[State, Event, Any], None]


class Rule(Struct, frozen=True):
    allow: frozenset[Role]
    reach: Reach
    decide: Decide


RULES: dict[type[Struct], Rule] = {}
APPLIES: dict[type[Struct], Apply] = {}


def rule(command: type[Struct], *, allow: frozenset[Role], reach: Reach) -> Callable[[Decide], Decide]:
    def register(decide: Decide) -> Decide:
        RULES[command] = Rule(allow, reach, decide)
        return decide

    return register


def applies(body: type[Struct]) -> Callable[[Apply], Apply]:
    def register(apply: Apply) -> Apply:
        APPLIES[body] = apply
        return apply

    return register


# --- reach: which places a command touches; None means the whole conference


def whole(state: State, command: Any) -> Iterable[Point] | None:
    return None


def one_point(state: State, command: Any) -> Iterable[Point] | None:
    return (find(state, command.point),)


def named_points(state: State, command: Any) -> Iterable[Point] | None:
    if command.points is None:
        return None
    return [find(state, p, "points") for p in command.points]


def find(state: State, point: int, field: str = "point") -> Point:
    found = state.points.get(point)
    if found is None:
        raise Refusal("point_unknown", field, point=point)
    return found


def open_point(state: State, point: int) -> Point:
    found = find(state, point)
    if found.closed:
        raise Refusal("point_closed", "point", point=point)
    return found


def scoped(state: State, scope: Scope) -> Iterable[Point | Subtree] | None:
    """The reach of what is meant for `scope`."""
    if scope.point is not None:
        return (find(state, scope.point, "scope"),)
    return None if scope.unit is None else (Subtree(scope.unit),)


def known_scope(state: State, scope: Scope) -> None:
    """Refuses a scope that names what the conference does not have."""
    if scope.point is not None:
        find(state, scope.point, "scope")
    if scope.unit is not None and scope.unit not in state.units:
        raise Refusal("unit_unknown", "scope", unit=scope.unit)


# --- the two functions everything stands on


def decide(state: State, command: Command, actor: Actor, moment: Moment) -> list[EventBody]:
    """The events that `command` leads to; an empty list means that nothing changes.

    Raises `Refusal` when the actor may not, or the command does not hold. Changes nothing.
    """
    entry = RULES[type(command)]
    if actor.role not in entry.allow:
        raise Refusal("forbidden")
    touched = entry.reach(state, command)
    if actor.role != "system":
        if touched is None:
            if actor.unit is not None or actor.point is not None:
                raise Refusal("forbidden_scope")
        else:
            for point in touched:
                if actor.point is not None and point.id != actor.point:
                    raise Refusal("forbidden_scope", "point")
                if not state.within(point.unit, actor.unit):
                    raise Refusal("forbidden_scope", "point")
    return entry.decide(state, command, actor, moment)


def evolve(state: State, event: Event) -> None:
    """Applies one event in place. Never refuses: what is in the journal happened."""
    APPLIES[type(event.body)](state, event, event.body)
    state.seq = event.seq


def note(point: Point, event: Event, change: Change) -> None:
    """Remembers the last notable change of a point: the rail shows one line a point, newest first."""
    point.change, point.change_at, point.change_seq = change, event.at, event.seq
