"""Which encoding a text file is in. Windows-1258 writes tones as combining marks: compose with NFC."""

import codecs
import unicodedata
from itertools import product

from .errors import TableError

_SAMPLE = 4096  # bytes looked at for the zeros that give UTF-16 away
_ONE_SIDED = 3  # times as many zeros on the side of UTF-16 as on the other; real text has far more
_PLAUSIBLE = 0.9  # share of the letters beyond ASCII that must be Vietnamese in an 8-bit file
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_LETTERS = "".join(unicodedata.normalize("NFC", letter + tone) for letter, tone in product("aăâeêioôơuưyđ", _TONES))
_EXPECTED = frozenset(_LETTERS + _LETTERS.upper() + "“”‘’–—…•₫\u00a0")


def detect(data: bytes) -> str:
    """The codec of `data`, which it is sure to decode. Raises `file_type_unknown` or `encoding_unknown`."""
    codec = _by_mark(data) or _by_zeros(data) or ("utf-8" if _decodes(data, "utf-8") else "cp1258")
    if codec == "cp1258":
        _check_vietnamese(data)
    elif not _decodes(data, codec):
        raise TableError("encoding_unknown")
    return codec


def _by_mark(data: bytes) -> str | None:
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    return "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else None


def _by_zeros(data: bytes) -> str | None:
    """Most signs have a zero byte in UTF-16, on the same side; a lone grave accent, on the other."""
    sample = data[:_SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if not even and not odd:
        return None
    if max(even, odd) < _ONE_SIDED * min(even, odd):
        raise TableError("file_type_unknown")  # zeros everywhere: no text at all
    return "utf-16-le" if odd > even else "utf-16-be"


def _decodes(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _check_vietnamese(data: bytes) -> None:
    """Broken UTF-8 and older Vietnamese encodings decode as Windows-1258 too: as nonsense."""
    try:
        text = unicodedata.normalize("NFC", data.decode("cp1258"))
    except UnicodeDecodeError as error:
        raise TableError("encoding_unknown") from error
    foreign = [c for c in text if c > "\x7f"]
    if sum(c in _EXPECTED for c in foreign) < _PLAUSIBLE * len(foreign):
        raise TableError("encoding_unknown")
