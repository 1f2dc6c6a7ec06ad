"""Debian's Chromium and what is asked of a page in it: when it showed, how long it worked, what it holds in memory."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field
from playwright.async_api import Browser, CDPSession, Page, async_playwright

from .ground import Ground

PROBE_MS = 80  # a task of this length is made on purpose, to show that long ones are seen
VIEW = {"width": 1920, "height": 1080}
SHOWN_SECONDS = 60
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

# `shown`: when the frame with the last of so many elements had been painted, in ms since the navigation began. A
# message posted in an animation frame is handled after that frame's painting.
WATCHER = """
([elements, least]) => {
  const bench = (window.bench = { long: [] });
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) bench.long.push([task.startTime, task.duration]);
  }).observe({ type: 'longtask', buffered: true });
  const painted = new MessageChannel();
  bench.shown = new Promise((tell) => (painted.port1.onmessage = () => tell(performance.now())));
  const look = () => {
    if (document.querySelectorAll(elements).length < least) requestAnimationFrame(look);
    else painted.port2.postMessage(null);
  };
  requestAnimationFrame(look);
}
"""
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


class Held(Struct, frozen=True):
    """Memory in bytes. `rss`: resident pages. `pss`: the same, a page that several processes share divided among
    them. `heap`: what the page's scripts use of it, garbage that was not collected yet included."""

    rss: int
    pss: int
    heap: int


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """RuntimeError when it is not installed."""
    path = shutil.which("chromium")
    if path is None:
        raise RuntimeError("it needs Chromium: `make system`")
    async with async_playwright() as playwright:
        yield await playwright.chromium.launch(executable_path=path, args=FLAGS)


async def open_wall(browser: Browser, ground: Ground, elements: str, least: int) -> tuple[Page, float]:
    """A wall in a profile of its own, and the milliseconds until so many of these elements were shown."""
    context = await browser.new_context(viewport={"width": VIEW["width"], "height": VIEW["height"]})
    page = await context.new_page()
    await page.add_init_script(f"({WATCHER})({msgspec.json.encode([elements, least]).decode()})")
    await page.goto(f"{ground.server.base}/k/{ground.watcher}", wait_until="commit")
    async with asyncio.timeout(SHOWN_SECONDS):
        return page, float(await page.evaluate("bench.shown"))


async def measuring(page: Page) -> CDPSession:
    """How the functions below ask about the page."""
    session = await page.context.new_cdp_session(page)
    await session.send("Performance.enable")
    return session


async def longest_task(page: Page, since: float) -> float:
    """Milliseconds by the clock of the longest task that began after `since`; 0: none took 50 ms."""
    return float(await page.evaluate(LONGEST, since))


async def probe(page: Page) -> float:
    """The longest task of a time in which one of `PROBE_MS` was made."""
    began = float(await page.evaluate("performance.now()"))
    await page.evaluate(PROBE, PROBE_MS)
    return await longest_task(page, began)


async def busy(session: CDPSession) -> float:
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


async def held(browser: Browser, session: CDPSession) -> Held:
    """Of the largest page's process, as it is: nothing is collected for the measurement."""
    heap = int((await session.send("Runtime.getHeapUsage"))["usedSize"])
    whole = await browser.new_browser_cdp_session()
    processes = (await whole.send("SystemInfo.getProcessInfo"))["processInfo"]
    await whole.detach()
    found = [resident(process["id"]) for process in processes if process["type"] == "renderer"]
    return Held(*max(found), heap)


def resident(pid: int) -> tuple[int, int]:
    """Bytes of RSS and PSS of a process; 0 of one that is gone."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return 0, 0
    return of_rollup(rollup, "Rss"), of_rollup(rollup, "Pss")


def of_rollup(rollup: str, name: str) -> int:
    """Bytes. LookupError when the kernel does not tell them."""
    for line in rollup.splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise LookupError(name)
