"""What rooms do over the socket: once and only once, two devices agree, and a line that flaps is no story."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.client.line import new_id
from server.config import LiveConfig
from server.journal.store import Turn
from server.live import conductor, conferences
from server.live.presence import returning_ms
from server.protocol.errors import Close
from tests.servers.whole import QUICK, Body, Socket, Whole, whole
from tests.waiting import until, until_async

GRACE = 20_000  # ms by the test's own clock


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 1_700_000_000_000

    def __call__(self) -> int:
        return self.now


# --- commands


async def test_a_command_is_answered_when_it_is_in_the_journal(house: Whole) -> None:
    async with house.operator(await house.device(1)) as room:
        done = await room.done("check_in", point=1)
        assert done["point"]["stage"] == "in"
        assert "again" not in done
    [event] = await house.journal("checked_in")
    assert (event["seq"], event["at"]) == (done["seq"], done["at"])


async def test_the_same_id_has_one_effect_and_one_answer(house: Whole) -> None:
    async with house.operator(await house.device(1)) as room:
        await room.done("check_in", point=1)
        report = {"id": new_id(), "point": 1, "in_room": 70, "tapped_at": 5}
        first = await room.done("report_headcount", **report)
        await room.done("report_headcount", point=1, in_room=71)
        second = await room.done("report_headcount", **report, retry=True)
    assert second["again"] is True
    assert (second["seq"], second["at"]) == (first["seq"], first["at"])
    assert second["point"]["headcount"]["in_room"] == 71, "the room as it is now"
    assert [e["body"]["in_room"] for e in await house.journal("headcount_reported")] == [70, 71]


async def test_the_same_id_with_another_body_is_refused(house: Whole) -> None:
    id = new_id()
    async with house.operator(await house.device(1)) as room, house.operator(await house.device(2)) as other:
        assert (await room.done("check_in", id=id, point=1))["t"] == "done"
        assert (await room.done("leave", id=id, point=1))["error"]["code"] == "id_reused"
        assert (await other.done("check_in", id=id, point=2))["error"]["code"] == "id_reused"


async def test_a_refusal_is_remembered_too(house: Whole) -> None:
    id = new_id()
    async with house.operator(await house.device(1)) as room:
        first = await room.done("report_headcount", id=id, point=1, in_room=70)
        await room.done("check_in", point=1)
        second = await room.done("report_headcount", id=id, point=1, in_room=70)
    assert first["t"] == second["t"] == "refused"
    assert first["error"]["code"] == second["error"]["code"] == "not_checked_in"


async def test_a_clock_that_is_wrong_bends_nothing_and_both_times_are_kept(house: Whole) -> None:
    """Given a phone in the year 2001, when its tap waited a minute, then the minute counts and not the year."""
    wrong = 1_000_000_000_000
    async with house.operator(await house.device(1)) as room:
        await room.done("check_in", point=1, tapped_at=wrong, sent_at=wrong + 60_000)
    [event] = await house.journal("checked_in")
    assert event["tapped_at"] == wrong
    assert event["occurred_at"] == event["at"] - 60_000


async def test_two_devices_of_one_room_agree(house: Whole) -> None:
    async with house.operator(await house.device(1)) as one, house.operator(await house.device(1)) as two:
        await one.done("check_in", point=1)
        assert (await two.next("point"))["point"]["stage"] == "in"
        await two.done("report_headcount", point=1, in_room=65)
        told = await one.next("point")
        while told["point"].get("headcount", {}).get("in_room") != 65:
            told = await one.next("point")


async def test_a_room_is_told_what_organizers_do(house: Whole) -> None:
    async with house.operator(await house.device(1)) as room:
        await house.command("edit_conference", help_phone="024 3825 0000")
        told = await room.next("point")
        while told["conference"].get("help_phone") != "024 3825 0000":
            told = await room.next("point")


async def test_a_room_is_told_when_its_tap_waits_for_a_database_that_hangs(
    house: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conductor, "LOST_SECONDS", 0.1)
    let, turn = asyncio.Event(), house.server.journal.turn

    @contextlib.asynccontextmanager
    async def hanging(conference: str) -> AsyncIterator[Turn]:
        await let.wait()
        async with turn(conference) as mine:
            yield mine

    async with house.operator(await house.device(1)) as one, house.operator(await house.device(2)) as two:
        monkeypatch.setattr(house.server.journal, "turn", hanging)
        await one.do("check_in", point=1)
        assert (await one.next("held"))["held"], "whoever waits hears it"
        assert (await two.next("held"))["held"], "and who has not done anything yet"
        await two.do("check_in", point=2)
        assert (await two.next("held"))["held"], "an answer, so that the line is known to be well"
        let.set()
        await one.next("done")
        await two.next("done")
        assert not (await one.next("held"))["held"]


# --- lines


@pytest.fixture
def quick_sweeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conferences, "SWEEP_SECONDS", 0.02)


@pytest.fixture
async def timed(tmp_path: Path, quick_sweeps: None) -> AsyncIterator[tuple[Whole, Clock]]:
    clock = Clock()
    async with whole(tmp_path, LiveConfig(QUICK.interval_ms, GRACE, 0, QUICK.beat_ms), clock) as house:
        yield house, clock


async def away(house: Whole, point: int) -> None:
    """Until the server noticed that no device of the room is there."""
    live = await house.server.conferences.get(house.conference)
    assert live is not None
    await until(lambda: live.presence.seen(point)[0] == 0, "the line is seen to be gone")


async def lost(house: Whole, times: int) -> list[Body]:
    async def found() -> list[Body]:
        events = await house.journal("line_lost")
        return events if len(events) >= times else []

    return await until_async(found, f"{times} lost lines on record")


async def lines(house: Whole) -> list[str]:
    return [e["body"]["type"] for e in await house.journal("line_lost,line_up")]


async def test_a_short_break_is_no_event_and_a_long_one_is_exactly_one(timed: tuple[Whole, Clock]) -> None:
    house, clock = timed
    token = await house.device(1)
    async with house.operator(token) as room:
        await room.done("check_in", point=1)
    await away(house, 1)
    clock.now += GRACE - 1
    async with house.operator(token):
        clock.now += 10 * GRACE
    await away(house, 1)
    since = clock.now
    clock.now += GRACE
    [event] = await lost(house, 1)
    assert event["body"]["since"] == since, "the second break: the first was over in time"
    async with house.operator(token) as room, house.operator(token):
        await room.done("report_headcount", point=1, in_room=70)
        assert await lines(house) == ["line_lost", "line_up"]
    await away(house, 1)
    clock.now += GRACE
    await lost(house, 2)
    assert await lines(house) == ["line_lost", "line_up", "line_lost"]


async def test_a_room_that_has_left_loses_no_line(timed: tuple[Whole, Clock]) -> None:
    house, clock = timed
    tokens = await house.device(1), await house.device(2)
    for point, token in enumerate(tokens, 1):
        async with house.operator(token) as room:
            await room.done("check_in", point=point)
            if point == 1:
                await room.done("leave", point=point)
        await away(house, point)
    clock.now += 2 * GRACE
    [event] = await lost(house, 1)
    assert event["body"]["point"] == 2


async def test_a_line_that_did_not_come_back_after_a_restart_is_recorded(tmp_path: Path, quick_sweeps: None) -> None:
    """Given a room in, when the server starts anew and the room stays away, then it is lost since the start, once all
    had their turn to come back."""
    clock, settings = Clock(), LiveConfig(QUICK.interval_ms, GRACE, 0, QUICK.beat_ms)
    async with whole(tmp_path, settings, clock) as house, house.operator(await house.device(1)) as room:
        await room.done("check_in", point=1)
    clock.now += 500_000
    async with whole(tmp_path, settings, clock, again=house) as house:
        started = clock.now
        assert await lines(house) == []
        clock.now += GRACE + 2 * returning_ms(1)
        [event] = await lost(house, 1)
        assert event["body"]["since"] == started


async def test_a_silent_line_is_closed_and_a_beating_one_stays(house: Whole) -> None:
    async with house.operator(await house.device(1)) as quiet, house.operator(await house.device(2)) as beating:
        seats = {seat.who.point: seat for seat in house.server.sockets._seats.values()}
        seats[1].heard -= 10_000
        await beating.say(t="beat", rtt=40)
        await beating.next("pulse")
        await house.server.sockets.sweep()
        code, bye = await quiet.closed()
        assert code == Close.SILENT
        assert bye is not None
        await beating.say(t="beat")
        await beating.next("pulse")


async def test_the_quality_of_a_line_is_seen_and_never_recorded(house: Whole) -> None:
    async with house.wall(await house.kiosk()) as wall, house.operator(await house.device(1)) as room:
        before = len(await house.journal())
        for rtt, quality in ((2_000, "weak"), (50, "good")):
            await room.say(t="beat", rtt=rtt)
            await until_row(wall, 1, 10, quality)
            await room.next("pulse")
        assert len(await house.journal()) == before


async def test_a_status_between_the_beats_is_taken_and_not_answered(house: Whole) -> None:
    async with house.wall(await house.kiosk()) as wall, house.operator(await house.device(1)) as room:
        await room.say(t="status", rtt=2_000)
        await until_row(wall, 1, 10, "weak")
        await room.say(t="beat", rtt=50)
        assert (await room.message())["t"] == "pulse", "nothing was said before it"


async def until_row(wall: Socket, point: int, place: int, value: object) -> None:
    while True:
        rows = (await wall.next("frame")).get("rows", [])
        if any(row[0] == point and row[place] == value for row in rows):
            return
