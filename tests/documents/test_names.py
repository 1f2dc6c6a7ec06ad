"""Names as people write them survive; what is no name does not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.documents.kinds import KINDS
from server.documents.names import MAX_NAME, clean, ending_of, stem, with_ending


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Nghị quyết số 18-NQ/TW.pdf", "TW.pdf"),
        ("C:\\Tài liệu\\Đề cương.docx", "Đề cương.docx"),
        ("../../etc/passwd", "passwd"),
        (unicodedata.normalize("NFD", "Đề cương thảo luận.pdf"), "Đề cương thảo luận.pdf"),
        ("bản\r\nX-Evil: 1.pdf", "bản X-Evil: 1.pdf"),
        ("hoá\u202efdp.exe", "hoáfdp.exe"),
        ("  .hidden  ", "hidden"),
        ("....", ""),
        ("báo\ud800 cáo.pdf", "báo cáo.pdf"),
    ],
)
def test_what_is_kept_of_a_name(given_name: str, kept: str) -> None:
    assert clean(given_name) == kept


def test_a_long_name_keeps_its_ending() -> None:
    long = clean("ă" * 300 + ".docx")
    assert len(long) == MAX_NAME
    assert long.endswith("ă.docx")


@given(st.text(max_size=400))
def test_a_clean_name_is_clean(name: str) -> None:
    once = clean(name)
    assert len(once) <= MAX_NAME
    assert clean(once) == once
    assert not set(once) & set("/\\\r\n\0")
    assert len(with_ending(once or "x", KINDS["pdf"])) <= MAX_NAME


@pytest.mark.parametrize(
    ("name", "ending", "title"),
    [
        ("Đề cương.DOCX", "docx", "Đề cương"),
        ("Nghị quyết số 12.3", None, "Nghị quyết số 12.3"),
        ("Tài liệu số 1. Bản cuối", None, "Tài liệu số 1. Bản cuối"),
        ("bai.mp4", "mp4", "bai"),
    ],
)
def test_the_ending_of_a_name(name: str, ending: str | None, title: str) -> None:
    assert ending_of(name) == ending
    assert stem(name) == title


def test_a_missing_ending_is_added() -> None:
    assert with_ending("Nghị quyết 12.3", KINDS["pdf"]) == "Nghị quyết 12.3.pdf"
    assert with_ending("ảnh.jpeg", KINDS["jpeg"]) == "ảnh.jpeg"
