"""What Janus is told of players: nothing that they wrote themselves."""

import pytest

from bridge.janus.descriptions import in_order, publishing, restricted, watching, whereabouts
from bridge.wire.answers import Ours, Sent, answer_publish, answer_watch
from bridge.wire.sdp import BadOffer, Codec, parse_answer, parse_offer
from tests.bridge.wire.offers import offer

NOBODY = Ours(0, "none", "n" * 22, "", (("192.0.2.1", 9),))
H264 = Codec(0, "H264", 90_000, 1, {"packetization-mode": "1", "profile-level-id": "42e01f"})
SENT = (Sent("audio", (Codec(0, "opus", 48_000, 2),), 1), Sent("video", (H264,), 2))


@pytest.mark.parametrize("name", ["chromium-simulcast", "firefox-simulcast-publish", "obs-publish", "aiortc-publish"])
def test_a_publisher_offers_one_quality_of_one_codec_and_no_address(name: str) -> None:
    theirs = parse_offer(offer(name).encode())
    told = publishing(answer_publish(restricted(theirs, "H264"), NOBODY).taken, theirs.transport)

    read = parse_offer(told.encode())
    assert (read.transport.ufrag, read.transport.pwd) == (theirs.transport.ufrag, theirs.transport.pwd)
    assert [{codec.name for codec in one.codecs} - {"rtx"} for one in read.sections] == [{"opus"}, {"H264"}]
    assert not any(word in told for word in ("candidate", "rid", "simulcast", "VP8"))


def test_a_viewer_answers_in_the_order_of_what_he_watches() -> None:
    theirs = parse_offer(offer("firefox-watch").encode())
    taken = in_order(reversed(answer_watch(theirs, NOBODY, SENT).taken))

    told = parse_answer(watching(taken, theirs.transport).replace("setup:active", "setup:passive").encode())

    assert [(one.mid, one.direction) for one in told.sections] == [("audio", "recvonly"), ("video", "recvonly")]
    assert [one.codecs[0].payload_type for one in told.sections] == [one.codecs[0].payload_type for one in taken]


def test_janus_without_an_address_over_udp_is_none() -> None:
    body = offer("chromium-watch").replace("a=candidate", "a=x-candidate").encode()
    with pytest.raises(BadOffer, match="Janus names no address"):
        whereabouts(parse_offer(body), body, 1)
