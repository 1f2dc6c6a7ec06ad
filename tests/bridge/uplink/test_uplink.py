"""One bridge takes the programme from another, once, and serves its own rooms. Both are real; rooms are aiortc."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bridge.config import Upstream
from server.protocol.bridges import BridgeOrders
from tests.bridge.door.house import House, come, opened
from tests.waiting import until

SECONDS = 20.0  # for what takes three at most


@asynccontextmanager
async def soon() -> AsyncIterator[None]:
    async with asyncio.timeout(SECONDS):
        yield


def url(house: House) -> str:
    return f"http://127.0.0.1:{house.door.port}"


def below(house: House) -> Upstream:
    return Upstream(url(house))


def viewers(house: House) -> int:
    return sum(not one.publishes for one in house.door.reception.sessions.values())


def told_that_home_is(house: House, home: str) -> None:
    """As the service does."""
    house.door.directions.orders = BridgeOrders(False, {}, {}, {"c1": home}, "1")
    house.door.reception.stage.tick()


async def test_the_programme_is_taken_once_for_all_rooms_below() -> None:
    async with (
        opened() as above,
        opened(workers=2, upstream=below(above)) as lower,
        come(above, "main", "publish"),
        come(lower, "programme", "watch", "a") as one,
        come(lower, "programme", "watch", "b") as two,
        soon(),
    ):
        assert len(await one.frames(5)) == len(await two.frames(5)) == 5
        assert len(await one.frames(5, "audio")) == 5
        assert viewers(above) == 1
        assert viewers(lower) == 2


async def test_nothing_is_taken_that_nobody_watches() -> None:
    async with opened() as above, opened(upstream=below(above)) as lower, come(above, "main", "publish"), soon():
        async with come(lower, "main", "publish"), come(lower, "main", "watch") as own:
            await own.frames(3)
        assert viewers(above) == 0


async def test_a_room_that_waits_sees_the_picture_when_the_other_bridge_has_it() -> None:
    async with (
        opened() as above,
        opened(upstream=below(above)) as lower,
        come(lower, "programme", "watch") as room,
        come(above, "main", "publish"),
        soon(),
    ):
        assert len(await room.frames(5)) == 5


@asynccontextmanager
async def two_homes() -> AsyncIterator[tuple[House, House]]:
    """Two bridges that have the same conference's main."""
    async with (
        opened() as first,
        opened() as second,
        come(first, "main", "publish"),
        come(second, "main", "publish"),
        soon(),
    ):
        yield first, second


async def test_when_the_home_goes_to_another_bridge_the_programme_is_taken_from_there() -> None:
    async with two_homes() as (first, second), opened() as lower:
        told_that_home_is(lower, url(first))
        async with come(lower, "programme", "watch") as room:
            await room.frames(3)
            assert (viewers(first), viewers(second)) == (1, 0)

            told_that_home_is(lower, url(second))

            await until(lambda: (viewers(first), viewers(second)) == (0, 1), "taken from the second")
            assert len(await room.frames(30)) == 30


async def test_when_the_other_bridge_dies_its_home_is_asked_within_five_seconds() -> None:
    """Given a bridge that takes the programme from one whose worker is then killed, when another has it too, then the
    picture comes from there."""
    async with two_homes() as (first, second), opened(upstream=below(first)) as lower:
        told_that_home_is(lower, url(second))
        async with come(lower, "programme", "watch") as room:
            await room.frames(3)
            assert viewers(first) == 1
            (worker,) = first.door.workers
            assert worker.process is not None

            worker.process.kill()

            async with asyncio.timeout(5.0):
                await until(lambda: viewers(second) == 1, "taken from the second")
                await until(lambda: alive(lower), "its packets")
            await room.frames(30)


def alive(house: House) -> bool:
    publisher = house.door.reception.stage.publisher("c1", "programme")
    return publisher is not None and publisher.alive


async def test_the_conference_that_is_at_home_here_is_taken_from_nowhere() -> None:
    async with opened() as above, opened(upstream=below(above)) as lower, come(above, "main", "publish"), soon():
        lower.door.directions.own_url = url(lower)
        told_that_home_is(lower, url(lower))
        async with come(lower, "main", "publish"), come(lower, "programme", "watch") as room:
            await room.frames(3)
        assert viewers(above) == 0
