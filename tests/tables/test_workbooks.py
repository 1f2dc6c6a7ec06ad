"""Workbooks: values as people see them, the right sheet, and files that mean harm."""

import io
import struct
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from server.tables import workbook
from server.tables.errors import TableError
from server.tables.messages import MESSAGES
from server.tables.model import Column
from server.tables.parse import parse


def xlsx(*sheets: list[list[object]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "dd/mm/yyyy", "strings_to_numbers": False}) as book:
        for rows in sheets:
            page = book.add_worksheet()
            for n, row in enumerate(rows):
                page.write_row(n, 0, row)
    return out.getvalue()


def refusal(data: bytes, columns: list[Column]) -> str:
    with pytest.raises(TableError) as caught:
        parse(data, columns)
    return caught.value.code


def test_numbers_dates_and_texts_read_as_they_look(columns: list[Column]) -> None:
    day = date(2025, 7, 1)
    data = xlsx([["Mã", "Tên", "Số chỗ", "Hiệu lực từ"], ["001", "Xã A", 40.0, day], [7, 21.5, "1.200", "1/7/2025"]])

    first, second = parse(data, columns).rows

    assert first.values == {"code": "001", "name": "Xã A", "seats": "40", "since": "2025-07-01"}
    assert first.numbers == ("seats",)
    assert second.values == {"code": "7", "name": "21.5", "seats": "1200", "since": "2025-07-01"}
    assert second.numbers == ("code", "name")


def test_the_first_sheet_whose_headings_fit_is_read(columns: list[Column]) -> None:
    data = xlsx([["Hướng dẫn"], ["Mã là gì"]], [["Mã"], ["x"]], [["Tiêu đề"], [], ["Tên", "Mã"], ["Xã A", "01"]])

    table = parse(data, columns)

    assert (table.sheet, table.header_row, table.rows[0].number) == ("Sheet3", 3, 4)
    assert table.rows[0].values == {"name": "Xã A", "code": "01"}


def test_when_no_sheet_fits_the_nearest_one_says_what_it_lacks(columns: list[Column]) -> None:
    with pytest.raises(TableError) as caught:
        parse(xlsx([["Hướng dẫn"]], [["Mã", "Số chỗ"], ["1", 2]]), columns)

    assert (caught.value.code, caught.value.field) == ("heading_missing", "name")


def test_an_open_document_sheet_reads_the_same(columns: list[Column], ods: Callable[..., bytes]) -> None:
    data = ods([["DANH SÁCH"], [], ["Mã", "Tên", "Số chỗ"], ["001", "Xã A\ntầng 2", 40.0]])

    (row,) = parse(data, columns).rows

    assert row.values == {"code": "001", "name": "Xã A\ntầng 2", "seats": "40"}
    assert (row.number, row.numbers) == (4, ("seats",))


def test_an_empty_workbook_is_an_empty_file(columns: list[Column]) -> None:
    assert refusal(xlsx([]), columns) == "file_empty"


def test_a_cut_or_foreign_archive_is_refused(columns: list[Column]) -> None:
    whole = xlsx([["Mã", "Tên"], ["1", "a"]])
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")

    assert refusal(whole[: len(whole) // 2], columns) == "file_corrupt"
    assert refusal(whole[:200] + b"\xff" * 40 + whole[240:], columns) == "file_corrupt"
    assert refusal(b"PK\x03\x04" + b"junk" * 50, columns) == "file_corrupt"
    assert refusal(other.getvalue(), columns) == "file_type_unknown"


def test_a_password_or_an_old_format_is_told_apart(columns: list[Column], ods: Callable[..., bytes]) -> None:
    compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    locked = io.BytesIO(ods([["Mã", "Tên"], ["1", "a"]]))
    with zipfile.ZipFile(locked, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")

    assert refusal(compound, columns) == "file_type_old"
    assert refusal(compound + "EncryptedPackage".encode("utf-16-le"), columns) == "sheet_protected"
    assert refusal(locked.getvalue(), columns) == "sheet_protected"


def test_a_swelling_archive_is_refused_even_when_its_directory_lies(
    columns: list[Column], monkeypatch: pytest.MonkeyPatch
) -> None:
    size = 1_234_567
    monkeypatch.setattr(workbook, "MAX_UNPACKED", size - 1)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(size))
    honest = out.getvalue()
    lying = honest.replace(struct.pack("<L", size), struct.pack("<L", 100))

    assert refusal(honest, columns) == "zip_bomb"
    assert lying != honest
    assert refusal(lying, columns) == "file_corrupt"


# Made once: a workbook holds the time it was made, and a repeated example must damage the same bytes.
SOUND = xlsx([["Mã", "Tên"], ["1", "Xã A"]])


@given(st.data())
def test_a_damaged_workbook_gives_one_clear_error_or_its_rows(columns: list[Column], data: st.DataObject) -> None:
    whole = bytearray(SOUND)
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=8)):
        whole[place] = data.draw(st.integers(0, 255))
    try:
        outcome = parse(bytes(whole), columns).rows[0].values["name"]
    except TableError as error:
        outcome = error.code

    assert outcome == "Xã A" or outcome in MESSAGES


@given(st.binary(max_size=200))
def test_no_bytes_at_all_give_anything_but_one_clear_error(columns: list[Column], data: bytes) -> None:
    with pytest.raises(TableError) as caught:
        parse(data, columns)

    assert caught.value.code in MESSAGES
