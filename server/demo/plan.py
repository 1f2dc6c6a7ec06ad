"""Which rooms the demonstration has: every unit one, the largest a second, and so many people in all.

Pure and deterministic: the same units give the same rooms. Sizes are invented, by kind of unit.
"""

import hashlib
from collections.abc import Sequence

from msgspec import Struct

from . import people
from .chance import seeded

POINTS = 766
EXPECTED = 52_000
QUANTUM = 5  # people; invitations go out in round numbers
SPREAD = (0.62, 1.5)  # how far a unit may be from what its kind has
SECOND_ROOM = 0.4  # share of the unit's people who sit in its second room
AIR = 10  # seats are counted in rows

# People a unit of a kind summons, as the reports of such conferences have them: 40 to 130 a room.
BY_KIND = {
    "thành phố trực thuộc trung ương": 300,
    "quận": 165,
    "huyện": 165,
    "thị xã": 165,
    "phường": 74,
    "thị trấn": 82,
    "xã": 82,
}
OTHER_KIND = 70

# The rooms of those who lead others are their committees'.
COMMITTEE = {
    "thành phố trực thuộc trung ương": "Thành ủy",
    "tỉnh": "Tỉnh ủy",
    "quận": "Quận ủy",
    "huyện": "Huyện ủy",
    "thị xã": "Thị ủy",
    "thành phố": "Thành ủy",
}


class UnitLine(Struct, frozen=True):
    """A line of the units' file."""

    code: str
    name: str
    kind: str
    parent: str


class Room(Struct, frozen=True):
    """A line of the rooms' file; the field names are those of `server.units.points_file.COLUMNS`."""

    unit: str
    name: str
    seats: int
    expected: int
    contact: str
    phone: str
    address: str


def rooms(units: Sequence[UnitLine], points: int = POINTS, expected: int = EXPECTED) -> list[Room]:
    """Rooms in the units' order, a unit's second room after its first. The headcounts sum to `expected`.

    `points` is between the number of units and twice that; `expected` a multiple of `QUANTUM`, enough for
    every room to have some.
    """
    second = _largest(units, points - len(units))
    places = [(u, n) for u in units for n in ((1, 2) if u.code in second else (1,))]
    weights = [_weight(u) * _share(n, u.code in second) for u, n in places]
    sizes = apportion(expected // QUANTUM, weights)
    return [
        _room(unit, number, size * QUANTUM, order)
        for order, ((unit, number), size) in enumerate(zip(places, sizes, strict=True))
    ]


def apportion(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to the weights that sum to `total`: the largest remainders get what is left."""
    whole = sum(weights)
    exact = [total * w / whole for w in weights]
    shares = [int(e) for e in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (shares[i] - exact[i], i))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares


def _largest(units: Sequence[UnitLine], count: int) -> set[str]:
    return {u.code for u in sorted(units, key=lambda u: (-_weight(u), u.code))[:count]}


def _weight(unit: UnitLine) -> float:
    low, high = SPREAD
    return BY_KIND.get(unit.kind, OTHER_KIND) * (low + (high - low) * _dice(unit.code))


def _share(number: int, two: bool) -> float:
    return 1.0 if not two else SECOND_ROOM if number == 2 else 1 - SECOND_ROOM


def _dice(text: str) -> float:
    """A number from 0 to 1 that belongs to the text for good; `hash` would change with every start."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest()) / 2**32


def _room(unit: UnitLine, number: int, expected: int, order: int) -> Room:
    chance = seeded("room", unit.code, number)
    committee = COMMITTEE.get(unit.kind)
    name = f"Phòng {number}" if number > 1 else committee or ""
    seats = -(-expected // AIR) * AIR + chance.choice((0, 0, AIR, AIR, 2 * AIR))
    return Room(
        unit.code, name, seats, expected, people.name(chance), people.phone(order), _address(unit, number, committee)
    )


def _address(unit: UnitLine, number: int, committee: str | None) -> str:
    kind, _, own = unit.name.partition(" ")
    if unit.kind.startswith(("thành phố", "thị")):  # kinds of two words
        second, _, own = own.partition(" ")
        kind = f"{kind} {second}"
    if committee:
        return f"{'Hội trường' if number == 1 else 'Phòng họp'} {committee} {own}"
    return f"{'Hội trường UBND' if number == 1 else 'Nhà văn hóa'} {kind.lower()} {own}"
