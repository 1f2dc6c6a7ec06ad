"""A server that stops, or dies: nothing that was acknowledged is lost, nothing is done twice."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from bench.ground import Ground, make
from server.client.http import Api
from server.client.line import Line, new_id
from server.protocol.commands import CheckIn, ReportHeadcount
from server.protocol.errors import Close
from server.protocol.messages import DoneMessage
from server.tasks import Tasks
from tests.servers.whole import Socket, whole
from tests.waiting import until


async def report_until_closed(room: Socket, point: int, acknowledged: dict[str, int]) -> None:
    """Reports without a pause; what is acknowledged (id -> people) goes into the dict."""
    for people in range(1, 10_000):
        id = new_id()
        try:
            await room.do("report_headcount", id=id, point=point, in_room=people)
            while (message := await room.message()).get("id") != id:
                if message["t"] == "bye":
                    return
        except ConnectionClosed:
            return
        if message["t"] == "refused":  # more than a phone may send: it is closed with "busy"
            assert message["error"]["code"] == "rate_limited", message
            return
        acknowledged[id] = people
    raise AssertionError("the server never stopped")


async def test_a_planned_stop_says_come_back_and_loses_nothing(tmp_path: Path) -> None:
    async with whole(tmp_path) as house:
        wall_token = await house.kiosk()
        async with (
            house.operator(await house.device(1)) as one,
            house.operator(await house.device(2)) as two,
            house.wall(wall_token) as wall,
        ):
            for point, room in ((1, one), (2, two)):
                await room.done("check_in", point=point)
            acknowledged: dict[int, dict[str, int]] = {1: {}, 2: {}}
            working = asyncio.gather(*(report_until_closed(r, p, acknowledged[p]) for p, r in ((1, one), (2, two))))
            await until(lambda: all(acknowledged.values()), "both have answers")
            stopping = asyncio.gather(house.server.stop(), wall.closed())
            await working
            _, (code, bye) = await stopping
    assert code == Close.RESTART
    assert bye is not None
    assert bye["retry"]["base"] > 0
    async with whole(tmp_path, again=house) as house:
        reported = await house.journal("headcount_reported")
        for point, answered in acknowledged.items():
            people = [e["body"]["in_room"] for e in reported if e["body"]["point"] == point]
            assert people[: len(answered)] == list(answered.values()), "each once, in order"
            assert len(people) <= len(answered) + 1, "at most the one that was on its way"


async def test_who_comes_while_the_server_stops_is_not_sent_away_for_good(tmp_path: Path) -> None:
    """Given a phone that has not said hello yet when all are told to come back, it is told too; and who comes then is
    not let in, where nobody would hear him."""
    async with whole(tmp_path) as house:
        async with house.socket() as early:
            await until(lambda: house.server.sockets.count() == 1, "it is connected")
            house.server.sockets.stop()
            assert (await early.closed())[0] == Close.RESTART
        with pytest.raises(InvalidStatus, match="503"):
            async with house.socket():
                pass


# --- killed


@pytest.fixture
async def ground() -> AsyncIterator[Ground]:
    """A server as a process, with six rooms."""
    ground = await make(6)
    yield ground
    await ground.server.stop()
    ground.server.remove()


TAPS = 40


async def test_a_killed_server_keeps_what_it_acknowledged_and_does_it_once(ground: Ground) -> None:
    """Given rooms that report without a pause, when the server is killed twice, then every report stands in the
    journal exactly once and in order: clients send again what was not answered, under its id."""
    lines, tasks = [Line(ground.socket, ground.conference, token) for token in ground.devices], Tasks()
    for n, line in enumerate(lines):
        tasks.start(f"line {n}", line.run())
    halves = [asyncio.Event(), asyncio.Event()]

    async def work(line: Line, point: int) -> None:
        await line.do(CheckIn(point))
        for people in range(1, TAPS + 1):
            answer = await line.do(ReportHeadcount(point, people))
            assert isinstance(answer, DoneMessage), answer
            for half, at in zip(halves, (TAPS // 4, TAPS // 2), strict=True):
                if people == at:
                    half.set()

    async def kill() -> None:
        for half in halves:
            await half.wait()
            await ground.server.kill()
            await ground.server.start()

    await asyncio.wait_for(
        asyncio.gather(kill(), *(work(line, p) for line, p in zip(lines, ground.points, strict=True))), 60
    )
    await tasks.stop()
    async with Api(ground.server.base) as api:
        await ground.server.sign_in(api)
        page = await api.call(
            "GET", f"/api/conferences/{ground.conference}/journal?type=headcount_reported&limit=1000", dict
        )
    found = [entry["event"]["body"] for entry in reversed(page["entries"])]
    for point in ground.points:
        assert [b["in_room"] for b in found if b["point"] == point] == list(range(1, TAPS + 1))
