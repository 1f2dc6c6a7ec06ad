"""What a door does that was told things by the service: what is elsewhere, what was renewed; and a quality by hand."""

from server.protocol.bridges import BridgeOrders
from server.protocol.passes import Act
from tests.bridge.door.house import House, a_pass, come, opened
from tests.waiting import until

HOME = "https://home.example"


def told(house: House, **changes: object) -> None:
    usual: dict[str, object] = {"drain": False, "on_air": {}, "generations": {}, "homes": {}, "mark": "1"}
    house.door.directions.orders = BridgeOrders(**{**usual, **changes})  # type: ignore[arg-type]


# --- a quality by hand


async def choose(
    house: House, session: str, body: str, token: str = "", kind: str = "application/json"
) -> tuple[int, str]:
    answer = await house.ask("POST", f"{session}/quality", token or a_pass("main", "watch"), body, kind)
    return answer.status, answer.code if answer.text else ""


async def test_a_viewer_chooses_his_quality_and_lets_it_go() -> None:
    async with opened() as house, come(house, "main", "publish"), come(house, "main", "watch", "hall") as viewer:
        await viewer.frames(1)
        assert await choose(house, viewer.location, '{"quality": "sound"}') == (204, "")
        await until(lambda: quality(house) == "sound", "sound alone")
        assert await choose(house, viewer.location, '{"quality": 0}') == (204, "")
        await until(lambda: quality(house) == 0, "the best")
        assert await choose(house, viewer.location, '{"quality": null}') == (204, "")


def quality(house: House) -> int | str | None:
    report = house.door.workers[0].report
    return report.viewers[0].quality if report and report.viewers else None


async def test_a_choice_that_is_none_and_anybody_elses_is_refused() -> None:
    async with opened() as house:
        session = (await house.watch(stream="main", who="hall")).session
        for body in ("", "{}", '{"quality": 3}', '{"quality": -1}', '{"quality": "best"}', '{"quality": 0, "x": 1}'):
            assert await choose(house, session, body) == (422, "quality_wrong"), body
        assert await choose(house, session, '{"quality": 0}', kind="text/plain") == (415, "content_type_wrong")
        assert await choose(house, session, " " * 300) == (413, "too_large")
        foreign = a_pass("main", "watch", "another")
        assert await choose(house, session, '{"quality": 0}', foreign) == (403, "session_not_yours")
        publishing = (await house.publish()).session
        assert await choose(house, publishing, '{"quality": 0}', a_pass()) == (409, "session_publishes")


# --- what the service said


async def test_keys_that_were_renewed_publish_no_more_and_watch_on() -> None:
    async with opened() as house:
        told(house, generations={"c1": 2})
        refused = await house.publish(generation=1)
        assert (refused.status, refused.code) == (401, "pass_renewed")
        assert "invalid_token" in refused.headers["WWW-Authenticate"]
        assert (await house.publish(generation=2)).status == 201
        assert (await house.watch(generation=1)).status == 201


async def test_who_publishes_or_watches_a_room_is_led_to_the_home_and_the_programme_is_here() -> None:
    async with opened() as house:
        told(house, homes={"c1": HOME})
        wanted: list[tuple[Act, str]] = [("publish", "main"), ("publish", "point/7"), ("watch", "talk/7")]
        for act, stream in wanted:
            led = await (house.publish if act == "publish" else house.watch)(stream=stream)
            assert (led.status, led.code) == (307, "published_elsewhere")
            assert led.headers["Location"] == f"{HOME}/{'whip' if act == 'publish' else 'whep'}/c1/{stream}"
        assert (await house.watch()).status == 201


async def test_what_the_service_cannot_tell_just_now_stays_as_it_was() -> None:
    async with opened() as house:
        directions = house.door.directions
        directions.take(BridgeOrders(False, {"c1": "point/7"}, {"c1": 2}, {"c1": HOME}, "1"), ["c1"])
        directions.take(BridgeOrders(True, {"c2": None}, {}, {}, "2"), ["c1", "c2"])
        assert directions.orders == BridgeOrders(True, {"c1": "point/7", "c2": None}, {"c1": 2}, {"c1": HOME}, "2")
        directions.take(BridgeOrders(False, {}, {}, {}, "3"), ["c2"])
        assert directions.orders.on_air == {"c2": None}
