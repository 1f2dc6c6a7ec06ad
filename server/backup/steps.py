"""Progress of long work: what is done now, of how much, and how long it will take."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

Advance = Callable[[int], None]


class Steps(Protocol):
    """`step("Documents", 10)` gives a function that is told of each advance."""

    def __call__(self, name: str, total: int) -> Advance: ...


def silent(name: str, total: int) -> Advance:
    return lambda done: None


@contextmanager
def _bars() -> Iterator[Steps]:
    columns = (TextColumn("  {task.description:<22}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:

        def step(name: str, total: int) -> Advance:
            task = progress.add_task(name, total=total or 1, completed=0 if total else 1)
            return lambda done: progress.advance(task, done)

        yield step


@contextmanager
def _nothing() -> Iterator[Steps]:
    yield silent


def shown(wanted: bool) -> AbstractContextManager[Steps]:
    """Bars on the error output where a person looks at it; nothing in a log or a pipe."""
    return _bars() if wanted and Console(stderr=True).is_terminal else _nothing()
