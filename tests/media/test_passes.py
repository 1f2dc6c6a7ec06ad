"""Who is sent where, with a key that opens exactly that."""

import time
from pathlib import Path

import pytest

from server.client.http import Api, ApiError
from server.config import MediaConfig
from server.protocol.bridges import MediaPass
from server.protocol.passes import Pass, read_pass
from tests.servers.whole import Body, Whole, whole

from .caller import KEY, publishing, report


def opened(given: MediaPass) -> Pass:
    return read_pass(given.token, KEY.encode(), int(time.time()))


async def organizer(house: Whole, stream: str, act: str, failed: str = "", token: str | None = None) -> MediaPass:
    async with Api(house.base, token or await house.token()) as api:
        body = {"stream": stream, "act": act, "failed": failed}
        return await api.call("POST", f"{house.one}/media/passes", MediaPass, body)


async def room(house: Whole, token: str, stream: str, act: str, failed: str = "") -> MediaPass:
    async with Api(house.base, token) as api:
        body = {"stream": stream, "act": act, "failed": failed}
        return await api.call("POST", "/api/point/media", MediaPass, body)


async def refused(asking: object) -> tuple[int, str]:
    with pytest.raises(ApiError) as error:
        await asking  # type: ignore[misc]
    return error.value.status, error.value.error.code


# --- the key


async def test_a_pass_opens_what_was_asked_for_and_says_for_whom(house: Whole) -> None:
    await report(house)
    before = int(time.time())
    given = await organizer(house, "main", "publish")
    content = opened(given)
    assert (content.conference, content.stream, content.act) == (house.conference, "main", "publish")
    assert content.who.startswith("token:")
    assert content.generation == 1
    assert given.url == f"http://a.example:8090/whip/{house.conference}/main"
    assert given.bridge == "a"
    assert given.until == content.until * 1_000
    assert 23 * 3_600 < content.until - before < 25 * 3_600, "typed into an encoder, for a long day"


async def test_a_device_s_pass_names_the_device_and_keys_to_watch_last_a_morning(house: Whole) -> None:
    await report(house)
    given = await room(house, await house.device(1), "programme", "watch")
    content = opened(given)
    assert content.who == "device:1.1"
    assert given.url == f"http://a.example:8090/whep/{house.conference}/programme"
    assert 4 * 3_600 < content.until - time.time() < 12 * 3_600


async def test_a_kiosk_plays_the_programme_only_where_it_was_made_for_it(house: Whole) -> None:
    await report(house)
    new = {"name": "Máy chiếu hội trường", "unit": "271", "programme": True}
    made = await house.admin.call("POST", f"{house.one}/kiosks", dict, new)
    assert made["programme"] is True
    async with Api(house.base, str(made["url"]).rsplit("/", 1)[1]) as screen:
        content = opened(await screen.call("POST", "/api/kiosk/media", MediaPass, {}))
        assert (content.stream, content.act, content.who) == ("programme", "watch", f"kiosk:{made['id']}")
        seat = await screen.call("GET", "/api/session", dict)
        assert seat["kiosk"]["programme"] is True
    for token in (await house.kiosk(), await house.token("viewer")):
        async with Api(house.base, token) as other:
            asking = other.call("POST", "/api/kiosk/media", MediaPass, {})
            assert await refused(asking) == (403, "programme_closed")


async def test_renewed_keys_are_of_the_next_generation(house: Whole) -> None:
    await report(house)
    await house.command("renew_media_keys")
    assert opened(await organizer(house, "main", "publish")).generation == 2
    assert (await report(house, publishers=publishing(house, "main"))).generations[house.conference] == 2


# --- rooms


async def test_a_room_sends_its_picture_only_between_its_yes_and_its_no(house: Whole) -> None:
    await report(house)
    token = await house.device(1)
    await house.command("check_in", point=1)
    assert await refused(room(house, token, "point/1", "publish")) == (409, "not_asked")
    await house.command("ask_air", point=1)
    assert await refused(room(house, token, "point/1", "publish")) == (409, "not_asked")
    async with house.operator(token) as device:
        await device.done("answer_air", point=1)
        given = await room(house, token, "point/1", "publish")
        assert given.url.endswith(f"/whip/{house.conference}/point/1")
        assert opened(given).until - time.time() < 3_600, "soon over when the device is taken away"
        await device.done("answer_air", point=1, accept=False)
    assert await refused(room(house, token, "point/1", "publish")) == (409, "not_asked")


async def test_a_room_has_no_part_in_other_rooms_and_in_what_organizers_do(house: Whole) -> None:
    await report(house)
    token = await house.device(1)
    for stream, act in (
        ("point/2", "publish"), ("point/1", "watch"), ("talk/2", "watch"), ("talk/1", "publish"), ("check/2", "watch"),
        ("main", "publish"), ("main", "watch"), ("programme", "publish"), ("nonsense", "watch"),
    ):  # fmt: skip
        assert await refused(room(house, token, stream, act)) == (404, "stream_unknown"), (stream, act)
    for stream, act in (("talk/1", "watch"), ("check/1", "publish"), ("check/1", "watch")):
        assert opened(await room(house, token, stream, act)).stream == stream


# --- where


async def test_without_a_bridge_that_lives_nobody_is_sent_anywhere(
    house: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await refused(organizer(house, "programme", "watch")) == (503, "no_bridge")
    await report(house)
    assert (await organizer(house, "programme", "watch")).bridge == "a"
    monkeypatch.setattr("server.media.model.ALIVE_SECONDS", -1.0)
    assert await refused(organizer(house, "programme", "watch")) == (503, "no_bridge")


async def test_a_room_is_sent_to_the_bridge_of_its_nearest_unit_and_to_another_when_that_fails_it(house: Whole) -> None:
    """Rooms 1 to 3 are of district 271, room 4 of another."""
    await report(house, "root", publishers=publishing(house, "main"))
    await report(house, "district", unit="271")
    near, far = await house.device(1), await house.device(4)
    assert (await room(house, near, "programme", "watch")).bridge == "district"
    assert (await room(house, far, "programme", "watch")).bridge == "root"
    assert (await room(house, near, "programme", "watch", failed="district")).bridge == "root"
    assert (await room(house, far, "programme", "watch", failed="root")).bridge == "district"


async def test_a_bridge_that_is_drained_gets_nobody_new(house: Whole) -> None:
    await report(house, "root", publishers=publishing(house, "main"))
    await report(house, "district", unit="271")
    token = await house.device(1)
    await house.admin.call("POST", "/api/bridges/district/drain", object, {"on": True})
    assert (await room(house, token, "programme", "watch")).bridge == "root"
    await house.admin.call("POST", "/api/bridges/district/drain", object, {"on": False})
    assert (await room(house, token, "programme", "watch")).bridge == "district"


async def test_what_is_not_the_programme_is_where_it_is_published(house: Whole) -> None:
    """Whatever failed somebody: there is no other bridge that has it."""
    await report(house, "root", publishers=publishing(house, "main"))
    await report(house, "other", unit="271", capacity=1_000)
    for stream, act in (("main", "watch"), ("point/1", "watch"), ("talk/1", "publish"), ("spare", "publish")):
        assert (await organizer(house, stream, act, failed="root")).bridge == "root"


async def test_people_who_come_at_once_are_spread_before_any_bridge_reports_them(house: Whole) -> None:
    await report(house, "root", publishers=publishing(house, "main"), capacity=10)
    await report(house, "below", upstream=True, capacity=10)
    token = await house.device(1)
    sent = [(await room(house, token, "programme", "watch")).bridge for _ in range(20)]
    assert (sent.count("root"), sent.count("below")) == (10, 10)
    assert await refused(room(house, token, "programme", "watch")) == (503, "bridges_full")
    await report(house, "below", upstream=True, capacity=10, viewers=9)
    assert (await room(house, token, "programme", "watch")).bridge == "below"


# --- other servers


async def test_another_server_stands_in_the_place_of_our_bridges(tmp_path: Path) -> None:
    publish, watch = "https://m.example/{conference}/{stream}/whip", "https://m.example/{conference}/{stream}/whep"
    async with whole(tmp_path, media=MediaConfig("", publish, watch)) as house:
        given = await room(house, await house.device(1), "programme", "watch")
        assert given == MediaPass(f"https://m.example/{house.conference}/programme/whep", "", given.until, "")
        given = await organizer(house, "main", "publish")
        assert given.url == f"https://m.example/{house.conference}/main/whip"


async def test_a_server_for_viewers_beside_our_own_for_publishers(tmp_path: Path) -> None:
    async with whole(tmp_path, media=MediaConfig(KEY, watch_url="https://cdn.example/{conference}/{stream}")) as house:
        await report(house)
        assert (await organizer(house, "main", "publish")).bridge == "a"
        given = await organizer(house, "programme", "watch")
        assert given.url == f"https://cdn.example/{house.conference}/programme"
        assert opened(given).act == "watch"


# --- what comes in


async def test_organizers_see_what_comes_in_at_the_home_of_the_conference(house: Whole) -> None:
    path = f"{house.one}/media"
    nothing: Body = {"bridge": None, "publishers": [], "showing": None, "viewers": 0}
    assert await house.admin.call("GET", path, dict) == nothing
    elsewhere = {"conference": "other", "stream": "main"}
    coming = [*publishing(house, "main", "point/1"), elsewhere]
    await report(house, "root", publishers=coming, showing={house.conference: "main"}, viewers=3)
    await report(house, "below", upstream=True, viewers=4)
    assert await house.admin.call("GET", path, dict) == {
        "bridge": "root", "showing": "main", "viewers": 7,
        "publishers": [
            {"conference": house.conference, "stream": s, "bit_rate": 1_100_000} for s in ("main", "point/1")
        ],
    }  # fmt: skip


async def test_who_organizes_a_part_is_told_of_no_other_room(house: Whole) -> None:
    coming = publishing(house, "main", "point/1", "talk/1")
    await report(house, "root", publishers=coming, showing={house.conference: "point/1"})
    seen = []
    for unit in ("271", "001"):
        async with Api(house.base, await house.token("organizer", unit)) as part:
            now = await part.call("GET", f"{house.one}/media", dict)
            seen.append(([p["stream"] for p in now["publishers"]], now["showing"]))
    assert seen == [(["main", "point/1", "talk/1"], "point/1"), (["main"], "point")]
