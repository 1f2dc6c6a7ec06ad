"""What `nhipcau bridge` runs."""

import asyncio
import signal
from pathlib import Path

import msgspec
import uvloop

from bridge.config import Config, ConfigError, Upstream, check, load
from bridge.door import log
from bridge.door.door import CannotOpen, Door

__all__ = ["CannotOpen", "ConfigError", "run"]


def run(path: Path | None, upstream: str = "") -> None:
    """Until SIGINT or SIGTERM. `upstream` goes before the file's. Raises `ConfigError` and `CannotOpen`."""
    config = load(path)
    if upstream:
        config = msgspec.structs.replace(config, upstream=Upstream(upstream))
        check(config)
    log.set_up(config.log.level, config.log.format)
    uvloop.run(_run(config))


async def _run(config: Config) -> None:
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    async with Door(config):
        await stopped.wait()
