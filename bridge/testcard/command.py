"""What `nhipcau testcard` runs."""

import asyncio
import signal

from bridge.door import log
from bridge.door.tasks import Tasks

from .publisher import publish


def run(url: str, token: str) -> None:
    """Until SIGINT or SIGTERM."""
    log.set_up("info", "text")
    asyncio.run(_run(url, token))


async def _run(url: str, token: str) -> None:
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    async with Tasks() as tasks:
        publishing = tasks.start("publish", publish(url, token))
        publishing.add_done_callback(lambda _: stopped.set())
        await stopped.wait()
