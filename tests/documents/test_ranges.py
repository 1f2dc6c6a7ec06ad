"""Ranges against plain slicing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.documents.ranges import Part, Unsatisfiable, matches, still, wanted

SIZES = st.integers(0, 50)
NUMBERS = st.integers(0, 60)


@given(SIZES, NUMBERS, NUMBERS)
def test_from_to(size: int, first: int, last: int) -> None:
    whole = bytes(range(size))
    expected = whole[first : last + 1]
    if last < first:
        assert wanted(f"bytes={first}-{last}", size) is None
    elif not expected:
        with pytest.raises(Unsatisfiable):
            wanted(f"bytes={first}-{last}", size)
    else:
        assert _slice(whole, f"bytes={first}-{last}") == expected


@given(SIZES, NUMBERS)
def test_from_on_and_the_last(size: int, number: int) -> None:
    whole = bytes(range(size))
    for header, expected in ((f"bytes={number}-", whole[number:]), (f"bytes=-{number}", whole[-number or size :])):
        if expected:
            assert _slice(whole, header) == expected
        else:
            with pytest.raises(Unsatisfiable):
                wanted(header, size)


def _slice(whole: bytes, header: str) -> bytes:
    part = wanted(header, len(whole))
    assert isinstance(part, Part)
    assert 0 <= part.start < part.stop <= len(whole)
    return whole[part.start : part.stop]


@given(st.text(max_size=40), SIZES)
def test_what_cannot_be_read_means_the_whole_file(header: str, size: int) -> None:
    assert wanted(header, size) is None
    assert wanted(f"bytes=x{header}", size) is None


@pytest.mark.parametrize(
    "header",
    [None, "", "bytes", "bytes=", "bytes=-", "bytes=0-1,4-5", "items=0-1", "bytes=3-1", "bytes=" + "9" * 40 + "-"],
)
def test_other_headers_mean_the_whole_file(header: str | None) -> None:
    assert wanted(header, 10) is None


def test_units_are_words_of_any_case() -> None:
    assert wanted("Bytes = 0-3", 10) == Part(0, 4)


TAG = '"abc"'


@pytest.mark.parametrize(
    ("header", "same"),
    [
        (None, False),
        ("*", True),
        (TAG, True),
        ("W/" + TAG, True),
        ('"x", ' + TAG, True),
        ('"abcd"', False),
        ("abc", False),
    ],
)
def test_if_none_match(header: str | None, same: bool) -> None:
    assert matches(header, TAG) is same


@pytest.mark.parametrize(
    ("header", "stands"),
    [(None, True), (TAG, True), ("W/" + TAG, False), ('"x"', False), ("Wed, 21 Oct 2026 07:28:00 GMT", False)],
)
def test_if_range(header: str | None, stands: bool) -> None:
    assert still(header, TAG) is stands
