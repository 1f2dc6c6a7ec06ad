"""QR codes from text: the smallest symbol that holds it, at the best error correction it has room for."""

import io
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal, get_args

import png as pypng
from msgspec import Struct
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.main import QRCode
from qrcode.util import MODE_8BIT_BYTE, MODE_ALPHA_NUM, MODE_NUMBER, QRData, optimal_data_chunks

from .model import PrintingError

Level = Literal["M", "Q", "H"]  # weakest first; level L is too weak for paper that is folded and touched
LEVELS: tuple[Level, ...] = get_args(Level)

MAX_BYTES = 300  # at most 69 modules: on a card a module keeps 0.49 mm, which cheap phones read
QUIET = 4  # modules of white that the standard asks for on every side
MAX_QUIET = 16  # beyond this the white only eats the size of the symbol
MAX_MODULE_PX = 64  # a symbol of 77 modules is then 4,928 pixels wide, enough for A3 at 300 dpi
CACHED = 1024  # a conference of 766 rooms is printed and shown again and again; about 20 kB each

_CORRECTION: dict[Level, int] = {"M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q, "H": ERROR_CORRECT_H}
_DIGITS = re.compile(r"[0-9]+")
_ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]+")
# From what length a run of digits or capitals is worth a mode of its own depends on the text: all are tried.
_SHORTEST_RUNS = (6, 12, 20)

Vertex = tuple[int, int]  # row, column of a corner between modules


class Symbol(Struct, frozen=True):
    """A QR symbol without its quiet zone. `rows` from top to bottom, true is dark."""

    version: int
    level: Level
    rows: tuple[tuple[bool, ...], ...]


@lru_cache(maxsize=CACHED)
def symbol(text: str, level: Level = "M") -> Symbol:
    """The smallest symbol for `text` at `level` or better. PrintingError if empty or over MAX_BYTES."""
    candidates = list(_segmentations(text))
    version, segments = min(((_version(c, level), c) for c in candidates), key=lambda pair: pair[0])
    best = next(
        higher
        for higher in reversed(LEVELS[LEVELS.index(level) :])
        if _version(segments, higher) == version  # true for `level` itself at the latest
    )
    matrix = _code(segments, best).get_matrix()
    return Symbol(version, best, tuple(tuple(bool(dark) for dark in row) for row in matrix))


@lru_cache(maxsize=CACHED)
def svg(text: str, *, level: Level = "M", quiet: int = QUIET) -> bytes:
    """An SVG picture, one unit a module, with white ground and quiet zone. Errors as `symbol`."""
    rows = symbol(text, level).rows
    side = len(rows) + 2 * _checked(quiet, "quiet", QUIET, MAX_QUIET)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{_outline(rows, quiet)}"/></svg>'
    ).encode()


def png(text: str, *, level: Level = "M", quiet: int = QUIET, module_px: int = 12, fit_px: int | None = None) -> bytes:
    """A black and white PNG of one bit a pixel, `module_px` pixels a module.

    With `fit_px`, as many pixels a module as keep the side within `fit_px`. Errors as `symbol`.
    """
    rows = symbol(text, level).rows
    modules = len(rows) + 2 * _checked(quiet, "quiet", QUIET, MAX_QUIET)
    if fit_px is not None:
        module_px = min(fit_px // modules, MAX_MODULE_PX)
    scale = _checked(module_px, "pixels of a module", 1, MAX_MODULE_PX)
    side = modules * scale
    margin = "1" * (quiet * scale)
    white = _packed("1" * side)
    lines = [white] * (quiet * scale)
    for row in rows:
        lines += [_packed(margin + "".join("01"[not dark] * scale for dark in row) + margin)] * scale
    out = io.BytesIO()
    pypng.Writer(side, side, greyscale=True, bitdepth=1).write_packed(out, lines + [white] * (quiet * scale))
    return out.getvalue()


def _packed(bits: str) -> bytes:
    """Eight pixels a byte, the last one filled up, as PNG stores a line."""
    padded = bits.ljust(-(-len(bits) // 8) * 8, "0")
    return int(padded, 2).to_bytes(len(padded) // 8, "big")


def _checked(value: int, name: str, low: int, high: int) -> int:
    if not low <= value <= high:
        raise PrintingError(f"{name}: {value} is not between {low} and {high}")
    return value


def _segmentations(text: str) -> Iterator[list[QRData]]:
    """The ways worth trying to spell `text`; one mode for all comes first, so it wins when versions tie."""
    try:
        data = text.encode()
    except UnicodeEncodeError:
        raise PrintingError("text of a QR code: holds half a character (a lone surrogate)") from None
    if not 1 <= len(data) <= MAX_BYTES:
        raise PrintingError(f"text of a QR code: {len(data)} bytes is not between 1 and {MAX_BYTES}")
    if _DIGITS.fullmatch(text):
        mode = MODE_NUMBER
    elif _ALPHANUMERIC.fullmatch(text):
        mode = MODE_ALPHA_NUM
    else:
        mode = MODE_8BIT_BYTE
    yield [QRData(data, mode=mode, check_data=False)]
    for shortest in _SHORTEST_RUNS:
        yield list(optimal_data_chunks(data, minimum=shortest))


def _code(segments: Sequence[QRData], level: Level) -> QRCode:
    code = QRCode(error_correction=_CORRECTION[level], border=0)
    for segment in segments:
        code.add_data(segment)
    return code


def _version(segments: Sequence[QRData], level: Level) -> int:
    return int(_code(segments, level).version)


def _outline(rows: Sequence[Sequence[bool]], quiet: int) -> str:
    """The dark modules as closed polygons: shorter than rectangles, and no hairline between neighbours."""
    ways = _edges(rows)
    path: list[str] = []
    for start in sorted(ways):
        while ways[start]:
            path.append(f"M{start[1] + quiet} {start[0] + quiet}")
            sides = _walk(ways, start)
            path += (f"h{columns}" if columns else f"v{lines}" for lines, columns in sides[:-1])
            path.append("z")  # draws the last side
    return "".join(path)


def _edges(rows: Sequence[Sequence[bool]]) -> defaultdict[Vertex, list[Vertex]]:
    """From each corner, where the edges between dark and light lead; dark lies on the right hand."""
    dark = {(y, x) for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark}
    ways: defaultdict[Vertex, list[Vertex]] = defaultdict(list)
    for y, x in dark:
        if (y - 1, x) not in dark:
            ways[y, x].append((y, x + 1))
        if (y, x + 1) not in dark:
            ways[y, x + 1].append((y + 1, x + 1))
        if (y + 1, x) not in dark:
            ways[y + 1, x + 1].append((y + 1, x))
        if (y, x - 1) not in dark:
            ways[y + 1, x].append((y, x))
    return ways


def _walk(ways: defaultdict[Vertex, list[Vertex]], start: Vertex) -> list[Vertex]:
    """Takes one closed polygon out of `ways`; its sides as (rows, columns), straight runs joined."""
    sides: list[Vertex] = []
    here = start
    while not sides or here != start:
        there = ways[here].pop()
        lines, columns = there[0] - here[0], there[1] - here[1]
        if sides and (bool(sides[-1][0]) == bool(lines)):
            lines, columns = sides[-1][0] + lines, sides[-1][1] + columns
            sides.pop()
        sides.append((lines, columns))
        here = there
    return sides
