"""Kinds of units as people write them: one spelling for the known ones, and names without their kind."""

import re

from server.tables.text import fold, one_line

# What stands before the name of an administrative unit, the longer before the shorter it begins with.
PREFIXES = ("thành phố", "thị trấn", "thị xã", "đặc khu", "tỉnh", "quận", "huyện", "phường", "xã")
KNOWN = (
    "quốc gia",
    "thành phố trực thuộc trung ương",
    "thành phố trung ương",
    "thành phố thuộc tỉnh",
    "thành phố thuộc thành phố trực thuộc trung ương",
    *PREFIXES,
)
_SHORT = {"tp": "thành phố", "tx": "thị xã", "tt": "thị trấn", "q": "quận", "h": "huyện", "p": "phường"}
_SPELLING = {fold(kind): kind for kind in KNOWN} | _SHORT

_PREFIX = re.compile(rf"(?:(?:{'|'.join(PREFIXES)})\s+|(?:tp|tx)[. ]\s*|(?:tt|q|h|p|x)\.\s*)(?=\S)", re.IGNORECASE)
_COMMITTEE = re.compile(r"(?:ủy|uỷ)\b", re.IGNORECASE)


def normal_kind(text: str) -> str:
    """Lower case, one spelling for the known kinds (`TP.`, `thanh pho` -> `thành phố`); free text stays."""
    kind = one_line(text).lower()
    return _SPELLING.get(fold(kind).rstrip("."), kind)


def kind_of(name: str) -> str:
    """The kind a name begins with, `""` if it begins with none: `Phường Phúc Xá` -> `phường`."""
    return normal_kind(name[: len(name) - len(_rest(name))]) if _rest(name) != name else ""


def bare(name: str) -> str:
    """The name without its kind: `Phường Phúc Xá` -> `Phúc Xá`. `Phường 1` stays: a number says too little."""
    rest = _rest(name)
    return name if rest.isdigit() else rest


def written_out(name: str) -> str:
    """The name with its kind in one spelling: `TP. Hà Nội` and `Thành Phố Hà Nội` are `thành phố Hà Nội`."""
    kind = kind_of(name)
    return f"{kind} {_rest(name)}" if kind else name


def _rest(name: str) -> str:
    """`Huyện ủy Ba Vì` and `Xã đội` are offices, no places: a place begins with a capital or a digit."""
    match = _PREFIX.match(name)
    rest = name[match.end() :] if match else name
    return name if not match or rest[0].islower() or _COMMITTEE.match(rest) else rest
