"""Bridges report and are told what to do, at once; organizers see and drain them; on both databases."""

import asyncio
import time

import pytest
from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families

from server.client.http import Api, ApiError
from server.media import orders
from server.protocol import bridges as wire
from tests.servers.whole import Body, Whole

from .caller import KEY, pass_of, publishing, report, told


async def listed(house: Whole) -> dict[str, Body]:
    found = await house.admin.call("GET", "/api/bridges", list)
    return {b["name"]: b for b in found}


async def agreed(house: Whole, point: int = 1) -> None:
    token = await house.device(point)
    await house.command("check_in", point=point)
    await house.command("ask_air", point=point)
    async with house.operator(token) as room:
        assert (await room.done("answer_air", point=point))["t"] == "done"


# --- the register


async def test_a_bridge_that_reports_is_seen_with_how_it_fares(either: Whole) -> None:
    assert await listed(either) == {}
    before = time.time() * 1_000
    await report(either, "ha-noi", unit="271", viewers=30, busy=0.25)
    await report(either, "ha-noi", unit="271", viewers=31, busy=0.5)
    await report(either, "trung-tam", upstream=True)
    found = await listed(either)
    assert list(found) == ["ha-noi", "trung-tam"]
    seen_at = found["ha-noi"].pop("seen_at")
    assert before - 1_000 <= seen_at <= time.time() * 1_000 + 1_000
    assert found["ha-noi"] == {
        "name": "ha-noi", "url": "http://ha-noi.example:8090", "alive": True, "draining": False, "viewers": 31,
        "capacity": 100, "busy": 0.5, "unit": "271",
    }  # fmt: skip
    assert found["trung-tam"]["upstream"] is True


async def test_one_that_is_silent_for_long_is_dead_and_back_at_its_next_word(
    either: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    await report(either)
    monkeypatch.setattr("server.media.model.ALIVE_SECONDS", -1.0)
    assert (await listed(either))["a"]["alive"] is False
    monkeypatch.setattr("server.media.model.ALIVE_SECONDS", 5.0)
    await report(either)
    assert (await listed(either))["a"]["alive"] is True


async def test_what_was_long_forgotten_goes_when_another_comes(either: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    await report(either, "old")
    await report(either, "new")
    assert list(await listed(either)) == ["new", "old"]
    monkeypatch.setattr("server.media.store.FORGET_MS", -1_000)
    await report(either, "third")
    assert list(await listed(either)) == ["third"]


async def test_draining_is_kept_whatever_the_bridge_reports(either: Whole) -> None:
    await report(either)
    await either.admin.call("POST", "/api/bridges/a/drain", object, {"on": True})
    assert (await report(either)).drain is True
    assert (await listed(either))["a"]["draining"] is True
    await either.admin.call("POST", "/api/bridges/a/drain", object, {"on": False})
    assert (await report(either)).drain is False


# --- what is watched over


async def test_prometheus_is_told_of_each_bridge_and_of_conferences_on_the_slate(house: Whole) -> None:
    """Given a home on whose slate a live conference is, one that is emptied and one that is dead: each with its own."""
    idle = await house.new_conference("Chưa diễn ra")
    await house.command("set_phase", phase="live")
    dark: Body = {"showing": {house.conference: None, idle: None}}
    await report(house, "cau1", viewers=3, busy=0.5, **dark)
    await report(house, "cau2", unit="271", viewers=1, **dark)
    await house.admin.call("POST", "/api/bridges/cau2/drain", object, {"on": True})

    async def told() -> dict[str, float]:
        await house.server.media.sweep()
        async with ClientSession() as http, http.get(f"{house.base}/metrics") as answer:
            families = text_string_to_metric_families(await answer.text())
        found = (s for family in families for s in family.samples)
        return {
            f"{s.labels.get('bridge', '')} {s.name}": s.value
            for s in found
            if "bridges_" in s.name or "slate" in s.name
        }

    assert await told() == {
        "cau1 nhipcau_bridges_alive": 1, "cau1 nhipcau_bridges_draining": 0, "cau1 nhipcau_bridges_viewers": 3,
        "cau1 nhipcau_bridges_capacity": 100, "cau1 nhipcau_bridges_busy": 0.5,
        "cau2 nhipcau_bridges_alive": 1, "cau2 nhipcau_bridges_draining": 1, "cau2 nhipcau_bridges_viewers": 1,
        "cau2 nhipcau_bridges_capacity": 100, "cau2 nhipcau_bridges_busy": 0,
        " nhipcau_programmes_on_slate": 1,
    }  # fmt: skip
    await report(house, "cau1", publishers=publishing(house, "main"), showing={house.conference: "main"})
    assert (await told())[" nhipcau_programmes_on_slate"] == 0


# --- who may


async def test_only_a_bridge_s_own_pass_reports(house: Whole) -> None:
    """No nonsense, nobody else's, none that is over, none for a stream, none of a conference, no key of the service."""
    foreign, expired = pass_of(key="khoá của người khác"), pass_of(until=int(time.time()) - 1)
    streams = (pass_of(stream="main"), pass_of(act="watch"), pass_of(conference="c1"))
    for token in ("nonsense", "a.b", foreign, expired, *streams, await house.token()):
        with pytest.raises(ApiError) as refused:
            await report(house, token=token)
        assert (refused.value.status, refused.value.error.code) == (401, "bad_pass"), token
    assert await listed(house) == {}


async def test_a_report_that_cannot_be_is_refused_whole(house: Whole) -> None:
    wrong: list[tuple[Body, str]] = [
        ({"url": "ftp://a.example"}, "url"),
        ({"viewers": -1}, "viewers"),
        ({"busy": 1.5}, "busy"),
        ({"publishers": [{"conference": "c", "stream": "main"}] * 101}, "publishers"),
        ({"showing": {f"c{n}": None for n in range(101)}}, "showing"),
    ]
    for facts, field in wrong:
        with pytest.raises(ApiError) as refused:
            await report(house, **facts)
        error = refused.value.error
        assert (refused.value.status, error.code, error.field) == (400, "bad_value", field)
    assert await listed(house) == {}


async def test_a_newer_bridge_may_tell_more(house: Whole) -> None:
    await report(house, publishers=[{"conference": "c", "stream": "main", "colour": "green"}], weather="fine")
    assert list(await listed(house)) == ["a"]


async def test_who_organizes_a_part_sees_bridges_and_drains_none(house: Whole) -> None:
    await report(house)
    async with Api(house.base, await house.token("organizer", "271")) as part:
        assert [b["name"] for b in await part.call("GET", "/api/bridges", list)] == ["a"]
        with pytest.raises(ApiError) as refused:
            await part.call("POST", "/api/bridges/a/drain", object, {"on": True})
    assert refused.value.error.code == "forbidden_scope"
    with pytest.raises(ApiError) as unknown:
        await house.admin.call("POST", "/api/bridges/none/drain", object, {"on": True})
    assert (unknown.value.status, unknown.value.error.code) == (404, "bridge_unknown")


# --- what it is told


async def test_it_is_told_of_the_conferences_that_it_carries_and_no_others(house: Whole) -> None:
    other = await house.new_conference("Hội nghị khác")
    answer = await report(house, publishers=publishing(house, "main"), showing={"none such": None, other: None})
    assert set(answer.on_air) == set(answer.generations) == set(answer.homes) == {house.conference, other}
    assert answer.on_air[house.conference] is None
    assert answer.generations[house.conference] == 1
    assert answer.homes[house.conference] == "http://a.example:8090"


async def test_who_knows_everything_is_kept_waiting_until_it_changes(
    house: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On air, a new generation of keys, draining: each ends the wait at once, long before its time is over."""
    monkeypatch.setattr(orders, "HOLD_SECONDS", 60.0)
    await agreed(house)
    carries: Body = {"publishers": publishing(house, "main", "point/1"), "showing": {house.conference: "main"}}
    answer = await report(house, **carries)
    changes = [
        house.command("put_on_air", point=1),
        house.command("renew_media_keys"),
        house.admin.call("POST", "/api/bridges/a/drain", object, {"on": True}),
        house.command("leave", point=1),
    ]
    found = []
    for change in changes:
        answer = await told(house, answer.mark, change, **carries)
        found.append((answer.on_air[house.conference], answer.generations[house.conference], answer.drain))
    assert found == [("point/1", 1, False), ("point/1", 2, False), ("point/1", 2, True), (None, 2, True)]


async def test_what_changed_between_two_reports_is_told_at_once(house: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "HOLD_SECONDS", 60.0)
    await agreed(house)
    carries: Body = {"showing": {house.conference: "main"}}
    answer = await report(house, **carries)
    await house.command("put_on_air", point=1)
    answer = await asyncio.wait_for(report(house, mark=answer.mark, **carries), 5)
    assert answer.on_air == {house.conference: "point/1"}


async def test_without_news_the_answer_comes_when_its_time_is_over(
    house: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders, "HOLD_SECONDS", 0.05)
    answer = await report(house)
    assert await report(house, mark=answer.mark) == answer


async def test_more_bridges_than_can_be_kept_waiting_are_answered_at_once(
    house: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders, "HOLD_SECONDS", 60.0)
    monkeypatch.setattr(orders, "MAX_WAITING", 0)
    answer = await report(house)
    assert await asyncio.wait_for(report(house, mark=answer.mark), 5) == answer


async def test_a_server_that_stops_lets_them_go(house: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "HOLD_SECONDS", 60.0)
    answer = await report(house)

    async def stop() -> None:
        house.server.media.close()

    assert (await told(house, answer.mark, stop())).mark == answer.mark


async def test_bridges_that_pass_on_learn_at_once_where_the_programme_went(
    house: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a home that dies, when another takes over, then a bridge below is told the new address."""
    carries: Body = {"upstream": True, "showing": {house.conference: "main"}}
    await report(house, "one", publishers=publishing(house, "main"))
    assert (await report(house, "below", **carries)).homes == {house.conference: "http://one.example:8090"}
    await house.admin.call("POST", "/api/bridges/one/drain", object, {"on": True})
    await report(house, "two", publishers=publishing(house, "main"))
    assert (await report(house, "below", **carries)).homes == {house.conference: "http://two.example:8090"}


def test_a_bridge_is_held_no_longer_than_it_may_be_silent() -> None:
    assert max(wire.HOLD_SECONDS, wire.REPORT_SECONDS) * 2 < wire.ALIVE_SECONDS
    assert len(KEY) >= 16


# --- where nothing is configured


async def test_without_media_every_route_says_so(bare: Whole) -> None:
    wanted = {"stream": "programme", "act": "watch"}
    routes: list[tuple[str, str, Body | None]] = [
        ("GET", "/api/bridges", None),
        ("POST", "/api/bridges/a/drain", {"on": True}),
        ("GET", f"{bare.one}/media", None),
        ("POST", f"{bare.one}/media/passes", wanted),
        ("GET", f"{bare.one}/points/1/thumbnail", None),
        ("POST", "/api/point/media", wanted),
        ("PUT", "/api/point/thumbnail", None),
    ]
    async with Api(bare.base, await bare.device(1)) as room:
        for method, path, body in routes:
            with pytest.raises(ApiError) as refused:
                await (room if "/point/" in path else bare.admin).call(method, path, object, body)
            assert (refused.value.status, refused.value.error.code) == (404, "media_off"), path


async def test_without_a_key_nobody_reports_whatever_he_signed(bare: Whole) -> None:
    for key in ("", KEY):
        with pytest.raises(ApiError) as refused:
            await report(bare, token=pass_of(key))
        assert refused.value.error.code == "media_off"


async def test_pages_are_told_whether_there_are_media(house: Whole, bare: Whole) -> None:
    for there, expected in ((house, True), (bare, False)):
        token = await there.token()
        async with there.socket() as socket:
            await socket.hello(conference=there.conference, token=token)
            assert (await socket.message()).get("media", False) is expected
