"""A unit, and the bounds of what one may hold. Days are ISO 8601 texts, which sort as days do."""

import re

from msgspec import Struct

MAX_CODE = 32  # as on the wire; the longest official code in use has 17 signs
MAX_ALIAS = 200  # an alias may be a former name
MAX_ALIASES = 60  # a commune of 2025 took in a dozen old ones at most, each with a code and a name
CODE = re.compile(r"[A-Z0-9][A-Z0-9._/-]*")  # stands in addresses and file names, so no accents, no blanks


class Unit(Struct, frozen=True):
    """`code` is upper case. `parent` is a code, None for a root. `order` is the place among its siblings.

    Valid on every day from `valid_from` to `valid_to`, both included; None is without end on that side.
    """

    code: str
    name: str
    kind: str = ""
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    valid_from: str | None = None
    valid_to: str | None = None
    order: int = 0

    def valid_on(self, day: str) -> bool:
        return (self.valid_from or "") <= day and (self.valid_to is None or day <= self.valid_to)

    def overlaps(self, other: "Unit") -> bool:
        """Whether there is a day on which both are valid."""
        starts = max(self.valid_from or "", other.valid_from or "")
        return all(u.valid_to is None or starts <= u.valid_to for u in (self, other))
