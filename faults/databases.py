"""A database that hangs, that is restarted as planned, whose place its replica takes; and that then comes back."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from bench.result import Limit, Result
from server.demo.cluster.part import await_that
from server.demo.cluster.postgres import Postgres
from server.demo.cluster.whole import DATABASE

from .scene import result
from .stage import Stage, stage

ROUNDS, ROUNDS_SHORT = 8, 2
LONGEST = 1.5  # seconds from the return of half the rooms to the next fault, at most
HUNG = (4.0, 9.0)  # seconds that it answers nothing: longer than two checks, below what a turn may take
RESTING = (0.0, 3.0)  # seconds between its end and its start
BACK_SECONDS = 6.0  # for two leaders at once: three times as long as it takes a server to look for another one
GONE_SECONDS = 5.0  # in which only the old leader answers
NO_LIMITS: Mapping[str, Limit] = {}


async def hung(short: bool) -> Result:
    """Lines stand and nothing answers, as when its machine is moved or its disk does not return. Servers are asked
    whether they are ready meanwhile, and nobody is sent away: no other one would have it."""
    nobody = {"lines_cut": Limit(most=0)}
    return await _again_and_again(short, "database-hung", "pauses", Postgres.pause, HUNG, Postgres.resume, nobody)


async def restarted(short: bool) -> Result:
    """In order ("fast"): what is under way is ended, what was committed stays."""
    return await _again_and_again(short, "database-restarted", "restarts", Postgres.stop, RESTING, Postgres.start)


async def _again_and_again(
    short: bool,
    name: str,
    counted: str,
    end: Callable[[Postgres], object],
    pause: tuple[float, float],
    begin: Callable[[Postgres], object],
    own: Mapping[str, Limit] = NO_LIMITS,
) -> Result:
    """It is away for a random time between the two of `pause`, in seconds, and is what it was."""
    rounds = ROUNDS_SHORT if short else ROUNDS
    async with stage() as at:
        before = at.broken()
        for _ in range(rounds):
            await _moment(at)
            await asyncio.to_thread(end, at.cluster.postgres)
            await asyncio.sleep(random.uniform(*pause))
            await asyncio.to_thread(begin, at.cluster.postgres)
        await at.rooms.back(1.0)
        cut = {"lines_cut": at.broken() - before}
        return result(name, {counted: rounds}, await at.draw() | cut, {**_limits(20), **own})


async def failover(short: bool) -> Result:
    """It dies, and its replica takes over; the servers know both addresses."""
    del short  # there is one failover, however much time there is
    async with _replicated() as (at, old, new):
        await asyncio.to_thread(old.kill)
        await asyncio.sleep(random.uniform(0.2, 3.0))
        await asyncio.to_thread(new.promote)
        await at.rooms.back(1.0)
        return result("failover", {}, await at.draw(), _limits(20))


async def hung_leader(short: bool) -> Result:
    """It hangs, and its replica takes over; then it goes on where it was, with the servers' lines still open."""
    del short
    async with _replicated() as (at, old, new):
        await asyncio.to_thread(old.pause)
        await asyncio.sleep(random.uniform(0.2, 3.0))
        await asyncio.to_thread(new.promote)
        await at.rooms.back(1.0)
        await asyncio.to_thread(old.resume)
        figures = await _old_is_there(at, old, new)
        return result("hung-leader", {}, figures, _limits(30) | {"written_to_old": Limit(most=0)})


async def two_leaders(short: bool) -> Result:
    """Its replica is promoted while it lives and every server is connected to it."""
    del short
    async with _replicated() as (at, old, new):
        await asyncio.to_thread(new.promote)
        await at.rooms.back(1.0)
        figures = await _old_is_there(at, old, new)
        return result("two-leaders", {}, figures, _limits(30) | {"written_to_old": Limit(most=0)})


@asynccontextmanager
async def _replicated() -> AsyncIterator[tuple[Stage, Postgres, Postgres]]:
    """The leader, and a replica that has all of what was acknowledged: what only the first one had would be lost."""
    async with stage(replicated=True) as at:
        old, new = at.cluster.postgres, at.cluster.replicas[0]
        await asyncio.to_thread(await_that, lambda: old.sql("SELECT sync_state FROM pg_stat_replication") == "sync")
        await _moment(at)
        at.database = new.url(DATABASE)
        yield at, old, new


async def _old_is_there(at: Stage, old: Postgres, new: Postgres) -> dict[str, float]:
    """It would take writes, if anybody let it: beside the new one, and alone, also for a server that starts then."""
    await asyncio.to_thread(old.sql, "ALTER SYSTEM RESET synchronous_standby_names")
    await asyncio.to_thread(old.sql, "SELECT pg_reload_conf()")
    await asyncio.sleep(1.0)  # what hung at it becomes visible there, never acknowledged
    before = await asyncio.to_thread(_written, old)
    await asyncio.sleep(BACK_SECONDS)
    await at.rooms.back(1.0)
    server = at.cluster.servers[0]
    await asyncio.to_thread(server.kill)
    await asyncio.to_thread(new.kill)
    await asyncio.to_thread(server.launch)
    await asyncio.sleep(GONE_SECONDS)
    started = server.ready()
    await asyncio.to_thread(new.start)
    if not server.running:
        await asyncio.to_thread(server.start)
    await at.rooms.back(1.0)
    figures = await at.draw()
    figures["written_to_old"] = await asyncio.to_thread(_written, old) - before + started
    return figures


def _written(database: Postgres) -> int:
    """Rows of every table that were ever inserted, changed or taken away there."""
    changed = "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables"
    database.sql("SELECT pg_stat_clear_snapshot()", DATABASE)
    return int(database.sql(changed, DATABASE))


async def _moment(at: Stage) -> None:
    """Any, also in the rush of those who come back."""
    await at.rooms.back()
    await asyncio.sleep(random.uniform(0, LONGEST))


def _limits(answer: float) -> dict[str, Limit]:
    """`answer`: seconds that anybody may wait. Nobody's line failed, so none may be recorded as lost."""
    return {"answer_longest_s": Limit(most=answer), "lines_lost": Limit(most=0)}
