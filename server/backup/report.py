"""What a verification found: every difference with its place."""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct, field

MAX_TOLD = 1_000  # differences kept with their place; more are only counted
MAX_FIELDS = 20  # differing fields told of one state


class Difference(Struct, frozen=True):
    """`place` names the row, part or document, `problem` says what is wrong with it."""

    place: str
    problem: str


class Report(Struct):
    """`orphans`: documents in the store that no journal names; new uploads are among them for a moment.

    `spare_codes`: reserved for a conference that was not made. `not_compared`: what could not be told, and why.
    """

    source: str
    schema: str = ""
    journals: int = 0
    events: int = 0
    snapshots: int = 0
    documents: int = 0
    document_bytes: int = 0
    orphans: int = 0
    orphan_bytes: int = 0
    spare_codes: int = 0
    found: int = 0
    differences: list[Difference] = field(default_factory=list)
    not_compared: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.found

    def differs(self, place: str, problem: str) -> None:
        self.found += 1
        if len(self.differences) < MAX_TOLD:
            self.differences.append(Difference(place, problem))


def fields(folded: Any, kept: Any) -> list[str]:
    """Where two states differ, field by field."""
    found: list[str] = []
    for line in _walk("", msgspec.to_builtins(folded, str_keys=True), msgspec.to_builtins(kept, str_keys=True)):
        if len(found) == MAX_FIELDS:
            return [*found, "and more"]
        found.append(line)
    return found


def _walk(path: str, folded: Any, kept: Any) -> Iterator[str]:
    if folded == kept:
        return
    if isinstance(folded, dict) and isinstance(kept, dict):
        for key in dict.fromkeys([*folded, *kept]):
            yield from _walk(f"{path}.{key}" if path else str(key), folded.get(key), kept.get(key))
    elif isinstance(folded, list) and isinstance(kept, list) and len(folded) == len(kept):
        for n, (a, b) in enumerate(zip(folded, kept, strict=True)):
            yield from _walk(f"{path}[{n}]", a, b)
    else:
        yield f"{path}: {_short(folded)} by the journal, {_short(kept)} there"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
