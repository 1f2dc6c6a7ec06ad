"""From the raw cells of one sheet to the rows a caller asked for: the headings, then what is below them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from msgspec import Struct

from .errors import TableError
from .model import HEADER_SEARCH_ROWS, MAX_CELL, MAX_COLUMNS, MAX_ROWS, Column, Row, Table
from .text import clean, fold, one_line
from .values import spell

Cell = str | int | float
Numbered = tuple[int, Sequence[Cell]]

_MAX_EXACT = 10**15  # above this a float no longer holds every whole number: keep its own spelling
_BRACKETS = re.compile(r"\([^)]*\)|\[[^]]*\]")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_SHIELD = re.compile(r"'+[=+\-@\t\r]")  # what the writer puts before a cell that a spreadsheet would calculate
_SHOWN_HEADINGS = 12  # of the file's own, in the message that one is missing


class Found(Struct, frozen=True):
    """The best row of headings: which cell holds which field, and what a required field lacks."""

    row: int
    cells: Sequence[Cell]
    places: dict[str, int]
    missing: Column | None


class Scan(Struct, frozen=True):
    """A sheet read down to its headings; `rest` are the rows below, still unread."""

    found: Found | None
    rest: Iterator[Numbered]


def cell_text(cell: Cell) -> str:
    """`1.0` is `1`: a spreadsheet keeps every number as a fraction."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _MAX_EXACT else repr(cell)
    text = clean(str(cell))
    return text[1:] if text.startswith("'") and _SHIELD.match(text) else text


def scan(rows: Iterable[Sequence[Cell]], columns: Sequence[Column]) -> Scan:
    """Finds the row, among the first that hold anything, whose cells are headings most often."""
    filled = ((n, row) for n, cells in enumerate(rows, 1) if _filled(row := cells[:MAX_COLUMNS]))
    head: list[Numbered] = []
    for numbered in filled:
        head.append(numbered)
        if len(head) == HEADER_SEARCH_ROWS:
            break
    if not head:
        return Scan(None, iter(()))
    keys = {_key(h): c.field for c in columns for h in c.headings}
    places = [_places(row, keys) for _, row in head]
    best = max(range(len(head)), key=lambda i: len(places[i]))
    number, cells = head[best]
    missing = next((c for c in columns if c.required and c.field not in places[best]), None)
    return Scan(Found(number, cells, places[best], missing), chain(head[best + 1 :], filled))


def extract(scanned: Scan, columns: Sequence[Column], sheet: str = "") -> Table:
    """The rows below the headings that have anything in a known column.

    Raises `file_empty`, `heading_missing`, `heading_twice`, `too_many_rows`, `cell_too_long`.
    """
    found = scanned.found
    if found is None:
        raise TableError("file_empty")
    if found.missing:
        raise _heading_missing(found, found.missing)
    _check_twice(found, columns)
    wanted = [(c, found.places[c.field]) for c in columns if c.field in found.places]
    wanted.sort(key=lambda w: w[1])
    rows: list[Row] = []
    for number, cells in scanned.rest:
        row = _row(number, cells, wanted)
        if row is None:
            continue
        if len(rows) == MAX_ROWS:
            raise TableError("too_many_rows", row=number, limit=MAX_ROWS)
        rows.append(row)
    if not rows:
        raise TableError("no_rows", row=found.row)
    used = set(found.places.values())
    ignored = tuple(t for i, c in enumerate(found.cells) if i not in used and (t := one_line(str(c))))
    return Table(tuple(c.field for c, _ in wanted), rows, found.row, sheet, ignored)


def _filled(cells: Sequence[Cell]) -> bool:
    return any(not isinstance(c, str) or c.strip() for c in cells)


def _row(number: int, cells: Sequence[Cell], wanted: Sequence[tuple[Column, int]]) -> Row | None:
    values: dict[str, str] = {}
    numbers: list[str] = []
    for column, place in wanted:
        cell = cells[place] if place < len(cells) else ""
        text = cell_text(cell)
        if len(text) > MAX_CELL:
            raise TableError("cell_too_long", row=number, field=column.field, limit=MAX_CELL)
        if isinstance(cell, str):
            text = spell(text, column.kind)
        else:
            numbers.append(column.field)
        values[column.field] = text
    return Row(number, values, tuple(numbers)) if any(values.values()) else None


def _key(heading: str) -> str:
    return _NOT_WORD.sub(" ", fold(heading)).strip()


def _places(cells: Sequence[Cell], keys: dict[str, str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for i, cell in enumerate(cells):
        field = _field(cell, keys)
        if field is not None:
            places.setdefault(field, i)
    return places


def _field(cell: Cell, keys: dict[str, str]) -> str | None:
    """A remark in brackets behind a heading does not change it: `Số ghế (người)`."""
    if not isinstance(cell, str) or not cell or len(cell) > MAX_CELL:
        return None
    return keys.get(_key(cell)) or keys.get(_key(_BRACKETS.sub("", cell)))


def _check_twice(found: Found, columns: Sequence[Column]) -> None:
    keys = {_key(h): c.field for c in columns for h in c.headings}
    for i, cell in enumerate(found.cells):
        field = _field(cell, keys)
        if field is not None and found.places[field] != i:
            first = one_line(str(found.cells[found.places[field]]))
            raise TableError("heading_twice", row=found.row, field=field, first=first, second=one_line(str(cell)))


def _heading_missing(found: Found, column: Column) -> TableError:
    headings = [one_line(str(c))[:60] for c in found.cells if c != ""][:_SHOWN_HEADINGS]
    return TableError(
        "heading_missing",
        row=found.row,
        field=column.field,
        heading=column.headings[0],
        found=" | ".join(headings),
    )
