"""Looks at a PDF as a reader does: rendered pages, codes found in them by another library, text, fonts."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2
import zxingcpp
from PIL import Image

A4 = (210.0, 297.0)  # millimetres
PT_PER_MM = 72 / 25.4
DPI = 150
QR_ONLY = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


@dataclass(frozen=True)
class Found:
    """A code found in a picture. `box` is left, top, right, bottom of the dark modules, in pixels."""

    text: str
    level: str
    box: tuple[int, int, int, int]
    picture: Image.Image

    def module(self) -> float:
        """The side of a module in pixels: a finder pattern is seven modules wide."""
        left, top, right, _ = self.box
        row = top + (right - left) // 100
        first_light = next(x for x in range(left + 1, right) if not has_ink(self.picture, (x, row, x + 1, row + 1)))
        return (first_light - left) / 7

    def quiet(self) -> float:
        """The white around the symbol up to the nearest ink, in modules, at most 12; outside the page is white."""
        left, top, right, bottom = self.box
        module = self.module()
        for ring in range(1, int(12 * module)):
            frame = (left - ring, top - ring, right + ring, bottom + ring)
            sides = (
                (frame[0], frame[1], frame[2], frame[1] + 1),
                (frame[0], frame[3] - 1, frame[2], frame[3]),
                (frame[0], frame[1], frame[0] + 1, frame[3]),
                (frame[2] - 1, frame[1], frame[2], frame[3]),
            )
            if any(has_ink(self.picture, side) for side in sides):
                return (ring - 1) / module
        return 12.0


def has_ink(picture: Image.Image, box: tuple[int, int, int, int]) -> bool:
    left, top, right, bottom = box
    inside = (max(left, 0), max(top, 0), min(right, picture.width), min(bottom, picture.height))
    if inside[0] >= inside[2] or inside[1] >= inside[3]:
        return False
    darkest = picture.crop(inside).getextrema()[0]
    return isinstance(darkest, int | float) and darkest < 128


def codes(picture: Image.Image) -> list[Found]:
    """The QR codes in a picture, from top to bottom and left to right."""
    grey = picture.convert("L")
    found = []
    for code in zxingcpp.read_barcodes(grey, formats=QR_ONLY):
        corners = (code.position.top_left, code.position.bottom_right)
        box = _tight(grey, (corners[0].x, corners[0].y, corners[1].x, corners[1].y))
        found.append(Found(code.text, code.ec_level, box, grey))
    return sorted(found, key=lambda code: (round(code.box[1] / 50), code.box[0]))


def _tight(picture: Image.Image, box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """Moves a box that may be a pixel or two off to the outermost ink of the symbol."""
    left, top, right, bottom = box
    pad = 3
    frame = (max(left - pad, 0), max(top - pad, 0), right + pad, bottom + pad)
    ink = picture.crop(frame).point(lambda value: 255 if value < 128 else 0).getbbox()
    assert ink is not None
    return frame[0] + ink[0], frame[1] + ink[1], frame[0] + ink[2], frame[1] + ink[3]


@dataclass(frozen=True)
class Piece:
    """A run of text on a page: its font and its box in millimetres from the top left corner."""

    font: str
    embedded: bool
    left: float
    top: float
    right: float
    bottom: float


def overlapping(pieces: list[Piece], slack: float = 0.3) -> list[tuple[Piece, Piece]]:
    """The pairs of texts whose ink boxes share more than `slack` millimetres in both directions."""
    return [
        (one, other)
        for number, one in enumerate(pieces)
        for other in pieces[:number]
        if min(one.right, other.right) - max(one.left, other.left) > slack
        and min(one.bottom, other.bottom) - max(one.top, other.top) > slack
    ]


class Sheet:
    """One page of a PDF."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._page = page

    def size(self) -> tuple[float, float]:
        width, height = self._page.get_size()
        return round(width / PT_PER_MM, 1), round(height / PT_PER_MM, 1)

    def picture(self, dpi: float = DPI) -> Image.Image:
        picture: Image.Image = self._page.render(scale=dpi / 72, grayscale=True).to_pil()
        return picture

    def codes(self, dpi: float = DPI) -> list[Found]:
        return codes(self.picture(dpi))

    def text(self) -> str:
        """The text with every run of blanks and line ends as one blank."""
        textpage = self._page.get_textpage()
        text = textpage.get_text_range()
        textpage.close()
        return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()

    def pieces(self) -> list[Piece]:
        height = self._page.get_height()
        pieces = []
        for item in self._page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT], max_depth=8):
            left, bottom, right, top = item.get_bounds()
            font = item.get_font()
            edges = (edge / PT_PER_MM for edge in (left, height - top, right, height - bottom))
            pieces.append(Piece(font.get_base_name(), font.is_embedded, *edges))
        return pieces


@contextmanager
def opened(pdf: bytes) -> Iterator[list[Sheet]]:
    """The pages of a PDF."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [document[number] for number in range(len(document))]
    try:
        yield [Sheet(page) for page in pages]
    finally:
        for page in pages:
            page.close()
        document.close()


def bookmarks(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    titles = [bookmark.get_title() for bookmark in document.get_toc()]
    document.close()
    return titles


def squeezed(text: str) -> str:
    """Without blanks and invisible places to break: equal for texts that differ in their lines only."""
    return re.sub(r"[\s\u200b]+", "", text)
