"""The wall in a browser: from the address entered to every tile shown, then whether it stays fluent under load."""

import asyncio
import contextlib
import shutil
from statistics import median
from typing import Any

import msgspec
import psutil
from msgspec import Struct, field
from playwright.async_api import Browser, CDPSession, Page, async_playwright

from server.tasks import Tasks

from . import ground as grounds
from .live import CONFERENCE, Load
from .result import Limit, Result

OPENINGS = 5  # each in a fresh profile: nothing cached
WATCH, WATCH_SHORT = 20, 10  # seconds of looking for long tasks; every room reports several times meanwhile
PROBE_MS = 80  # a task of this length is made on purpose, to show that long ones are seen
VIEW = {"width": 1920, "height": 1080}
SHOWN_SECONDS = 60
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

# `shown`: when the frame with the last tile had been painted, in ms since the navigation began. A message posted in an
# animation frame is handled after that frame's painting.
WATCHER = """
(points) => {
  const bench = (window.bench = { long: [] });
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) bench.long.push([task.startTime, task.duration]);
  }).observe({ type: 'longtask', buffered: true });
  const painted = new MessageChannel();
  bench.shown = new Promise((tell) => (painted.port1.onmessage = () => tell(performance.now())));
  const look = () => {
    if (document.querySelectorAll('.mosaic [data-id]').length < points) requestAnimationFrame(look);
    else painted.port2.postMessage(null);
  };
  requestAnimationFrame(look);
}
"""
TEXTS = "() => [...document.querySelectorAll('.mosaic [data-id]')].map((tile) => tile.textContent)"
LONGEST = "(since) => Math.max(0, ...bench.long.filter(([at]) => at > since).map(([, took]) => took))"
PROBE = """
(ms) => new Promise((done) => setTimeout(() => {
  for (const end = performance.now() + ms; performance.now() < end; );
  setTimeout(done, 200);
}))
"""


class Traced(Struct):
    """What is read of an event of the browser's trace; `tdur` in microseconds of processor time."""

    name: str
    pid: int
    tid: int
    tdur: float = 0
    args: dict[str, Any] = {}


class Trace(Struct):
    events: list[Traced] = field(name="traceEvents")


async def run(short: bool) -> list[Result]:
    chromium = shutil.which("chromium")
    if chromium is None:
        raise RuntimeError("it needs Chromium: `make system`")
    ground = await grounds.make(CONFERENCE[0])
    grounds.pin_load()  # the browser inherits it
    load, loading = Load(ground, CONFERENCE[1]), Tasks()
    try:
        await load.connect(0)
        await load.check_in()
        loading.start("load", load.report(float("inf")))
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
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


async def _open(browser: Browser, ground: grounds.Ground) -> tuple[Page, float]:
    """A wall in a profile of its own, and the milliseconds until all its tiles were shown."""
    context = await browser.new_context(viewport={"width": VIEW["width"], "height": VIEW["height"]})
    page = await context.new_page()
    await page.add_init_script(f"({WATCHER})({len(ground.points)})")
    await page.goto(f"{ground.server.base}/k/{ground.watcher}", wait_until="commit")
    async with asyncio.timeout(SHOWN_SECONDS):
        return page, float(await page.evaluate("bench.shown"))


async def _open_often(browser: Browser, ground: grounds.Ground) -> dict[str, float]:
    times = []
    for _ in range(OPENINGS):
        page, shown = await _open(browser, ground)
        times.append(shown)
        await page.context.close()
    return {"shown_ms": median(times), "shown_ms_min": min(times), "shown_ms_max": max(times)}


async def _watch(browser: Browser, ground: grounds.Ground, seconds: int) -> dict[str, float]:
    """One wall that stays: its longest task under load (0: none took 50 ms), and what it holds in memory."""
    page, shown = await _open(browser, ground)
    session = await page.context.new_cdp_session(page)
    await session.send("Performance.enable")
    before, busy = await page.evaluate(TEXTS), await _busy(session)
    await browser.start_tracing(page=page, categories=["toplevel"])
    await asyncio.sleep(seconds)
    longest, after = await page.evaluate(LONGEST, shown), await page.evaluate(TEXTS)
    busy, trace = await _busy(session) - busy, await browser.stop_tracing()
    probed = await page.evaluate("performance.now()")
    await page.evaluate(PROBE, PROBE_MS)
    return {
        "longest_task_ms": longest,
        "longest_task_cpu_ms": longest_cpu(trace),
        "probe_task_ms": await page.evaluate(LONGEST, probed),
        "tiles_changed": sum(one != other for one, other in zip(before, after, strict=True)),
        "page_cpu_percent": 100 * busy / seconds,
        **await _memory(browser, session),
    }


async def _busy(session: CDPSession) -> float:
    """Seconds that the page's main thread has worked."""
    found = await session.send("Performance.getMetrics")
    return float({m["name"]: m["value"] for m in found["metrics"]}["TaskDuration"])


def longest_cpu(trace: bytes) -> float:
    """Milliseconds of processor time of the longest task of any page's main thread. LookupError without any."""
    events = msgspec.json.decode(trace, type=Trace).events
    pages = {(e.pid, e.tid) for e in events if e.name == "thread_name" and e.args.get("name") == "CrRendererMain"}
    tasks = [e.tdur for e in events if (e.pid, e.tid) in pages and e.name.endswith("RunTask")]
    if not tasks:
        raise LookupError("no task of a page in the trace")
    return max(tasks) / 1e3


async def _memory(browser: Browser, session: CDPSession) -> dict[str, float]:
    """Of the scripts after a collection, and of the page's whole process."""
    await session.send("HeapProfiler.collectGarbage")
    heap = (await session.send("Runtime.getHeapUsage"))["usedSize"]
    whole = await browser.new_browser_cdp_session()
    processes = (await whole.send("SystemInfo.getProcessInfo"))["processInfo"]
    sizes = [0]
    for process in processes:
        if process["type"] == "renderer":
            with contextlib.suppress(psutil.NoSuchProcess):
                sizes.append(psutil.Process(process["id"]).memory_info().rss)
    return {"heap_mib": heap / 2**20, "page_process_mib": max(sizes) / 2**20}
