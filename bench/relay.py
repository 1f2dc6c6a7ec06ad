"""The bridge's relay at a city's full house: what 766 rooms lose and what they cost, how rooms come to it, how late the
picture is, and all of it beside others. The bridge (door and one worker) has one core, all load the other one."""

import asyncio
import contextlib
import time
import traceback
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from itertools import combinations
from statistics import median

import psutil

from . import ground
from .peers.install import Missing
from .peers.process import cpu_seconds
from .relay_line import own_address
from .relay_loss import chromium_under_loss
from .relay_read import loopback_drops
from .relay_servers import Bridge, Publishing, Running, aiortc, bridge, janus, publishing
from .relay_viewers import Audience, Seen, Viewer
from .result import Limit, Result, percentile

VIEWERS = 766
SECONDS, SECONDS_SHORT = 60.0, 8.0
JOINING = 300  # at once, beside all the others
JOIN_SECONDS = 10.0
JOINING_LIMITS = {"playing": Limit(least=JOINING), "slowest_s": Limit(most=JOIN_SECONDS), "behind": Limit(most=0)}
DELAYED = 300
DELAY_SECONDS, DELAY_SECONDS_SHORT = 20.0, 5.0
PEERS = {"janus": (janus, 400, 0.5), "aiortc": (aiortc, 200, 0.2)}  # with as many viewers as each bears; our share
PEER_SECONDS, PEER_SECONDS_SHORT = 15.0, 5.0
CYCLE, CYCLES, CYCLES_SHORT = 50, 16, 6  # viewers that come and go together, and how often
SETTLE_SECONDS = 2.0
PLAY_SECONDS = 20.0  # until everybody who came has a picture


async def run(short: bool) -> list[Result]:
    ground.pin_load()
    return [
        await _told("relay", _full_house(SECONDS_SHORT if short else SECONDS, judge_growth=not short)),
        await _told("relay-peers", _beside(PEER_SECONDS_SHORT if short else PEER_SECONDS)),
        await _told("relay-joining", _joining()),
        await _told("relay-delay", _delay(DELAY_SECONDS_SHORT if short else DELAY_SECONDS)),
        await _told("relay-memory", _coming_and_going(CYCLES_SHORT if short else CYCLES)),
        await _told("relay-loss", chromium_under_loss(short)),
    ]


async def _told(name: str, measuring: Coroutine[None, None, Result]) -> Result:
    """What fails is named and does not keep the others from being measured."""
    try:
        return await measuring
    except Exception as error:  # noqa: BLE001 - whatever it was: told, and no figure
        traceback.print_exc()
        return Result(name, {"unmeasured": repr(error)}, reach={"measured": Limit(least=1)})


@asynccontextmanager
async def _staged() -> AsyncIterator[tuple[Bridge, Publishing, Audience]]:
    async with (
        bridge() as server,
        publishing(server) as programme,
        Audience(server, own_address()) as audience,
    ):
        await _seated(audience, 1)  # the witness
        yield server, programme, audience


async def _seated(audience: Audience, count: int) -> list[Viewer]:
    """Who does not get in tries once more, as players do. RuntimeError when some of them do not play then."""
    came = await audience.join(count)
    came += await audience.join(count - len(came))
    playing = await audience.playing(came, PLAY_SECONDS)
    if playing < count:
        raise RuntimeError(f"of {count} viewers {playing} play: {audience.refused[:1]}")
    await asyncio.sleep(SETTLE_SECONDS)
    return came


# --- a full house


async def _full_house(seconds: float, *, judge_growth: bool) -> Result:
    """A few seconds are no trend, so that growth is not always judged."""
    async with _staged() as (server, programme, audience):
        empty = memory(server.pid)
        await _seated(audience, VIEWERS - 1)
        dropped, loopback = await server.measure("worker_dropped_total"), loopback_drops()
        seen, cost, held = await _watched(server, audience, seconds)
        dropped, loopback = await server.measure("worker_dropped_total") - dropped, loopback_drops() - loopback
    figures = {
        "lost": seen.lost_by_relay, "longest_gap_ms": seen.longest_gap_ms, "cpu_percent": cost.percent,
        "memory_kib_per_viewer": (max(held) - empty) / 1024 / (VIEWERS - 1),
        "incomplete": seen.incomplete, "unopened": seen.unopened, "disordered": seen.disordered,
        "dropped_by_kernel": dropped, "packets_per_viewer_s": seen.received / VIEWERS / cost.seconds,
        "cpu_ms_per_viewer_s": 10 * cost.percent / VIEWERS, "core_busy_percent": cost.core_percent,
        "growth_mib_per_hour": 3_600 * slope(list(enumerate(held))[len(held) // 2 :]) / 1024**2,
        "lost_by_load": seen.overflown, "lost_by_loopback": loopback, "load_cpu_percent": cost.load_percent,
        "load_longest_round_ms": 1e3 * audience.longest_round, "programme_late_ms": programme.sent.late_ms,
        "programme_asked_again": programme.sent.asked_again,
    }  # fmt: skip
    limits = {
        "lost": Limit(most=0), "longest_gap_ms": Limit(most=250), "cpu_percent": Limit(most=85),
        "memory_kib_per_viewer": Limit(most=200), "incomplete": Limit(most=0), "unopened": Limit(most=0),
        "disordered": Limit(most=0), "packets_per_viewer_s": Limit(least=168), "lost_by_load": Limit(most=0),
        "lost_by_loopback": Limit(most=0),
    }  # fmt: skip
    if judge_growth:
        limits["growth_mib_per_hour"] = Limit(most=4)
    return Result("relay", {"viewers": VIEWERS, "seconds": seconds}, figures, limits)


class Cost:
    """Shares of a core from its making until `end`, in per cent. `core`: whatever used the server's one."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._before = self._now()

    def _now(self) -> tuple[float, float, float, float]:
        core = psutil.cpu_times(percpu=True)[ground.SERVER_CORE]
        busy = sum(core[:]) - core.idle - core.iowait - core.guest - core.guest_nice
        return time.monotonic(), cpu_seconds(self._pid), time.process_time(), busy

    def end(self) -> "Cost":
        self.seconds, spent, load, core = (b - a for a, b in zip(self._before, self._now(), strict=True))
        self.percent, self.load_percent, self.core_percent = (100 * each / self.seconds for each in (spent, load, core))
        return self


async def _watched(server: Running, audience: Audience, seconds: float) -> tuple[Seen, Cost, list[int]]:
    """What they see in this time, what it costs, and the server's memory each second."""
    audience.begin(time.time())
    cost = Cost(server.pid)
    held = []
    for _ in range(max(1, round(seconds))):
        await asyncio.sleep(1.0)
        held.append(memory(server.pid))
    cost.end()
    return audience.seen(time.time()), cost, held


def memory(pid: int) -> int:
    """Resident bytes of a process and all that it started."""
    one = psutil.Process(pid)
    return sum(int(each.memory_info().rss) for each in (one, *one.children(recursive=True)))


# --- beside others


async def _beside(seconds: float) -> Result:
    """Each with a number of viewers that it bears, and ours with the same number after it."""
    figures: dict[str, float] = {}
    unmeasured: dict[str, str] = {}
    limits = {}
    for name, (start, viewers, share) in PEERS.items():
        limits[f"ours_of_{name}"] = Limit(most=share)
        limits[f"{name}_served_share"] = Limit(least=0.98)
        try:
            theirs, whole = await _cost_of(start, viewers, seconds)
            ours, _ = await _cost_of(_played, viewers, seconds)
        except (Missing, RuntimeError, OSError) as error:
            unmeasured[name] = str(error) or repr(error)
            continue
        figures |= {
            f"{name}_cpu_ms_per_viewer_s": theirs, f"ours_beside_{name}_cpu_ms_per_viewer_s": ours,
            f"ours_of_{name}": ours / theirs, f"{name}_served_share": whole,
        }  # fmt: skip
    params = {name: viewers for name, (_, viewers, _) in PEERS.items()}
    return Result("relay-peers", {"viewers": params, "seconds": seconds, "unmeasured": unmeasured}, figures, limits)


@asynccontextmanager
async def _played() -> AsyncIterator[Bridge]:
    async with bridge() as server, publishing(server):
        yield server


async def _cost_of(
    start: Callable[[], contextlib.AbstractAsyncContextManager[Running]], viewers: int, seconds: float
) -> tuple[float, float]:
    """CPU milliseconds for a viewer's second, and the share of the programme's packets that came to them."""
    async with start() as server, Audience(server, own_address()) as audience:
        await _seated(audience, viewers)
        seen, cost, _ = await _watched(server, audience, seconds)
    return 10 * cost.percent / viewers, seen.received / max(1, seen.received + seen.lost_by_relay)


# --- joining


async def _joining() -> Result:
    async with _staged() as (_, programme, audience):
        await _seated(audience, VIEWERS - JOINING - 1)
        others = list(audience.viewers)
        began = time.time()
        audience.begin(began)
        came = await audience.join(JOINING, at_once=JOINING)
        playing = await audience.playing(came, JOIN_SECONDS + began - time.time())
        await asyncio.sleep(max(0.0, JOIN_SECONDS + began - time.time()))
        seen, behind = audience.seen(time.time(), others), audience.behind(came)
    waits = [viewer.playing_at - began for viewer in came if viewer.playing_at is not None]
    figures = {
        "playing": playing, "slowest_s": max(waits, default=PLAY_SECONDS), "median_s": percentile(waits, 0.5),
        "behind": behind,
        "others_gap_ms": seen.longest_gap_ms, "others_lost": seen.lost_by_relay, "lost_by_load": seen.overflown,
        "programme_late_ms": programme.sent.late_ms,
    }  # fmt: skip
    limits = {**JOINING_LIMITS, "others_gap_ms": Limit(most=500), "others_lost": Limit(most=0)}
    params = {"watching": VIEWERS - JOINING, "joining": JOINING, "refused": sorted(set(audience.refused))[:3]}
    return Result("relay-joining", params, figures, limits)


# --- delay


async def _delay(seconds: float) -> Result:
    async with _staged() as (server, programme, audience):
        await _seated(audience, DELAYED - 1)
        seen, _, _ = await _watched(server, audience, seconds)
        delays = audience.frames.delays()
    figures = {
        "p99_ms": percentile(delays, 0.99), "median_ms": percentile(delays, 0.5), "longest_ms": max(delays, default=0),
        "frames_per_s": len(delays) / seconds, "lost_by_load": seen.overflown,
        "programme_late_ms": programme.sent.late_ms,
    }  # fmt: skip
    limits = {"p99_ms": Limit(most=60), "frames_per_s": Limit(least=24)}
    return Result("relay-delay", {"viewers": DELAYED, "seconds": seconds}, figures, limits)


# --- memory


async def _coming_and_going(cycles: int) -> Result:
    """Whether something stays of who has gone."""
    async with _staged() as (server, _, audience):
        held: list[tuple[float, float]] = []
        for _ in range(cycles):
            await audience.leave(await _seated(audience, CYCLE))
            await asyncio.sleep(SETTLE_SECONDS)
            held.append((CYCLE * len(held), memory(server.pid) / 1024))
    figures = {"growth_kib_per_join": slope(held[cycles // 4 :]), "grown_kib": held[-1][1] - held[0][1]}
    params = {"viewers": CYCLE, "cycles": cycles}
    return Result("relay-memory", params, figures, {"growth_kib_per_join": Limit(most=2)})


def slope(points: Sequence[tuple[float, float]]) -> float:
    """The median of the slopes between any two: one step among them is no trend."""
    return median((b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(points, 2))
