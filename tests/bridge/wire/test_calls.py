"""Our own offer, as it is answered by our own side, and what an answer must be."""

import pytest

from bridge.wire.answers import Ours, Sent, answer_watch
from bridge.wire.calls import MAX_CANDIDATES, Agreed, agreed, call
from bridge.wire.sdp import BadOffer, Codec, Fault, parse_offer

PRINT = ":".join(["AB"] * 32)
H264 = Codec(0, "H264", 90_000, 1, {"packetization-mode": "1", "profile-level-id": "4d001f"})
SENDS = (Sent("audio", (Codec(0, "opus", 48_000, 2),), 1), Sent("video", (Codec(0, "VP8", 90_000), H264), 2))


def ours(*candidates: tuple[str, int]) -> Ours:
    return Ours(7, "oursours", "p" * 24, PRINT, candidates or (("192.0.2.1", 50_000), ("2001:db8::1", 50_000)))


def answer(sends: tuple[Sent, ...] = SENDS) -> str:
    return answer_watch(
        parse_offer(call(ours()).encode()), ours(("198.51.100.7", 4_000), ("2001:db8::7", 4_000)), sends
    ).text


def read(text: str) -> Agreed:
    return agreed(text.encode())


def test_what_another_bridge_answers_is_understood() -> None:
    found = read(answer())
    assert [(s.kind, [(c.name, c.payload_type) for c in s.codecs]) for s in found.sections] == [
        ("audio", [("opus", 111)]),
        ("video", [("VP8", 96), ("H264", 100)]),
    ]
    assert (found.transport.ufrag, found.transport.pwd) == ("oursours", "p" * 24)
    assert found.candidates == (("198.51.100.7", 4_000), ("2001:db8::7", 4_000))


def test_one_that_sends_sound_alone_is_taken() -> None:
    assert [section.kind for section in read(answer(SENDS[:1])).sections] == ["audio"]


def test_other_candidates_than_udp_by_address_are_passed_over_and_there_is_an_end_to_them() -> None:
    extra = [
        "a=candidate:1 1 tcp 5 192.0.2.9 9 typ host tcptype active",
        "a=candidate:1 2 udp 5 192.0.2.9 9 typ host",
        "a=candidate:1 1 udp 5 1234.local 9 typ host",
        "a=candidate:1 1 udp 5 192.0.2.999 9 typ host",
        "a=candidate:1 1 udp 5 192.0.2.9 0 typ host",
        "a=candidate:1 1 UDP 5 192.0.2.9 99999 typ host",
        *(f"a=candidate:1 1 UDP 5 192.0.2.{n} 9 typ srflx raddr 0.0.0.0 rport 0" for n in range(20)),
    ]
    found = read(answer() + "".join(f"{line}\r\n" for line in extra)).candidates
    assert found[:3] == (("198.51.100.7", 4_000), ("2001:db8::7", 4_000), ("192.0.2.0", 9))
    assert len(found) == MAX_CANDIDATES


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("a=setup:passive", "a=setup:active", Fault.SETUP),
        ("a=setup:passive", "a=setup:actpass", Fault.SETUP),
        ("a=candidate", "a=other", Fault.NO_ICE),
        ("a=fingerprint", "a=other", Fault.NO_FINGERPRINT),
        ("a=ice-pwd", "a=other", Fault.NO_ICE),
        ("a=group", "a=other", Fault.NO_BUNDLE),
        ("m=audio 4000", "m=audio 70000", Fault.MALFORMED),
        ("a=rtpmap:", "a=other:", Fault.NO_CODEC),
    ],
)
def test_what_is_no_answer_is_refused_by_name(before: str, after: str, fault: Fault) -> None:
    text = answer()
    assert before in text
    with pytest.raises(BadOffer) as refused:
        read(text.replace(before, after))
    assert refused.value.code == fault
