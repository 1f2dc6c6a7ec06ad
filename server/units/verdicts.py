"""What an import would do, row by row: shared by files of units and files of rooms."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Literal, TypeVar

from msgspec import Struct

Outcome = Literal["added", "changed", "unchanged", "refused"]
T = TypeVar("T")
Progress = Callable[[int, int], None]  # rows done, rows in all

PROGRESS_EVERY = 1_000  # rows; some ten milliseconds of work


class Problem(Struct, frozen=True):
    """`code` is a key of `messages.MESSAGES`, `params` fills its text, `field` is a column of the file."""

    code: str
    field: str | None = None
    params: dict[str, str | int] = {}


class Change(Struct, frozen=True):
    """A field's text before and after; `""` where there was or will be nothing."""

    field: str
    old: str
    new: str


class Verdict(Struct, frozen=True):
    """`row` as a spreadsheet counts it. Refused rows have `problems`; any row may carry `warnings`."""

    row: int
    key: str
    label: str
    outcome: Outcome
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


class Plan(Struct, frozen=True):
    """The verdicts in the file's order."""

    verdicts: list[Verdict]

    @property
    def refused(self) -> list[Verdict]:
        return [v for v in self.verdicts if v.outcome == "refused"]

    @property
    def counts(self) -> dict[Outcome, int]:
        found = Counter(v.outcome for v in self.verdicts)
        outcomes: tuple[Outcome, ...] = ("added", "changed", "unchanged", "refused")
        return {outcome: found[outcome] for outcome in outcomes}


def counted(items: Iterable[T], total: int, progress: Progress | None) -> Iterator[T]:
    """Passes `items` on, telling `progress` after every thousand and at the end."""
    for done, item in enumerate(items, 1):
        yield item
        if progress and (done % PROGRESS_EVERY == 0 or done == total):
            progress(done, total)
