"""Two servers over one PostgreSQL and NATS: what one of them knows of bridges and pictures, the other does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from server.config import BusConfig, MediaConfig
from server.live import bus
from server.media import orders, pictures
from tests.servers import nats as nats_server
from tests.servers import postgres as pg
from tests.servers.whole import QUICK, Body, Whole, whole
from tests.waiting import until

from .caller import KEY, publishing, report, told
from .test_passes import organizer
from .test_pictures import OTHER, SMALL, get, letting, media, put, version

Pair = tuple[Whole, Whole]


@pytest.fixture
async def pair(
    tmp_path: Path, postgres: pg.Postgres, nats: nats_server.Nats, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Pair]:
    monkeypatch.setattr(bus, "SETTLE_SECONDS", 0.2)
    settings: dict[str, Any] = {
        "database": postgres.database(),
        "bus": BusConfig((nats.url,)),
        "secret_key": "một khoá dùng chung cho mọi máy chủ",
        "media": MediaConfig(KEY),
        "live": QUICK,
    }
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(whole(tmp_path, **settings))
        two = await stack.enter_async_context(whole(tmp_path, again=one, **settings))
        for house in (one, two):
            assert await house.server.conferences.get(house.conference)
            await until(house.server.conferences.steady, "the bus")
        yield one, two


async def test_a_bridge_that_reports_at_one_is_known_at_the_other(pair: Pair) -> None:
    one = pair[0]
    await report(one, publishers=publishing(one, "main"))
    for house in pair:
        assert [b["name"] for b in await house.admin.call("GET", "/api/bridges", list)] == ["a"]
        assert (await organizer(house, "programme", "watch")).bridge == "a"


async def test_a_switch_at_one_is_told_at_once_to_a_bridge_that_waits_at_the_other(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = pair
    monkeypatch.setattr(orders, "HOLD_SECONDS", 60.0)
    carries: Body = {"publishers": publishing(one, "main", "point/1")}
    token = await one.device(1)
    await one.command("check_in", point=1)
    await one.command("ask_air", point=1)
    async with one.operator(token) as room:
        await room.done("answer_air", point=1)
    answer = await report(two, **carries)
    answer = await told(two, answer.mark, one.command("put_on_air", point=1), **carries)
    assert answer.on_air == {one.conference: "point/1"}
    drain = one.admin.call("POST", "/api/bridges/a/drain", object, {"on": True})
    assert (await told(two, answer.mark, drain, **carries)).drain is True


async def test_a_room_s_yes_at_one_lets_its_picture_be_sent_to_and_seen_at_the_other(pair: Pair) -> None:
    """The line stands at one, the picture comes to the other, and walls look at both."""
    one, two = pair
    token, wall = await one.device(1), await one.token("viewer")
    there = two.server.conferences.running()[0].presence
    async with letting(one, token):
        await until(lambda: there.lets_be_shown(1), "the other server heard of the yes")
        assert await put(two, token, SMALL) == (204, "")
        await until(lambda: version(one), "the first heard of the picture")
        assert version(one) == version(two)
        assert await get(one, wall) == await get(two, wall) == (200, SMALL)
        media(two)._shown._pace._buckets.clear()
        before = version(one)
        assert await put(two, token, OTHER) == (204, "")
        await until(lambda: version(one) > before, "the first heard of the newer one")
        found = await asyncio.gather(*(get(one, wall) for _ in range(20)))
        assert found == [(200, OTHER)] * 20
    await until(lambda: not version(two), "nobody of the room is there any more")
    assert (await get(two, wall))[0] == (await get(one, wall))[0] == 404


async def test_a_server_that_does_not_answer_keeps_no_wall_waiting(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = pair
    monkeypatch.setattr(pictures, "ANSWER_SECONDS", 0.05)
    token, wall = await one.device(1), await one.token("viewer")
    async with letting(one, token):
        assert await put(one, token, SMALL) == (204, "")
        await until(lambda: version(two), "the second heard of the picture")
        media(one)._pictures._known.clear()
        assert (await get(two, wall))[0] == 404
        assert media(two)._pictures._asked == {}
