"""Passes for media: what is signed is what may be done, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.protocol.passes import BadPass, Pass, read_pass, write_pass

KEY = b"k" * 32
PASS = Pass("c1", "point/17", "publish", "device:17.2", until=1_000, generation=3)


def refused(token: str, key: bytes = KEY, now: int = 999) -> str:
    with pytest.raises(BadPass) as caught:
        read_pass(token, key, now)
    return str(caught.value.why)


def test_what_was_written_is_read_until_its_time_is_over() -> None:
    token = write_pass(PASS, KEY)
    assert read_pass(token, KEY, 999) == PASS
    assert refused(token, now=1_000) == "expired"


def test_another_key_or_a_changed_pass_is_foreign() -> None:
    token = write_pass(PASS, KEY)
    other = write_pass(Pass("c1", "main", "publish", "device:17.2", until=1_000), KEY)
    assert refused(token, b"j" * 32) == "foreign"
    assert refused(f"{other.partition('.')[0]}.{token.partition('.')[2]}") == "foreign"


@given(st.text())
def test_no_text_is_a_pass(token: str) -> None:
    assert refused(token) in ("malformed", "foreign")


@given(st.text(), st.text(), st.text(), st.integers(1, 2**40), st.binary(min_size=1))
def test_any_content_comes_back(conference: str, stream: str, who: str, until: int, key: bytes) -> None:
    content = Pass(conference, stream, "watch", who, until)
    token = write_pass(content, key)
    assert "=" not in token
    if len(token) <= 1_024:
        assert read_pass(token, key, until - 1) == content
