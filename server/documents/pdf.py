"""How many pages a PDF has, by its own table of contents: a few small reads, however large the file.

The number stands in the root of the page tree. Whatever is not as the format says (damaged, encrypted,
odd) gives None: no number is better than a wrong one.
"""

import re
import zlib
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

MAX_OBJECT = 64 * 1024  # bytes of one object without its stream; a catalog with names is some kilobytes
MAX_STREAM = 4 * 1024 * 1024  # bytes of a stream, unpacked; half a million objects' places
MAX_SECTIONS = 64  # times a file was saved on top of itself
MAX_PAGES = 100_000
_TAIL = 2_048

_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF")
_OBJECT = re.compile(rb"\s*\d+\s+\d+\s+obj\b")
_SECTION = re.compile(rb"\s*(\d+)\s+(\d+)\s*?(?:\r\n|\n|\r| \n)")


class _Odd(Exception):
    """Not as the format says, or larger than is looked at."""


class _Place(Struct, frozen=True):
    """Where an object is: at `at` of the file, or as number `index` inside the object stream `within`."""

    at: int = 0
    within: int = 0
    index: int = 0


def page_count(path: Path) -> int | None:
    try:
        with path.open("rb") as file:
            return _Pdf(file).pages()
    except (_Odd, ValueError, zlib.error, OverflowError):
        return None


class _Pdf:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = file.seek(0, 2)
        self._places: list[dict[int, _Place]] = []  # newest section first, of streams
        self._tables: list[list[tuple[int, int, int]]] = []  # first number, how many, where: of plain tables
        self._streams: dict[int, bytes] = {}

    def pages(self) -> int:
        trailer = self._sections()
        root = self._object(_reference(trailer, b"Root"))
        tree = self._object(_reference(root, b"Pages"))
        if not re.search(rb"/Type\s*/Pages\b", tree):
            raise _Odd
        count = re.search(rb"/Count\s+(\d+)(?!\s+\d+\s+R)", tree)
        if count is None or not 1 <= int(count[1]) <= MAX_PAGES:
            raise _Odd
        return int(count[1])

    def _read(self, at: int, size: int) -> bytes:
        if not 0 <= at < self._size:
            raise _Odd
        self._file.seek(at)
        return self._file.read(size)

    # --- where the objects are

    def _sections(self) -> bytes:
        """Reads every section, from the newest back; gives the newest trailer."""
        starts = _START.findall(self._read(max(0, self._size - _TAIL), _TAIL))
        at: int | None = int(starts[-1]) if starts else None
        newest, seen = b"", set[int]()
        while at is not None:
            if at in seen or len(seen) >= MAX_SECTIONS:
                raise _Odd
            seen.add(at)
            head = self._read(at, 16).lstrip()
            trailer = self._table(at) if head.startswith(b"xref") else self._table_stream(at)
            newest = newest or trailer
            earlier = re.search(rb"/Prev\s+(\d+)", trailer)
            at = int(earlier[1]) if earlier else None
        if not newest:
            raise _Odd
        return newest

    def _table(self, at: int) -> bytes:
        at += self._read(at, 64).index(b"xref") + 4
        ranges: list[tuple[int, int, int]] = []
        while section := _SECTION.match(self._read(at, 64)):
            first, count = int(section[1]), int(section[2])
            ranges.append((first, count, at + section.end()))
            at += section.end() + 20 * count
        self._tables.append(ranges)
        self._places.append({})
        trailer = self._read(at, MAX_OBJECT)
        begin = trailer.find(b"trailer")
        if not 0 <= begin < 64:
            raise _Odd
        body = trailer[begin : trailer.index(b"startxref")]
        if hybrid := re.search(rb"/XRefStm\s+(\d+)", body):
            self._table_stream(int(hybrid[1]))
        return body

    def _table_stream(self, at: int) -> bytes:
        head, data = self._stream(at)
        widths = [int(w) for w in _array(head, b"W")]
        if len(widths) != 3 or not all(0 <= w <= 8 for w in widths) or not sum(widths):
            raise _Odd
        size = re.search(rb"/Size\s+(\d+)", head)
        spans = [int(n) for n in _array(head, b"Index")] or [0, int(size[1]) if size else 0]
        a, b = widths[0], widths[0] + widths[1]
        places: dict[int, _Place] = {}
        row, width = 0, sum(widths)
        for first, count in zip(spans[::2], spans[1::2], strict=True):
            for number in range(first, first + min(count, len(data) // width - row)):
                entry = data[row * width : (row + 1) * width]
                kind = int.from_bytes(entry[:a], "big") if a else 1
                second, third = int.from_bytes(entry[a:b], "big"), int.from_bytes(entry[b:], "big")
                if kind:
                    places[number] = _Place(at=second) if kind == 1 else _Place(within=second, index=third)
                row += 1
        self._tables.append([])
        self._places.append(places)
        return head

    def _place(self, number: int) -> _Place:
        for ranges, places in zip(self._tables, self._places, strict=True):
            for first, count, at in ranges:
                if first <= number < first + count:
                    entry = self._read(at + 20 * (number - first), 20)
                    if entry[17:18] == b"n":
                        return _Place(at=int(entry[:10]))
            if number in places:
                return places[number]
        raise _Odd

    # --- objects

    def _object(self, number: int) -> bytes:
        place = self._place(number)
        if place.within:
            return self._packed(place.within, place.index)
        data = self._read(place.at, MAX_OBJECT)
        begin = _OBJECT.match(data)
        if begin is None:
            raise _Odd
        return data[begin.end() : data.index(b"endobj")]

    def _packed(self, within: int, index: int) -> bytes:
        place = self._place(within)
        if place.within:
            raise _Odd
        head, data = self._stream(place.at)
        first = re.search(rb"/First\s+(\d+)", head)
        if first is None:
            raise _Odd
        numbers = [int(n) for n in data[: int(first[1])].split()]
        offsets = [*numbers[1::2], len(data) - int(first[1])]
        if index + 1 >= len(offsets):
            raise _Odd
        return data[int(first[1]) + offsets[index] : int(first[1]) + offsets[index + 1]]

    def _stream(self, at: int) -> tuple[bytes, bytes]:
        """The dictionary and the unpacked bytes of the stream object at `at`."""
        data = self._read(at, MAX_OBJECT)
        begin, mark = _OBJECT.match(data), re.search(rb"\bstream\r?\n", data)
        if begin is None or mark is None:
            raise _Odd
        head = data[begin.end() : mark.start()]
        length = re.search(rb"/Length\s+(\d+)(?!\s+\d+\s+R)", head)
        if length is None or int(length[1]) > MAX_STREAM:
            raise _Odd
        raw = self._read(at + mark.end(), int(length[1]))
        return head, _predicted(head, _unpacked(head, raw))


def _unpacked(head: bytes, raw: bytes) -> bytes:
    if b"/Filter" not in head:
        return raw
    if not re.search(rb"/Filter\s*(?:\[\s*)?/FlateDecode\s*(?:\]|/|>|\s)", head):
        raise _Odd
    inflate = zlib.decompressobj()
    data = inflate.decompress(raw, MAX_STREAM)
    if inflate.unconsumed_tail:
        raise _Odd
    return data


def _predicted(head: bytes, data: bytes) -> bytes:
    """Undoes the PNG predictor "up", the one that these tables are written with."""
    predictor = re.search(rb"/Predictor\s+(\d+)", head)
    if predictor is None or int(predictor[1]) == 1:
        return data
    columns = re.search(rb"/Columns\s+(\d+)", head)
    width = int(columns[1]) if columns else 1
    if int(predictor[1]) < 10 or not 1 <= width <= 64:
        raise _Odd
    before, rows = bytes(width), bytearray()
    for at in range(0, len(data) - width, width + 1):
        row = data[at + 1 : at + 1 + width]
        if data[at] == 2:
            row = bytes((x + y) & 255 for x, y in zip(row, before, strict=True))
        elif data[at] != 0:
            raise _Odd
        rows += row
        before = row
    return bytes(rows)


def _reference(body: bytes, key: bytes) -> int:
    found = re.search(rb"/" + key + rb"\s+(\d+)\s+\d+\s+R\b", body)
    if found is None:
        raise _Odd
    return int(found[1])


def _array(body: bytes, key: bytes) -> list[bytes]:
    found = re.search(rb"/" + key + rb"\s*\[([\d\s]*)\]", body)
    return found[1].split() if found else []
