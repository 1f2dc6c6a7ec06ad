"""Tasks that are named and owned: who leaves `async with Tasks()` has ended them all."""

from asyncio import Task, TaskGroup
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

import structlog

log = structlog.get_logger()


class Tasks:
    """One that fails is logged, and takes no other with it."""

    def __init__(self) -> None:
        self._group = TaskGroup()
        self._running: set[Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._running:
            task.cancel()
        await self._group.__aexit__(None, None, None)  # what went wrong outside of them is not theirs to tell

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> Task[None]:
        task = self._group.create_task(_watched(name, work), name=name)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        task.add_done_callback(lambda _: work.close())  # one that is cancelled before it began
        return task


async def _watched(name: str, work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception:
        log.exception("task_failed", task=name)
