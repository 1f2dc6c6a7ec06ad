"""Text files: the encoding, the delimiter, then records. A quoted field may hold line ends."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import chain

from . import encoding
from .errors import TableError
from .extract import extract, scan
from .model import MAX_CELL, Column, Table

DELIMITERS = ",;\t|"
_END = "\ue000end of file\ue000"  # a record of its own, unless an open quote swallows it


def parse(data: bytes, columns: Sequence[Column]) -> Table:
    """Reads a delimited file; the delimiter is the one that makes most headings known."""
    codec = encoding.detect(data)
    delimiter = max(DELIMITERS, key=lambda d: _known(_records(data, codec, d), columns))
    return extract(scan(_records(data, codec, delimiter), columns), columns)


def _known(records: Iterator[list[str]], columns: Sequence[Column]) -> int:
    found = scan(_whole(records), columns).found
    return len(found.places) if found else 0


def _whole(records: Iterator[list[str]]) -> Iterator[list[str]]:
    """The records before the first broken one: an open quote further down must not hide the headings."""
    try:
        yield from records
    except TableError:
        return


def _records(data: bytes, codec: str, delimiter: str) -> Iterator[list[str]]:
    lines = io.TextIOWrapper(io.BytesIO(data), encoding=codec, newline="")
    first = lines.readline()
    if first.strip().lower()[:4] == "sep=":  # Excel's own hint, which Excel does not count as a row
        first = ""
    source = _Source(chain([first] if first else [], lines))
    reader = csv.reader(chain(source, [_END]), delimiter=delimiter)
    number = 0
    try:
        for number, record in enumerate(reader, 1):
            if record == [_END]:
                return
            if record and record[-1].endswith(_END):
                raise TableError("quote_open", row=number)
            yield record
            source.begin()
    except csv.Error as error:  # the only one left without strict mode: a field beyond the module's limit
        raise source.too_long(number + 1) from error


class _Source:
    """Passes lines on and remembers, of the record that began last, its lines and quotation marks."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.begin()

    def begin(self) -> None:
        self._taken, self._open = 0, False

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self._taken += 1
            self._open ^= line.count('"') % 2 == 1
            yield line

    def too_long(self, row: int) -> TableError:
        """Why a field grew beyond all limits: a quotation mark took in the lines below it, or it is just so long."""
        several = self._taken > 1
        for _ in self:  # a mark that is closed much further down is no open one
            pass
        if several and self._open:
            return TableError("quote_open", row=row)
        return TableError("cell_too_long", row=row, limit=MAX_CELL)
