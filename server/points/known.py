"""What a conference knows of its rooms, as the import rules want it."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from server.conference.state import State
from server.units.points_file import PointFacts, label_key
from server.units.points_plan import Key

from .model import Contact

_Line = tuple[int, str, str, int, int, str, float | None, float | None, bool]


class Known(Struct, frozen=True):
    """Read at rest, cheaply: the slow part is made of it in a thread."""

    lines: list[_Line]
    placed: frozenset[str]
    next_point: int


def read_known(state: State) -> Known:
    lines = [
        (p.id, p.unit, p.name, p.seats, p.expected, p.address, p.lat, p.lon, p.closed) for p in state.points.values()
    ]
    return Known(lines, frozenset(state.units), state.next_point)


def facts_of(lines: Sequence[_Line], people: Mapping[int, Sequence[Contact]]) -> dict[Key, PointFacts]:
    """By unit and label. A closed room still is known, so that a file imported again does not bring it back;
    an open one of the same label goes before it."""
    known: dict[Key, PointFacts] = {}
    for id, unit, name, seats, expected, address, lat, lon, _ in sorted(lines, key=lambda line: not line[-1]):
        first = people[id][0] if people.get(id) else Contact("")
        facts = PointFacts(id, unit, name, seats, expected, address, lat, lon, first.name, first.phone)
        known[unit, label_key(name)] = facts
    return known
