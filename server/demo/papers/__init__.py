"""The demonstration's documents: short papers of our own, set as PDF when the demonstration starts."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

import typst

from server.printing.sheets import FONTS

Paper = Literal["resolution", "programme", "questions"]
_HERE = Path(__file__).parent


def pdf(paper: Paper, fonts: Path = FONTS) -> bytes:
    """A PDF of A4 pages; the same bytes every time. Blocks for some tenths of a second: call it in a thread."""
    return typst.compile(_HERE / f"{paper}.typ", root=_HERE, font_paths=_fonts(fonts))


@lru_cache(maxsize=1)
def _fonts(folder: Path) -> typst.Fonts:
    """The web build's fonts and no others, so that the papers look the same on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
