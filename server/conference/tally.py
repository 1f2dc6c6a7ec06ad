"""Sums over the tree, kept up as rows change. Every screen shows these; nobody adds up for himself."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from server.protocol.terms import PRESENT, STATUSES
from server.protocol.views import PointRow, Tally

_ONE = {s: tuple(int(s == other) for other in STATUSES) for s in STATUSES}
_PLAIN = 12  # counters before the statuses
_PRESENT, _DEVICES, _PLAYING = 1, 10, 11  # places of counters that presence changes, beside those of the statuses
_AT = {s: _PLAIN + i for i, s in enumerate(STATUSES)}
_NOTHING = (0,) * (_PLAIN + len(STATUSES))


class Tallies:
    """Counters per unit, and "" for the whole of one audience.

    `path` names the groups that a point counts in, from its own to the root of the audience.
    """

    def __init__(self, path: Callable[[int], tuple[str, ...]], expected: Callable[[int], int]) -> None:
        self._path, self._expected = path, expected
        self._sums: dict[str, list[int]] = {"": list(_NOTHING)}
        self._held: dict[int, Held] = {}
        self.changed: set[str] = {""}

    def put(self, row: PointRow, attended: bool) -> None:
        """The row's new values take the place of its old ones. Cost: the depth of the tree, times what changed."""
        units = self._path(row.id)
        values = _values(row, self._expected(row.id), attended)
        held = self._held.get(row.id)
        if held is None or held.units[1:] != units:
            self.drop(row.id)
            held = self._held[row.id] = self._counted_in(units)
        if changes := _difference(values, held.values):
            self._add(held, changes)
            held.values[:] = values

    def move(self, before: PointRow, row: PointRow) -> None:
        """A row that was put, with other presence: a shorter way to what `put` would do, which is the most frequent
        thing of all."""
        held = self._held[row.id]
        counters = (held.values, *held.sums)
        if before.status != row.status:
            was, now = _AT[before.status], _AT[row.status]
            for counter in counters:
                counter[was] -= 1
                counter[now] += 1
            if present := (row.status in PRESENT) - (before.status in PRESENT):
                for counter in counters:
                    counter[_PRESENT] += present
        if devices := row.devices - before.devices:
            for counter in counters:
                counter[_DEVICES] += devices
        if before.media is not row.media and (played := playing(row) - playing(before)):
            for counter in counters:
                counter[_PLAYING] += played
        self.changed.update(held.units)

    def drop(self, point: int) -> None:
        if held := self._held.pop(point, None):
            self._add(held, _difference(_NOTHING, held.values))

    def take_changed(self) -> list[Tally]:
        """What changed since the last call."""
        changed = [self.of(u) for u in sorted(self.changed)]
        self.changed.clear()
        return changed

    def all(self) -> list[Tally]:
        return [self.of(u) for u in self._sums]

    def of(self, unit: str) -> Tally:
        s = self._sums.get(unit, _NOTHING)
        return Tally(unit, s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8], s[9], s[10], list(s[_PLAIN:]), s[11])

    def _counted_in(self, units: tuple[str, ...]) -> "Held":
        everywhere = ("", *units)
        return Held(everywhere, [self._sums.setdefault(u, list(_NOTHING)) for u in everywhere], list(_NOTHING))

    def _add(self, held: "Held", changes: list[tuple[int, int]]) -> None:
        for sums in held.sums:
            for i, change in changes:
                sums[i] += change
        self.changed.update(held.units)


class Held(NamedTuple):
    """What a row counts for: `units` with "" first, their sums, and its share of each."""

    units: tuple[str, ...]
    sums: list[list[int]]
    values: list[int]


def _values(row: PointRow, expected: int, attended: bool) -> tuple[int, ...]:
    return (
        1,
        row.status in PRESENT,
        attended,
        row.in_room is not None,
        expected,
        row.in_room or 0,
        row.absent_excused or 0,
        row.absent_unexcused or 0,
        row.scans,
        row.opens,
        row.devices,
        playing(row),
        *_ONE[row.status],
    )


def playing(row: PointRow) -> int:
    """1 for a room with picture or sound of the programme, on however many devices."""
    return int(row.media is not None and row.media.playing > 0)


def _difference(new: Sequence[int], old: Sequence[int]) -> list[tuple[int, int]]:
    """Which counters change, and by how much: mostly one or two of all."""
    return [(i, n - o) for i, (n, o) in enumerate(zip(new, old, strict=True)) if n != o]
