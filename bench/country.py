"""A country's wall in a browser: opened, watched and used while every room tells what is new of its line.

The rooms are real: each has a line of its own to a real server, and what the wall is told is what it is told under the
load of `national`. There every room tells of its line every 3 s, and a tenth of that is news; the rest never reaches a
wall and costs the servers, which `national` measures. So here only the news is sent, in its full number, by rooms
spread over the country, and two cores suffice for the servers, the load and a browser with a core to itself. A process
may open 20,000 files on many machines, so as many servers as that takes carry the conference together.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from statistics import median
from typing import Any

import msgspec
from playwright.async_api import Browser, CDPSession, Page

from server.client.http import Api
from server.tasks import Tasks

from . import ground as grounds
from .browser import PROBE_MS, VIEW, Held, busy, chromium, held, longest_cpu, longest_task, measuring, open_wall, probe
from .clustered import CrowdProcess
from .crowd import Crowd, Heard
from .ground import Ground
from .national import EVERY, FLIP, SEATS, TAPS
from .process import ServerProcess
from .result import Limit, Result
from .rooms import Peer, connect
from .together import together

OPENINGS = 5  # each in a fresh profile: nothing cached
TRIES = 5  # rooms that are looked for, each in both ways
WATCH, WATCH_SHORT = 60, 20  # seconds of one wall
ROUND = 30  # seconds; a breath of a second between two of them does not matter to what is measured
COUNTED = 5  # seconds in which the frames are counted
SUMS = "() => document.querySelector('.totals').innerText"
GROUPS, LEAST_GROUPS = ".outline [data-row]", 20  # what fits of them into 1080 lines
TITLE = ".drawer h2"
STEP_MS = 5_000


async def measure(points: int, short: bool) -> Result:
    servers, watch = -(-points // SEATS), WATCH_SHORT if short else WATCH
    params = {
        "points": points, "news_every_s": EVERY / FLIP, "taps_per_s": TAPS, "servers": servers,
        "openings": OPENINGS, "tries": TRIES, "seconds": watch, **VIEW,
    }  # fmt: skip
    async with together(servers, points, grounds.country_rows) as (ground, running):
        await _enrol(ground)
        grounds.pin_load()  # the browser inherits it
        async with _crowds(ground, running) as crowds, chromium() as browser:
            figures = await _under_load(browser, ground, crowds, watch)
    return Result("wall", params, figures, _limits())


def _limits() -> dict[str, Limit]:
    return {
        "shown_ms": Limit(most=2_500),
        "memory_mb": Limit(most=300),
        "longest_task_ms": Limit(most=50),
        "found_by_search": Limit(least=TRIES),
        "found_by_group": Limit(least=TRIES),
        "sums_changed_share": Limit(least=0.9),
        "sent_share": Limit(least=0.99),
        "refused": Limit(most=0),
        "probe_task_ms": Limit(least=PROBE_MS),
    }


async def _under_load(browser: Browser, ground: Ground, crowds: list[CrowdProcess], watch: int) -> dict[str, float]:
    await _all(crowds, "connect")
    await _all(crowds, "check_in")
    share = {"every": EVERY / FLIP, "flip": 1.0, "taps": TAPS / len(crowds)}
    await _all(crowds, "report", seconds=EVERY, **share)  # settles what a start leaves behind
    told: list[dict[str, Any]] = []
    loading = Tasks()
    try:
        loading.start("load", _keep_telling(crowds, share, told))
        figures = await _frames(ground)
        figures |= await _open_often(browser, ground)
        figures |= await _find(browser, ground)
        figures |= await _watch(browser, ground, watch)
        return figures | _sent(told)
    finally:
        await loading.stop()


async def _keep_telling(crowds: list[CrowdProcess], share: dict[str, float], told: list[dict[str, Any]]) -> None:
    """What was sent in each whole round goes into `told`."""
    while True:
        told += await _all(crowds, "report", seconds=ROUND, **share)


def _sent(told: list[dict[str, Any]]) -> dict[str, float]:
    share = sum(t["statuses"] for t in told) / sum(t["rooms"] * t["seconds"] for t in told) * EVERY / FLIP
    return {"sent_share": share, "refused": max(t["refused"] for t in told)}


async def _frames(ground: Ground) -> dict[str, float]:
    """What a wall is told."""
    rows: list[int] = []

    def take(_: Peer, payload: bytes) -> None:
        if payload.startswith(b'{"t":"frame"'):
            rows.append(len(msgspec.json.decode(payload, type=Heard).rows))

    peer = await connect(ground.socket, {"conference": ground.conference, "token": ground.watcher}, take)
    await asyncio.sleep(COUNTED)
    assert peer.transport is not None
    peer.transport.close()
    return {"frames_per_s": len(rows) / COUNTED, "rows_per_frame": median(rows)}


async def _open_often(browser: Browser, ground: Ground) -> dict[str, float]:
    times = []
    for _ in range(OPENINGS):
        page, shown = await open_wall(browser, ground, GROUPS, LEAST_GROUPS)
        times.append(shown)
        await page.context.close()
    return {"shown_ms": median(times), "shown_ms_min": min(times), "shown_ms_max": max(times)}


# --- any room in two steps


async def _find(browser: Browser, ground: Ground) -> dict[str, float]:
    """Rooms anywhere in the country, each by its name typed without accents, and by its group and its tile."""
    page, shown = await open_wall(browser, ground, GROUPS, LEAST_GROUPS)
    numbers = random.Random(1).sample(range(len(ground.points)), TRIES)
    tree = {row[0]: row for row in grounds.country_rows(len(ground.points))}
    searched, grouped = [], []
    for n in numbers:
        province = tree[tree[f"U{n}"][3]][3]
        searched.append(await _timed(_search(page, n)))
        await page.keyboard.press("Escape")
        await page.keyboard.press("Escape")
        grouped.append(await _timed(_enter(page, tree[province][1], ground.points[n], n)))
        await page.keyboard.press("Escape")
        await page.keyboard.press("Escape")
    longest = await longest_task(page, shown)
    await page.context.close()
    return {
        "found_by_search": len(searched),
        "found_by_group": len(grouped),
        "search_ms": median(searched),
        "group_ms": median(grouped),
        "longest_task_finding_ms": longest,
    }


async def _timed(step: Any) -> float:
    began = time.perf_counter()
    await step
    return (time.perf_counter() - began) * 1e3


async def _search(page: Page, n: int) -> None:
    await page.locator("#find").fill(f"phuong so {n}", timeout=STEP_MS)
    await page.keyboard.press("Enter")
    await _drawn(page, n)


async def _enter(page: Page, province: str, point: int, n: int) -> None:
    await page.locator(f"{GROUPS} .name b").get_by_text(province, exact=True).click(timeout=STEP_MS)
    await page.locator(f'.mosaic [data-id="{point}"]').click(timeout=STEP_MS)
    await _drawn(page, n)


async def _drawn(page: Page, n: int) -> None:
    """The drawer names the room. TimeoutError when it does not."""
    await page.locator(TITLE).get_by_text(f"Phường số {n}", exact=True).wait_for(timeout=STEP_MS)


# --- one wall that stays


async def _watch(browser: Browser, ground: Ground, seconds: int) -> dict[str, float]:
    page, shown = await open_wall(browser, ground, GROUPS, LEAST_GROUPS)
    session = await measuring(page)
    worked = await busy(session)
    await browser.start_tracing(page=page, categories=["toplevel"])
    kept, sums = await _look(browser, session, page, seconds)
    longest = await longest_task(page, shown)
    worked, trace = await busy(session) - worked, await browser.stop_tracing()
    return {
        "longest_task_ms": longest,
        "longest_task_cpu_ms": longest_cpu(trace),
        "probe_task_ms": await probe(page),
        "sums_changed_share": sum(one != other for one, other in pairwise(sums)) / (len(sums) - 1),
        "page_cpu_percent": 100 * worked / seconds,
        **_memory(kept),
    }


async def _look(browser: Browser, session: CDPSession, page: Page, seconds: int) -> tuple[list[Held], list[str]]:
    """Its memory and the sums it shows, once a second."""
    kept, sums, began = [], [], time.monotonic()
    while (passed := time.monotonic() - began) < seconds:
        await asyncio.sleep(1 - passed % 1)
        kept.append(await held(browser, session))
        sums.append(await page.evaluate(SUMS))
    return kept, sums


def _memory(kept: list[Held]) -> dict[str, float]:
    """What the page's process holds most of the time, its garbage included."""
    pss, rss, heap = ([getattr(one, name) / 1e6 for one in kept] for name in ("pss", "rss", "heap"))
    return {
        "memory_mb": median(pss),
        "memory_mb_max": max(pss),
        "resident_mb": median(rss),
        "resident_mb_max": max(rss),
        "heap_mb": median(heap),
        "heap_mb_max": max(heap),
    }


# --- the load


async def _enrol(ground: Ground) -> None:
    async with Api(ground.server.base) as api:
        await ground.server.sign_in(api)
        await grounds.enrol_rooms(api, ground)


@asynccontextmanager
async def _crowds(ground: Ground, servers: list[ServerProcess]) -> AsyncIterator[list[CrowdProcess]]:
    """One load process a server: its share of the rooms."""
    rooms: list[tuple[int, str]] = list(zip(ground.points, ground.devices, strict=True))
    random.Random(1).shuffle(rooms)  # neighbours tell at different times
    crowds: list[CrowdProcess] = []
    try:
        for n, server in enumerate(servers):
            mine, url = rooms[n :: len(servers)], server.base.replace("http", "ws", 1) + "/ws"
            crowds.append(CrowdProcess())
            await crowds[-1].start(Crowd(url, ground.conference, "", mine, 0, grounds.SERVER_CORE, n + 1))
        yield crowds
    finally:
        for crowd in crowds:
            await crowd.stop()


async def _all(crowds: list[CrowdProcess], what: str, **how: float) -> list[dict[str, Any]]:
    return list(await asyncio.gather(*(c.do(what, **how) for c in crowds)))
