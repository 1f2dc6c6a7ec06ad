"""Parts that die without a word under load, one that is restarted as planned, a database that another takes over."""

import asyncio
import random

from bench.result import Limit, Result
from server.demo.cluster.part import Part, await_that
from server.demo.cluster.postgres import USER, Postgres
from server.demo.cluster.whole import DATABASE, Cluster
from server.tasks import Tasks

from .stage import Stage, result, stage

ROUNDS, ROUNDS_SHORT = 12, 3
LONGEST = 1.5  # seconds from the return of half the rooms to the next kill, at most
AWAY = (0.2, 3.0)  # seconds that a part stays dead


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
    return await _one("haproxy", short, answer=12)


async def _one(name: str, short: bool, answer: float) -> Result:
    async with stage() as at:
        rounds = _rounds(short)
        for _ in range(rounds):
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


async def failover(short: bool) -> Result:
    """The database dies and its replica takes over; the servers know both addresses. It must be synchronous: what
    only the dead one had would be lost."""
    del short  # there is one failover, however much time there is
    replicas: list[Postgres] = []

    def prepare(cluster: Cluster) -> None:
        replica = cluster.postgres.replica()
        replicas.append(replica)
        for server in cluster.servers:
            server.settings["NHIPCAU_DATABASE"] = either(cluster.postgres, replica)

    try:
        async with stage(prepare=prepare) as at:
            replica = replicas[0]
            await asyncio.to_thread(follow, at.cluster.postgres, replica)
            await at.rooms.back()
            await asyncio.sleep(random.uniform(0, LONGEST))
            await asyncio.to_thread(at.cluster.postgres.kill)
            at.database = replica.url(DATABASE)
            await asyncio.sleep(random.uniform(*AWAY))
            await asyncio.to_thread(replica.promote)
            await at.rooms.back(1.0)
            return result("failover", {}, await at.draw(), _quick(20))
    finally:
        for replica in replicas:
            await asyncio.to_thread(replica.remove)


def either(leader: Postgres, replica: Postgres) -> str:
    """The address that finds whichever of the two may be written to."""
    hosts = "&".join(f"host=127.0.0.1:{part.port}" for part in (leader, replica))
    return f"postgresql+asyncpg://{USER}@/{DATABASE}?{hosts}&target_session_attrs=read-write"


def follow(leader: Postgres, replica: Postgres) -> None:
    """A copy is made under load; from now on a commit is on both disks before it is acknowledged."""
    replica.start()
    leader.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
    leader.sql("SELECT pg_reload_conf()")
    await_that(lambda: leader.sql("SELECT sync_state FROM pg_stat_replication") == "sync")


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
    await asyncio.to_thread(part.start)


def _quick(answer: float) -> dict[str, Limit]:
    """`answer`: seconds that anybody may wait; and nobody's line may be thought lost, for it was not."""
    return {"answer_longest_s": Limit(most=answer), "lines_lost": Limit(most=0)}


def _rounds(short: bool) -> int:
    return ROUNDS_SHORT if short else ROUNDS
