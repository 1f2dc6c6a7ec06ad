"""Sums kept up by differences are the sums counted anew, whatever came in whatever order."""

from collections.abc import Mapping

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from server.conference.tally import Tallies
from server.protocol.terms import PRESENT, STATUSES, Status
from server.protocol.views import PointRow, Tally

PATHS = [(), ("G1",), ("G1", "ROOT"), ("G2", "ROOT"), ("G2", "P", "ROOT")]
people = st.none() | st.integers(0, 90)
rows = st.builds(
    lambda id, status, in_room, excused, unexcused, scans, opens, devices: PointRow(
        id, status, 1, in_room, excused, unexcused, 1, scans, opens, devices, "good", None, None, "added", 1, 1
    ),
    st.integers(1, 4), st.sampled_from(STATUSES), people, people, people, *[st.integers(0, 5)] * 3,
)  # fmt: skip
moves = st.tuples(st.integers(1, 4), st.sampled_from(STATUSES), st.integers(0, 5))
puts = st.tuples(rows, st.booleans(), st.sampled_from(PATHS), st.integers(0, 90))
Room = tuple[PointRow, bool, tuple[str, ...], int]
Move = tuple[int, Status, int]


def counted(rooms: Mapping[int, Room], unit: str) -> Tally:
    """One room after the other, as a person would count."""
    inside = [room for room in rooms.values() if not unit or unit in room[2]]
    seen = [row for row, _, _, _ in inside]
    return Tally(
        unit,
        len(inside),
        sum(row.status in PRESENT for row in seen),
        sum(attended for _, attended, _, _ in inside),
        sum(row.in_room is not None for row in seen),
        sum(expected for _, _, _, expected in inside),
        sum(row.in_room or 0 for row in seen),
        sum(row.absent_excused or 0 for row in seen),
        sum(row.absent_unexcused or 0 for row in seen),
        sum(row.scans for row in seen),
        sum(row.opens for row in seen),
        sum(row.devices for row in seen),
        [sum(row.status == status for row in seen) for status in STATUSES],
    )


@given(st.lists(puts | moves | st.integers(1, 4), max_size=30))
def test_differences_add_up_to_a_recount(steps: list[Room | Move | int]) -> None:
    """Rooms come, change, move to other units and go: a number is a room that goes, three values one whose presence
    changes."""
    rooms: dict[int, Room] = {}
    tallies = Tallies(lambda point: rooms[point][2], lambda point: rooms[point][3])
    told: dict[str, Tally] = {}
    for step in steps:
        if isinstance(step, int):
            rooms.pop(step, None)
            tallies.drop(step)
        elif len(step) == 3:
            if room := rooms.get(step[0]):
                row = msgspec.structs.replace(room[0], status=step[1], devices=step[2])
                rooms[step[0]] = (row, *room[1:])
                tallies.move(room[0], row)
        else:
            rooms[step[0].id] = step
            tallies.put(step[0], step[1])
        told |= {t.unit: t for t in tallies.take_changed()}
        for unit in {u for path in PATHS for u in path} | {""}:
            assert tallies.of(unit) == counted(rooms, unit)
            assert told.get(unit, counted({}, unit)) == counted(rooms, unit), "what is told of is all that changed"


def test_sums_are_numbers_on_the_wire() -> None:
    tallies = Tallies(lambda point: (), lambda point: 70)
    tallies.put(PointRow(1, "ok", 1, 66, 0, 4, 1, 2, 1, 3, "good", None, None, "added", 1, 1), True)
    assert msgspec.json.decode(msgspec.json.encode(tallies.of("")), type=Tally).statuses[7] == 1
