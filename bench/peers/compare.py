"""Ours and each of the others in turn, at the highest rate the other sustains."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from statistics import median

from server.tasks import Tasks

from .. import ground as grounds
from ..result import Limit, Result
from .contestants import CONTESTANTS, Contestant
from .dialects import Ours
from .install import Missing
from .load import WALLS, Load, Measured

POINTS = 766
RATES = (5_000, 2_000, 500, 100, 20)  # messages a second of all rooms: the first that a server sustains counts
SECONDS, SECONDS_SHORT = 10.0, 4.0
ROUNDS, ROUNDS_SHORT = 3, 1  # of both in turn; the median counts
PROBE_SECONDS = 2.0
BEAT_SECONDS = 10.0  # our rooms and walls wait while another is measured, and must not be thought gone
AHEAD = 0.99  # of the other's cost for one update at one wall: below one as it is printed


async def run(short: bool, points: int = POINTS) -> list[Result]:
    seconds, rounds = (SECONDS_SHORT, ROUNDS_SHORT) if short else (SECONDS, ROUNDS)
    figures: dict[str, float] = {"ours_behind": 0, "load_cpu_percent": 0}
    unmeasured: dict[str, str] = {}
    async with _ours(points) as (dialect, ours):
        for other in CONTESTANTS:
            try:
                await asyncio.to_thread(other.prepare)
                rate, theirs, mine = await _beside(dialect, ours, other, seconds, rounds)
            except (Missing, RuntimeError, OSError) as error:
                unmeasured[other.name] = str(error) or repr(error)
                continue
            figures |= _figures(other.name, rate, theirs, mine)
            figures["ours_behind"] += sum(not m.kept_up() for m in mine)
            busiest = max(m.load_busy for m in (*theirs, *mine))
            figures["load_cpu_percent"] = max(figures["load_cpu_percent"], 100 * busiest)
    params = {"points": points, "walls": WALLS, "seconds": seconds, "rounds": rounds, "unmeasured": unmeasured}
    limits = {f"ours_of_{other.name}": Limit(most=AHEAD) for other in CONTESTANTS}
    return [Result("peers", params, figures, {**limits, "ours_behind": Limit(most=0)})]


@contextlib.asynccontextmanager
async def _ours(points: int) -> AsyncIterator[tuple[Ours, Load]]:
    """As in production, with all rooms checked in; it stays for the whole comparison."""
    ground = await grounds.make(points)
    grounds.pin_load()
    try:
        dialect = Ours(ground)
        load = Load(dialect, ground.server.pid)
        await load.connect()
        yield dialect, load
    finally:
        await ground.server.stop()
        ground.server.remove()


async def _beside(
    dialect: Ours, ours: Load, other: Contestant, seconds: float, rounds: int
) -> tuple[float, list[Measured], list[Measured]]:
    """The rate, theirs, ours. Raises `RuntimeError` when the other does not start or sustains no rate at all."""
    for rate in RATES:
        theirs: list[Measured] = []
        mine: list[Measured] = []
        async with other.running(len(dialect.points)) as (tongue, pid):
            with contextlib.closing(Load(tongue, pid)) as load:
                async with _waiting(dialect):
                    await load.connect()
                    probe = await load.measure(rate, PROBE_SECONDS)
                while probe.kept_up() and len(mine) < rounds:
                    async with _waiting(dialect):
                        theirs.append(await load.measure(rate, seconds))
                    mine.append(await ours.measure(rate, seconds))
        if theirs and all(m.kept_up() for m in theirs):
            return rate, theirs, mine
    raise RuntimeError(f"sustains not even {RATES[-1]} messages a second")


@contextlib.asynccontextmanager
async def _waiting(ours: Ours) -> AsyncIterator[None]:
    async def beats() -> None:
        while True:
            ours.beat()
            await asyncio.sleep(BEAT_SECONDS)

    tasks = Tasks()
    tasks.start("beats", beats())
    try:
        yield
    finally:
        await tasks.stop()


def _figures(name: str, rate: float, theirs: list[Measured], mine: list[Measured]) -> dict[str, float]:
    """Costs in microseconds of a core for one update at one wall."""
    cost, own = median(m.microseconds for m in theirs), median(m.microseconds for m in mine)
    return {
        f"{name}_rate": rate,
        f"{name}_us": cost,
        f"{name}_delivered_share": min(m.share for m in theirs),
        f"ours_beside_{name}_us": own,
        f"ours_of_{name}": own / cost,
    }
