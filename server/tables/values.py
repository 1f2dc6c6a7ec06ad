"""One spelling for numbers and dates, whatever the file's author used. What cannot be read is left as it is:
the rules refuse it and can show what was written."""

import re
from datetime import date

from .model import Kind

_THOUSANDS = re.compile(r"\d{1,3}(?:([., ])\d{3})(?:\1\d{3})*")
_WHOLE = re.compile(r"(-?\d+)(?:[.,]0+)?")
_DECIMAL_COMMA = re.compile(r"(-?\d+),(\d+)")
_CLOCK = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_DAY_FIRST = re.compile(r"(?P<d>\d{1,2})[/.\-](?P<m>\d{1,2})[/.\-](?P<y>\d{4})" + _CLOCK)
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})[/.\-](?P<m>\d{1,2})[/.\-](?P<d>\d{1,2})" + _CLOCK)


def spell(text: str, kind: Kind) -> str:
    """`1.200` -> `1200` (int), `21,03` -> `21.03` (decimal), `1/7/2025` -> `2025-07-01` (date)."""
    if not text or kind == "text":
        return text
    if kind == "int":
        return _spell_int(text)
    if kind == "decimal":
        return _DECIMAL_COMMA.sub(r"\1.\2", text) if _DECIMAL_COMMA.fullmatch(text) else text
    return spell_date(text)


def spell_date(text: str) -> str:
    """ISO 8601 of a day written day first or year first; a time of day behind it is dropped."""
    match = _DAY_FIRST.fullmatch(text) or _YEAR_FIRST.fullmatch(text)
    if not match:
        return text
    try:
        return date(int(match["y"]), int(match["m"]), int(match["d"])).isoformat()
    except ValueError:
        return text


def is_date(text: str) -> bool:
    """Whether `text` is a day as `spell_date` writes it."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def show_date(day: str) -> str:
    """`2025-07-01` as people read it in both languages: `01/07/2025`. Only for what `is_date` holds for."""
    return "/".join(reversed(day.split("-")))


def _spell_int(text: str) -> str:
    if _THOUSANDS.fullmatch(text):
        return re.sub(r"[., ]", "", text)
    whole = _WHOLE.fullmatch(text)
    return whole[1] if whole else text
