"""Text files: the encoding, the delimiter, then records. A quoted field may hold line ends."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import chain

from . import encoding
from .errors import TableError
from .extract import extract, scan
from .model import Column, Table

DELIMITERS = ",;\t|"
_END = "\ue000end of file\ue000"  # a record of its own, unless an open quote swallows it


def parse(data: bytes, columns: Sequence[Column]) -> Table:
    """Reads a delimited file; the delimiter is the one that makes most headings known."""
    codec = encoding.detect(data)
    try:
        delimiter = max(DELIMITERS, key=lambda d: _known(_records(data, codec, d), columns))
        return extract(scan(_records(data, codec, delimiter), columns), columns)
    except csv.Error as error:  # the only one left without strict mode: a field beyond the module's limit
        raise TableError("quote_open") from error


def _known(records: Iterator[list[str]], columns: Sequence[Column]) -> int:
    found = scan(_whole(records), columns).found
    return len(found.places) if found else 0


def _whole(records: Iterator[list[str]]) -> Iterator[list[str]]:
    """The records before the first broken one: an open quote further down must not hide the headings."""
    try:
        yield from records
    except (csv.Error, TableError):
        return


def _records(data: bytes, codec: str, delimiter: str) -> Iterator[list[str]]:
    lines = io.TextIOWrapper(io.BytesIO(data), encoding=codec, newline="")
    first = lines.readline()
    if first.strip().lower()[:4] == "sep=":  # Excel's own hint, which Excel does not count as a row
        first = ""
    reader = csv.reader(chain([first] if first else [], lines, [_END]), delimiter=delimiter)
    for number, record in enumerate(reader, 1):
        if record == [_END]:
            return
        if record and record[-1].endswith(_END):
            raise TableError("quote_open", row=number)
        yield record
