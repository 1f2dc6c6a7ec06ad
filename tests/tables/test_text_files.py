"""Delimited text in every encoding, delimiter and state of disorder that people send."""

import unicodedata
from collections.abc import Callable

import pytest

from server.tables.errors import TableError
from server.tables.model import MAX_CELL, MAX_ROWS, Column, Row
from server.tables.parse import parse

ROWS = [("001", "Quận Ba Đình"), ("00004", "Phường Trúc Bạch"), ("00007", "Xã Nguyễn Huệ, cũ; mới")]


def cp1258(text: str) -> bytes:
    """Windows-1258 has tones as marks of their own: keeps â, ơ … and splits the tone off."""
    out = bytearray()
    for char in text:
        try:
            out += char.encode("cp1258")
        except UnicodeEncodeError:
            base, *marks = list(unicodedata.normalize("NFD", char))
            tone = next(m for m in marks if m in "\u0300\u0301\u0303\u0309\u0323")
            shape = unicodedata.normalize("NFC", base + "".join(m for m in marks if m != tone))
            out += shape.encode("cp1258") + tone.encode("cp1258")
    return bytes(out)


def written(delimiter: str, heading: str = "Mã đơn vị{d}Tên đơn vị") -> str:
    lines = [heading.format(d=delimiter)]
    lines += [f'{code}{delimiter}"{name}"' for code, name in ROWS]
    return "\r\n".join(lines) + "\r\n"


def pairs(rows: list[Row]) -> list[tuple[str, str]]:
    return [(r.values["code"], r.values["name"]) for r in rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encode",
    [
        pytest.param(lambda t: t.encode(), id="utf-8"),
        pytest.param(lambda t: t.encode("utf-8-sig"), id="utf-8 mark"),
        pytest.param(lambda t: t.encode("utf-16"), id="utf-16 mark"),
        pytest.param(lambda t: b"\xfe\xff" + t.encode("utf-16-be"), id="utf-16-be mark"),
        pytest.param(lambda t: t.encode("utf-16-le"), id="utf-16-le bare"),
        pytest.param(lambda t: t.encode("utf-16-be"), id="utf-16-be bare"),
        pytest.param(cp1258, id="windows-1258"),
        pytest.param(lambda t: unicodedata.normalize("NFD", t).encode(), id="decomposed"),
    ],
)
def test_every_encoding_and_delimiter_gives_the_same_rows(
    columns: list[Column], encode: Callable[[str], bytes], delimiter: str
) -> None:
    table = parse(encode(written(delimiter)), columns)

    assert pairs(table.rows) == ROWS
    assert [r.number for r in table.rows] == [2, 3, 4]


@pytest.mark.parametrize(
    "heading",
    [
        "MA DON VI{d}TEN DON VI",
        "  mã  đơn vị {d}\ufeffTên\u00a0đơn vị (bắt buộc)",
        "Code{d}NAME",
        "Mã:{d}Tên *",
    ],
)
def test_headings_are_known_without_accents_case_or_marks(columns: list[Column], heading: str) -> None:
    assert pairs(parse(written(",", heading).encode(), columns).rows) == ROWS


def test_headings_stand_below_a_title_and_in_any_order_beside_strangers(columns: list[Column]) -> None:
    title = "DANH SÁCH ĐƠN VỊ, NĂM 2025\n\nNgày lập: 01/07/2025\n"
    text = title + "STT;Tên;Ghi chú;Mã\n1;Xã A;;01\n\n2;Xã B;x;02\n;;;\n"

    table = parse(text.encode(), columns)

    assert table.columns == ("name", "code")
    assert table.header_row == 4
    assert table.ignored == ("STT", "Ghi chú")
    assert [(r.number, r.values) for r in table.rows] == [
        (5, {"name": "Xã A", "code": "01"}),
        (7, {"name": "Xã B", "code": "02"}),
    ]


def test_cells_lose_stray_blanks_and_invisible_signs_but_keep_inner_lines(columns: list[Column]) -> None:
    text = 'code,name\n\u200b 001\u00a0,"  Phòng \u00a0họp\r\n  tầng\u200d 2 "\n'

    (row,) = parse(text.encode(), columns).rows

    assert row.values == {"code": "001", "name": "Phòng họp\ntầng 2"}
    assert row.number == 2


def test_a_quoted_line_end_does_not_shift_row_numbers(columns: list[Column]) -> None:
    table = parse(b'code,name\n1,"a\nb\nc"\n2,d\n', columns)

    assert [r.number for r in table.rows] == [2, 3]


def test_numbers_and_dates_are_spelled_one_way_and_nonsense_is_left(columns: list[Column]) -> None:
    text = "code;name;seats;valid_from\n1;a;1.200;1/7/2025\n2;b;40,0;2025-07-01 00:00:00\n3;c;nhiều;31/02/2025\n"

    rows = parse(text.encode(), columns).rows

    assert [(r.values["seats"], r.values["since"]) for r in rows] == [
        ("1200", "2025-07-01"),
        ("40", "2025-07-01"),
        ("nhiều", "31/02/2025"),
    ]


def test_excels_delimiter_hint_is_no_row(columns: list[Column]) -> None:
    table = parse(b"sep=;\r\ncode;name\r\n01;a\r\n", columns)

    assert (table.header_row, table.rows[0].number) == (1, 2)


def test_a_row_shorter_than_the_headings_has_blanks(columns: list[Column]) -> None:
    assert parse(b"code,name,seats\n01\n", columns).rows[0].values == {"code": "01", "name": "", "seats": ""}


def test_text_shielded_from_calculation_comes_back_bare(columns: list[Column]) -> None:
    (row,) = parse(b"code,name\n'+84,'=1+1\n", columns).rows

    assert row.values == {"code": "+84", "name": "=1+1"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"\xef\xbb\xbf \r\n\t", "file_empty"),
        (b"%PDF-1.7 ...", "file_type_unknown"),
        (b"<html><table><tr><td>code</td></tr></table>", "file_type_unknown"),
        (b"\x00\x00\x00\x01" * 10, "file_type_unknown"),
        (b"code,name\n", "no_rows"),
        (b'code,name\n1,"a\n2,b\n', "quote_open"),
        ("code,name\n1,Phường Phúc Xá, huyện".encode()[:-1] + b"\xff", "encoding_unknown"),
        ("m·,tªn\n1,Ph­êng ChÞu".encode("latin-1"), "encoding_unknown"),  # an older Vietnamese encoding
        (b"code,Code,name\n1,2,3\n", "heading_twice"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(columns: list[Column], data: bytes, code: str) -> None:
    with pytest.raises(TableError) as caught:
        parse(data, columns)

    assert caught.value.code == code


def test_a_missing_heading_names_itself_and_what_the_file_has(columns: list[Column]) -> None:
    with pytest.raises(TableError) as caught:
        parse("Danh sách\nMã,Số chỗ\n1,2\n".encode(), columns)

    error = caught.value
    assert (error.code, error.field, error.row) == ("heading_missing", "name", 2)
    assert error.params == {"heading": "Tên đơn vị", "found": "Mã | Số chỗ"}


def test_limits_of_rows_and_cells_name_the_row(columns: list[Column]) -> None:
    many = "code,name\n" + "1,a\n" * (MAX_ROWS + 1)
    long = f"code,name\n1,a\n2,{'b' * (MAX_CELL + 1)}\n"

    for text, code, row in ((many, "too_many_rows", MAX_ROWS + 2), (long, "cell_too_long", 3)):
        with pytest.raises(TableError) as caught:
            parse(text.encode(), columns)
        assert (caught.value.code, caught.value.row) == (code, row)


ENDLESS = "x" * 9_000_000  # far beyond what the csv module takes of one field


@pytest.mark.parametrize(
    ("text", "code", "row"),
    [
        (ENDLESS, "cell_too_long", 1),
        (f"code,name\n1,{ENDLESS}\n2,b\n", "cell_too_long", 2),
        (f'code,name\n1,5" {ENDLESS}\n', "cell_too_long", 2),
        (f'code,name\n1,a\n2,"{ENDLESS}"\n3,c\n', "cell_too_long", 3),
        ('code,name\n1,"' + "dòng\n" * 50_000 + '"\n2,b\n', "cell_too_long", 2),
        ('code,name\n1,"a\n' + "2,b\n" * 50_000, "quote_open", 2),
        ('code,name\n0,"a\nb"\n1,"a\n' + "2,b\n" * 50_000, "quote_open", 3),
    ],
    ids=["one line", "a cell", "an inch", "in quotes", "many lines in quotes", "open", "open below a closed one"],
)
def test_what_is_too_long_is_not_called_an_open_quotation_mark(
    columns: list[Column], text: str, code: str, row: int
) -> None:
    with pytest.raises(TableError) as caught:
        parse(text.encode(), columns)

    assert (caught.value.code, caught.value.row) == (code, row)
