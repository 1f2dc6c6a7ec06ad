"""What the rehearsals look through: it is only worth its zeros if it can count to one."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from bench.reporters import Answered
from faults.herd import open_sockets, steepest
from faults.people import Door, Wall, silence, stale
from faults.truth import Fold
from faults.wire import Wire
from server.tasks import Tasks
from tests.servers.whole import whole
from tests.waiting import until

HOST = "127.0.0.1"
SECONDS = 5


def wall_that_showed(*shown: tuple[float, int]) -> Wall:
    wall = Wall(Door("ws://nowhere", "c", "k"))
    wall.shown = list(shown)
    return wall


def test_a_wall_is_as_stale_as_the_latest_answer_that_came_to_it_late() -> None:
    answers = [Answered(at=10.0, took=0.1, seq=5), Answered(at=11.0, took=0.1, seq=6)]
    assert stale(answers, wall_that_showed((10.1, 5), (13.0, 7)), end=20.0) == pytest.approx(2.0)
    assert stale(answers, wall_that_showed((10.1, 5)), end=20.0) == pytest.approx(9.0), "it never came"
    assert stale(answers, wall_that_showed((9.0, 6)), end=20.0) == 0.0, "the wall may be before the answer"


def test_silence_is_the_longest_time_without_any_answer() -> None:
    assert silence([Answered(at, 0.1, 1) for at in (4.0, 1.0, 1.5)]) == pytest.approx(2.5)
    assert silence([]) == 0.0


def test_a_rush_is_measured_over_a_second() -> None:
    assert steepest([(0.0, 0), (0.5, 100), (1.0, 150), (1.5, 450), (2.0, 460)]) == pytest.approx(350)
    assert open_sockets('nhipcau_sockets{audience="wall"} 2.0\nnhipcau_sockets{audience="point"} 40.0\n') == 42


async def test_a_wall_that_shows_something_else_than_the_journal_says_is_found(tmp_path: Path) -> None:
    async with whole(tmp_path) as house:
        key = await house.kiosk()
        wall, keeping = Wall(Door(f"ws://{HOST}:{house.port}/ws", house.conference, key)), Tasks()
        keeping.start("wall", wall.line.run())
        fold = Fold(house.server.engine, house.conference, devices=0)
        await house.command("check_in", point=1)
        await house.command("report_headcount", point=1, in_room=66)
        await fold.advance()
        await until(lambda: fold.shown_by(wall), "the wall shows what the journal says")
        assert fold.reports[1, 66] == 1
        wall.rows[1] = msgspec.structs.replace(wall.rows[1], in_room=65)
        assert not fold.shown_by(wall)
        await keeping.stop()


@pytest.fixture
async def echo() -> AsyncIterator[int]:
    """A port that gives back what it gets."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1_000):
            writer.write(data)
        writer.close()

    server = await asyncio.start_server(serve, HOST, 0)
    yield int(server.sockets[0].getsockname()[1])
    server.close()


@asynccontextmanager
async def talk(port: int) -> AsyncIterator[tuple[Wire, Callable[[bytes], None], Callable[[int], Awaitable[bytes]]]]:
    """A wire, something to say into it, and what comes back."""
    wire = Wire(port)
    await wire.start()
    reader, writer = await asyncio.open_connection(HOST, wire.port)

    async def hear(size: int) -> bytes:
        return await asyncio.wait_for(reader.readexactly(size), SECONDS)

    yield wire, writer.write, hear
    writer.close()
    await wire.stop()


@pytest.mark.parametrize("direction", ["up", "down"])
async def test_what_is_said_into_a_cut_arrives_when_it_is_healed(echo: int, direction: str) -> None:
    async with talk(echo) as (wire, say, hear):
        say(b"one")
        assert await hear(3) == b"one"
        wire.cut(up=direction == "up", down=direction == "down")
        say(b"two")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(hear(3), 0.05)
        wire.heal()
        assert await hear(3) == b"two"


async def test_a_late_line_is_late_and_a_thin_one_takes_its_time(echo: int) -> None:
    loop = asyncio.get_running_loop()
    async with talk(echo) as (wire, say, hear):
        wire.slow(delay=0.05, rate=10_000)
        began = loop.time()
        say(b"x" * 500)
        await hear(500)
        assert loop.time() - began >= 0.2, "50 ms of delay and 50 ms of sending, there and back"


async def test_a_dead_line_stays_dead_and_a_new_one_lives(echo: int) -> None:
    async with talk(echo) as (wire, say, hear):
        say(b"one")
        await hear(3)
        assert wire.die() == 1
        say(b"two")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(hear(3), 0.05)
        reader, writer = await asyncio.open_connection(HOST, wire.port)
        writer.write(b"new")
        assert await asyncio.wait_for(reader.readexactly(3), SECONDS) == b"new"
        writer.close()


async def test_nobody_behind_the_wire_is_nobody_before_it() -> None:
    server = await asyncio.start_server(lambda r, w: None, HOST, 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    async with talk(port) as (_, say, hear):
        say(b"one")
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await hear(1)
