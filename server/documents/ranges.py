"""Which part of a file a request wants (RFC 9110, 13 and 14). Pure."""

import re

from msgspec import Struct

_ONE = re.compile(r"(\d*)-(\d*)")
MAX_DIGITS = 19  # of a position; no file is longer


class Part(Struct, frozen=True):
    """Bytes from `start` up to, without, `stop`."""

    start: int
    stop: int


class Unsatisfiable(Exception):
    """The range begins behind the end of the file."""


def wanted(header: str | None, size: int) -> Part | None:
    """The one part that a `Range` header names, None for the whole file. Raises `Unsatisfiable`.

    Several parts, another unit and what cannot be read are answered with the whole file, as the standard allows.
    """
    unit, _, given = (header or "").partition("=")
    one = _ONE.fullmatch(given.strip())
    if unit.strip().lower() != "bytes" or one is None or max(map(len, one.groups())) > MAX_DIGITS:
        return None
    first, last = one.groups()
    if not first and not last:
        return None
    if not first:
        if int(last) == 0 or size == 0:
            raise Unsatisfiable
        return Part(max(0, size - int(last)), size)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable
    return Part(int(first), min(size, int(last) + 1) if last else size)


def matches(header: str | None, etag: str) -> bool:
    """Whether an `If-None-Match` header names this (strong) tag, by weak comparison."""
    if header is None:
        return False
    listed = [t.strip().removeprefix("W/") for t in header.split(",")]
    return header.strip() == "*" or etag in listed


def still(header: str | None, etag: str) -> bool:
    """Whether an `If-Range` header lets the range stand: absent, or exactly this strong tag."""
    return header is None or header.strip() == etag
