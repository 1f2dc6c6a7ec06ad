"""Text as people type it, made comparable: invisible signs, stray blanks, decomposed accents."""

import re
import unicodedata

# Zero-width and direction marks, soft hyphens, byte order marks, control characters, what no XML may hold.
_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)
_LINE_END = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_MARKS = re.compile("[\u0300-\u036f]")
_ALIKE = str.maketrans({"đ": "d", "’": "'", "‘": "'", "–": "-", "—": "-", "‐": "-", "‑": "-"})


def clean(text: str) -> str:
    """NFC, nothing invisible, runs of blanks made one, inner line ends made `\\n`. Idempotent."""
    if text.isprintable() and unicodedata.is_normalized("NFC", text):  # nearly every cell
        return text if "  " not in text and text == text.strip() else _squeeze(text)
    lines = (_squeeze(line) for line in _LINE_END.split(_INVISIBLE.sub("", text)))
    return unicodedata.normalize("NFC", "\n".join(lines)).strip("\n")


def one_line(text: str) -> str:
    """`clean`, with line ends turned into blanks: for names, codes and labels."""
    text = clean(text)
    return _squeeze(text) if "\n" in text else text


def fold(text: str) -> str:
    """The form two spellings are compared in: lower case, no accents (đ is d), plain quotes and dashes."""
    if text.isascii():
        return _squeeze(text.lower())
    bare = _MARKS.sub("", unicodedata.normalize("NFD", text.casefold()))
    if not bare.isascii():
        bare = _INVISIBLE.sub("", bare).translate(_ALIKE)
    return _squeeze(bare)


def _squeeze(line: str) -> str:
    return " ".join(line.split())
