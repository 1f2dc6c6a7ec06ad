"""The wall in a browser: from the address entered to every tile shown, then whether it stays fluent under load."""

import asyncio
from statistics import median

from playwright.async_api import Browser

from server.tasks import Tasks

from . import country
from . import ground as grounds
from .browser import PROBE_MS, VIEW, busy, chromium, held, longest_cpu, longest_task, measuring, open_wall, probe
from .live import CONFERENCE, Load
from .result import Limit, Result

OPENINGS = 5  # each in a fresh profile: nothing cached
WATCH, WATCH_SHORT = 20, 10  # seconds of looking for long tasks; every room reports several times meanwhile
TILES = ".mosaic [data-id]"
TEXTS = f"() => [...document.querySelectorAll('{TILES}')].map((tile) => tile.textContent)"


async def run(short: bool, points: int | None = None) -> list[Result]:
    """A conference's wall, or, with `points`, that of a country."""
    if points is not None:
        return [await country.measure(points, short)]
    ground = await grounds.make(CONFERENCE[0])
    grounds.pin_load()  # the browser inherits it
    load, loading = Load(ground, CONFERENCE[1]), Tasks()
    try:
        await load.connect(0)
        await load.check_in()
        loading.start("load", load.report(float("inf")))
        async with chromium() as browser:
            figures = await _open_often(browser, ground)
            figures |= await _watch(browser, ground, WATCH_SHORT if short else WATCH)
        params = {"points": CONFERENCE[0], "every_s": CONFERENCE[1], "openings": OPENINGS, **VIEW}
        return [Result("wall", params, figures, _limits())]
    finally:
        await loading.stop()
        await ground.server.stop()
        ground.server.remove()


def _limits() -> dict[str, Limit]:
    return {
        "shown_ms": Limit(most=1_500),
        "longest_task_ms": Limit(most=50),
        "probe_task_ms": Limit(least=PROBE_MS),
        "tiles_changed": Limit(least=0.9 * CONFERENCE[0]),
    }


async def _open_often(browser: Browser, ground: grounds.Ground) -> dict[str, float]:
    times = []
    for _ in range(OPENINGS):
        page, shown = await open_wall(browser, ground, TILES, CONFERENCE[0])
        times.append(shown)
        await page.context.close()
    return {"shown_ms": median(times), "shown_ms_min": min(times), "shown_ms_max": max(times)}


async def _watch(browser: Browser, ground: grounds.Ground, seconds: int) -> dict[str, float]:
    """One wall that stays: its longest task under load, and what it holds in memory after a collection."""
    page, shown = await open_wall(browser, ground, TILES, CONFERENCE[0])
    session = await measuring(page)
    before, worked = await page.evaluate(TEXTS), await busy(session)
    await browser.start_tracing(page=page, categories=["toplevel"])
    await asyncio.sleep(seconds)
    longest, after = await longest_task(page, shown), await page.evaluate(TEXTS)
    worked, trace = await busy(session) - worked, await browser.stop_tracing()
    probed = await probe(page)
    await session.send("HeapProfiler.collectGarbage")
    memory = await held(browser, session)
    return {
        "longest_task_ms": longest,
        "longest_task_cpu_ms": longest_cpu(trace),
        "probe_task_ms": probed,
        "tiles_changed": sum(one != other for one, other in zip(before, after, strict=True)),
        "page_cpu_percent": 100 * worked / seconds,
        "heap_mib": memory.heap / 2**20,
        "page_process_mib": memory.rss / 2**20,
    }
