"""What is written is read again unchanged: any Vietnamese text, every format and encoding."""

import unicodedata
from collections.abc import Callable
from itertools import product
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.tables.model import Column
from server.tables.parse import parse
from server.tables.text import clean, fold
from server.tables.writer import write_csv, write_xlsx

COLUMNS = [
    Column("code", ("Mã",), required=True),
    Column("note", ("Ghi chú",)),
    Column("n", ("Số",), kind="int"),
]
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
LETTERS = "".join(unicodedata.normalize("NFC", a + b) for a, b in product("aăâeêioôơuưyAĂÂEÊIOÔƠUƯY", TONES)) + "đĐ"
VIETNAMESE = LETTERS + "bcdghklmnpqrstvxBCDGHKLMNPQRSTVX 0123456789,;|.'\"-=+@/()\n"

Records = list[dict[str, str | int]]
vietnamese = st.text(VIETNAMESE, max_size=30)
anything = st.text(max_size=30)


def records(text: st.SearchStrategy[str]) -> st.SearchStrategy[Records]:
    code = st.from_regex(r"[0-9A-Z]{1,6}", fullmatch=True)
    return st.lists(st.fixed_dictionaries({"code": code, "note": text, "n": st.integers(0, 20_000)}), min_size=1)


def back(data: bytes) -> list[dict[str, str]]:
    return [row.values for row in parse(data, COLUMNS).rows]


def expected(rows: Records) -> list[dict[str, str]]:
    return [{k: clean(str(v)) for k, v in row.items()} for row in rows]


@given(records(vietnamese | anything), st.sampled_from([",", ";"]))
def test_csv(rows: Records, delimiter: Literal[",", ";"]) -> None:
    assert back(write_csv(COLUMNS, rows, delimiter)) == expected(rows)


@given(
    records(vietnamese),
    st.sampled_from(["utf-8", "utf-16", "utf-16-le", "utf-16-be"]),
    st.sampled_from(["NFC", "NFD"]),
)
def test_csv_in_other_encodings_and_decomposed(rows: Records, codec: str, form: Literal["NFC", "NFD"]) -> None:
    text = unicodedata.normalize(form, write_csv(COLUMNS, rows).decode("utf-8-sig"))

    assert back(text.encode(codec)) == expected(rows)


@given(records(vietnamese))
def test_csv_in_windows_1258(rows: Records) -> None:
    text = write_csv(COLUMNS, rows).decode("utf-8-sig")

    assert back(b"".join(map(_cp1258, text))) == expected(rows)


@settings(max_examples=40)
@given(records(vietnamese | anything))
def test_xlsx(rows: Records) -> None:
    assert back(write_xlsx(COLUMNS, rows)) == expected(rows)


@settings(max_examples=40)
@given(records(vietnamese))
def test_ods(ods: Callable[..., bytes], rows: Records) -> None:
    texts = [{**r, "note": str(r["note"]).replace("'", "")} for r in rows]  # no shield is written, so none may be read
    written = [["Mã", "Ghi chú", "Số"], *([r["code"], clean(str(r["note"])), float(r["n"])] for r in texts)]

    assert back(ods(written)) == expected(texts)


@given(anything)
def test_clean_is_settled_after_one_pass(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [("ĐÔNG  Anh", "dong anh"), ("Đồng", "dong"), ("Krông Pắk", "krong pak"), ("Ea H’leo", "ea h'leo")],
)
def test_fold_takes_accents_case_and_typographic_marks_away(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded


def test_no_written_text_is_calculated_by_a_spreadsheet() -> None:
    rows = [{"code": "1", "note": text} for text in ("=1+1", "+84 912", "-x", "@SUM(A1)", "'=1", "bình thường")]

    lines = write_csv(COLUMNS, rows).decode("utf-8-sig").split("\r\n")

    assert [line.split(",")[1] for line in lines[1:-1]] == [
        "'=1+1", "'+84 912", "'-x", "'@SUM(A1)", "''=1", "bình thường",
    ]  # fmt: skip


def _cp1258(char: str) -> bytes:
    try:
        return char.encode("cp1258")
    except UnicodeEncodeError:
        base, *marks = list(unicodedata.normalize("NFD", char))
        tone = next(m for m in marks if m in TONES)
        shape = unicodedata.normalize("NFC", base + "".join(m for m in marks if m != tone))
        return shape.encode("cp1258") + tone.encode("cp1258")
