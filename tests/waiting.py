"""Waiting for a condition instead of for a time: over at once when it holds, a failure that says what was missing."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
STEP = 0.005  # seconds between two looks
PATIENCE = 10.0  # seconds; only a test that fails anyway waits so long


async def until(condition: Callable[[], T], what: str, seconds: float = PATIENCE) -> T:
    """The first truthy value of `condition`."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while not (found := condition()):
        assert loop.time() < deadline, f"waited {seconds} s for: {what}"
        await _a_moment()
    return found


async def until_async(condition: Callable[[], Awaitable[T]], what: str, seconds: float = PATIENCE) -> T:
    """The same for a condition that must be asked for."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while not (found := await condition()):
        assert loop.time() < deadline, f"waited {seconds} s for: {what}"
        await _a_moment()
    return found


async def _a_moment() -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), STEP)
