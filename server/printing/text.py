"""Makes any text printable: one line of composed characters that can be wrapped into any width."""

import re
import unicodedata

from .model import PrintingError

MAX_TEXT = 500  # characters; more does not fit beside a QR code at a size that can be read
MAX_MARKS = 2  # accents on one letter: Vietnamese needs two, a pile of fifty would cover the lines above
UNBROKEN = 16  # characters; the longest word that fits the narrowest column at its smallest size
LINK_PART = 44  # characters; a secret of 32 bytes in Base64 stays on one line, easier to copy by hand
CODE_GROUP = 4  # characters a person keeps in mind between looking and typing

_BREAK_HERE = "\u200b"
_BLANK = {"Cc", "Zl", "Zp"}  # controls and line ends part words
_NOTHING = {"Cf", "Cs", "Co"}  # joiners, direction overrides, half characters, private signs


def plain(text: str, field: str) -> str:
    """`text` composed (NFC), on one line, without invisible characters. PrintingError over MAX_TEXT."""
    if len(text) > 4 * MAX_TEXT:  # before the work; decomposed text is at most about three times longer
        raise PrintingError(f"{field}: longer than {MAX_TEXT} characters")
    single = re.sub(r"\s+", " ", _thinned(unicodedata.normalize("NFC", _visible(text)))).strip()
    if len(single) > MAX_TEXT:
        raise PrintingError(f"{field}: {len(single)} characters, at most {MAX_TEXT} can be printed")
    return single


def wrappable(text: str, longest: int = UNBROKEN) -> str:
    """The same text with invisible places to break inside words of more than `longest` characters."""
    return re.sub(rf"[^\s{_BREAK_HERE}]{{{longest + 1},}}", lambda word: _BREAK_HERE.join(word[0]), text)


def wrappable_link(link: str) -> str:
    """The same address with places to break behind its separators, and inside a part only if very long."""
    return wrappable(re.sub(r"(?<=[/#?&=])(?=[^/])", _BREAK_HERE, link), LINK_PART)


def grouped(code: str) -> str:
    """`K7Q4TLXM9AB` as people read it aloud and type it: `K7Q4-TLXM-9AB`."""
    return "-".join(code[i : i + CODE_GROUP] for i in range(0, len(code), CODE_GROUP))


def _visible(text: str) -> str:
    kinds = ((character, unicodedata.category(character)) for character in text)
    return "".join(" " if kind in _BLANK else character for character, kind in kinds if kind not in _NOTHING)


def _thinned(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= MAX_MARKS:
            kept.append(character)
    return "".join(kept)
