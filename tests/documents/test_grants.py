"""A grant opens one file under one name for 30 to 60 minutes, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from server.documents.grants import LIFE_SLOTS, SLOT_MS, Grants
from tests.conference.given import T0

HASH, OTHER = "ab" * 32, "cd" * 32
NAME = "Nghị quyết.pdf"
GRANTS = Grants(b"k" * 32)


def test_it_opens_this_file_alone() -> None:
    grant = GRANTS.give(HASH, NAME, T0)
    assert GRANTS.left(grant, HASH, NAME, T0) > 0
    assert GRANTS.left(grant, OTHER, NAME, T0) < 0
    assert GRANTS.left(grant, HASH, "khac.pdf", T0) < 0
    assert Grants(b"x" * 32).left(grant, HASH, NAME, T0) < 0


@given(st.integers(0, 10 * SLOT_MS))
def test_it_lives_30_to_60_minutes(after: int) -> None:
    now = T0 + after
    left = GRANTS.left(GRANTS.give(HASH, NAME, now), HASH, NAME, now)
    assert SLOT_MS < left <= LIFE_SLOTS * SLOT_MS


def test_it_ends() -> None:
    grant = GRANTS.give(HASH, NAME, T0)
    left = GRANTS.left(grant, HASH, NAME, T0)
    assert GRANTS.left(grant, HASH, NAME, T0 + left - 1) == 1
    assert GRANTS.left(grant, HASH, NAME, T0 + left) == 0


def test_phones_of_the_same_half_hour_share_an_address() -> None:
    begin = T0 // SLOT_MS * SLOT_MS
    assert GRANTS.give(HASH, NAME, begin) == GRANTS.give(HASH, NAME, begin + SLOT_MS - 1)
    assert GRANTS.give(HASH, NAME, begin) != GRANTS.give(HASH, NAME, begin + SLOT_MS)


@given(st.text(max_size=60))
def test_anything_else_is_none(text: str) -> None:
    assert GRANTS.left(text, HASH, NAME, T0) < 0


def test_the_time_in_it_cannot_be_moved() -> None:
    slot, _, proof = GRANTS.give(HASH, NAME, T0).partition(".")
    assert GRANTS.left(f"{int(slot, 16) + 1:x}.{proof}", HASH, NAME, T0) < 0
    assert GRANTS.left(f"0{slot}.{proof}", HASH, NAME, T0) < 0
