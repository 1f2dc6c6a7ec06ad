"""The demonstration's rooms: how many, how large, whose."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.demo.conference import UNITS, read_units, rooms_file
from server.demo.plan import COMMITTEE, EXPECTED, POINTS, Room, apportion, rooms
from server.tables.reader import read_table
from server.units.finder import Finder
from server.units.model import Unit
from server.units.points_file import COLUMNS
from server.units.points_plan import plan_points

UNIT_LINES = read_units(UNITS.read_bytes())


@pytest.fixture(scope="module")
def plan() -> list[Room]:
    return rooms(UNIT_LINES)


def test_every_unit_has_a_room_and_the_largest_156_a_second(plan: list[Room]) -> None:
    by_unit = Counter(room.unit for room in plan)
    assert len(plan) == POINTS
    assert set(by_unit) == {unit.code for unit in UNIT_LINES}
    assert Counter(by_unit.values()) == {1: 610 - 156, 2: 156}
    people = Counter[str]()
    for room in plan:
        people[room.unit] += room.expected
    two, one = ({u for u, n in by_unit.items() if n == rooms} for rooms in (2, 1))
    # Whoever has two rooms is larger than whoever has one, but for the rounding to fives in each room.
    assert min(people[u] for u in two) + 10 >= max(people[u] for u in one)


def test_fifty_two_thousand_people_are_expected_and_all_have_a_seat(plan: list[Room]) -> None:
    assert sum(room.expected for room in plan) == EXPECTED
    assert all(30 <= room.expected <= room.seats for room in plan)


def test_the_rooms_of_districts_and_the_city_are_their_committees(plan: list[Room]) -> None:
    kinds = {unit.code: unit.kind for unit in UNIT_LINES}
    first = [room for room in plan if room.name != "Phòng 2"]
    assert all(room.name == COMMITTEE.get(kinds[room.unit], "") for room in first)
    assert Counter(room.name for room in first if room.name) == {
        "Thành ủy": 1,
        "Quận ủy": 12,
        "Huyện ủy": 17,
        "Thị ủy": 1,
    }


def test_contacts_are_invented(plan: list[Room]) -> None:
    assert all(re.fullmatch(r"0900 000 \d{3}", room.phone) for room in plan)
    assert len({room.phone for room in plan}) == POINTS
    assert all(len(room.contact.split()) >= 3 and room.address for room in plan)


def test_the_same_units_give_the_same_rooms(plan: list[Room]) -> None:
    assert rooms(UNIT_LINES) == plan


def test_the_rooms_file_is_one_that_the_product_takes_whole(plan: list[Room]) -> None:
    table = read_table(rooms_file(plan), COLUMNS)
    units = {u.code: Unit(u.code, u.name, u.kind, u.parent or None) for u in UNIT_LINES}
    outcome = plan_points({}, units, table.rows)
    assert outcome.counts == {"added": POINTS, "changed": 0, "unchanged": 0, "refused": 0}
    assert not any(verdict.warnings for verdict in outcome.verdicts)
    assert len(Finder(units).find("Xã Tản Lĩnh")) == 1
    assert sum(point.expected for point in outcome.points) == EXPECTED


@given(st.integers(0, 100_000), st.lists(st.floats(0.01, 1_000), min_size=1, max_size=200))
def test_shares_sum_to_the_whole_and_are_fair(total: int, weights: list[float]) -> None:
    shares = apportion(total, weights)
    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - total * weight / sum(weights)) <= 1.000_001
