"""The simulator against a real server: every room comes in over a line of its own and nothing is refused."""

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from server.client.http import ApiError
from server.demo.figures import Figures, Summary, percentile
from server.demo.phones import Phones
from server.demo.simulate import CannotSimulate, PointLink, allow_files, find_room, simulate
from server.protocol.messages import FrameMessage, ServerMessage, SnapshotMessage
from server.protocol.views import PointRow
from server.tasks import Tasks
from tests.client.house import LOGIN, PASSWORD, House

SECONDS = 60.0  # it takes three; whoever waits longer has found a fault
SPEED = 100.0


class Wall:
    """The rows of the board as a wall keeps them, and a moment to wait for."""

    def __init__(self) -> None:
        self.rows: dict[int, PointRow] = {}
        self.phase = ""
        self._news = asyncio.Event()

    def hear(self, message: ServerMessage) -> None:
        if isinstance(message, SnapshotMessage | FrameMessage):
            self.rows |= {row.id: row for row in message.rows or ()}
            self.phase = message.conference.phase if message.conference else self.phase
            self._news.set()

    async def until(self, holds: Callable[["Wall"], bool]) -> None:
        while not (self.rows and holds(self)):
            self._news.clear()
            await asyncio.wait_for(self._news.wait(), SECONDS)

    def all_attend_but(self, free: int) -> bool:
        return self.phase == "live" and all(r.in_room is not None for r in self.rows.values() if r.id != free)


@pytest.fixture
async def wall(house: House, tasks: Tasks) -> Wall:
    """One that is watching."""
    wall = Wall()
    tasks.start("wall", house.line(None, on_message=wall.hear, additional_headers=house.api.identity()).run())
    return wall


async def played(house: House, wall: Wall, free: PointLink, said: list[str]) -> Summary:
    """Until the wall shows everybody else."""
    stop = asyncio.Event()

    async def watch() -> None:
        await wall.until(lambda wall: wall.all_attend_but(free.point))
        stop.set()

    play = simulate(
        *(house.server.base_url, LOGIN, PASSWORD),
        conference=house.conference,
        speed=SPEED,
        leave_free=free.title,
        seed=1,
        say=said.append,
        stop=stop,
    )
    _, summary = await asyncio.gather(watch(), play)
    return summary


async def test_all_rooms_come_in_but_the_free_one(house: House, wall: Wall) -> None:
    said: list[str] = []
    free = (await house.links())[3]
    summary = await played(house, wall, free, said)
    assert wall.rows[free.point].status == "none"
    assert summary.rooms == summary.connected == len(wall.rows) - 1
    assert summary.refusals == {}
    assert summary.done == summary.sent >= 3 * summary.rooms
    assert summary.lost_lines == summary.ended == 0
    assert 0 < summary.ack_p50_ms <= summary.ack_p99_ms
    assert said[0] == f"free: {free.title}  {free.url}"


async def test_phones_are_counted_as_people(house: House, wall: Wall) -> None:
    """Two phones, one of which comes back: two scans and two openings; an unknown code is a failure."""
    one = f"/api/conferences/{house.conference}"
    code = (await house.api.call("GET", f"{one}/points/1", dict[str, Any]))["code_url"].rsplit("/", 1)[-1]
    named = {"X-File-Name": "thu.txt"}
    await house.api.call("POST", f"{one}/documents?title=Th%C6%B0", object, data="Xin chào\n".encode(), **named)
    async with Phones(house.server.base_url, figures := Figures()) as phones:
        for phone in (1, 1, 2):
            await phones.visit(code, phone, opens=1)
        await phones.visit("0000000000X", 3, opens=1)
    await wall.until(lambda wall: wall.rows[1].opens >= 2)
    assert (wall.rows[1].scans, wall.rows[1].opens) == (2, 2)
    assert (figures.scans, figures.opens, figures.scan_failures) == (3, 3, 1)


async def test_a_closed_conference_is_not_played(house: House) -> None:
    await house.command(type="set_phase", phase="live")
    await house.command(type="set_phase", phase="closed")
    with pytest.raises(CannotSimulate, match="closed"):
        await simulate(house.server.base_url, LOGIN, PASSWORD, conference=house.conference)


async def test_an_unknown_conference_is_said(house: House) -> None:
    with pytest.raises(CannotSimulate, match="nobody"):
        await simulate(house.server.base_url, LOGIN, PASSWORD, conference="nobody")


async def test_a_wrong_password_is_said(house: House) -> None:
    with pytest.raises(ApiError) as caught:
        await simulate(house.server.base_url, LOGIN, "sai mật khẩu rồi", conference=house.conference)
    assert caught.value.status == 401


async def test_no_server_is_said(unused_tcp_port: int) -> None:
    with pytest.raises(aiohttp.ClientError):
        await simulate(f"http://127.0.0.1:{unused_tcp_port}", LOGIN, PASSWORD, conference="c")


LINKS = [
    PointLink(1, "Xã Tản Lĩnh · Phòng 2", "u1", revoked=False),
    PointLink(2, "Xã Tản Lĩnh", "u2", revoked=False),
    PointLink(3, "Phường Phúc Xá", "u3", revoked=False),
]


@pytest.mark.parametrize(
    ("name", "point"), [("xa tan linh", 2), ("Xã Tản Lĩnh · Phòng 2", 1), ("phòng 2", 1), ("Phúc Xá", 3)]
)
def test_a_room_is_found_by_its_title_or_a_part_of_it(name: str, point: int) -> None:
    assert find_room(LINKS, name).point == point


def test_a_room_that_is_not_there_is_said_with_the_nearest() -> None:
    with pytest.raises(CannotSimulate, match="Phường Phúc Xá"):
        find_room(LINKS, "Phường Phúc Sá")


def test_more_rooms_than_the_system_has_files_are_refused() -> None:
    with pytest.raises(CannotSimulate, match="ulimit"):
        allow_files(2**40)


def test_percentiles_of_little_are_defined() -> None:
    assert percentile([], 0.99) == 0.0
    assert percentile([0.002], 0.99) == 2.0
    assert percentile([n / 1000 for n in range(100)], 0.5) == 50.0
