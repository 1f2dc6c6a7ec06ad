"""Two servers over one PostgreSQL and NATS: one conference, whoever a client speaks to, whatever of it is away."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from server.config import BusConfig, LiveConfig
from server.live import bus, conferences, peers, register
from server.live.conferences import Live
from tests.servers import nats as nats_server
from tests.servers import postgres as pg
from tests.servers.whole import Whole, whole
from tests.waiting import until, until_async

KEY = "một khoá dùng chung cho mọi máy chủ"
SOON = LiveConfig(interval_ms=20, grace_ms=1_000, pace_ms=0, beat_ms=60_000)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same rules with shorter patience: no test waits as long as a real morning would."""
    monkeypatch.setattr(peers, "SILENT_SECONDS", 1.0)
    monkeypatch.setattr(peers, "ALIVE_SECONDS", 0.2)
    monkeypatch.setattr(register, "LIVE_SECONDS", 3)
    monkeypatch.setattr(bus, "SETTLE_SECONDS", 0.5)


@pytest.fixture
async def pair(tmp_path: Path, postgres: pg.Postgres, nats: nats_server.Nats) -> AsyncIterator[tuple[Whole, Whole]]:
    """Two servers of one conference."""
    settings: dict[str, Any] = {
        "database": postgres.database(),
        "bus": BusConfig((nats.url,)),
        "secret_key": KEY,
        "live": SOON,
    }
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(whole(tmp_path, **settings))
        two = await stack.enter_async_context(whole(tmp_path, again=one, **settings))
        for house in (one, two):
            await live(house)
            await until(house.server.conferences.steady, "the bus")
        yield one, two


async def live(house: Whole) -> Live:
    found = await house.server.conferences.get(house.conference)
    assert found is not None
    return found


async def fall_silent(house: Whole) -> None:
    """As a server that was killed: no goodbye, no sign of life."""
    await (await live(house)).stop()
    await house.server.conferences.peers._tasks.stop()
    await house.server.conferences.bus.stop()


async def test_a_tap_at_one_server_is_on_the_wall_of_the_other(pair: tuple[Whole, Whole]) -> None:
    one, two = pair
    async with two.wall(await one.token()) as wall, one.operator(await two.device(1)) as operator:
        await wall.next("snapshot")
        await operator.done("check_in", point=1)
        answer = await operator.done("report_headcount", point=1, in_room=66)
        while (frame := await wall.next("frame"))["seq"] < answer["seq"]:
            pass
        assert 66 in next(r for r in frame["rows"] if r[0] == 1)
    assert [e["seq"] for e in await one.journal()] == [e["seq"] for e in await two.journal()]


async def test_both_write_at_once_and_one_history_comes_of_it(pair: tuple[Whole, Whole]) -> None:
    one, two = pair
    device = await one.device(1)
    async with one.operator(device) as here, two.operator(device) as there:
        await here.done("check_in", point=1)
        ids = [[await s.do("report_headcount", point=1, in_room=n) for n in range(20)] for s in (here, there)]
        for socket, sent in zip((here, there), ids, strict=True):
            answers = [await socket.answer(id) for id in sent]
            assert [a["t"] for a in answers] == ["done"] * 20
        again = await there.done("report_headcount", id=ids[0][0], point=1, in_room=0)
    assert again["again"], "a command that moved with its phone to another server has one effect"
    reported = await one.journal("headcount_reported")
    assert len(reported) == 40
    assert (await live(one)).hub.seq == (await live(two)).hub.seq == (await one.journal())[-1]["seq"]


async def test_a_room_is_connected_wherever_its_phones_are(pair: tuple[Whole, Whole]) -> None:
    one, two = pair
    here, there = await live(one), await live(two)
    first, second = await one.device(1), await one.device(1)
    async with one.operator(first):
        async with two.operator(second):
            for side in (here, there):
                await until(lambda: side.presence.seen(1)[0] == 2, "both phones are counted")  # noqa: B023
        await until(lambda: here.presence.seen(1)[0] == 1, "one of them left")
    await until(lambda: there.presence.gone_since(1) is not None, "the last one left")


async def test_a_dead_server_s_rooms_are_lost_once_and_come_back_at_the_other(pair: tuple[Whole, Whole]) -> None:
    one, two = pair
    device = await one.device(1)
    async with one.operator(device) as operator:
        await operator.done("check_in", point=1)
        await until_async(_holds(two, 1), "the other server knows")
        await fall_silent(one)
        await until_async(_recorded(two, "line_lost"), "the line is recorded as lost")
        async with two.operator(device):
            await until_async(_recorded(two, "line_up"), "it came back")
    assert len(await two.journal("line_lost")) == 1


async def test_who_comes_back_at_one_server_is_not_lost_again_before_the_other_knows_where_he_sits(
    pair: tuple[Whole, Whole], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = pair
    monkeypatch.setattr(conferences, "SWEEP_SECONDS", 0.01)
    device, telling, late = await one.device(1), one.server.conferences.peers, list[peers.Shares]()
    async with one.operator(device) as operator:
        await operator.done("check_in", point=1)
        await until_async(_holds(two, 1), "the other server knows")
    await until_async(_recorded(two, "line_lost"), "the line is recorded as lost")
    tell, there, asked = telling._tell, await live(two), list[int]()
    gone_since, away = there.presence.gone_since, there.presence.away
    await until(lambda: there.clock() - (gone_since(1) or there.clock()) > 1_100, "both have waited for long enough")

    def counted(points: set[int]) -> set[int]:
        asked.extend(points)
        return away(points)

    monkeypatch.setattr(there.presence, "away", counted)
    monkeypatch.setattr(telling, "_tell", late.append)
    async with one.operator(device):
        await until_async(_recorded(two, "line_up"), "it came back")
        await until(lambda: 1 in there.hub.line_expected, "the other server knows the record, and not who is there")
        before = len(asked)
        await until(lambda: len(asked) > before + 3, "it looks for lost lines")
        await two.journal()
        monkeypatch.setattr(telling, "_tell", tell)
        for shares in late:
            tell(shares)
        await until_async(_holds(two, 1), "the other server knows")
    assert len(await two.journal("line_lost")) == 1


async def test_without_the_bus_the_journal_is_read_and_no_line_is_lost_by_ignorance(
    pair: tuple[Whole, Whole], nats: nats_server.Nats
) -> None:
    one, two = pair
    async with one.operator(await one.device(1)) as operator:
        await operator.done("check_in", point=1)
        await until_async(_holds(two, 1), "the other server knows")
        nats.stop()
        try:
            await until(lambda: not two.server.conferences.steady(), "it is noticed")
            answer = await operator.done("report_headcount", point=1, in_room=66)
            hub = (await live(two)).hub
            await until(lambda: hub.seq >= answer["seq"], "the other server reads the journal")
            assert (await two.admin.call("GET", "/readyz", dict))["degraded"] == ["bus"]
            async with two.wall(await two.token()) as wall:
                assert (await wall.next("snapshot"))["degraded"] is True
        finally:
            nats.start()
        for house in pair:
            await until(house.server.conferences.steady, "the bus is back", seconds=15)
        await until_async(_holds(two, 1), "and so is what it tells")
    assert await two.journal("line_lost") == []


async def test_a_server_cut_from_the_bus_alone_is_not_taken_for_dead(pair: tuple[Whole, Whole]) -> None:
    one, two = pair
    async with one.operator(await one.device(1)) as operator:
        await operator.done("check_in", point=1)
        await until_async(_holds(two, 1), "the other server knows")
        await one.server.conferences.bus.stop()
        seen = two.server.conferences.peers
        heard = seen._peers[one.server.conferences.bus.name].heard
        await until(lambda: asyncio.get_running_loop().time() - heard > 2.5, "it is silent for long")
        assert (await live(two)).presence.seen(1)[0] == 1
    assert await two.journal("line_lost") == []


async def test_while_a_server_lives_that_is_not_heard_nobody_says_who_is_away(pair: tuple[Whole, Whole]) -> None:
    """As one of a version that speaks otherwise on the bus: whoever sits there is connected, and not seen here."""
    _, two = pair
    await register.sign(two.server.engine, "silent", two.server._secrets.mark())
    await until(lambda: not two.server.conferences.steady(), "it is noticed")
    await register.sign_off(two.server.engine, "silent")
    await until(two.server.conferences.steady, "it is gone")


async def test_who_sits_at_a_server_without_its_database_is_sent_to_one_that_has_it(
    pair: tuple[Whole, Whole], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unreachable() -> set[str]:
        raise OSError("no route to the database")

    one, two = pair
    device = await one.device(1)
    async with one.operator(device) as here, two.operator(device) as there:
        monkeypatch.setattr(conferences, "CUT_OFF_SECONDS", 0.5)
        monkeypatch.setattr(one.server.conferences.peers, "_register", unreachable)
        code, bye = await here.closed()
        assert (code, bye and bye["reason"]) == (1012, "restart")
        await there.say(t="beat")
        await there.next("pulse")


Condition = Callable[[], Awaitable[bool]]


def _holds(house: Whole, point: int) -> Condition:
    async def holds() -> bool:
        return (await live(house)).presence.seen(point)[0] == 1

    return holds


def _recorded(house: Whole, type: str) -> Condition:
    async def recorded() -> bool:
        return bool(await house.journal(type))

    return recorded
