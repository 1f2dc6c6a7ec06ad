"""Texts from anywhere become one printable line."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.printing.model import PrintingError
from server.printing.text import MAX_TEXT, UNBROKEN, grouped, plain, wrappable, wrappable_link


@pytest.mark.parametrize(
    ("given_text", "printed"),
    [
        (unicodedata.normalize("NFD", "Xã Tản Lĩnh, huyện Ba Vì"), "Xã Tản Lĩnh, huyện Ba Vì"),
        ("  Xã \n\t Tản\r\nLĩnh\u2028", "Xã Tản Lĩnh"),
        ("Xã\x00Tản\x1b[31m", "Xã Tản [31m"),
        ("Ngh\u00adị quy\u200bết\u202e", "Nghị quyết"),
        ("e\u200d\u0323\u0302", "ệ"),
        ("a\ud800b\ue000c", "abc"),
        ("a" + "\u0301" * 50 + "b", "á\u0301\u0301b"),
        ("", ""),
    ],
)
def test_only_composed_visible_text_is_left(given_text: str, printed: str) -> None:
    assert plain(given_text, "name") == printed


def test_a_text_over_the_limit_is_refused_and_names_its_field() -> None:
    assert len(plain("ế" * MAX_TEXT, "name")) == MAX_TEXT
    assert len(plain(unicodedata.normalize("NFD", "ế" * MAX_TEXT), "name")) == MAX_TEXT
    for length in (MAX_TEXT + 1, 10**6):
        with pytest.raises(PrintingError, match=r"^points\[3\]\.name: .*500"):
            plain("x" * length, "points[3].name")


@given(st.text(max_size=200))
def test_whatever_comes_in_one_line_of_composed_text_goes_out(text: str) -> None:
    printed = plain(text, "name")
    assert printed == plain(printed, "name")
    assert unicodedata.is_normalized("NFC", printed)
    assert not any(unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for sign in printed)
    printed.encode()


@given(st.text("ab ế", max_size=120))
def test_places_to_break_change_nothing_else(text: str) -> None:
    broken = wrappable(text)
    assert broken.replace("\u200b", "") == text
    assert all(len(part) <= UNBROKEN for part in broken.replace("\u200b", " ").split())


def test_short_words_are_never_broken() -> None:
    assert wrappable("Nghị quyết " + "x" * UNBROKEN) == "Nghị quyết " + "x" * UNBROKEN


def test_a_link_breaks_behind_its_separators_first() -> None:
    assert wrappable_link("https://a.vn:8080/o#" + "x" * 43).split("\u200b") == [
        "https://", "a.vn:8080/", "o#", "x" * 43,
    ]  # fmt: skip
    assert max(map(len, wrappable_link("https://a.vn/" + "x" * 200).split("\u200b"))) < 44


@pytest.mark.parametrize(
    ("code", "shown"), [("K7Q4TLXM9AB", "K7Q4-TLXM-9AB"), ("ABCD", "ABCD"), ("ABCDE", "ABCD-E"), ("", "")]
)
def test_a_code_is_grouped_for_reading(code: str, shown: str) -> None:
    assert grouped(code) == shown
