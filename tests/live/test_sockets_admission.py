"""Who gets in over the socket, and what becomes of those who send what they should not."""

import asyncio
from collections.abc import Awaitable, Mapping
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from server.live import sockets
from server.operators.secrets import Secrets
from server.protocol.errors import Close
from server.protocol.messages import MAX_MESSAGE_BYTES
from server.secret_key import load_key
from tests.servers.whole import Socket, Whole
from tests.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def goodbye(house: Whole, **hello: Any) -> tuple[str, int | None]:
    """What a hello that is not welcome hears: the error's code and the close code."""
    async with house.socket() as socket:
        await socket.hello(**hello)
        refused = await socket.message()
        assert refused["t"] == "refused"
        assert refused["error"]["message"] not in ("", refused["error"]["code"]), "every code has a text"
        code, bye = await socket.closed()
        assert bye is not None
        assert bye["code"] == code
        return refused["error"]["code"], code


async def alive(house: Whole, token: str) -> None:
    """Whatever one client did, the next one is served."""
    async with house.wall(token) as wall:
        assert (await wall.message())["t"] == "snapshot"


# --- who is let in


async def test_a_hello_is_answered_with_the_welcome_then_with_everything(shared: Whole) -> None:
    async with shared.socket() as socket:
        await socket.hello(conference=shared.conference, token=await shared.token("viewer"))
        welcome, snapshot = await socket.message(), await socket.message()
    assert (welcome["t"], welcome["audience"], welcome["resumed"]) == ("welcome", "all", False)
    assert welcome["retry"]["spread"] > 0
    assert (snapshot["epoch"], snapshot["seq"]) == (welcome["epoch"], welcome["seq"])
    assert [row[0] for row in snapshot["rows"]] == [1, 2, 3, 4]
    assert snapshot["conference"]["phase"] == "live"


async def test_a_session_cookie_lets_in_without_a_token(shared: Whole) -> None:
    async with shared.socket(additional_headers=shared.admin.identity()) as socket:
        await socket.hello(conference=shared.conference)
        assert (await socket.message())["t"] == "welcome"


async def test_a_kiosk_needs_not_name_its_conference(shared: Whole) -> None:
    async with shared.socket() as socket:
        await socket.hello(token=await shared.kiosk())
        assert (await socket.message())["conference"] == shared.conference


async def test_a_kiosk_shows_its_own_unit_or_less(shared: Whole) -> None:
    kiosk = await shared.kiosk("271")
    for unit in ("001", "00001", "HN", "nowhere"):
        assert await goodbye(shared, token=kiosk, unit=unit) == ("forbidden_scope", Close.FORBIDDEN)
    for unit, rooms in (("271", [1, 2, 3]), ("09622", [3])):
        async with shared.socket() as socket:
            await socket.hello(token=kiosk, unit=unit)
            assert (await socket.message())["audience"] == f"unit:{unit}"
            assert [row[0] for row in (await socket.message())["rows"]] == rooms


async def test_who_is_bound_to_a_unit_need_not_know_of_a_conference_without_it(shared: Whole) -> None:
    other = await shared.new_conference("Hội nghị của nơi khác")
    for role in ("organizer", "viewer"):
        token = await shared.token(role, "271")
        assert await goodbye(shared, conference=other, token=token) == ("conference_unknown", Close.NOT_FOUND)


async def test_nobody_gets_in_without_a_key(shared: Whole) -> None:
    assert await goodbye(shared, conference=shared.conference) == ("unauthenticated", Close.UNAUTHENTICATED)


@pytest.mark.parametrize("token", ["nc_dev_made.up", "nc_tok_made_up", "x", "nc_kiosk_x"])
async def test_a_wrong_key_is_nobody_even_beside_a_good_cookie(shared: Whole, token: str) -> None:
    async with shared.socket(additional_headers=shared.admin.identity()) as socket:
        await socket.hello(conference=shared.conference, token=token)
        assert await socket.refused() == "unauthenticated"
        assert (await socket.closed())[0] == Close.UNAUTHENTICATED


async def test_a_conference_that_does_not_exist(shared: Whole) -> None:
    token = await shared.token()
    assert await goodbye(shared, conference="zzzzzzzz", token=token) == ("conference_unknown", Close.NOT_FOUND)


async def test_a_key_of_one_conference_opens_no_other(shared: Whole) -> None:
    other = await shared.new_conference("Hội nghị khác")
    for token in (await shared.kiosk(), await shared.device(1)):
        assert await goodbye(shared, conference=other, token=token) == ("forbidden_scope", Close.FORBIDDEN)


async def test_an_organizer_of_a_subtree_gets_no_other_subtree(shared: Whole) -> None:
    token = await shared.token("organizer", "271")
    hello = {"conference": shared.conference, "token": token, "unit": "001"}
    assert await goodbye(shared, **hello) == ("forbidden_scope", Close.FORBIDDEN)


async def test_another_version_of_the_protocol_is_told_to_load_again(shared: Whole) -> None:
    hello = {"v": 2, "conference": shared.conference, "token": await shared.token()}
    assert await goodbye(shared, **hello) == ("version_unknown", Close.VERSION)


async def test_a_page_of_another_site_opens_no_socket(shared: Whole) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with shared.socket(origin="https://evil.example"):
            pass
    assert refused.value.response.status_code == 403
    assert b'"forbidden_origin"' in (refused.value.response.body or b"")


@pytest.mark.parametrize("limit", ["MAX_SOCKETS", "MAX_PER_ADDRESS"])
async def test_too_many_connections_are_turned_away_the_others_stay(
    shared: Whole, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    token = await shared.token("viewer")
    async with shared.wall(token) as wall:
        monkeypatch.setattr(sockets, limit, shared.server.sockets.count())
        with pytest.raises(InvalidStatus) as refused:
            async with shared.socket():
                pass
        assert refused.value.response.status_code == 503
        assert b'"too_many_connections"' in (refused.value.response.body or b"")
        await wall.say(t="beat")
        assert await wall.next("pulse")


# --- the first message


BAD_HELLOS: Mapping[str, tuple[str | bytes, str | None]] = {
    "no JSON": ("hello", "bad_json"),
    "nested without end": ('{"x":' + "[" * 15_000, "bad_json"),
    "half of it": ('{"t":"hello","v":1,"confer', "bad_json"),
    "no object": ("[]", "bad_value"),
    "unknown type": ('{"t":"subscribe"}', "bad_value"),
    "no type": ('{"v":1,"conference":"x"}', "bad_value"),
    "unknown field": ('{"t":"hello","v":1,"conference":"x","admin":true}', "bad_value"),
    "wrong type of a field": ('{"t":"hello","v":"1","conference":"x"}', "bad_value"),
    "token too long": ('{"t":"hello","v":1,"conference":"x","token":"' + "x" * 201 + '"}', "bad_value"),
    "a command first": (
        '{"t":"do","id":"0123456789abcdef","command":{"type":"check_in","point":1}}',
        "hello_expected",
    ),
    "binary": (b'{"t":"hello","v":1,"conference":"x"}', None),
}


@pytest.mark.parametrize("name", BAD_HELLOS)
async def test_a_first_message_that_is_no_hello_ends_the_socket(shared: Whole, name: str) -> None:
    sent, code = BAD_HELLOS[name]
    async with shared.socket() as socket:
        await socket.raw.send(sent)
        if code:
            assert await socket.refused() == code
        assert (await socket.closed())[0] == Close.BAD_MESSAGE
    await alive(shared, await shared.token("viewer"))


async def test_who_says_nothing_is_sent_away_and_may_come_back(shared: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    """His line may be so bad that the hello did not come through."""
    monkeypatch.setattr(sockets, "HELLO_SECONDS", 0.05)
    async with shared.socket() as socket:
        assert (await socket.closed())[0] == Close.SILENT
    await until(lambda: shared.server.sockets.count() == 0, "no place is held")


async def test_who_leaves_before_the_hello_leaves_nothing_behind(shared: Whole) -> None:
    async with shared.socket() as socket:
        socket.raw.transport.abort()
    await until(lambda: shared.server.sockets.count() == 0, "no place is held")


# --- the messages after it

CHECK_IN = {"type": "check_in", "point": 1}
ID = "0123456789abcdef"


def check_in(**fields: Any) -> dict[str, Any]:
    return {"t": "do", "id": ID, "command": {**CHECK_IN, **fields}}


BAD_MESSAGES: Mapping[str, tuple[dict[str, Any], str, str | None]] = {
    "unknown command": ({"t": "do", "id": ID, "command": {"type": "format_disk"}}, "bad_value", "command.type"),
    "a command of the server's own": (
        {"t": "do", "id": ID, "command": {"type": "line_gone", "point": 1, "since": 0}}, "bad_value", "command.type"
    ),
    "unknown field": (check_in(by="me"), "bad_value", "command.by"),
    "a headcount out of range": (
        {"t": "do", "id": ID, "command": {"type": "report_headcount", "point": 1, "in_room": 20_001}},
        "bad_value", "command.in_room",
    ),
    "a negative headcount": (
        {"t": "do", "id": ID, "command": {"type": "report_headcount", "point": 1, "in_room": -1}},
        "bad_value", "command.in_room",
    ),
    "a point that cannot be": (check_in(point=0), "bad_value", "command.point"),
    "a point that is not there": (check_in(point=99), "point_unknown", "point"),
    "a number too large": (check_in(point=2**70), "bad_value", "command.point"),
    "a text too long": (
        {"t": "do", "id": ID, "command": {"type": "ask_help", "point": 1, "category": "other", "note": "x" * 501}},
        "bad_value", "command.note",
    ),
    "an id too short": ({"t": "do", "id": "1", "command": CHECK_IN}, "bad_value", "id"),
    "an id of strange letters": ({"t": "do", "id": "ờ" * 16, "command": CHECK_IN}, "bad_value", "id"),
    "a time before all times": ({"t": "do", "id": ID, "command": CHECK_IN, "tapped_at": -1}, "bad_value", "tapped_at"),
    "a beat out of range": ({"t": "beat", "rtt": 3_600_001}, "bad_value", "rtt"),
    "a second hello": ({"t": "hello", "v": 1, "conference": "x"}, "hello_expected", None),
    "a message of the server's": ({"t": "pulse", "now": 1}, "bad_value", "t"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_MESSAGES)
async def test_a_bad_message_is_refused_with_its_field_and_the_socket_stays(shared: Whole, name: str) -> None:
    message, code, field = BAD_MESSAGES[name]
    async with shared.wall(await shared.token()) as socket:
        await socket.say(**message)
        refused = await socket.next("refused")
        assert refused["error"]["code"] == code, refused
        assert refused["error"].get("field") == field, refused
        assert refused["error"]["message"] not in ("", code)
        if message["t"] == "do":
            assert refused.get("id") == message["id"], "so that the client knows which one it was"
        await socket.say(t="beat")
        assert await socket.next("pulse")
    assert await shared.journal("checked_in") == []


DEEP = '{"x":' + "[" * 15_000  # within a message's size, beyond every stack


@pytest.mark.parametrize("sent", ["{", "nonsense", b"\x00\x01", '{"t":1}', "null", DEEP, DEEP.replace("x", "id")])
async def test_what_cannot_be_read_is_refused_and_the_socket_stays(shared: Whole, sent: str | bytes) -> None:
    async with shared.wall(await shared.token("viewer")) as socket:
        await socket.raw.send(sent)
        assert await socket.refused() in ("bad_json", "bad_value")
        await socket.say(t="beat")
        assert await socket.next("pulse")


async def test_a_message_over_the_limit_ends_the_socket_alone(shared: Whole) -> None:
    token = await shared.token("viewer")
    async with shared.wall(token) as socket, shared.wall(token) as other:
        await socket.raw.send("x" * (MAX_MESSAGE_BYTES + 1))
        assert (await socket.closed())[0] == 1009, "the code of RFC 6455 for it"
        await other.say(t="beat")
        assert await other.next("pulse")


async def test_text_that_is_no_utf8_ends_the_socket_alone(shared: Whole) -> None:
    token = await shared.token("viewer")
    async with shared.wall(token) as socket, shared.wall(token) as other:
        await socket.raw.send(b"\xff\xfe\xfd", text=True)
        assert (await socket.closed())[0] == 1007, "the code of RFC 6455 for it"
        await other.say(t="beat")
        assert await other.next("pulse")


async def test_who_sends_twenty_unreadable_messages_is_sent_away(shared: Whole) -> None:
    async with shared.wall(await shared.token("viewer")) as socket:
        for _ in range(sockets.MAX_BAD):
            await socket.raw.send("?")
        for _ in range(sockets.MAX_BAD):
            assert await socket.refused() == "bad_json"
        assert (await socket.closed())[0] == Close.BAD_MESSAGE


async def test_a_flood_is_told_to_come_back_later(shared: Whole) -> None:
    token = await shared.token("viewer")
    async with shared.wall(token) as socket, shared.wall(token) as other:
        for _ in range(int(sockets.MESSAGE_BURST) * 3):
            await socket.say(t="beat")
        assert await socket.refused() == "rate_limited"
        code, bye = await socket.closed()
        assert code == Close.BUSY
        assert bye is not None
        assert bye["retry"]["spread"] > 0
        await other.say(t="beat")
        assert await other.next("pulse")


async def test_errors_are_in_the_language_of_the_hello(shared: Whole) -> None:
    token, texts = await shared.token("viewer"), []
    for lang in ("vi", "en"):
        async with shared.wall(token, lang=lang) as socket:
            await socket.raw.send("?")
            texts.append((await socket.next("refused"))["error"]["message"])
    assert texts == ["Dữ liệu gửi lên không đọc được.", "The request could not be read."]


# --- who may do what


async def test_a_kiosk_looks_and_never_commands(shared: Whole) -> None:
    async with shared.wall(await shared.kiosk()) as socket:
        answer = await socket.done("check_in", point=1)
        assert answer["error"]["code"] == "watch_only"
    assert await shared.journal("checked_in") == []


async def test_a_viewer_looks_and_never_commands(shared: Whole) -> None:
    async with shared.wall(await shared.token("viewer")) as socket:
        answer = await socket.done("check_in", point=1)
        assert answer["error"]["code"] == "forbidden"


async def test_a_room_acts_for_itself_alone(shared: Whole) -> None:
    async with shared.operator(await shared.device(1)) as socket:
        commands: dict[str, dict[str, Any]] = {"check_in": {"point": 2}, "set_phase": {"phase": "closed"}}
        for type, fields in commands.items():
            answer = await socket.done(type, **fields)
            assert answer["error"]["code"].startswith("forbidden"), answer


async def test_an_organizer_of_a_subtree_acts_inside_it_alone(shared: Whole) -> None:
    async with shared.wall(await shared.token("organizer", "001")) as socket:
        inside = await socket.done("edit_points", edits=[{"point": 4, "seats": 81}])
        assert inside["t"] == "done"
        for type, fields in (
            ("edit_points", {"edits": [{"point": 4, "seats": 1}, {"point": 1, "seats": 1}]}),
            ("check_in", {"point": 1}),
            ("revoke_links", {}),
            ("set_phase", {"phase": "closed"}),
        ):
            answer = await socket.done(type, **fields)
            assert answer["error"]["code"] == "forbidden_scope", answer


async def closed_by(socket: Socket, change: Awaitable[object]) -> int | None:
    """The close code that `change` brings."""
    (code, _), _ = await asyncio.gather(socket.closed(), change)
    return code


async def test_a_removed_device_is_sent_away_for_good(shared: Whole) -> None:
    token = await shared.device(3)
    newest = (await shared.journal("device_enrolled"))[-1]["body"]["device"]
    removing = shared.command("remove_device", point=3, device=newest)
    async with shared.operator(token) as socket:
        assert await closed_by(socket, removing) == Close.REVOKED
    assert await goodbye(shared, token=token) == ("device_removed", Close.REVOKED)


@pytest.mark.parametrize("change", ["renew_links", "revoke_links"])
async def test_a_changed_link_ends_every_device_that_came_by_it(shared: Whole, change: str) -> None:
    await shared.command("renew_links", points=[2, 3])
    ours, others = await shared.device(2), await shared.device(3)
    async with shared.operator(ours) as socket, shared.operator(others) as other:
        assert await closed_by(socket, shared.command(change, points=[2])) == Close.REVOKED
        await other.say(t="beat")
        assert await other.next("pulse")
    assert await goodbye(shared, token=ours) == ("device_removed", Close.REVOKED)


async def test_a_device_of_another_history_is_told_apart_from_a_removed_one(shared: Whole) -> None:
    """Given a number that this journal never gave, as after an older backup, then the page may try its link."""
    config = shared.server.config
    token = Secrets(load_key(config.secret_key, Path(config.data_dir))).device(shared.conference, 3, 900)
    assert await goodbye(shared, token=token) == ("unauthenticated", Close.UNAUTHENTICATED)


@pytest.mark.asyncio(loop_scope="function")
async def test_a_session_that_ends_takes_its_wall_with_it(house: Whole) -> None:
    async with house.socket(additional_headers=house.admin.identity()) as socket:
        await socket.hello(conference=house.conference)
        assert (await socket.message())["t"] == "welcome"
        ending = house.admin.call("DELETE", "/api/session", object)
        assert await closed_by(socket, ending) == Close.REVOKED


async def test_who_comes_while_the_database_is_away_is_told_to_come_back(
    shared: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise OSError("no route to the database")

    token = await shared.token()
    monkeypatch.setattr(shared.server.sockets, "_authenticate", away)
    async with shared.socket() as socket:
        await socket.hello(conference=shared.conference, token=token)
        code, bye = await socket.closed()
    assert code == Close.BUSY
    assert bye is not None
    assert bye["retry"]["base"] > 0
