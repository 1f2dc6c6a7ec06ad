"""Parts that die without a word under load, and servers that are restarted as planned."""

import asyncio
import contextlib
import random

from bench.result import Limit, Result
from server.demo.cluster.part import START_SECONDS, DidNotStart, Part
from server.tasks import Tasks

from .scene import result
from .stage import Stage, stage

ROUNDS, ROUNDS_SHORT = 12, 3
LONGEST = 1.5  # seconds from the return of half the rooms to the next kill, at most
AWAY = (0.2, 3.0)  # seconds that a part stays dead
AGAIN_SECONDS = 1.0  # between two starts of one part


async def servers(short: bool) -> Result:
    """Every server is killed in turn."""
    async with stage() as at:
        rounds = _rounds(short)
        for n in range(rounds):
            await kill(at, at.cluster.servers[n % len(at.cluster.servers)])
        return result("servers", {"kills": rounds}, await at.draw(), _quick(12))


async def postgres(short: bool) -> Result:
    return await _one("postgres", short, answer=20)


async def nats(short: bool) -> Result:
    return await _one("nats", short, answer=3)


async def haproxy(short: bool) -> Result:
    """Everybody's line hangs on it, and comes back in a time of its own: who misses one return after the other by
    chance would measure the number of kills. What comes of faults on top of faults is shown by `anything`."""
    return await _one("haproxy", short, answer=12, share=1.0)


async def _one(name: str, short: bool, answer: float, share: float = 0.5) -> Result:
    async with stage() as at:
        rounds = _rounds(short)
        for _ in range(rounds):
            await at.rooms.back(share)
            await kill(at, next(part for part in at.cluster.parts if part.name == name))
        return result(name, {"kills": rounds}, await at.draw(), _quick(answer))


async def anything(short: bool) -> Result:
    """Any part at any moment, also a second one while the first is away."""
    async with stage() as at:
        rounds = _rounds(short) * 2
        dead: list[Part] = []
        dying = Tasks()
        for _ in range(rounds):
            part = random.choice([part for part in at.cluster.parts if part not in dead])
            dead.append(part)
            dying.start(f"death of {part.name}", _once(at, part, dead))
            await asyncio.sleep(random.uniform(0.5, 4.0))
        await dying.drain(120.0)
        return result("anything", {"kills": rounds}, await at.draw(), _quick(45))


async def rolling(short: bool) -> Result:
    """Every server is stopped and started as for a new version: nobody may look lost, on the record or on a wall."""
    async with stage() as at:
        rounds = 1 if short else 3
        for server in at.cluster.servers * rounds:
            await at.rooms.back()
            await asyncio.to_thread(server.stop)
            await at.rooms.back()
            await asyncio.to_thread(server.start)
            await asyncio.to_thread(at.cluster.await_places)
        figures = await at.draw()
        return result("rolling", {"rounds": rounds}, figures, _quick(8) | {"rooms_shown_lost": Limit(most=0)})


async def _once(at: Stage, part: Part, dead: list[Part]) -> None:
    try:
        await kill(at, part)
    finally:
        dead.remove(part)


async def kill(at: Stage, part: Part) -> None:
    """And it comes back. The kill may fall into the rush of those who come back from the last one."""
    await at.rooms.back()
    await asyncio.sleep(random.uniform(0, LONGEST))
    await asyncio.to_thread(part.kill)
    await asyncio.sleep(random.uniform(*AWAY))
    await supervise(part)


async def supervise(part: Part) -> None:
    """Starts it until it runs, as systemd does: a server that finds no database says so and ends."""
    async with asyncio.timeout(START_SECONDS):
        while True:
            with contextlib.suppress(DidNotStart):
                await asyncio.to_thread(part.start)
                return
            await asyncio.sleep(AGAIN_SECONDS)


def _quick(answer: float) -> dict[str, Limit]:
    """`answer`: seconds that anybody may wait; and nobody's line may be thought lost, for it was not."""
    return {"answer_longest_s": Limit(most=answer), "lines_lost": Limit(most=0)}


def _rounds(short: bool) -> int:
    return ROUNDS_SHORT if short else ROUNDS
