"""How often the wall says that pictures were scanned."""

import asyncio

from msgspec import Struct

from server.client.http import Api
from server.protocol.views import Tally

from .ground import Ground

COUNT_SECONDS = 20  # until the last scan is on the wall
SETTLE_SECONDS = 1.0  # in which nothing more may be counted


class Sums(Struct):
    """What is read of a conference."""

    tallies: list[Tally]


async def settled(api: Api, ground: Ground, expected: int | None = None) -> int:
    """The sum when `expected` is reached, or else when it stands still; nothing may come after it."""
    loop = asyncio.get_running_loop()
    deadline, last = loop.time() + COUNT_SECONDS, -1
    while True:
        found = await _scans(api, ground)
        if found == last and (expected is None or found >= expected or loop.time() > deadline):
            return found
        last = found
        await asyncio.sleep(SETTLE_SECONDS)


async def _scans(api: Api, ground: Ground) -> int:
    found = await api.call("GET", f"/api/conferences/{ground.conference}", Sums)
    return next(tally.scans for tally in found.tallies if tally.unit == "")
