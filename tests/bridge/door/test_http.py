"""Every request, good and bad, over real HTTP: what WHIP (RFC 9725) and the draft of WHEP ask for."""

import hmac
import re
import time
from base64 import b64encode
from hashlib import sha1
from pathlib import Path

import aiohttp
import pytest

from bridge.config import Listen
from bridge.door.door import CannotOpen, Door
from bridge.door.limits import Limits
from bridge.wire.sdp import parse_offer
from tests.bridge.door.house import (
    FRAGMENT,
    PUBLISHING,
    SDP,
    WATCHING,
    Answered,
    House,
    a_pass,
    opened,
    settings,
)
from tests.waiting import until

SECTIONS = PUBLISHING[PUBLISHING.index("m=audio") :]


def fragment(ufrag: str, pwd: str = "0123456789abcdefghijkl") -> str:
    lines = ["m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=mid:0", f"a=ice-ufrag:{ufrag}", f"a=ice-pwd:{pwd}"]
    lines += ["a=candidate:1 1 udp 2122260223 203.0.113.9 61764 typ host", "a=end-of-candidates"]
    return "".join(f"{line}\r\n" for line in lines)


def theirs(text: str = PUBLISHING) -> str:
    return parse_offer(text.encode()).transport.ufrag


async def patch(house: House, opening: Answered, data: str, match: str | None, token: str = "") -> Answered:
    headers = {} if match is None else {"If_Match": match}
    return await house.ask("PATCH", opening.session, token or a_pass(), data, FRAGMENT, **headers)


# What is asked for rightly


async def test_a_publisher_is_answered_as_the_rfc_says() -> None:
    async with opened() as house:
        answer = await house.publish()

        assert answer.status == 201
        assert answer.headers["Content-Type"].startswith(SDP)
        assert re.fullmatch(r"/session/[A-Za-z0-9_-]{24}", answer.session)
        assert re.fullmatch('"[0-9a-f]{16}"', answer.headers["ETag"])
        assert answer.headers["Accept-Patch"] == FRAGMENT
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Location" in answer.headers["Access-Control-Expose-Headers"]
        assert f" {house.door.workers[0].port} typ host" in answer.text
        assert answer.text.count("a=recvonly") == 2


async def test_helpers_on_the_way_are_told_with_a_password_that_ends() -> None:
    async with opened() as house:
        stun, turn = (await house.watch()).headers.getall("Link")

    assert stun == '<stun:stun.example.vn:3478>; rel="ice-server"'
    found = re.fullmatch(
        r'<turn:turn\.example\.vn:3478\?transport=udp>; rel="ice-server"; username="(\d+:\d+)"; credential="([^"]+)"; '
        'credential-type="password"',
        turn,
    )
    assert found is not None
    secret = b"a secret of the relay"
    assert found[2] == b64encode(hmac.digest(secret, found[1].encode(), sha1)).decode()


async def test_a_viewer_is_offered_every_codec_that_may_come() -> None:
    async with opened() as house:
        answer = await house.watch()

        assert answer.status == 201
        assert "H264/90000" in answer.text
        assert "VP8/90000" in answer.text
        assert "rtx" not in answer.text
        assert answer.text.count("a=sendonly") == 2


async def test_preflight_and_empty_requests_are_answered_without_a_pass() -> None:
    async with opened() as house:
        opening = await house.publish()
        for path in ("/whip/c1/main", "/whep/c1/programme"):
            for method in ("OPTIONS", "GET"):
                answer = await house.ask(method, path)
                assert (answer.status, answer.headers["Accept-Post"], answer.text) == (204, SDP, "")
        preflight = await house.ask("OPTIONS", opening.session)
        assert (preflight.status, preflight.headers["Accept-Patch"]) == (204, FRAGMENT)
        assert "If-Match" in preflight.headers["Access-Control-Allow-Headers"]
        assert (await house.ask("GET", opening.session)).status == 204
        assert (await house.ask("GET", "/healthz")).text == "ok\n"


async def test_candidates_are_acknowledged_and_ice_restarts() -> None:
    async with opened() as house:
        opening = await house.publish()
        etag = opening.headers["ETag"]

        trickled = await patch(house, opening, fragment(theirs()), etag)
        assert (trickled.status, trickled.text, "ETag" in trickled.headers) == (204, "", False)

        restarted = await patch(house, opening, fragment("fresh"), "*")
        assert restarted.status == 200
        assert restarted.headers["Content-Type"].startswith(FRAGMENT)
        assert restarted.headers["ETag"] != etag
        assert "a=ice-lite\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:" in restarted.text
        assert f" {house.door.workers[0].port} typ host\r\na=end-of-candidates\r\n" in restarted.text
        assert credentials(restarted.text).isdisjoint(credentials(opening.text))

        stale = await patch(house, opening, fragment("fresh"), etag)
        assert (stale.status, stale.code) == (412, "precondition_failed")
        assert (await patch(house, opening, fragment("fresh"), restarted.headers["ETag"])).status == 204


def credentials(text: str) -> set[str]:
    return set(re.findall("a=ice-(?:ufrag|pwd):(.+)\r\n", text))


async def test_a_session_is_ended_by_its_own_pass_and_then_is_not_there() -> None:
    async with opened() as house:
        opening = await house.publish()

        assert (await house.ask("DELETE", opening.session, a_pass())).status == 200

        gone = await house.ask("DELETE", opening.session, a_pass())
        assert (gone.status, gone.code) == (404, "session_unknown")
        assert (await house.ask("GET", opening.session)).status == 404
        assert (await house.publish(who="another")).status == 201


async def test_a_renewed_pass_of_the_same_person_is_as_good() -> None:
    async with opened() as house:
        opening = await house.publish(seconds=60)

        assert (await house.ask("DELETE", opening.session, a_pass(seconds=3_600))).status == 200


# Passes


async def test_no_pass_a_wrong_one_and_one_for_something_else() -> None:
    async with opened() as house:

        async def come_with(token: str | None) -> tuple[int, str, str]:
            answer = await house.ask("POST", "/whip/c1/main", token, PUBLISHING, SDP)
            return answer.status, answer.code, answer.headers.get("WWW-Authenticate", "")

        invalid = 'Bearer realm="nhipcau", error="invalid_token"'
        assert await come_with(None) == (401, "pass_missing", 'Bearer realm="nhipcau"')
        assert await come_with("rubbish") == (401, "pass_malformed", invalid)
        assert await come_with(a_pass(key="another key")) == (401, "pass_foreign", invalid)
        assert await come_with(a_pass(seconds=-1)) == (401, "pass_expired", invalid)
        assert await come_with(a_pass("spare")) == (403, "pass_other_stream", "")
        assert await come_with(a_pass(conference="c2")) == (403, "pass_other_stream", "")
        assert await come_with(a_pass(act="watch")) == (403, "pass_other_act", "")
        assert not house.door.reception.sessions


async def test_anothers_session_is_not_ended_and_goes_on() -> None:
    async with opened() as house:
        opening = await house.publish()

        for token in (a_pass(who="another"), a_pass("programme", "watch"), a_pass("spare")):
            answer = await house.ask("DELETE", opening.session, token)
            assert (answer.status, answer.code) == (403, "session_not_yours")
            assert (await patch(house, opening, fragment("fresh"), "*", token)).status == 403
        assert (await house.ask("DELETE", opening.session)).status == 401
        assert (await house.ask("DELETE", opening.session, a_pass(seconds=-1, who="another"))).status == 401
        assert (await house.ask("GET", opening.session)).status == 204


async def test_a_pass_that_expired_meanwhile_still_ends_its_own_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pass opens; what it opened is its holder's until the end."""
    token, other, later = a_pass(), a_pass(seconds=61), time.time() + 100
    async with opened() as house:
        opening = await house.ask("POST", "/whip/c1/main", token, PUBLISHING, SDP)
        monkeypatch.setattr("bridge.door.front.time.time", lambda: later)

        assert (await house.ask("DELETE", opening.session, other)).code == "pass_expired"
        assert (await house.ask("DELETE", opening.session, token)).status == 200


# Offers that get no answer


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("rubbish", 400, "offer_malformed"),
        ("", 400, "offer_malformed"),
        (PUBLISHING.replace("m=audio ", "m=audio 9"), 400, "offer_malformed"),
        (PUBLISHING + "a=x:" + "y" * 3_000 + "\r\n", 413, "offer_too_large"),
        (PUBLISHING + "a=x:yyy\r\n" * 10_000, 413, "too_large"),
        (PUBLISHING + SECTIONS * 50, 422, "offer_too_many_sections"),  # two and a hundred more
        (PUBLISHING.replace("H264/90000", "AV1/90000"), 422, "offer_without_known_codec"),
        (WATCHING, 422, "offer_without_known_codec"),
        (PUBLISHING.replace("a=group:BUNDLE 0 1", "a=x"), 422, "offer_without_bundle"),
        (PUBLISHING.replace("a=rtcp-mux", "a=x"), 422, "offer_without_rtcp_mux"),
        (PUBLISHING.replace("a=ice-ufrag", "a=x"), 422, "offer_without_ice"),
        (PUBLISHING.replace("a=fingerprint", "a=x"), 422, "offer_without_fingerprint"),
        (PUBLISHING.replace("a=setup:actpass", "a=setup:passive"), 422, "offer_setup_not_served"),
    ],
)
async def test_an_offer_that_cannot_be_served(body: str, status: int, code: str) -> None:
    async with opened() as house:
        answer = await house.publish(body)

        assert (answer.status, answer.code) == (status, code)
        assert not house.door.reception.sessions


async def test_candidates_elsewhere_change_nothing() -> None:
    """Nobody is sent anything because an offer names him."""
    async with opened() as house:
        named = PUBLISHING + "a=candidate:1 1 udp 1 203.0.113.9 53 typ host\r\n"

        answer = await house.publish(named)

        assert answer.status == 201
        assert "203.0.113.9" not in answer.text


async def test_who_does_not_take_what_plays_is_told_so() -> None:
    async with opened() as house:
        await house.publish()
        only_vp8 = WATCHING.replace("H264/90000", "H265/90000")

        answer = await house.watch(only_vp8, "main")

        assert (answer.status, answer.code) == (422, "stream_plays_other_codec")
        assert "H264" in answer.error.message


# Requests that are wrong in themselves


async def test_wrong_types_paths_and_methods() -> None:
    async with opened() as house:
        token = a_pass()
        opening = await house.publish()

        wrong = await house.ask("POST", "/whip/c1/main", token, PUBLISHING, "application/json")
        assert (wrong.status, wrong.code) == (415, "content_type_wrong")
        packed = await house.ask("POST", "/whip/c1/main", token, b"", SDP, Content_Encoding="gzip")
        assert (packed.status, packed.code) == (415, "encoding_unsupported")
        for path in ("/whip/c1/programme", "/whip/c1/other", "/whip/c1/point/", "/whip/c1/main/x", "/whip/a b/main"):
            unknown = await house.ask("POST", path, token, PUBLISHING, SDP)
            assert (unknown.status, unknown.code) == (404, "stream_unknown")
        assert (await house.ask("POST", "/elsewhere", token)).code == "not_found"
        for method, path in (("PUT", "/whip/c1/main"), ("PATCH", "/whep/c1/main"), ("POST", opening.session)):
            refused = await house.ask(method, path, token)
            assert (refused.status, refused.code) == (405, "method_not_allowed")
            assert "OPTIONS" in refused.headers["Allow"]


async def test_patches_that_are_wrong() -> None:
    async with opened() as house:
        opening = await house.publish()
        etag = opening.headers["ETag"]

        assert (await patch(house, opening, fragment("fresh"), None)).status == 428
        assert (await patch(house, opening, fragment("fresh"), '"other"')).status == 412
        for body in (
            "rubbish",
            "",
            "a=ice-ufrag:fresh\r\n",
            fragment("x"),
            fragment("fresh", "short"),
            "m=audio\u2028",
        ):
            assert (await patch(house, opening, body, etag)).code == "fragment_malformed"
        large = await patch(house, opening, fragment("fresh") + "a=x:y\r\n" * 3_000, etag)
        assert (large.status, large.code) == (413, "too_large")
        wrong = await house.ask("PATCH", opening.session, a_pass(), fragment("fresh"), SDP, If_Match=etag)
        assert wrong.status == 415
        assert (await patch(house, opening, fragment(theirs()), etag)).status == 204


async def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    async def endless() -> object:
        yield PUBLISHING[:100].encode()
        await until(lambda: answered, "the refusal")

    answered: list[Answered] = []
    async with opened(Limits(body_seconds=0.1)) as house:
        answer = await house.ask("POST", "/whip/c1/main", a_pass(), endless(), SDP)
        answered.append(answer)

        assert (answer.status, answer.code) == (408, "slow_request")


async def test_errors_are_told_in_the_readers_language() -> None:
    async with opened() as house:
        vietnamese = await house.ask("POST", "/whip/c1/main", a_pass(act="watch"))
        english = await house.ask("POST", "/whip/c1/main", a_pass(act="watch"), Accept_Language="en-GB,en;q=0.9,vi")

        assert vietnamese.error.message == "Khóa truy cập này không cho phép phát lên."
        assert english.error.message == "This key does not allow publishing."


# Too many


async def test_a_second_publisher_is_refused_and_may_come_when_the_first_is_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with opened() as house:
        first = await house.publish(who="hall")

        second = await house.publish(who="another")
        assert (second.status, second.code) == (409, "stream_taken")
        assert (await house.ask("GET", first.session)).status == 204
        assert (await house.publish(stream="spare", who="another")).status == 201

        monkeypatch.setattr("bridge.door.engine.TAKE_OVER_SECONDS", 0.0)
        assert (await house.publish(who="another")).status == 201
        assert (await house.ask("GET", first.session)).status == 404


async def test_the_same_publisher_comes_again_when_he_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sooner than another one, but not while he has hardly begun: it may be a second encoder with the same key."""
    async with opened() as house:
        first = await house.publish()

        assert (await house.publish()).code == "stream_taken"
        monkeypatch.setattr("bridge.door.engine.COME_AGAIN_SECONDS", 0.0)
        assert (await house.publish(who="another")).code == "stream_taken"
        assert (await house.publish()).status == 201
        assert (await house.ask("GET", first.session)).status == 404


@pytest.mark.parametrize("limits", [Limits(sessions=1), Limits(handshakes=1), Limits(publishers=1)])
async def test_a_full_bridge_says_when_to_come_again(limits: Limits) -> None:
    async with opened(limits) as house:
        await house.publish()

        answer = await house.publish(stream="spare")

        assert (answer.status, answer.code) == (503, "full")
        assert int(answer.headers["Retry-After"]) > 0


async def test_a_bridge_that_is_to_stop_lets_nobody_in_and_keeps_who_is_there() -> None:
    async with opened() as house:
        opening = await house.publish()
        house.door.reception.draining = True

        answer = await house.watch()

        assert (answer.status, answer.code) == (503, "draining")
        assert (await house.ask("GET", opening.session)).status == 204


async def test_a_flood_is_stopped_by_its_address_and_others_come_in() -> None:
    """Given a proxy that is trusted, when one address behind it tries passes, it alone is stopped."""
    async with opened(Limits(requests_at_once=100), trusted_proxies=("127.0.0.1",)) as house:
        tried = [await house.ask("POST", "/whip/c1/main", "rubbish", X_Forwarded_For="198.51.100.1") for _ in range(8)]
        other = await house.ask("POST", "/whip/c1/main", "rubbish", X_Forwarded_For="198.51.100.1, 198.51.100.2")

        assert [one.status for one in tried] == [401] * 5 + [429] * 3
        assert int(tried[-1].headers["Retry-After"]) > 0
        assert other.status == 401


async def test_a_handshake_that_never_ends_is_given_up() -> None:
    async with opened(Limits(setup_seconds=0.2)) as house:
        opening = await house.publish()

        await until(lambda: not house.door.reception.sessions, "the session given up")

        assert house.door.reception.ended == {"no_handshake": 1}
        assert (await house.ask("GET", opening.session)).status == 404
        assert (await house.publish(who="another")).status == 201


# Who watches over it


async def test_metrics_are_for_this_machine_or_for_who_has_the_token() -> None:
    async with opened() as house:
        assert (await house.ask("GET", "/metrics", X_Forwarded_For="198.51.100.1")).status == 403
        assert "nhipcau_bridge_requests_total" in (await house.ask("GET", "/metrics")).text
    async with opened(metrics_token="word") as house:
        assert (await house.ask("GET", "/metrics")).status == 403
        assert (await house.ask("GET", "/metrics", "word")).status == 200


async def test_a_taken_port_is_told_and_leaves_nothing_open() -> None:
    async with opened() as house:
        with pytest.raises(CannotOpen, match=r"^listen: 127\.0\.0\.1:\d+: Address already in use"):
            async with Door(settings(listen=Listen(port=house.door.port))):
                pass


async def test_workers_end_with_the_door() -> None:
    async with opened(workers=2) as house:
        processes = [worker.process for worker in house.door.workers]
    assert [process.returncode for process in processes if process] == [0, 0]
    with pytest.raises(aiohttp.ClientConnectorError):
        async with aiohttp.ClientSession() as http:
            await http.get(f"http://127.0.0.1:{house.door.port}/healthz")
    assert not Path(house.door.workers[0].path).parent.exists()
