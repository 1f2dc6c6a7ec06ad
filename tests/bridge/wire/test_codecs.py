"""Where pictures begin, in payloads of aiortc, in Chromium's and in whatever else may arrive."""

from itertools import pairwise

import pytest
from aiortc.codecs.h264 import H264Encoder
from aiortc.codecs.vpx import VpxPayloadDescriptor
from hypothesis import given
from hypothesis import strategies as st

from bridge.wire import codecs, rtp
from bridge.wire.codecs import Codec
from tests.bridge.wire.captured import CODECS, captured
from tests.bridge.wire.damage import damaged

KEY, DELTA = b"\x10\x02\x00", b"\x11\x02\x00"  # the first bytes of a VP8 frame
SPS, PPS = b"\x67\x42\xc0\x1f", b"\x68\xce\x3c\x80"
IDR, SLICE, SECOND_SLICE = b"\x65\x88\x84", b"\x41\x9a\x24", b"\x41\x28\x24"
WHOLE = 1_300  # a NAL unit that takes several packets

descriptors = st.builds(
    VpxPayloadDescriptor,
    partition_start=st.integers(0, 1),
    partition_id=st.integers(0, 7),
    picture_id=st.none() | st.integers(0, 2**15 - 1),
    tl0picidx=st.none() | st.integers(0, 255),
    tid=st.none() | st.tuples(st.integers(0, 3), st.integers(0, 1)),
    keyidx=st.none() | st.integers(0, 31),
)


@given(descriptors, st.sampled_from([KEY, DELTA]))
def test_without_its_numbers_a_picture_is_the_same(descriptor: VpxPayloadDescriptor, frame: bytes) -> None:
    payload = bytes(descriptor) + frame
    plain = codecs.unnumbered("VP8", payload)
    before, after = codecs.vp8(payload), codecs.vp8(plain)
    assert before is not None
    assert after is not None
    assert plain[after.length :] == frame
    assert (after.length, after.picture, after.level_zero, after.layer) == (1, None, None, None)
    assert (after.starts, after.discardable) == (before.starts, before.discardable)


@pytest.mark.parametrize("codec", ["H264", "opus"])
def test_other_codecs_have_no_such_numbers(codec: Codec) -> None:
    assert codecs.unnumbered(codec, b"\x90\x80\x01\x02") == b"\x90\x80\x01\x02"


@pytest.mark.parametrize("payload", [b"", b"\x90", b"\x90\x80", b"\x90\xf0\x81"])
def test_what_is_cut_short_stays_as_it_is(payload: bytes) -> None:
    assert codecs.unnumbered("VP8", payload) == payload


@given(descriptors, st.sampled_from([KEY, DELTA]))
def test_a_descriptor_of_aiortc_is_read(descriptor: VpxPayloadDescriptor, frame: bytes) -> None:
    payload = bytes(descriptor) + frame
    head = codecs.vp8(payload)
    assert head is not None
    assert head.length == len(payload) - len(frame)
    assert (head.picture, head.level_zero) == (descriptor.picture_id, descriptor.tl0picidx)
    assert (head.layer, head.sync) == (descriptor.tid or (None, False))
    begins = descriptor.partition_start == 1 and descriptor.partition_id == 0
    assert head.starts == codecs.starts_frame("VP8", payload) == begins
    assert codecs.starts_key_frame("VP8", payload) == (begins and frame == KEY)
    assert codecs.vp8(payload[: head.length]) is None


@given(st.sampled_from(CODECS), damaged(SPS, bytes(4) + IDR, *captured("H264").rtp[:4], *captured("VP8").rtp[:4]))
def test_nothing_that_arrives_raises(codec: Codec, payload: bytes) -> None:
    begins, key = codecs.starts_frame(codec, payload), codecs.starts_key_frame(codec, payload)
    units = list(codecs.h264_units(payload))
    assert all(at < len(payload) for _, at in units)
    assert begins >= key if codec == "VP8" else len(units) >= begins


def packets(*units: bytes) -> list[bytes]:
    """As aiortc packs a frame: small units together, large ones in pieces."""
    return H264Encoder._packetize(iter(units))


def test_parameter_sets_and_the_picture_after_them_start_a_key_frame() -> None:
    """Given a key frame as aiortc packs it, an aggregate of the sets and a picture in pieces, then only the pieces
    after the first are no beginning."""
    together, first, *others = packets(SPS, PPS, IDR + bytes(WHOLE))
    assert [kind for kind, _ in codecs.h264_units(together)] == [7, 8]
    assert [kind for kind, _ in codecs.h264_units(first)] == [5]
    assert [list(codecs.h264_units(other)) for other in others] == [[]] * len(others)
    assert [codecs.starts_key_frame("H264", one) for one in (together, first, *others)] == [True, True] + [False] * len(
        others
    )
    assert [codecs.starts_frame("H264", one) for one in (together, first, *others)] == [True, True] + [False] * len(
        others
    )


@pytest.mark.parametrize(
    ("payload", "frame", "key"),
    [
        (SPS, True, True),
        (PPS, True, False),
        (IDR, True, True),
        (b"\x65\x28\x84", False, False),  # a later slice of an IDR picture
        (SLICE, True, False),
        (SECOND_SLICE, False, False),
        (b"\x09\xf0", True, False),  # access unit delimiter
        (b"\x78\x00\x02\x09\xf0\x00\x04" + SPS, True, True),  # the set is second in its aggregate
        (b"\x78\x00\x03" + SLICE, True, False),
        (b"\x78\x00\x04" + PPS + b"\x00", True, False),  # half a size after the last unit
        (b"\x78\x00\x40" + SPS, False, False),  # an aggregate whose size is a lie
        (b"\x78\x00\x00\x00\x04" + SPS, False, False),
        (b"\x7c\x85\x88", True, True),  # first piece of an IDR picture
        (b"\x7c\x05\x88", False, False),
        (b"\x7c\x45\x88", False, False),
        (b"\x7c\x81\x9a", True, False),
        (b"\x7c\x85", False, False),
        (b"\x7c", False, False),
        (b"\x67", False, False),
        (b"", False, False),
        (b"\x79\x00\x00\x67\x42", False, False),  # STAP-B, which nobody agreed to
    ],
)
def test_beginnings_of_h264(payload: bytes, frame: bool, key: bool) -> None:
    assert codecs.starts_frame("H264", payload) == frame
    assert codecs.starts_key_frame("H264", payload) == key


@pytest.mark.parametrize(
    "payload", [b"", b"\x10", b"\x90\x80", b"\x90\x80\x81", b"\x90\x80\x81\x01", b"\x90\xf0\x81\x01\x02\x03"]
)
def test_a_vp8_descriptor_cut_short_is_none(payload: bytes) -> None:
    assert codecs.vp8(payload) is None
    assert not codecs.starts_frame("VP8", payload)


def test_sound_begins_in_every_packet() -> None:
    assert codecs.starts_frame("opus", b"")
    assert codecs.starts_key_frame("opus", b"\xfc")


@pytest.mark.parametrize("codec", CODECS)
def test_chromium_begins_with_a_key_frame_and_every_marker_is_followed_by_a_beginning(codec: Codec) -> None:
    session = captured(codec)
    read = [packet for data in session.rtp if (packet := rtp.parse(data))]
    video = [packet for packet in read if packet.payload_type == session.payload_types[codec]]
    assert codecs.starts_key_frame(codec, video[0].payload)
    keys = {packet.timestamp for packet in video if codecs.starts_key_frame(codec, packet.payload)}
    assert keys == {video[0].timestamp}
    for before, packet in pairwise(video):
        assert packet.sequence == (before.sequence + 1) & 0xFFFF
        new = packet.timestamp != before.timestamp
        assert new == before.marker
        assert codecs.starts_frame(codec, packet.payload) or not new
