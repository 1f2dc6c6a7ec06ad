"""Who stops reading: he is let go, nobody waits for him, and his place is free again."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest

from server.live import hub, outlet
from server.protocol.errors import Close
from tests.servers.whole import Socket, Whole
from tests.waiting import until

DEVICES = 9  # its place in a row
SMALL = 4_096  # bytes of the kernel's buffers, so that little needs to be sent to fill them
LONG = "đ" * 200
UPGRADE = (
    b"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


@asynccontextmanager
async def deaf(house: Whole, token: str) -> AsyncIterator[None]:
    """A client that says hello and never reads what comes."""
    loop, before = asyncio.get_running_loop(), house.server.sockets.count()
    with socket.socket() as raw:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        raw.setblocking(False)
        await loop.sock_connect(raw, ("127.0.0.1", house.server.port))
        await loop.sock_sendall(raw, UPGRADE + masked({"t": "hello", "v": 1, "conference": "", "token": token}))
        await until(lambda: house.server.sockets.count() == before + 1, "the deaf one has its seat")
        ours = list(house.server.sockets._open.values())[-1]._transport.get_extra_info("socket")
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL)
        yield


def masked(message: dict[str, object]) -> bytes:
    """A text frame under a mask of zeros."""
    payload = msgspec.json.encode(message)
    return struct.pack("!BBH", 0x81, 0xFE, len(payload)) + b"\0\0\0\0" + payload


async def chatter(house: Whole, done: Callable[[], bool]) -> None:
    """Changes whose frames are large, until it is enough."""
    for n in range(1_000):
        if done():
            return
        await house.command("edit_conference", title=f"{n:03d}{LONG[3:]}", place=LONG, help_phone=LONG)
    raise AssertionError("a thousand frames were not enough")


async def closes(house: Whole, code: Close) -> bool:
    async with house.admin._open.get(f"{house.base}/metrics") as answer:
        return f'nhipcau_socket_closes_total{{code="{int(code)}"}} 1.0' in await answer.text()


async def test_a_wall_that_does_not_read_is_ended_and_the_others_see_everything(
    house: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk = await house.kiosk()
    async with house.wall(kiosk) as good, deaf(house, kiosk):
        monkeypatch.setattr(outlet, "FULL", 16_384)
        monkeypatch.setattr(hub, "SLOW_SECONDS", 0.2)
        await asyncio.gather(good_sees(good, "Xong"), chatter_until_alone(house))
        assert await closes(house, Close.TOO_SLOW)


async def chatter_until_alone(house: Whole) -> None:
    await chatter(house, lambda: house.server.sockets.count() == 1)
    await house.command("edit_conference", title="Xong")


async def good_sees(wall: Socket, title: str) -> None:
    while (await wall.next("frame")).get("conference", {}).get("title") != title:
        pass


async def test_a_device_that_does_not_read_is_gone_when_it_was_sent_away(house: Whole) -> None:
    """Given a phone whose goodbye cannot be delivered, when its link is revoked, then it does not stay present."""
    async with deaf(house, await house.device(1)), house.wall(await house.kiosk()) as wall:
        assert (await wall.message())["rows"][0][DEVICES] == 1
        transport = next(iter(house.server.sockets._open.values()))._transport
        await chatter(house, lambda: transport.get_write_buffer_size() > 0)
        await house.command("revoke_links", points=[1])
        await house.server.sockets.sweep()
        while (row := await row_of(wall, 1)) is None or row[DEVICES]:
            pass


async def row_of(wall: Socket, point: int) -> list[Any] | None:
    """The room in the next frame."""
    rows: list[list[Any]] = (await wall.next("frame")).get("rows", [])
    return next((row for row in rows if row[0] == point), None)
