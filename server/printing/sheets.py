"""PDF pages: posters for attendees, cards and sheets for operators.

Values reach the templates as JSON only and are set as text there, so nothing in a name can act on a page.
The same values give the same bytes: a PDF holds no date of its making.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeVar

import msgspec
import typst

from . import qr
from .messages import CARD, POSTER, SHEET
from .model import CardPoint, PosterConference, PosterPoint, PrintingError
from .text import grouped, plain, wrappable, wrappable_link

MAX_POINTS = 1_000  # in one PDF: 10 s and up to 900 MB while it is made; larger conferences print by group
DOCUMENT_PATH = "/d"  # where people type a document code
FAMILY = "Be Vietnam Pro"
FONTS = Path(__file__).parents[2] / "web" / "dist" / "print-fonts"  # the web build puts the font files there

_TEMPLATES = Path(__file__).parent / "templates"
Template = Literal["poster", "cards", "sheet"]
Page = dict[str, str | float]
Point = TypeVar("Point", PosterPoint, CardPoint)


def posters(conference: PosterConference, points: Sequence[PosterPoint], *, fonts: Path = FONTS) -> bytes:
    """A PDF with one A4 poster a point, in the order given. PrintingError names what cannot be printed."""
    pages = [
        {
            "name": _name(p.name, f"points[{i}].name"),
            "place": _place(i, p.group, p.address),
            "code": _code(p.code, f"points[{i}].code"),
            **_qr(p.url, f"points[{i}].url"),
        }
        for i, p in enumerate(_counted(points))
    ]
    return _pdf("poster", conference, pages, POSTER[conference.lang], fonts)


def conference_poster(conference: PosterConference, code: str, url: str, *, fonts: Path = FONTS) -> bytes:
    """One A4 poster with the code of the whole conference, for every room. Errors as `posters`."""
    page: Page = {"name": "", "place": "", "code": _code(code, "code"), **_qr(url, "url")}
    return _pdf("poster", conference, [page], POSTER[conference.lang], fonts)


def operator_cards(conference: PosterConference, points: Sequence[CardPoint], *, fonts: Path = FONTS) -> bytes:
    """A PDF of A4 pages with eight A7 cards each, to be cut at the marks. Errors as `posters`."""
    return _pdf("cards", conference, _operators(points), CARD[conference.lang], fonts)


def operator_sheets(conference: PosterConference, points: Sequence[CardPoint], *, fonts: Path = FONTS) -> bytes:
    """A PDF with one A4 sheet a point: link, steps until the beginning, help, notes. Errors as `posters`."""
    return _pdf("sheet", conference, _operators(points), SHEET[conference.lang], fonts)


def _operators(points: Sequence[CardPoint]) -> list[Page]:
    return [
        {
            "name": _name(p.name, f"points[{i}].name"),
            "place": _place(i, p.group, p.address),
            "note": _text(p.note, f"points[{i}].note"),
            "link": wrappable_link(plain(p.url, f"points[{i}].url")),
            **_qr(p.url, f"points[{i}].url"),
        }
        for i, p in enumerate(_counted(points))
    ]


def _pdf(
    template: Template,
    conference: PosterConference,
    pages: list[Page],
    texts: msgspec.Struct,
    fonts: Path,
) -> bytes:
    data: dict[str, object] = {
        "lang": conference.lang,
        "title": _text(conference.title, "title"),
        "when": _text(conference.when, "when"),
        "address": _text(conference.host, "host") + DOCUMENT_PATH,
        "help_desk": _text(conference.help_desk, "help_desk"),
        "texts": texts,
        "pages": pages,
    }
    return typst.compile(
        _TEMPLATES / f"{template}.typ",
        root=_TEMPLATES,
        font_paths=_fonts(fonts),
        sys_inputs={"data": msgspec.json.encode(data).decode()},
    )


@lru_cache(maxsize=4)
def _fonts(folder: Path) -> typst.Fonts:
    """The fonts of `folder` and no others, so that a page looks the same on every machine."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    if FAMILY not in fonts.families():
        raise PrintingError(f"fonts: no {FAMILY} in {folder}")
    return fonts


def _counted(points: Sequence[Point]) -> Sequence[Point]:
    if not 1 <= len(points) <= MAX_POINTS:
        raise PrintingError(f"points: {len(points)} is not between 1 and {MAX_POINTS}")
    return points


def _text(value: str, field: str) -> str:
    return wrappable(plain(value, field))


def _name(value: str, field: str) -> str:
    name = _text(value, field)
    if not name:
        raise PrintingError(f"{field}: empty; a page must say whose it is")
    return name


def _place(index: int, group: str, address: str) -> str:
    parts = (_text(group, f"points[{index}].group"), _text(address, f"points[{index}].address"))
    return " · ".join(part for part in parts if part)


def _code(code: str, field: str) -> str:
    typed = plain(code, field)
    if not typed:
        raise PrintingError(f"{field}: empty; who cannot scan could not type it")
    return wrappable(grouped(typed))


def _qr(url: str, field: str) -> Page:
    """What a template needs to draw the code: the picture and how much of its side is quiet zone."""
    try:
        side = len(qr.symbol(url).rows) + 2 * qr.QUIET
        return {"url": url, "qr": qr.svg(url).decode(), "quiet": qr.QUIET / side}
    except PrintingError as error:
        raise PrintingError(f"{field}: {error}") from None
