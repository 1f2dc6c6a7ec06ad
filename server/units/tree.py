"""The tree of units, read-only: who is below whom, which day it stood, who is meant by a text."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from msgspec.structs import replace

from .finder import Finder
from .model import Unit
from .search import Searcher


class UnitTree:
    """Built from units without cycles (ValueError otherwise); a unit whose parent is absent is a root.

    Everything is in the official order: parents before children, siblings by `order`, then by code.
    """

    def __init__(self, units: Mapping[str, Unit]) -> None:
        self.units = units
        self._children: dict[str | None, list[Unit]] = {}
        for unit in units.values():
            self._children.setdefault(self.parent(unit.code), []).append(unit)
        for siblings in self._children.values():
            siblings.sort(key=lambda u: (u.order, u.code))
        self._ordered: list[Unit] = []
        self._levels: dict[str, int] = {}
        self._lay_out()
        self._spans = self._measure()

    def _lay_out(self) -> None:
        """Depth first, without recursion: a tree may be deeper than the interpreter's stack."""
        waiting = [(unit, 0) for unit in reversed(self.children(None))]
        while waiting:
            unit, level = waiting.pop()
            self._ordered.append(unit)
            self._levels[unit.code] = level
            waiting.extend((child, level + 1) for child in reversed(self.children(unit.code)))
        if len(self._ordered) != len(self.units):
            raise ValueError("the units' parents form a cycle")

    def _measure(self) -> dict[str, tuple[int, int]]:
        """Each unit's subtree as a slice of the order."""
        spans: dict[str, tuple[int, int]] = {}
        waiting: list[int] = []
        for i in range(len(self._ordered) + 1):
            level = self._levels[self._ordered[i].code] if i < len(self._ordered) else 0
            while waiting and self._levels[self._ordered[waiting[-1]].code] >= level:
                start = waiting.pop()
                spans[self._ordered[start].code] = (start, i)
            waiting.append(i)
        return spans

    def all(self) -> Sequence[Unit]:
        return self._ordered

    def parent(self, code: str) -> str | None:
        """The code above, None for a root. KeyError if there is no such unit."""
        above = self.units[code].parent
        return above if above in self.units else None

    def children(self, code: str | None) -> Sequence[Unit]:
        """The units right below `code`; the roots for None."""
        return self._children.get(code, ())

    def subtree(self, code: str) -> Sequence[Unit]:
        """The unit and everything below it. KeyError if there is no such unit."""
        start, end = self._spans[code]
        return self._ordered[start:end]

    def path(self, code: str) -> tuple[Unit, ...]:
        """From the root down to the unit itself. KeyError if there is no such unit."""
        path = [self.units[code]]
        while (above := self.parent(path[-1].code)) is not None:
            path.append(self.units[above])
        return tuple(reversed(path))

    def level(self, code: str) -> int:
        """0 for a root. KeyError if there is no such unit."""
        return self._levels[code]

    def is_within(self, code: str, ancestor: str) -> bool:
        """Whether `code` is `ancestor` or below it; False if either does not exist."""
        if code not in self._spans or ancestor not in self._spans:
            return False
        start, end = self._spans[ancestor]
        return start <= self._spans[code][0] < end

    def at(self, day: str) -> "UnitTree":
        """The tree of one day. A unit whose parent is not valid then hangs on its nearest valid ancestor."""
        valid: dict[str, Unit] = {}
        stands: dict[str | None, str | None] = {None: None}  # each unit, or the ancestor that stands in for it
        for unit in self._ordered:
            parent = stands[self.parent(unit.code)]
            stands[unit.code] = parent
            if unit.valid_on(day):
                stands[unit.code] = unit.code
                valid[unit.code] = unit if unit.parent == parent else replace(unit, parent=parent)
        return UnitTree(valid)

    def find(self, text: str, within: str | None = None) -> list[Unit]:
        """As `Finder.find`; `within` keeps to one subtree."""
        if within is None:
            return self._finder.find(text)
        return self._finder.find(text, lambda unit: self.is_within(unit.code, within))

    def search(self, text: str, limit: int = 20, within: str | None = None) -> list[Unit]:
        """Units whose code, aliases, name or names above hold every word of `text`; the best first."""
        if within is not None and within not in self._spans:
            return []
        span = self._spans[within] if within is not None else (0, len(self._ordered))
        return [self._ordered[i] for i in self._searcher.search(text, limit, *span)]

    @cached_property
    def _finder(self) -> Finder:
        return Finder(self.units)

    @cached_property
    def _searcher(self) -> Searcher:
        return Searcher([(u, self.parent(u.code)) for u in self._ordered])
