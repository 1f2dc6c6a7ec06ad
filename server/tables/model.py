"""What a caller says about a file's columns, and what it gets back."""

from typing import Literal

from msgspec import Struct

MAX_FILE_BYTES = 64 * 1024 * 1024  # a hundred thousand rows of twelve columns in UTF-16 stay well below
MAX_ROWS = 100_000  # more than the points of one conference; the whole country has 3,356 units
MAX_CELL = 2_000  # characters; the longest field anybody stores is an address of 200
MAX_COLUMNS = 500  # cells of a row that are looked at; the rest is a slip of the author or an attack
HEADER_SEARCH_ROWS = 10  # title, subtitle, date and blank lines people put above the headings

Kind = Literal["text", "int", "decimal", "date"]


class Column(Struct, frozen=True):
    """A column a caller understands. `headings` are compared without accents, case and punctuation; the first
    one is written on export. `kind` makes numbers and dates be spelled one way (see `values.spell`)."""

    field: str
    headings: tuple[str, ...]
    required: bool = False
    kind: Kind = "text"


class Row(Struct, frozen=True):
    """`number` counts from 1 as a spreadsheet shows it. `values` has every field whose column the file has.

    `numbers` names the fields whose cell held a number: a code among them may have lost its leading zeros.
    """

    number: int
    values: dict[str, str]
    numbers: tuple[str, ...] = ()


class Table(Struct, frozen=True):
    """`columns` are the fields found, in the file's order; `ignored` are headings nobody asked for."""

    columns: tuple[str, ...]
    rows: list[Row]
    header_row: int
    sheet: str = ""
    ignored: tuple[str, ...] = ()
