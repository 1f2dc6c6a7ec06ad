"""RTP as we read and write it, against aiortc, Chromium's packets and whatever else may arrive."""

import pytest
from aiortc import rtp as peer
from hypothesis import given
from hypothesis import strategies as st

from bridge.wire import rtp
from bridge.wire.codecs import Codec
from tests.bridge.wire.captured import CODECS, captured
from tests.bridge.wire.damage import damaged

u16, u32 = st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1)
one_byte = st.dictionaries(st.integers(1, 14), st.binary(min_size=1, max_size=16), max_size=4)
two_byte = st.dictionaries(st.integers(1, 255), st.binary(max_size=40), max_size=4)
headers = st.fixed_dictionaries(
    {
        "payload_type": st.integers(0, 127),
        "sequence": u16,
        "timestamp": u32,
        "ssrc": u32,
        "payload": st.binary(max_size=60),
        "marker": st.booleans(),
        "csrcs": st.lists(u32, max_size=15),
        "extensions": one_byte | two_byte,
        "padding": st.integers(0, 255),
    }
)
GOOD = rtp.build(96, 1, 2, 3, b"picture", csrcs=(4, 5), extensions={1: b"a", 2: b"bc"}, padding=4)


def read(data: bytes) -> rtp.Rtp:
    packet = rtp.parse(data)
    assert packet is not None
    return packet


@given(headers)
def test_what_is_built_is_read(fields: dict[str, object]) -> None:
    packet = read(rtp.build(**fields))  # type: ignore[arg-type]
    for name in ("payload_type", "sequence", "timestamp", "ssrc", "payload", "marker", "padding"):
        assert getattr(packet, name) == fields[name]
    extensions = fields["extensions"]
    assert isinstance(extensions, dict)
    for id, value in extensions.items():
        assert rtp.extension(packet, id) == value
    assert not any(rtp.extension(packet, id) for id in range(1, 256) if id not in extensions)


@given(headers)
def test_aiortc_reads_the_same(fields: dict[str, object]) -> None:
    data = rtp.build(**fields)  # type: ignore[arg-type]
    ours, theirs = read(data), peer.RtpPacket.parse(data)
    assert (ours.payload_type, ours.marker, ours.sequence) == (
        theirs.payload_type,
        bool(theirs.marker),
        theirs.sequence_number,
    )
    assert (ours.timestamp, ours.ssrc, ours.payload) == (theirs.timestamp, theirs.ssrc, theirs.payload)
    assert theirs.csrc == fields["csrcs"]
    at = rtp.FIXED_HEADER + 4 * len(theirs.csrc)
    if data[0] & 0x10:
        profile = int.from_bytes(data[at : at + 2], "big")
        listed = dict(peer.unpack_header_extensions(profile, data[at + 4 : ours.header_length]))
        assert listed == fields["extensions"]


@given(headers)
def test_a_header_has_its_length_also_when_the_rest_is_encrypted(fields: dict[str, object]) -> None:
    packet = read(rtp.build(**fields))  # type: ignore[arg-type]
    sealed = packet.data[: packet.header_length] + bytes(len(packet.data) - packet.header_length + 16)
    assert rtp.header_length(sealed) == packet.header_length


@given(damaged(GOOD, *captured("VP8").rtp[:4]))
def test_nothing_that_arrives_raises_and_no_length_leaves_the_packet(data: bytes) -> None:
    packet = rtp.parse(data)
    if packet is None:
        return
    assert rtp.FIXED_HEADER <= packet.header_length <= len(data) - packet.padding
    for id in range(256):
        value = rtp.extension(packet, id)
        assert value is None or value in data[rtp.FIXED_HEADER : packet.header_length]
        rtp.identifier(packet, id)
    rtp.unwrap_rtx(packet, 96, 1)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        GOOD[:11],
        bytes((GOOD[0] ^ 0xC0,)) + GOOD[1:],  # version 1
        b"\x8f" + GOOD[1:20],  # fifteen CSRCs in eight bytes
        b"\x90" + GOOD[1:14],  # an extension without its length
        b"\x90" + GOOD[1:12] + b"\xbe\xde\x00\x02\x00\x00\x00\x00",  # two words of which one is there
        GOOD[:-1] + b"\x00",  # padding that does not count itself
        GOOD[:-1] + b"\x0c",  # padding that reaches into the header
    ],
)
def test_a_length_that_is_a_lie_is_no_packet(data: bytes) -> None:
    assert rtp.parse(data) is None


def test_the_list_of_extensions_ends_where_it_says() -> None:
    """Id 15 ends a one-byte list; an element longer than the block is not read into the payload."""
    head = bytes.fromhex("9060000100000002000000 03".replace(" ", ""))
    assert rtp.extension(read(head + bytes.fromhex("bede0001 f0201141") + b"A"), 1) is None
    assert rtp.extension(read(head + bytes.fromhex("bede0001 00001f41") + b"payload"), 1) is None
    assert rtp.extension(read(head + bytes.fromhex("10070001 00010141") + b"A"), 1) == b"A"  # application bits
    assert rtp.extension(read(head + bytes.fromhex("abcd0001 10410000") + b"A"), 1) is None  # a form of its own


def test_names_in_extensions_are_ascii() -> None:
    values = {1: b"hall", 2: "ế".encode()}
    packet = read(rtp.build(96, 1, 2, 3, b"", extensions=values))
    assert rtp.identifier(packet, 1) == "hall"
    assert rtp.identifier(packet, 2) is None
    assert rtp.identifier(packet, 3) is None


@given(headers, st.integers(0, 127), u16, u32)
def test_a_retransmission_of_aiortcs_gives_the_packet_back(
    fields: dict[str, object], payload_type: int, sequence: int, ssrc: int
) -> None:
    packet = read(rtp.build(**fields))  # type: ignore[arg-type]
    wrapped = peer.wrap_rtx(peer.RtpPacket.parse(packet.data), payload_type, sequence, ssrc)
    found = rtp.unwrap_rtx(read(wrapped.serialize()), packet.payload_type, packet.ssrc)
    assert found is not None
    assert (found.payload, found.sequence, found.timestamp) == (packet.payload, packet.sequence, packet.timestamp)
    assert (found.marker, found.ssrc, found.payload_type) == (packet.marker, packet.ssrc, packet.payload_type)


def test_a_retransmission_of_nothing_is_a_probe() -> None:
    assert rtp.unwrap_rtx(read(rtp.build(97, 1, 2, 3, b"", padding=200)), 96, 4) is None
    assert rtp.unwrap_rtx(read(rtp.build(97, 1, 2, 3, b"\x00")), 96, 4) is None


@pytest.mark.parametrize(
    "fields", [{"payload_type": 128}, {"csrcs": [0] * 16}, {"padding": 256}, {"extensions": {0: b""}}]
)
def test_what_does_not_fit_is_not_built(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        rtp.build(**{"payload_type": 96, "sequence": 1, "timestamp": 2, "ssrc": 3, "payload": b""} | fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("codec", CODECS)
def test_what_chromium_sends_is_read_as_aiortc_reads_it(codec: Codec) -> None:
    session = captured(codec)
    mid = session.extensions["mid"]
    packets = [read(data) for data in session.rtp]
    for packet in packets:
        theirs = peer.RtpPacket.parse(packet.data)
        assert (packet.sequence, packet.ssrc, packet.payload) == (theirs.sequence_number, theirs.ssrc, theirs.payload)
    video = [packet for packet in packets if packet.payload_type == session.payload_types[codec]]
    assert rtp.identifier(video[0], mid) == "1"
    assert rtp.identifier(video[-1], mid) is None  # said only until the other side has shown that it knows


@pytest.mark.parametrize("codec", CODECS)
def test_chromium_repeats_what_was_lost_and_probes_with_padding(codec: Codec) -> None:
    session = captured(codec)
    packets = [read(data) for data in session.rtp]
    video = [packet for packet in packets if packet.payload_type == session.payload_types[codec]]
    repeats = [
        rtp.unwrap_rtx(packet, video[0].payload_type, video[0].ssrc)
        for packet in packets
        if packet.payload_type == session.payload_types["rtx"]
    ]
    by_sequence = {packet.sequence: packet for packet in video}
    assert None in repeats
    found = [(repeat, by_sequence[repeat.sequence]) for repeat in repeats if repeat and repeat.sequence in by_sequence]
    assert found
    for repeat, original in found:  # both were cut, the repeat two bytes earlier
        assert original.payload.startswith(repeat.payload)
        assert (repeat.timestamp, repeat.marker) == (original.timestamp, original.marker)
