"""Phones whose clocks are wrong by hours, servers whose clocks differ by seconds."""

import asyncio
from collections.abc import Sequence
from functools import partial

from bench.result import Limit, Result
from server.demo.cluster.whole import Cluster
from server.live.conductor import Clock, now_ms

from .late import Late
from .scene import result
from .stage import Stage, stage
from .truth import Fold, engine_of

HOUR = 3_600_000  # ms
PHONES = (0, 5 * HOUR, -5 * HOUR, 24 * HOUR, -HOUR // 2)  # ms ahead
SERVERS = (0, 7_000, -5_000)  # ms ahead
SECONDS, SECONDS_SHORT = 40.0, 12.0


async def clocks(short: bool) -> Result:
    """A tap counts from its arrival and the time it waited on the phone; by the clock of the server that took it."""
    async with stage(clocks=wrong(PHONES), prepare=_set_clocks) as at:
        await asyncio.sleep((SECONDS_SHORT if short else SECONDS) / 2)
        server = at.cluster.servers[0]  # its rooms move to the clocks of the others
        await asyncio.to_thread(server.stop)
        await at.rooms.back(1.0)
        await asyncio.to_thread(server.start)
        await asyncio.sleep((SECONDS_SHORT if short else SECONDS) / 2)
        figures = await at.draw()
        figures["bent_longest_s"] = await _bent(at)
        limits = {
            "answer_longest_s": Limit(most=8),
            "lines_lost": Limit(most=0),
            "bent_longest_s": Limit(most=9),
        }
        return result("clocks", {"phones_ahead_ms": PHONES, "servers_ahead_ms": SERVERS}, figures, limits)


def wrong(by: Sequence[int]) -> list[Clock]:
    return [partial(_ahead, ms) for ms in by]


def _ahead(ms: int) -> int:
    return now_ms() + ms


def _set_clocks(cluster: Cluster) -> None:
    for n, ahead in enumerate(SERVERS):
        if ahead:
            cluster.servers[n] = Late(cluster.servers[n], ahead)


async def _bent(at: Stage) -> float:
    """Seconds by which a tap's moment on the record lies before its arrival or after it, at most."""
    async with engine_of(at.database) as engine:
        fold = Fold(engine, at.house.conference)
        await fold.advance()
        return fold.bent / 1000
