"""The demonstration's documents are real ones: PDFs whose Vietnamese can be read and searched."""

import pypdfium2
import pytest

from server.demo.conference import DOCUMENTS
from server.demo.papers import Paper, pdf

PAGES = {"resolution": (3, 4), "programme": (1, 2), "questions": (1, 1)}


def text_of(content: bytes) -> tuple[str, int]:
    document = pypdfium2.PdfDocument(content)
    pages = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    return " ".join(pages), len(pages)


@pytest.mark.parametrize(("title", "paper"), [(title, paper) for title, paper, _ in DOCUMENTS])
def test_a_paper_holds_its_title_with_accents_and_says_that_it_is_an_example(title: str, paper: Paper) -> None:
    text, pages = text_of(pdf(paper))
    least, most = PAGES[paper]
    assert least <= pages <= most
    assert title.removesuffix(" (bản minh họa)") in text
    assert "Bản minh họa của Nhịp Cầu" in text


def test_the_same_paper_has_the_same_bytes() -> None:
    assert pdf("programme") == pdf("programme")
