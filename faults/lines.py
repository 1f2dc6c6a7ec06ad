"""Operators' lines: lossy, late, thin, dead without a word; and phones that sleep."""

import asyncio

import msgspec

from bench.result import Limit, Result

from .scene import ROOMS, result
from .stage import stage
from .tun import FAR, NEAR, Tunnel, Weather

SECONDS, SECONDS_SHORT = 30.0, 8.0  # on each kind of line
LOSS = 0.10  # share of packets that must be sent again
DELAY = 0.4  # seconds, each way
RATE = 8_000.0  # bytes a second: 64 kbit/s for each phone
BEAT = {"NHIPCAU_LIVE__BEAT_MS": "1000", "NHIPCAU_LIVE__GRACE_MS": "4000"}  # an hour of 15 s beats is long
BEATS_ASLEEP, BEATS_ASLEEP_SHORT = 240, 15  # 240 beats of 15 s are an hour
DEATHS, DEATHS_SHORT = 10, 3
OVERTAKEN = 0.25  # share of packets that come after later ones
WEATHER = (
    Weather(loss=LOSS),
    Weather(delay=DELAY),
    Weather(rate=RATE),
    Weather(delay=0.02, overtaken=OVERTAKEN),
    Weather(loss=LOSS, delay=DELAY, rate=RATE, overtaken=OVERTAKEN),
)


async def weak(short: bool) -> Result:
    """Each kind of line in turn, and all of it together."""
    seconds = SECONDS_SHORT if short else SECONDS
    async with stage() as at:
        for kind in ({"loss": LOSS}, {"delay": DELAY}, {"rate": RATE}, {"loss": LOSS, "delay": DELAY, "rate": RATE}):
            at.line.slow(**kind)
            await asyncio.sleep(seconds)
            await at.rooms.back(1.0)
        at.line.slow()
        limits = {"answer_longest_s": Limit(most=15), "lines_lost": Limit(most=0)}
        return result("weak-lines", {"loss": LOSS, "delay_s": DELAY, "bytes_per_s": RATE}, await at.draw(), limits)


async def packets(short: bool) -> Result:
    """The same with real packets, which also overtake each other: what the kernel makes of it."""
    seconds = SECONDS_SHORT if short else SECONDS
    tunnel = Tunnel()
    tunnel.start()
    try:
        async with stage(called=(FAR, NEAR)) as at:
            for weather in WEATHER:
                tunnel.weather = weather
                await asyncio.sleep(seconds)
                await at.rooms.back(1.0)
            tunnel.weather = Weather()
            counted = msgspec.structs.asdict(tunnel.counted)
            limits = {"answer_longest_s": Limit(most=20), "lines_lost": Limit(most=0)} | {
                f"packets_{how}": Limit(least=ROOMS) for how in counted
            }
            figures = {**await at.draw(), **{f"packets_{how}": n for how, n in counted.items()}}
            return result("packets", msgspec.structs.asdict(WEATHER[-1]), figures, limits)
    finally:
        tunnel.stop()


async def dead(short: bool) -> Result:
    """Half of the lines stop carrying anything, and neither end is told: only missing answers say so."""
    deaths, died = DEATHS_SHORT if short else DEATHS, 0
    async with stage(BEAT) as at:
        for _ in range(deaths):
            await at.rooms.back(1.0)
            died += at.line.die(0.5)
        await at.rooms.back(1.0)
        limits = {"answer_longest_s": Limit(most=15), "died": Limit(least=ROOMS)}
        return result("dead-lines", {"beat_s": 1}, {**await at.draw(), "died": died}, limits)


async def asleep(short: bool) -> Result:
    """All phones sleep for longer than their lines are believed in: every room is recorded as lost, once, and what
    was tapped before comes when they wake."""
    beats = BEATS_ASLEEP_SHORT if short else BEATS_ASLEEP
    async with stage(BEAT) as at:
        await at.rooms.back()
        at.line.cut()
        await asyncio.sleep(beats)
        at.line.heal()
        await at.rooms.back(1.0)
        limits = {
            "answer_longest_s": Limit(most=beats + 45),
            "lines_lost": Limit(least=ROOMS, most=ROOMS),
            "rooms_shown_lost": Limit(least=ROOMS),
        }
        return result("asleep", {"beat_s": 1, "beats_asleep": beats}, await at.draw(), limits)
