"""The comparison with other servers is only worth its figures if it notices a server that does half the work."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec
import pytest
from aiohttp import web

from bench.peers import load as loads
from bench.peers.dialects import Channels, Nats, SocketIo
from bench.peers.load import WALLS, Load, Measured

ROOMS = 6
Relay = Callable[[int, bytes], bytes | None]  # the number of the message, what a room said -> what walls are told


@asynccontextmanager
async def relaying(relay: Relay) -> AsyncIterator[Channels]:
    """A server that speaks as the plain one does."""
    walls: list[web.WebSocketResponse] = []
    heard = 0

    async def room(request: web.Request) -> web.WebSocketResponse:
        nonlocal heard
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            heard += 1
            if told := relay(heard, message.data.encode()):
                for wall in walls:
                    await wall.send_str(told.decode())
        return socket

    async def wall(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        walls.append(socket)
        await socket.receive()
        return socket

    app = web.Application()
    app.router.add_get("/room", room)
    app.router.add_get("/wall", wall)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield Channels(runner.addresses[0][1], ROOMS)
    finally:
        await runner.cleanup()


def honest(_: int, said: bytes) -> bytes:
    status = msgspec.json.decode(said)
    return msgspec.json.encode({**status, "quality": "weak" if status["rtt"] > 1_500 else "good"})


async def measured(relay: Relay, monkeypatch: pytest.MonkeyPatch) -> Measured:
    for name, seconds in (("WARM_SECONDS", 0.05), ("QUIET_SECONDS", 0.05), ("BEHIND_SECONDS", 0.3)):
        monkeypatch.setattr(loads, name, seconds)
    async with relaying(relay) as dialect:
        load = Load(dialect, os.getpid())
        await load.connect()
        try:
            return await load.measure(100, 0.2)
        finally:
            load.close()


async def test_a_server_that_tells_every_wall_everything_keeps_up(monkeypatch: pytest.MonkeyPatch) -> None:
    found = await measured(honest, monkeypatch)

    assert (found.sent, found.delivered, found.wrong_walls, found.lines_lost) == (20, 20 * WALLS, 0, 0)
    assert found.share == 1


async def test_one_update_that_never_came_makes_every_wall_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    found = await measured(lambda n, said: honest(n, said) if n != 25 else None, monkeypatch)

    assert (found.wrong_walls, found.share) == (WALLS, 0.95)
    assert not found.kept_up()


async def test_a_value_that_was_changed_on_the_way_makes_every_wall_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    found = await measured(lambda n, said: honest(n, said).replace(b"weak", b"good"), monkeypatch)

    assert found.wrong_walls == WALLS
    assert not found.kept_up()


@pytest.mark.parametrize(
    ("cpu", "delivered", "lost", "kept"),
    [(0.9, 500, 0, True), (1.1, 500, 0, False), (0.9, 390, 0, False), (0.9, 500, 1, False)],
)
def test_who_takes_more_than_a_core_or_loses_something_does_not_keep_up(
    cpu: float, delivered: int, lost: int, kept: bool
) -> None:
    found = Measured(10, delivered, cpu, 1.0, 0.1, wrong_walls=0, lines_lost=lost)

    assert found.kept_up() == kept
    assert found.microseconds == pytest.approx(cpu / delivered * 1e6)


def test_every_server_s_updates_read_alike() -> None:
    rows = [(7, "weak")]

    assert SocketIo(1, ROOMS).rows(b'{"point":7,"quality":"weak","rtt":2000}') == rows
    assert Channels(1, ROOMS).rows(b'[[7,"weak",2000]]') == rows
    assert Nats(1, ROOMS).rows(b'{"point":7,"rtt":2000}') == rows
