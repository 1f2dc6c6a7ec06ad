import re
from collections.abc import AsyncIterator

import pytest
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, VideoStreamTrack
from hypothesis import given
from playwright.async_api import Page, async_playwright

from bridge.wire.answers import MAX_RIDS, MID, RID, Ours, Sent, answer_publish, answer_watch
from bridge.wire.sdp import BadOffer, Codec, Fault, parse_offer
from tests.bridge.wire.offers import NAMES, damaged, offer
from tests.e2e.conftest import CHROMIUM, FLAGS

OURS = Ours(
    session=7,
    ufrag="ours",
    pwd="0123456789abcdefghijkl",
    fingerprint=":".join(["AB"] * 32),
    candidates=(("192.0.2.1", 5000), ("2001:db8::1", 5000)),
)
VP8 = Codec(96, "VP8", 90_000)
OPUS = Codec(111, "opus", 48_000, 2)
SOUND = Sent("audio", (OPUS,), 21)


def h264(profile: str) -> Codec:
    return Codec(96, "H264", 90_000, 1, {"packetization-mode": "1", "profile-level-id": profile})


def pictures(*codecs: Codec) -> tuple[Sent, Sent]:
    return Sent("video", codecs, 11), SOUND


def published(text: str) -> str:
    return answer_publish(parse_offer(text.encode(errors="replace")), OURS).text


def watched(text: str, *codecs: Codec) -> str:
    return answer_watch(parse_offer(text.encode(errors="replace")), OURS, pictures(*(codecs or (VP8,)))).text


def sections(text: str) -> list[str]:
    return re.split(r"(?m)^(?=m=)", text)[1:]


def refusal(text: str, codec: Codec | None = None) -> Fault:
    with pytest.raises(BadOffer) as refused:
        watched(text, codec) if codec else published(text)
    return refused.value.code


# Publishers


def test_obs_is_answered_line_by_line() -> None:
    text = published(offer("obs-publish"))
    session, audio, video = re.split(r"(?m)^(?=m=)", text)

    assert session.split("\r\n") == [
        *("v=0", "o=- 7 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=ice-lite"),
        *("a=group:BUNDLE 0 1", "a=msid-semantic:WMS *", ""),
    ]
    assert "a=fmtp:111 minptime=10;useinbandfec=1;stereo=1;sprop-stereo=1\r\n" in audio
    assert video.split("\r\n") == [
        *("m=video 5000 UDP/TLS/RTP/SAVPF 96", "c=IN IP4 192.0.2.1", "a=mid:1", "a=rtcp-mux"),
        *("a=ice-ufrag:ours", "a=ice-pwd:0123456789abcdefghijkl"),
        *(f"a=fingerprint:sha-256 {':'.join(['AB'] * 32)}", "a=setup:passive"),
        "a=candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host",
        "a=candidate:2 1 udp 2130706175 2001:db8::1 5000 typ host",
        *("a=end-of-candidates", "a=recvonly", "a=rtpmap:96 H264/90000"),
        *("a=rtcp-fb:96 nack", "a=rtcp-fb:96 nack pli", "a=rtcp-fb:96 goog-remb"),
        *("a=fmtp:96 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f", ""),
    ]


def test_an_address_of_ipv6_may_come_first() -> None:
    ours = Ours(7, OURS.ufrag, OURS.pwd, OURS.fingerprint, OURS.candidates[::-1])
    text = answer_publish(parse_offer(offer("obs-publish").encode()), ours).text

    assert "c=IN IP6 2001:db8::1\r\n" in text


def test_simulcast_is_received_by_its_names() -> None:
    answer = answer_publish(parse_offer(offer("chromium-simulcast").encode()), OURS)
    video = answer.taken[1]

    assert (video.payload_types, video.repair, video.rids) == ({"vp8": 96}, 97, ("h", "m", "l"))
    assert video.extensions.keys() >= {MID, RID}
    assert "a=rid:h recv\r\na=rid:m recv\r\na=rid:l recv\r\na=simulcast:recv h;m;l\r\n" in answer.text
    assert "transport-cc" not in answer.text


@pytest.mark.parametrize(
    ("name", "layers", "codec", "repair"),
    [("obs-simulcast-publish", "0;1;2", 96, None), ("firefox-simulcast-publish", "h;m;l", 120, 124)],
)
def test_layers_of_other_publishers_are_all_taken(name: str, layers: str, codec: int, repair: int | None) -> None:
    answer = answer_publish(parse_offer(offer(name).encode()), OURS)

    assert (answer.taken[1].codecs[0].payload_type, answer.taken[1].repair) == (codec, repair)
    assert f"a=simulcast:recv {layers}\r\n" in answer.text


def test_no_more_layers_than_we_serve() -> None:
    text = offer("chromium-simulcast").replace("send h;m;l", "send h;~m,x;l;q")
    text = text.replace("a=rid:l send", "a=rid:l send\r\na=rid:q send")

    taken = answer_publish(parse_offer(text.encode()), OURS).taken[1]

    assert taken.rids == ("h", "m", "l")
    assert len(taken.rids) == MAX_RIDS


def test_layers_without_names_on_their_packets_are_not_asked_for() -> None:
    text = offer("chromium-simulcast").replace("sdes:rtp-stream-id", "sdes:unknown")

    assert "simulcast" not in published(text)


@pytest.mark.parametrize("name", [name for name in NAMES if "publish" in name])
def test_one_codec_is_taken_for_each_kind(name: str) -> None:
    answer = answer_publish(parse_offer(offer(name).encode()), OURS)

    assert sorted(one.section.kind for one in answer.taken) == ["audio", "video"]
    for one, section in zip(answer.taken, sections(answer.text), strict=True):
        types = [one.codecs[0].payload_type] + ([one.repair] if one.repair else [])
        assert section.splitlines()[0].split()[3:] == [str(number) for number in types]
        assert one.section.direction == "sendonly"


def test_the_high_profile_is_taken_as_offered() -> None:
    assert "a=fmtp:96 packetization-mode=1;profile-level-id=64001f\r\n" in published(offer("gstreamer-publish"))


OBS = offer("obs-publish")


def test_each_thing_we_cannot_carry_has_its_name() -> None:
    assert refusal(OBS.replace("H264/90000", "AV1/90000")) == Fault.NO_CODEC
    assert refusal(OBS.replace("packetization-mode=1", "packetization-mode=0")) == Fault.NO_CODEC
    assert refusal(OBS.replace("42e01f", "42e0")) == Fault.NO_CODEC
    assert refusal(OBS.replace("opus/48000/2", "PCMU/8000")) == Fault.NO_CODEC
    assert refusal(OBS.replace("a=sendonly", "a=recvonly")) == Fault.NO_CODEC
    assert refusal(OBS.replace("a=rtcp-mux", "a=other")) == Fault.NO_MUX
    assert refusal(OBS.replace("a=group:BUNDLE 0 1", "a=group:BUNDLE 0")) == Fault.NO_BUNDLE
    assert refusal(OBS.replace("111", "96")) == Fault.MALFORMED
    assert refusal(OBS.replace("SAVPF 96", "SAVPF 72").replace(":96 ", ":72 ")) == Fault.NO_CODEC


def test_a_second_picture_keeps_its_place_with_port_0() -> None:
    second = OBS[OBS.index("m=video") :].replace("a=mid:1", "a=mid:2")
    text = published(
        OBS + second + "m=audio 9 RTP/AVP 0\r\na=mid:3\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
    )

    assert [section.split("\r\n")[0] for section in sections(text)[2:]] == [
        *("m=video 0 UDP/TLS/RTP/SAVPF 96", "m=audio 0 RTP/AVP 0"),
        "m=application 0 UDP/DTLS/SCTP webrtc-datachannel",
    ]
    assert "a=group:BUNDLE 0 1\r\n" in text


# Viewers


def test_a_viewer_gets_his_own_payload_types_and_no_rate_and_no_retransmission_format_of_his_own() -> None:
    text = watched(offer("chromium-watch"), h264("42e01f"))
    audio, video = sections(text)

    assert audio.startswith("m=audio 5000 UDP/TLS/RTP/SAVPF 111\r\n")
    assert video.startswith("m=video 5000 UDP/TLS/RTP/SAVPF 108\r\n")
    assert video.endswith(
        "a=sendonly\r\na=msid:nhipcau video\r\na=rtcp-xr:rcvr-rtt=all\r\na=rtpmap:108 H264/90000\r\n"
        "a=rtcp-fb:108 nack\r\na=rtcp-fb:108 nack pli\r\n"
        "a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\r\n"
        "a=ssrc:11 cname:nhipcau\r\n"
    )
    assert "transport-cc" not in text
    assert "remb" not in text
    assert "extmap" not in text


def test_a_viewer_is_answered_with_every_codec_that_he_takes_of_those_the_sources_may_have() -> None:
    both = answer_watch(parse_offer(offer("chromium-watch").encode()), OURS, pictures(h264("42e01f"), VP8))
    one = answer_watch(
        parse_offer(OBS.replace("a=sendonly", "a=recvonly").encode()), OURS, pictures(VP8, h264("42e01f"))
    )

    assert both.taken[1].payload_types == {"h264": 108, "vp8": 96}
    assert "m=video 5000 UDP/TLS/RTP/SAVPF 108 96\r\n" in both.text
    assert "a=rtpmap:108 H264/90000\r\n" in both.text
    assert "a=rtpmap:96 VP8/90000\r\n" in both.text
    assert one.taken[1].payload_types == {"h264": 96}


@pytest.mark.parametrize(
    ("source", "offered", "chosen"),
    [
        ("42e01f", ["42001f", "42e01f"], "42e01f"),
        ("42c028", ["42001f", "42e01f"], "42e01f"),
        ("42001f", ["42e01f", "42001f"], "42001f"),
        ("42e01f", ["640c1f"], "640c1f"),
        ("4d001f", ["42e01f", "64001f"], "64001f"),
        ("64001f", ["42e01f", "42001f"], "42e01f"),
    ],
)
def test_the_profile_nearest_to_the_source_is_chosen(source: str, offered: list[str], chosen: str) -> None:
    head, tail = OBS.replace("a=sendonly", "a=recvonly").split("a=rtpmap:96", 1)
    types = [str(100 + n) for n in range(len(offered))]
    lines = [
        f"a=rtpmap:{number} H264/90000\r\na=fmtp:{number} packetization-mode=1;profile-level-id={profile}\r\n"
        for number, profile in zip(types, offered, strict=True)
    ]
    text = (
        head.replace("SAVPF 96", f"SAVPF {' '.join(types)}") + "".join(lines) + "a=setup" + tail.split("a=setup", 1)[1]
    )

    taken = answer_watch(parse_offer(text.encode()), OURS, pictures(h264(source))).taken[1]

    assert taken.codecs[0].parameters["profile-level-id"] == chosen


@pytest.mark.parametrize(
    ("name", "source", "h264_type", "vp8_type"),
    [
        ("safari-watch", "42e01f", 98, 106),
        ("safari-watch", "64001f", 96, 106),
        ("firefox-watch", "42e01f", 126, 120),
        ("firefox-watch", "64001f", 126, 120),
    ],
)
def test_a_phone_and_other_browsers_get_what_they_play_by_their_own_numbers(
    name: str, source: str, h264_type: int, vp8_type: int
) -> None:
    answer = answer_watch(parse_offer(offer(name).encode()), OURS, pictures(h264(source), VP8))

    assert [one.section.kind for one in answer.taken] == ["audio", "video"]
    assert answer.taken[1].payload_types == {"h264": h264_type, "vp8": vp8_type}
    assert "rtcp-xr" not in answer.text


def test_a_viewer_who_takes_another_codec_is_refused() -> None:
    assert refusal(offer("chromium-watch"), Codec(96, "AV1", 90_000)) == Fault.NO_CODEC
    assert refusal(OBS.replace("a=sendonly", "a=recvonly"), VP8) == Fault.NO_CODEC
    assert refusal(OBS, h264("42e01f")) == Fault.NO_CODEC


def test_what_the_source_has_not_keeps_its_place_with_port_0() -> None:
    answer = answer_watch(parse_offer(offer("chromium-watch").encode()), OURS, (SOUND,))

    assert [one.section.kind for one in answer.taken] == ["audio"]
    assert sections(answer.text)[1].startswith("m=video 0 UDP/TLS/RTP/SAVPF 96 97")
    assert "a=group:BUNDLE 0\r\n" in answer.text


def test_a_data_channel_keeps_its_place_with_port_0() -> None:
    text = watched(offer("chromium-data"))

    assert sections(text)[1].startswith("m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n")


@given(text=damaged())
def test_a_damaged_offer_is_answered_line_for_line_or_refused(text: str) -> None:
    """Nothing that an offer says breaks out of the line it is answered in."""
    for answer in (published, watched):
        try:
            answered = answer(text)
        except BadOffer:
            continue
        assert len(sections(answered)) == len(re.findall("(?m)^m=", text))
        assert all(re.fullmatch("[a-z]=[ -~]+", line) for line in answered.split("\r\n")[:-1])


# Independent peers take our answers


async def test_aiortc_takes_our_answer_as_a_publisher_and_as_a_viewer() -> None:
    publisher, viewer = RTCPeerConnection(), RTCPeerConnection()
    publisher.addTransceiver(AudioStreamTrack(), "sendonly")
    publisher.addTransceiver(VideoStreamTrack(), "sendonly")
    viewer.addTransceiver("video", "recvonly")
    viewer.addTransceiver("audio", "recvonly")
    try:
        for connection, answer in ((publisher, published), (viewer, watched)):
            await connection.setLocalDescription(await connection.createOffer())
            text = answer(connection.localDescription.sdp)
            await connection.setRemoteDescription(RTCSessionDescription(text, "answer"))
            assert connection.signalingState == "stable"
        assert [one.currentDirection for one in publisher.getTransceivers()] == ["sendonly"] * 2
        assert [one.currentDirection for one in viewer.getTransceivers()] == ["recvonly"] * 2
    finally:
        await publisher.close()
        await viewer.close()


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed: as root, `make system` installs it")
    camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *camera])
        page = await browser.new_page()
        await page.route("**", lambda route: route.fulfill(body="<html></html>", content_type="text/html"))
        await page.goto("http://localhost/")
        yield page
        await browser.close()


PEER = """async ([layers, watch]) => {
  const peer = window.peer = new RTCPeerConnection();
  if (watch) for (const kind of ['video', 'audio']) peer.addTransceiver(kind, {direction: 'recvonly'});
  else {
    const stream = await navigator.mediaDevices.getUserMedia({audio: true, video: true});
    const sendEncodings = layers.map(rid => ({rid}));
    peer.addTransceiver(stream.getVideoTracks()[0], {direction: 'sendonly', streams: [stream], sendEncodings});
    peer.addTransceiver(stream.getAudioTracks()[0], {direction: 'sendonly', streams: [stream]});
  }
  await peer.setLocalDescription();
  return peer.localDescription.sdp;
}"""
TAKE = """async sdp => {
  await peer.setRemoteDescription({type: 'answer', sdp});
  const found = peer.getTransceivers().map(one => one.currentDirection);
  const layers = peer.getSenders().flatMap(one => one.getParameters().encodings).map(one => one.rid).filter(Boolean);
  const tracks = peer.getReceivers().map(one => one.track.kind);
  peer.close();
  return [found, layers, tracks];
}"""


async def test_chromium_takes_our_answers(page: Page) -> None:
    """Given a publisher of one picture, one of three and a viewer, when our answer comes, each agrees to it."""
    one = published(await page.evaluate(PEER, [[], False]))
    assert (await page.evaluate(TAKE, one))[0] == ["sendonly", "sendonly"]

    three = published(await page.evaluate(PEER, [["h", "m", "l"], False]))
    assert (await page.evaluate(TAKE, three))[:2] == [["sendonly", "sendonly"], ["h", "m", "l"]]

    for codecs in ((VP8,), (h264("42e01f"),), (h264("42e01f"), VP8)):
        viewer = watched(await page.evaluate(PEER, [[], True]), *codecs)
        assert (await page.evaluate(TAKE, viewer)) == [["recvonly", "recvonly"], [], ["video", "audio"]]
