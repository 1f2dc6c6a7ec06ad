"""What a server does now and then by itself."""

import asyncio
import contextlib

from server.app import _every


async def test_the_first_time_may_come_sooner_than_the_others() -> None:
    done = asyncio.Event()

    async def work() -> None:
        done.set()

    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(_every(3_600, work), 0.05)
    assert not done.is_set()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(_every(3_600, work, first=0), 0.05)
    assert done.is_set()
