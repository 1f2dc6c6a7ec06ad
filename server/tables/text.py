"""Text as people type it, made comparable: invisible signs, stray blanks, decomposed accents."""

import re
import unicodedata

# What takes no room or only blank room, turns the direction of writing, or is no character at all.
_INVISIBLE = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls other than line ends
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\ud800-\udfff\ufffe\uffff"  # halves of characters, and what no XML may hold
    "]"
)
_EMPTY_LINES = re.compile("\n{3,}")
_LINE_END = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_MARKS = re.compile("[\u0300-\u036f]")
_ALIKE = str.maketrans({"đ": "d", "’": "'", "‘": "'", "–": "-", "—": "-", "‐": "-", "‑": "-"})


def clean(text: str) -> str:
    """NFC, nothing invisible, runs of blanks made one, inner line ends made `\\n`, at most one empty line in a row.
    Idempotent."""
    if text.isprintable() and unicodedata.is_normalized("NFC", text) and not _INVISIBLE.search(text):
        return text if "  " not in text and text == text.strip() else _squeeze(text)  # nearly every cell
    lines = (_squeeze(line) for line in _LINE_END.split(_INVISIBLE.sub("", text)))
    whole = _EMPTY_LINES.sub("\n\n", "\n".join(lines).strip("\n"))
    return unicodedata.normalize("NFC", whole)


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
