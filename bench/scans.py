"""A conference begins: 52,000 phones scan within ten seconds, and each scan counts once."""

import time

from server.client.http import Api

from . import ground as grounds
from .counting import settled
from .phones import Scanned, arrive
from .process import ServerProcess
from .result import Limit, Result, percentile

SCANS, SCANS_SHORT = 52_000, 15_600
RATE = 5_200  # a second: the short one is shorter, not slower
ROOMS = 766


async def run(short: bool) -> list[Result]:
    scans = SCANS_SHORT if short else SCANS
    ground = await grounds.make(ROOMS, enrol=False)
    try:
        async with Api(ground.server.base) as api:
            await ground.server.sign_in(api)
            paths = [f"/D/{code}" for code in await grounds.codes(api, ground, ROOMS)]
            grounds.pin_load()
            before = await settled(api, ground)
            busy = _Busy(ground.server)
            done = await arrive(ground.server.base, paths, scans, scans / RATE)
            figures = busy.percent(done.seconds)
            counted = await settled(api, ground, before + done.answered) - before
        params = {"scans": scans, "within_s": scans / RATE, "rooms": ROOMS}
        return [Result("scans", params, {**_figures(done, counted), **figures}, _limits(scans))]
    finally:
        await ground.server.stop()
        ground.server.remove()


class _Busy:
    """How much of their cores the server and the load took: near 100 the load was measured, not the server."""

    def __init__(self, server: ServerProcess) -> None:
        self._server = server
        self._before = self._seconds()

    def percent(self, seconds: float) -> dict[str, float]:
        names = ("server_busy_percent", "load_busy_percent")
        pairs = zip(names, self._before, self._seconds(), strict=True)
        return {name: 100 * (after - before) / seconds for name, before, after in pairs}

    def _seconds(self) -> tuple[float, float]:
        return self._server.cpu_seconds(), time.process_time()


def _figures(done: Scanned, counted: int) -> dict[str, float]:
    return {
        "answered": done.answered,
        "failed": done.asked - done.answered,
        "p50_ms": percentile(done.waits, 0.5) * 1e3,
        "p99_ms": percentile(done.waits, 0.99) * 1e3,
        "max_ms": max(done.waits, default=0.0) * 1e3,
        "counted": counted,
        "miscounted": abs(counted - done.answered),
    }


def _limits(scans: int) -> dict[str, Limit]:
    return {
        "answered": Limit(least=scans),
        "failed": Limit(most=0),
        "p99_ms": Limit(most=2_000),
        "counted": Limit(least=scans),
        "miscounted": Limit(most=0),
    }
