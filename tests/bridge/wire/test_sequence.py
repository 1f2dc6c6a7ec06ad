"""Numbers that wrap around keep their order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.wire.sequence import Unwrapper, ahead16, ahead32


@pytest.mark.parametrize(
    ("number", "than", "ahead"),
    [(5, 3, 2), (3, 5, -2), (0, 65_535, 1), (65_535, 0, -1), (7, 7, 0), (32_767, 0, 32_767), (32_768, 0, -32_768)],
)
def test_a_number_is_ahead_by_the_shorter_way_around(number: int, than: int, ahead: int) -> None:
    assert ahead16(number, than) == ahead


@given(st.integers(0, 2**32 - 1), st.integers(-(2**31), 2**31 - 1))
def test_a_distance_that_was_gone_is_the_distance_that_is_read(start: int, way: int) -> None:
    assert ahead32((start + way) % 2**32, start) == way
    if -(2**15) <= way < 2**15:
        assert ahead16((start + way) % 2**16, start % 2**16) == way


@given(st.sampled_from([16, 32]), st.data())
def test_a_line_is_followed_over_wraps_losses_and_reordering(bits: int, data: st.DataObject) -> None:
    """Given packets that run ahead of the newest by less than half the ring or come late by as much, each gets its
    place, and a late one does not move the newest."""
    reach = 2 ** (bits - 1) - 1
    newest = data.draw(st.integers(0, 2**bits - 1))
    unwrapper = Unwrapper(bits)
    assert unwrapper.unwrap(newest) == newest
    for step in data.draw(st.lists(st.integers(-reach, reach) | st.sampled_from([-reach, reach]), max_size=40)):
        place = newest + step
        assert unwrapper.unwrap(place % 2**bits) == place
        newest = max(newest, place)


def test_what_came_before_the_first_may_be_below_zero() -> None:
    unwrapper = Unwrapper()
    assert [unwrapper.unwrap(number) for number in (1, 65_535, 0, 2)] == [1, -1, 0, 2]
