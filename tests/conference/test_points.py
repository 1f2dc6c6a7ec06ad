"""Rooms are added as they were planned, or not at all."""

import pytest

from server.conference import Actor
from server.protocol.base import MAX_POINTS
from server.protocol.commands import AddPoints, ClosePoints, EditPoints, NewPoint, PointEdit, UnitNode
from server.protocol.events import PointsAdded, PointsEdited, UnitsPlaced

from .given import POINTS, UNITS, Conference

NEXT = len(POINTS) + 1
WARD = UnitNode("00004", "Phường Trúc Bạch", "phường", "001", 6)
ROOM = NewPoint("00004", "CODE5")
BA_VI = Actor("organizer", "account:2", unit="271")


def test_rooms_are_not_added_to_others_than_they_were_planned_against() -> None:
    """Given two imports of one file that were planned at the same moment, when both are written, then the second is
    refused: the rooms that it would add are there."""
    c = Conference()
    import_ = AddPoints([WARD], [ROOM], NEXT)

    assert [type(body) for body in c.when(import_)] == [UnitsPlaced, PointsAdded]
    assert c.refused(import_) == "points_changed"
    assert [p.unit for p in c.state.points.values()].count("00004") == 1


def test_a_tap_between_plan_and_command_is_no_change_of_the_rooms() -> None:
    c = Conference()
    c.when(ClosePoints([1]))

    assert c.when(AddPoints([WARD], [ROOM], NEXT))


def test_edits_stand_with_the_rooms_that_are_added_or_nowhere() -> None:
    """Given a file that adds one room and changes two, when the conference has moved on, then nothing is changed."""
    c = Conference()
    edits = [PointEdit(1, seats=95), PointEdit(2, seats=40, expected=35)]

    assert c.refused(AddPoints([WARD], [ROOM], NEXT - 1, edits)) == "points_changed"
    assert c.when(AddPoints([WARD], [ROOM], NEXT, edits))[2:] == [
        PointsEdited([PointEdit(1, seats=95), PointEdit(2, expected=35)])
    ]


def test_a_position_is_whole_or_none() -> None:
    c = Conference()

    assert c.refused(EditPoints([PointEdit(1, lat=21.0)])) == "position_half"
    c.when(EditPoints([PointEdit(1, lat=21.0, lon=105.8)]))
    assert c.when(EditPoints([PointEdit(1, lat=21.5)]))
    assert c.refused(EditPoints([PointEdit(2, seats=1), PointEdit(1, lon=None)])) == "position_half"
    c.when(EditPoints([PointEdit(1, lat=None, lon=None)]))
    assert (c.state.points[1].lat, c.state.points[1].lon, c.state.points[2].seats) == (None, None, 40)


def test_edits_alone_do_not_mind_new_rooms() -> None:
    c = Conference()

    assert c.when(AddPoints([], [], 1, [PointEdit(1, seats=95)])) == [PointsEdited([PointEdit(1, seats=95)])]
    assert c.when(AddPoints([], [], 1, [PointEdit(1, seats=95)])) == []


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (AddPoints([], [], NEXT, [PointEdit(99, seats=1)]), "point_unknown"),
        (AddPoints([], [NewPoint("99999", "X")], NEXT), "unit_unknown"),
        (AddPoints([UnitNode("1", "Xã", "xã", "99999")], [], NEXT), "unit_unknown"),
        (AddPoints([], [NewPoint("09619", "X")] * MAX_POINTS, NEXT), "too_many_points"),
    ],
)
def test_what_does_not_hold_is_refused_whole(command: AddPoints, code: str) -> None:
    assert Conference().refused(command) == code


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (AddPoints([], [NewPoint("09622", "X")], NEXT, [PointEdit(1, seats=1)]), None),
        (AddPoints([], [NewPoint("09622", "X"), NewPoint("00001", "Y")], NEXT), "forbidden_scope"),
        (AddPoints([], [], NEXT, [PointEdit(1, seats=1), PointEdit(4, seats=1)]), "forbidden_scope"),
        (AddPoints([WARD], [ROOM], NEXT), "forbidden_scope"),
    ],
)
def test_who_is_bound_to_a_unit_writes_below_it_only(command: AddPoints, code: str | None) -> None:
    c = Conference()
    if code:
        assert c.refused(command, BA_VI) == code
    else:
        assert c.when(command, BA_VI)


def test_large_files_are_events_of_bounded_size() -> None:
    c = Conference()
    rooms = [NewPoint("09619", f"C{n}", name=f"Phòng {n}") for n in range(1_200)]

    added = [body for body in c.when(AddPoints(UNITS, rooms, NEXT)) if isinstance(body, PointsAdded)]

    assert [(body.first, len(body.points)) for body in added] == [(NEXT, 500), (NEXT + 500, 500), (NEXT + 1_000, 200)]
    assert c.state.points[NEXT + 1_199].name == "Phòng 1199"
