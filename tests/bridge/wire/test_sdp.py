import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.wire.answers import MID, RID
from bridge.wire.sdp import MAX_BYTES, MAX_LINE, MAX_SECTIONS, BadOffer, Codec, Fault, Fingerprint, parse_offer
from tests.bridge.wire.offers import NAMES, damaged, offer


def test_chromium_simulcast_is_read_in_full() -> None:
    read = parse_offer(offer("chromium-simulcast").encode())
    audio, video = read.sections

    assert read.bundle == ("0", "1")
    assert (read.transport.ufrag, read.transport.pwd) == ("oMXJ", "UwaMDMNyuSapDqiECwC18zbu")
    assert [len(one.value) for one in read.transport.fingerprints] == [95]
    assert (audio.kind, audio.mid, audio.direction, audio.muxed, audio.ssrcs) == (
        *("audio", "0", "sendonly", True),
        (881942665,),
    )
    assert audio.codecs[0] == Codec(
        111, "opus", 48_000, 2, {"minptime": "10", "useinbandfec": "1"}, frozenset({"transport-cc"})
    )
    assert video.rids == ("h", "m", "l")
    assert (video.extensions[MID], video.extensions[RID]) == (4, 10)
    assert video.codecs[1] == Codec(97, "rtx", 90_000, 1, {"apt": "96"})


def test_pairs_of_a_source_and_its_repair_are_read() -> None:
    video, _ = parse_offer(offer("gstreamer-publish").encode()).sections

    assert video.ssrcs == (1127364920, 3384710259)
    assert video.repairs == {1127364920: 3384710259}


def test_what_the_session_says_holds_for_its_sections() -> None:
    read = parse_offer(offer("obs-publish").encode())

    assert [(one.algorithm, one.value[:5]) for one in read.transport.fingerprints] == [("sha-256", "5A:0B")]


def test_every_strong_digest_is_kept() -> None:
    read = parse_offer(offer("aiortc-watch").encode())

    assert [one.algorithm for one in read.transport.fingerprints] == ["sha-256", "sha-384", "sha-512"]
    assert all(isinstance(one, Fingerprint) for one in read.transport.fingerprints)


@pytest.mark.parametrize("name", NAMES)
def test_line_ends_may_be_bare(name: str) -> None:
    assert parse_offer(offer(name).replace("\r\n", "\n").encode()) == parse_offer(offer(name).encode())


def test_a_section_in_the_bundle_may_have_port_0() -> None:
    text = offer("obs-publish").replace("m=audio 49170", "m=audio 0")

    assert parse_offer(text.encode()).sections[0].disabled
    assert not parse_offer(text.replace("a=mid:0", "a=mid:0\r\na=bundle-only").encode()).sections[0].disabled


OBS = offer("obs-publish")
REFUSED = {
    "nothing": ("", Fault.MALFORMED),
    "not SDP": ("<html></html>", Fault.MALFORMED),
    "no section": ("v=0\r\ns=-\r\n", Fault.MALFORMED),
    "100 sections": (OBS + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n" * 98, Fault.TOO_MANY_SECTIONS),
    "too long": (OBS + "a=x\r\n" * (MAX_BYTES // 5), Fault.TOO_LARGE),
    "a line too long": (OBS + f"a={'x' * MAX_LINE}\r\n", Fault.TOO_LARGE),
    "no bundle": (OBS.replace("a=group:BUNDLE", "a=group:LS"), Fault.NO_BUNDLE),
    "an empty bundle": (OBS.replace("a=group:BUNDLE 0 1", "a=group:BUNDLE"), Fault.NO_BUNDLE),
    "a bundle of others": (OBS.replace("a=group:BUNDLE 0 1", "a=group:BUNDLE 7 1"), Fault.NO_BUNDLE),
    "no ufrag": (OBS.replace("a=ice-ufrag", "a=ice-other"), Fault.NO_ICE),
    "no password": (OBS.replace("a=ice-pwd", "a=ice-other"), Fault.NO_ICE),
    "a short password": (OBS.replace("0zJmWq2rYv8LhKcN5sBdPa", "short"), Fault.MALFORMED),
    "no fingerprint": (OBS.replace("a=fingerprint", "a=other"), Fault.NO_FINGERPRINT),
    "a weak fingerprint": (OBS.replace("sha-256", "sha-1"), Fault.NO_FINGERPRINT),
    "a cut fingerprint": (OBS.replace("5A:0B:", ""), Fault.MALFORMED),
    "we begin the handshake": (OBS.replace("a=setup:actpass", "a=setup:passive"), Fault.SETUP),
    "no setup": (OBS.replace("a=setup", "a=other"), Fault.SETUP),
    "one mid twice": (OBS.replace("a=mid:1", "a=mid:0"), Fault.MALFORMED),
    "a port beyond": (OBS.replace("m=audio 49170", "m=audio 65536"), Fault.MALFORMED),
    "a payload type beyond": (OBS.replace("SAVPF 96", "SAVPF 128"), Fault.MALFORMED),
    "an SSRC beyond": (OBS.replace("a=ssrc:2459203117", "a=ssrc:4294967296"), Fault.MALFORMED),
    "a repair of nothing": (OBS + "a=ssrc-group:FID 1\r\n", Fault.MALFORMED),
    "a layer undeclared": (OBS + "a=simulcast:send h;l\r\n", Fault.MALFORMED),
    "a clock in words": (OBS.replace("H264/90000", "H264/fast"), Fault.MALFORMED),
    "a break inside": (OBS.replace("s=-", "s=a\x0bb"), Fault.MALFORMED),
}


@pytest.mark.parametrize(("text", "code"), REFUSED.values(), ids=REFUSED)
def test_each_bad_offer_has_its_name(text: str, code: Fault) -> None:
    with pytest.raises(BadOffer) as refusal:
        parse_offer(text.encode())

    assert refusal.value.code == code
    assert refusal.value.detail


def test_what_is_not_utf_8_is_malformed() -> None:
    with pytest.raises(BadOffer) as refusal:
        parse_offer(OBS.encode() + b"a=\xff\r\n")

    assert refusal.value.code == Fault.MALFORMED


def test_so_many_sections_are_read() -> None:
    more = "".join(f"m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:x{n}\r\n" for n in range(MAX_SECTIONS - 2))

    assert len(parse_offer((OBS + more).encode()).sections) == MAX_SECTIONS
    with pytest.raises(BadOffer):
        parse_offer((OBS + more + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n").encode())


@given(body=st.one_of(st.binary(max_size=400), st.text(max_size=400).map(str.encode)))
def test_whatever_comes_is_read_or_refused(body: bytes) -> None:
    with pytest.raises(BadOffer):
        parse_offer(body)


@given(text=damaged())
def test_a_damaged_offer_is_read_or_refused(text: str) -> None:
    try:
        read = parse_offer(text.encode(errors="replace"))
    except BadOffer:
        return
    assert read.transport.fingerprints
    assert len(read.sections) <= MAX_SECTIONS
