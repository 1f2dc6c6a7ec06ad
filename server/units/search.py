"""Search over units as somebody types: without accents, the best first."""

from collections.abc import Iterable
from heapq import nsmallest

from msgspec import Struct

from server.tables.text import fold, one_line

from .kinds import bare
from .model import Unit

# Ranks of a hit, the best first.
_CODE, _NAME, _BEGINS, _WORDS, _INSIDE, _AROUND = range(6)


class _Line(Struct, frozen=True):
    """A unit as it is searched: folded, but for `exact`, which keeps the accents."""

    exact: str
    name: str
    short: str
    codes: tuple[str, ...]
    around: str  # everything that may be typed to find it: name, code, aliases, the names above
    level: int


class Searcher:
    """Over units in the tree's order, each with its parent's code; parents come before children."""

    def __init__(self, placed: Iterable[tuple[Unit, str | None]]) -> None:
        self._lines: list[_Line] = []
        above: dict[str | None, tuple[str, int]] = {None: ("", -1)}
        for unit, parent in placed:
            higher, level = above[parent]
            name = fold(unit.name)
            codes = (unit.code.lower(), *map(fold, unit.aliases))
            above[unit.code] = (f" {name}{higher}", level + 1)
            around = f" {name} {' '.join(codes)}{higher}"
            self._lines.append(_Line(unit.name.casefold(), name, fold(bare(unit.name)), codes, around, level + 1))

    def search(self, text: str, limit: int, start: int, end: int) -> list[int]:
        """Places, from `start` to before `end`, of what `text` finds: by rank, accents, level, then place."""
        query, exact = fold(text), one_line(text).casefold()
        if not query:
            return []
        words = query.split()
        hits: list[tuple[int, bool, int, int]] = []
        for i in range(start, end):
            line = self._lines[i]
            if all(word in line.around for word in words) and (rank := _rank(line, query, words)) is not None:
                hits.append((rank, exact not in line.exact, line.level, i))
        return [i for *_, i in nsmallest(limit, hits)]


def _rank(line: _Line, query: str, words: list[str]) -> int | None:
    if query in line.codes:
        return _CODE
    if query in (line.name, line.short):
        return _NAME
    if line.short.startswith(query) or line.name.startswith(query) or line.codes[0].startswith(query):
        return _BEGINS
    if all(f" {word}" in f" {line.name}" for word in words):
        return _WORDS
    if query in line.name:
        return _INSIDE
    return _AROUND if all(f" {word}" in line.around for word in words) else None
