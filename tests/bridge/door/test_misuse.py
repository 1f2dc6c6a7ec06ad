"""What is asked wrongly has its status and its words, and whoever watches beside it watches on."""

from socket import AF_INET, SOCK_DGRAM, socket

import pytest

from bridge.door.limits import Limits
from tests.bridge.door.house import FRAGMENT, PUBLISHING, SDP, WATCHING, House, a_pass, come, opened
from tests.bridge.door.test_media import soon
from tests.waiting import until

SECTIONS = PUBLISHING[PUBLISHING.index("m=audio") :]
MAIN, SPARE, PROGRAMME = "/whip/c1/main", "/whip/c1/spare", "/whep/c1/programme"
RESTART = "a=ice-ufrag:fresh\r\na=ice-pwd:0123456789abcdefghijkl\r\n"

OFFERS = {
    "nothing": ("", 400, "offer_malformed"),
    "nothing that we carry": (
        PUBLISHING.replace("H264/", "AV1/").replace("opus/", "G722/"),
        422,
        "offer_without_known_codec",
    ),
    "a hundred sections more": (PUBLISHING + SECTIONS * 50, 422, "offer_too_many_sections"),
    "only what we would send": (WATCHING, 422, "offer_without_known_codec"),
    "too much": (PUBLISHING + "a=x:y\r\n" * 20_000, 413, "too_large"),
}


def passes() -> dict[str, tuple[str, int, str]]:
    """Written now: they end."""
    return {
        "none": ("", 401, "pass_missing"),
        "expired": (a_pass("spare", seconds=-1), 401, "pass_expired"),
        "foreign": (a_pass("spare", key="of another house, and as long as ours"), 401, "pass_foreign"),
        "of another stream": (a_pass("main"), 403, "pass_other_stream"),
        "to watch": (a_pass("spare", "watch"), 403, "pass_other_act"),
    }


async def refused(
    house: House, method: str, path: str, token: str, body: str, kind: str, status: int, code: str
) -> None:
    """In the reader's language: Vietnamese unless he asks for English."""
    answers = [await house.ask(method, path, token or None, body, kind, Accept_Language=lang) for lang in ("vi", "en")]
    assert [(one.status, one.code) for one in answers] == [(status, code)] * 2
    vietnamese, english = (one.error.message for one in answers)
    assert len({vietnamese, english, code, ""}) == 4
    assert ("WWW-Authenticate" in answers[0].headers) == (status == 401)


async def test_whatever_else_is_asked_others_watch_on() -> None:
    async with (
        opened() as house,
        come(house, "main", "publish") as hall,
        come(house, "main", "watch") as viewer,
        soon(),
    ):
        await viewer.frames(1)
        for body, status, code in OFFERS.values():
            await refused(house, "POST", SPARE, a_pass("spare"), body, SDP, status, code)
        short = PUBLISHING + "m=audio 9 X 0\r\n" * 100
        assert "102 m-lines; at most 16" in (await house.publish(short, "spare")).error.message
        await viewer.plays_on()
        for token, status, code in passes().values():
            await refused(house, "POST", SPARE, token, PUBLISHING, SDP, status, code)
        await viewer.plays_on()
        for session, token in (
            (hall.location, a_pass(who="another")),
            (hall.location, a_pass("main", "watch", "main")),
            (viewer.location, a_pass("main", "watch", "another")),
            (viewer.location, a_pass("programme", "watch", "main")),
        ):
            await refused(house, "DELETE", session, token, "", SDP, 403, "session_not_yours")
            await refused(house, "PATCH", session, token, RESTART, FRAGMENT, 403, "session_not_yours")
        await viewer.plays_on()
        assert len(house.door.reception.sessions) == 2


async def test_one_pass_that_asks_on_and_on_shuts_out_nobody() -> None:
    """Given a bridge that is full of what one pass began and never went on with, when others come, then its oldest make
    room, also for itself; none of anybody else's, nor the few that everybody may have."""
    limits = Limits(handshakes=20, sessions=40)
    async with opened(limits) as house, come(house, "programme", "watch", "room 1") as room:
        other = await house.watch(who="room 2")
        flood = [await house.watch(who="greedy") for _ in range(40)]
        assert {one.status for one in flood} == {201}
        rooms = [await house.watch(who=f"room {n}") for n in range(3, 14)]
        assert {one.status for one in rooms} == {201}
        assert (await house.watch(who="room 14")).code == "full"
        for one in (other, flood[-8], *rooms):
            assert (await house.ask("GET", one.session)).status == 204
        for one in (flood[0], flood[-9]):
            assert (await house.ask("GET", one.session)).status == 404
        assert house.door._service.report().viewers == 1
        await room.plays_on()


async def test_an_address_that_somebody_names_is_sent_nothing() -> None:
    """Given offers and fragments that name an address of somebody else, when they are taken, restarted and given up,
    not one datagram has gone there."""
    async with opened(Limits(setup_seconds=0.3)) as house:
        with socket(AF_INET, SOCK_DGRAM) as somebody:
            somebody.bind(("127.0.0.1", 0))
            somebody.setblocking(False)
            port = somebody.getsockname()[1]
            named = f"a=candidate:1 1 udp 2130706431 127.0.0.1 {port} typ host\r\n"
            for opening, token in (
                (await house.publish(PUBLISHING + named), a_pass()),
                (await house.watch(WATCHING + named), a_pass("programme", "watch")),
            ):
                assert str(port) not in opening.text
                for status, body in ((204, "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n"), (200, RESTART)):
                    answer = await house.ask("PATCH", opening.session, token, body + named, FRAGMENT, If_Match="*")
                    assert (answer.status, str(port) in answer.text) == (status, False)
            await until(lambda: not house.door.reception.sessions, "both given up")
            with pytest.raises(BlockingIOError):
                somebody.recv(1)
