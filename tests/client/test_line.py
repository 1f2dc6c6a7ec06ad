"""One line against a real server: what is tapped arrives once, in order, however the line behaves."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest
from websockets.asyncio.server import ServerConnection, serve

from server.client import line as line_module
from server.client.line import Ended, Line
from server.protocol.commands import CheckIn, PublicCommand, Ready, ReportHeadcount
from server.protocol.errors import Close
from server.protocol.messages import DoneMessage, PointMessage, PulseMessage, RefusedMessage, Retry, ServerMessage
from server.tasks import Tasks

from .house import House

SECONDS = 10.0  # nothing here takes one; a line that never comes back must fail and not hang


class Room:
    """An operator's line, and what it heard."""

    def __init__(self, house: House, point: int, token: str) -> None:
        self.point, self.heard = point, list[ServerMessage]()
        self.lost = 0
        self.news = asyncio.Event()
        self.line: Line = house.line(token, on_message=self._hear, on_lost=self._lose)

    def _hear(self, message: ServerMessage) -> None:
        self.heard.append(message)
        self.news.set()

    def _lose(self) -> None:
        self.lost += 1

    async def until(self, kind: type[ServerMessage]) -> ServerMessage:
        """The last message of that kind; waits for the first."""
        while not (found := [m for m in self.heard if isinstance(m, kind)]):
            self.news.clear()
            await asyncio.wait_for(self.news.wait(), SECONDS)
        return found[-1]


@pytest.fixture
async def tasks() -> AsyncIterator[Tasks]:
    tasks = Tasks()
    yield tasks
    await tasks.stop()


@pytest.fixture
async def room(house: House, tasks: Tasks) -> Room:
    """Connected, of the first point."""
    link = (await house.links())[0]
    room = Room(house, link.point, await house.enrol(link))
    tasks.start("line", room.line.run())
    await asyncio.wait_for(room.line.connected.wait(), SECONDS)
    return room


async def test_a_command_is_answered_with_the_state_after_it(room: Room) -> None:
    answer = await room.line.do(CheckIn(room.point))
    assert isinstance(answer, DoneMessage)
    assert not answer.again


async def test_a_refusal_is_an_answer_too(room: Room) -> None:
    answer = await room.line.do(Ready(room.point))
    assert isinstance(answer, RefusedMessage)
    assert answer.error.code == "not_checked_in"


async def test_what_is_tapped_on_a_dead_line_arrives_in_order_when_it_is_back(room: Room) -> None:
    """Out of order the server would refuse the headcount and the readiness of a room that is not in."""
    room.line.cut(0.05)
    commands: list[PublicCommand] = [CheckIn(room.point), ReportHeadcount(room.point, 61), Ready(room.point)]
    answers = await asyncio.wait_for(asyncio.gather(*(room.line.do(c) for c in commands)), SECONDS)
    assert [type(answer) for answer in answers] == [DoneMessage] * 3
    assert room.lost == 1
    point = await room.until(PointMessage)
    assert isinstance(point, PointMessage)


async def test_a_command_sent_again_under_its_id_has_one_effect(room: Room) -> None:
    tap = partial(room.line.do, CheckIn(room.point), id="the-same-id-0123456789", tapped_at=1_700_000_000_000)
    first = await tap()
    room.line.cut(0.0)
    second = await asyncio.wait_for(tap(), SECONDS)
    assert isinstance(first, DoneMessage)
    assert isinstance(second, DoneMessage)
    assert (second.seq, second.at) == (first.seq, first.at)
    assert second.again


async def test_a_beat_is_answered_and_measured(room: Room) -> None:
    before = room.line.rtt
    await room.line.beat()
    await room.until(PulseMessage)
    assert before is None
    assert room.line.rtt is not None
    assert 0 <= room.line.rtt < SECONDS * 1000


async def test_a_revoked_link_ends_the_line_and_what_waits_on_it(house: House, tasks: Tasks) -> None:
    link = (await house.links())[1]
    room = Room(house, link.point, await house.enrol(link))
    await house.command(type="revoke_links", points=[link.point])
    waiting = tasks.start("tap", _refusal(room.line, link.point))
    await asyncio.sleep(0)  # the tap is in the outbox before the line begins
    with pytest.raises(Ended):
        await asyncio.wait_for(room.line.run(), SECONDS)
    assert (await waiting).code == (await _refusal(room.line, link.point)).code == Close.REVOKED


async def _refusal(line: Line, point: int) -> Ended:
    """How the line ended instead of answering."""
    with pytest.raises(Ended) as caught:
        await line.do(CheckIn(point))
    return caught.value


async def test_a_hello_that_nobody_answers_is_not_waited_for(
    house: House, tasks: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_module, "WELCOME_SECONDS", 0.1)
    greeted: asyncio.Queue[None] = asyncio.Queue()

    async def mute(socket: ServerConnection) -> None:
        async for _ in socket:
            greeted.put_nowait(None)

    async with serve(mute, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        line = Line(f"ws://127.0.0.1:{port}", house.conference, proxy=None)
        line._retry = Retry(0, 0)
        tasks.start("line", line.run())
        for _ in range(2):  # it says hello again, on a new line
            await asyncio.wait_for(greeted.get(), SECONDS)
