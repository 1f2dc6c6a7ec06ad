"""An operator's phone that sleeps for an hour: the page stands still, its line is given up, its clock goes on."""

import asyncio
import contextlib
import signal

import psutil

from bench.result import Limit, Result

from .alone import ENTER, NO_LINE, READY, RECORDED, alone
from .scene import result
from .truth import Fold, engine_of

BEAT = {"NHIPCAU_LIVE__BEAT_MS": "1000", "NHIPCAU_LIVE__GRACE_MS": "4000"}  # an hour of 15 s beats is long
SECONDS, SECONDS_SHORT = 240.0, 20.0  # a beat each
PAUSE_SECONDS = 1.0  # between two taps: what is faster is taken for one
HOUR = "01:00:00"  # by the page's own clock


async def phone(short: bool) -> Result:
    """It is in a tunnel when its operator taps, and sleeps before the tap leaves. Its line is recorded as lost, once;
    when it wakes, the tap is recorded, once, and nobody touches anything."""
    seconds = SECONDS_SHORT if short else SECONDS
    async with alone(settings=BEAT) as at:
        for page in at.pages.values():
            await page.clock.install()
            await page.reload()  # no timer of the page may be another clock's
        await at.tap(RECORDED, ENTER)
        await asyncio.sleep(PAUSE_SECONDS)
        for page in at.pages.values():
            await page.context.set_offline(True)
        told = await at.tap(NO_LINE, READY)
        browser = _processes()
        _signal(browser, signal.SIGSTOP)
        await asyncio.sleep(seconds)
        _signal(browser, signal.SIGCONT)
        for page in at.pages.values():
            await page.clock.fast_forward(HOUR)
            await page.context.set_offline(False)
        figures = {"page_told_s": told, "page_recorded_s": await at.recorded()}
        await at.rooms.back(1.0)
        figures |= await at.draw()
        async with engine_of(at.database) as engine:
            fold = Fold(engine, at.house.conference)
            await fold.advance()
        figures["ready_set"] = fold.types["ready_set"]
        each = Limit(least=len(at.pages), most=len(at.pages))
        limits = {"page_recorded_s": Limit(most=20), "lines_lost": each, "ready_set": each}
        return result("phone-asleep", {"beat_s": 1, "seconds": seconds, "clock": HOUR}, figures, limits)


def _processes() -> list[psutil.Process]:
    """The browser's, all of them."""
    return [each for each in psutil.Process().children(recursive=True) if "chrom" in each.name()]


def _signal(processes: list[psutil.Process], which: signal.Signals) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):  # a helper of the browser that has done its work
            process.send_signal(which)
