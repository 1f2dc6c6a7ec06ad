"""A server that is cut off: from its database, from the bus, from its clients, from several, in one direction."""

import asyncio
from collections.abc import Iterable

from bench.result import Limit, Result

from .scene import result
from .stage import Stage, stage
from .wire import Wire

SECONDS, SECONDS_SHORT = 20.0, 8.0  # of one cut; beyond what a turn at the journal may take, and the grace of lines
GRACE = {"NHIPCAU_LIVE__GRACE_MS": "6000"}  # below the cut: who is wrongly thought lost is on the record then


async def database(short: bool) -> Result:
    """What it has decided may be written or not: it cannot know, and must not guess."""
    async with stage(GRACE, wired=True) as at:
        for n, (up, down) in enumerate(((True, True), (True, False), (False, True))):
            await cut(at, [at.wires[n].database], _seconds(short), up=up, down=down)
        return result("cut-database", {"cuts": 3}, await at.draw(), _limits(25))


async def bus(short: bool) -> Result:
    """Servers that do not hear of each other read the journal: later, and nobody is thought lost."""
    async with stage(GRACE, wired=True) as at:
        for n, (up, down) in enumerate(((True, True), (True, False), (False, True))):
            await cut(at, [at.wires[n].bus], _seconds(short), up=up, down=down)
        figures = await at.draw()
        return result("cut-bus", {"cuts": 3}, figures, _limits(5) | {"wall_stale_longest_s": Limit(most=3)})


async def clients(short: bool) -> Result:
    """HAProxy does not reach it any more, while it thinks that its lines are open."""
    async with stage(GRACE, wired=True) as at:
        for n, (up, down) in enumerate(((True, True), (True, False), (False, True))):
            await cut(at, [at.wires[n].clients], _seconds(short), up=up, down=down)
        return result("cut-clients", {"cuts": 3}, await at.draw(), _limits(25))


async def alone(short: bool) -> Result:
    """From the database and the bus at once; then from everything."""
    async with stage(GRACE, wired=True) as at:
        await cut(at, [at.wires[0].database, at.wires[0].bus], _seconds(short))
        await cut(at, at.wires[1].all, _seconds(short))
        return result("cut-off", {"cuts": 2}, await at.draw(), _limits(25))


async def cut(at: Stage, wires: Iterable[Wire], seconds: float, *, up: bool = True, down: bool = True) -> None:
    """Cuts, heals, and waits until everybody is answered again."""
    await at.rooms.back()
    for wire in wires:
        wire.cut(up=up, down=down)
    await asyncio.sleep(seconds)
    for wire in wires:
        wire.heal()
    await at.rooms.back(1.0)


def _seconds(short: bool) -> float:
    return SECONDS_SHORT if short else SECONDS


def _limits(answer: float) -> dict[str, Limit]:
    """`answer`: seconds that anybody may wait. Nobody's line failed, so none may be recorded as lost."""
    return {"answer_longest_s": Limit(most=answer), "lines_lost": Limit(most=0)}
