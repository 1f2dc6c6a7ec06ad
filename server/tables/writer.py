"""Tables for people: .csv that Excel opens with accents intact, .xlsx whose codes keep leading zeros."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import xlsxwriter

from .model import Column
from .text import clean

Value = str | int | float | None
Record = Mapping[str, Value]

EXCEL_CELL = 32_767  # characters; Excel holds no longer text in one cell
_WIDTH = (8, 60)  # characters; narrower hides the heading, wider pushes the next columns off the screen
# A cell that starts like this is calculated by the spreadsheet. An apostrophe makes it text; the reader
# takes one off again. A text with apostrophes of its own gets one more, so that it comes back unchanged.
_CALCULATED = re.compile(r"'*[=+\-@\t\r]")
_LOOKS_SHIELDED = re.compile(r"'+[=+\-@\t\r]")


def write_csv(columns: Sequence[Column], records: Iterable[Record], delimiter: Literal[",", ";"] = ",") -> bytes:
    """UTF-8 with byte order mark, CRLF. Texts that a spreadsheet would calculate are made harmless."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(c.headings[0] for c in columns)
    for record in records:
        writer.writerow(_csv_cell(record.get(c.field)) for c in columns)
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(columns: Sequence[Column], records: Iterable[Record], sheet: str = "Dữ liệu") -> bytes:
    """One sheet: text as text, numbers as numbers, frozen headings, a filter. `sheet`: 1-31 characters."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    page = book.add_worksheet(sheet)
    page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    page.freeze_panes(1, 0)
    heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    widths = [len(c.headings[0]) for c in columns]
    for place, column in enumerate(columns):
        page.write_string(0, place, column.headings[0], heading)
    last = 0
    for last, record in enumerate(records, 1):
        for place, column in enumerate(columns):
            value = record.get(column.field)
            if isinstance(value, int | float):
                page.write_number(last, place, value)
            elif value:
                text = _xlsx_cell(value)
                page.write_string(last, place, text)
                widths[place] = max(widths[place], len(text))
    page.autofilter(0, 0, last, max(len(columns) - 1, 0))
    as_text = book.add_format({"num_format": "@"})  # a code typed into the column later keeps its zeros too
    for place, column in enumerate(columns):
        width = min(max(widths[place] + 2, _WIDTH[0]), _WIDTH[1])
        page.set_column(place, place, width, as_text if column.kind == "text" else None)
    book.close()
    return out.getvalue()


def _csv_cell(value: Value) -> str | int | float:
    if not isinstance(value, str):
        return "" if value is None else value
    text = clean(value)
    return f"'{text}" if _CALCULATED.match(text) else text


def _xlsx_cell(value: str) -> str:
    text = clean(value)[:EXCEL_CELL]
    return f"'{text}" if _LOOKS_SHIELDED.match(text) else text
