"""RTCP as we read and write it, against aiortc, Chromium's packets and whatever else may arrive."""

import pytest
from aiortc import rtp as peer
from hypothesis import given
from hypothesis import strategies as st

from bridge.wire import rtcp
from bridge.wire.codecs import Codec
from tests.bridge.wire.captured import CODECS, captured
from tests.bridge.wire.damage import damaged

u8, u16, u32 = st.integers(0, 255), st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1)
blocks = st.lists(
    st.builds(rtcp.Block, u32, u8, st.integers(-(2**23), 2**23 - 1), u32, u32, u32, u32), max_size=31
).map(tuple)
ssrcs = st.lists(u32, max_size=31).map(tuple)
cnames = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
rising = st.builds(
    lambda first, steps: tuple((first + sum(steps[:i])) % 2**16 for i in range(len(steps))),
    u16,
    st.lists(st.integers(1, 40), min_size=1, max_size=60),
)
packets = st.one_of(
    st.builds(rtcp.SenderReport, u32, st.integers(0, 2**64 - 1), u32, u32, u32, blocks),
    st.builds(rtcp.ReceiverReport, u32, blocks),
    st.builds(rtcp.Names, st.lists(st.tuples(u32, cnames), min_size=1, max_size=31).map(tuple)),
    st.builds(rtcp.Bye, st.lists(u32, min_size=1, max_size=31).map(tuple)),
    st.builds(rtcp.Nack, u32, u32, rising),
    st.builds(rtcp.Pli, u32, u32),
    st.builds(rtcp.TripAsked, u32, st.integers(0, 2**64 - 1)),
    st.builds(rtcp.TripAnswered, u32, u32, u32, u32),
    st.builds(rtcp.Fir, u32, st.lists(st.tuples(u32, u8), min_size=1, max_size=8).map(tuple)),
    st.builds(rtcp.Remb, u32, st.integers(0, 2**18 - 1) | st.integers(0, 45).map(lambda n: 2**17 << n), ssrcs),
)
compounds = st.lists(packets, min_size=1, max_size=4)
REPORT = rtcp.ReceiverReport(1, (rtcp.Block(2, 3, 4, 5, 6, 7, 8),))
GOOD = rtcp.build([REPORT, rtcp.Names(((1, "hall"),)), rtcp.Nack(1, 2, (3, 5)), rtcp.Pli(1, 2), rtcp.Bye((1,))])


@given(compounds)
def test_what_is_built_is_read(compound: list[rtcp.Packet]) -> None:
    data = rtcp.build(compound)
    assert rtcp.is_rtcp(data)
    assert rtcp.parse(data) == compound


@given(
    damaged(
        *(GOOD, rtcp.build([rtcp.Fir(1, ((2, 3),))]), rtcp.build([rtcp.Remb(1, 2, (3,))])),
        *(rtcp.build([rtcp.TripAsked(1, 2)]), rtcp.build([rtcp.TripAnswered(1, 2, 3, 4)]), *captured("VP8").rtcp[:4]),
    )
)
def test_nothing_that_arrives_raises(data: bytes) -> None:
    read = rtcp.parse(data)
    assert read is None or len(read) <= rtcp.MAX_PACKETS


def test_a_report_may_carry_what_its_profile_adds() -> None:
    longer = bytes((0x81, 201)) + (8).to_bytes(2, "big") + rtcp.build([REPORT])[4:] + b"more"
    assert rtcp.parse(longer) == [REPORT]


def test_a_browser_that_asks_how_far_away_we_are_is_understood() -> None:
    """As Chromium 156 sends it, and the answer of RFC 3611, 4.5."""
    asked = bytes.fromhex("80cf0004 00000001 04000002 eead5994 8f93ee5e".replace(" ", ""))
    assert rtcp.parse(asked) == [rtcp.TripAsked(1, 0xEEAD5994_8F93EE5E)]
    answered = "80cf0005 000003ea 05000003 00000001 59948f93 00010000".replace(" ", "")
    assert rtcp.build([rtcp.TripAnswered(1_002, 1, 0x59948F93, 65_536)]).hex() == answered


def test_unknown_types_are_passed_over() -> None:
    unknown = bytes.fromhex("80cf0001 00000001 8fce0003 00000001 00000000 4f54484a".replace(" ", ""))
    transport_wide = bytes.fromhex("8fcd0003 00000001 00000002 00000000".replace(" ", ""))
    assert rtcp.parse(unknown + GOOD + transport_wide) == rtcp.parse(GOOD)


def padded(data: bytes, count: int) -> bytes:
    words = (len(data) + count) // 4 - 1
    return bytes((data[0] | 0x20, data[1])) + words.to_bytes(2, "big") + data[4:] + bytes(count - 1) + bytes((count,))


def test_padding_stands_at_the_very_end() -> None:
    pli = rtcp.build([rtcp.Pli(1, 2)])
    assert rtcp.parse(GOOD + padded(pli, 8)) == [*(rtcp.parse(GOOD) or ()), rtcp.Pli(1, 2)]
    assert rtcp.parse(padded(pli, 8) + GOOD) is None
    assert rtcp.parse(padded(pli, 8)[:-1] + b"\x00") is None
    assert rtcp.parse(padded(pli, 8)[:-1] + b"\x06") is None  # padding is whole words
    assert rtcp.parse(padded(pli, 8)[:-1] + b"\x40") is None  # longer than its packet


@pytest.mark.parametrize(
    "data",
    [
        GOOD[:-1],
        GOOD + b"\x80",
        GOOD[:32] + b"\x41" + GOOD[33:],  # the second packet of version 1
        bytes((0x82,)) + rtcp.build([REPORT])[1:],  # two blocks of which one is there
        bytes((0x83,)) + rtcp.build([rtcp.Bye((1, 2))])[1:],
        bytes((0x82,)) + rtcp.build([rtcp.Names(((1, "hall"),))])[1:],
        bytes.fromhex("81ca0002 00000001 01ff4142".replace(" ", "")),  # a name longer than its packet
        bytes.fromhex("81ca0002 00000001 01024142".replace(" ", "")),  # items without an end
        bytes.fromhex("81cd0002 00000001 00000002".replace(" ", "")),  # a NACK of nothing
        bytes.fromhex("84ce0003 00000001 00000000 00000002".replace(" ", "")),  # half a FIR
        bytes.fromhex("8fce0004 00000001 00000000 52454d42 02010203".replace(" ", "")),  # REMB of two, none there
        rtcp.build([rtcp.Pli(1, 2)]) * (rtcp.MAX_PACKETS + 1),
    ],
)
def test_malformed_is_none(data: bytes) -> None:
    assert rtcp.parse(data) is None


def test_a_flood_of_nacks_is_read_up_to_the_limit() -> None:
    lost = tuple(range(0, 17 * 2 * rtcp.MAX_NACK_BLOCKS, 17))
    read = rtcp.parse(rtcp.build([rtcp.Nack(1, 2, lost)]))
    assert read == [rtcp.Nack(1, 2, lost[: rtcp.MAX_NACK_BLOCKS])]


def test_a_nack_around_the_end_of_the_ring_is_one_block() -> None:
    data = rtcp.build([rtcp.Nack(1, 2, (65_530, 65_535, 0, 10))])
    assert len(data) == 16
    assert rtcp.parse(data) == [rtcp.Nack(1, 2, (65_530, 65_535, 0, 10))]


@given(st.integers(0, 2**60))
def test_a_bitrate_loses_at_most_what_eighteen_bits_cannot_hold(bitrate: int) -> None:
    read = rtcp.parse(rtcp.build([rtcp.Remb(1, bitrate, (2,))]))
    assert read is not None
    assert isinstance(read[0], rtcp.Remb)
    assert bitrate * (1 - 2**-17) <= read[0].bitrate <= bitrate


def test_more_blocks_than_the_header_counts_are_not_built() -> None:
    with pytest.raises(ValueError, match="31"):
        rtcp.build([rtcp.Bye(tuple(range(32)))])


def of_one_source(packet: rtcp.Packet) -> bool:
    """aiortc does not find the next name when the one before it is filled up to a word."""
    return not isinstance(packet, rtcp.Names) or len(packet.cnames) == 1


@given(st.lists(packets.filter(of_one_source), min_size=1, max_size=3))
def test_aiortc_reads_the_same(compound: list[rtcp.Packet]) -> None:
    known = [packet for packet in compound if not isinstance(packet, rtcp.TripAsked | rtcp.TripAnswered)]
    for ours, theirs in zip(known, peer.RtcpPacket.parse(rtcp.build(compound)), strict=True):
        same(ours, theirs)


def same(ours: rtcp.Packet, theirs: peer.AnyRtcpPacket) -> None:
    match ours, theirs:
        case rtcp.SenderReport(), peer.RtcpSrPacket():
            info = theirs.sender_info
            assert (ours.ssrc, ours.ntp, ours.timestamp) == (theirs.ssrc, info.ntp_timestamp, info.rtp_timestamp)
            assert (ours.packets, ours.octets) == (info.packet_count, info.octet_count)
            assert list(map(as_theirs, ours.blocks)) == theirs.reports
        case rtcp.ReceiverReport(), peer.RtcpRrPacket():
            assert (ours.ssrc, list(map(as_theirs, ours.blocks))) == (theirs.ssrc, theirs.reports)
        case rtcp.Names(), peer.RtcpSdesPacket():
            named = [(chunk.ssrc, *(value.decode() for _, value in chunk.items)) for chunk in theirs.chunks]
            assert [(ssrc, cname) if cname else (ssrc,) for ssrc, cname in ours.cnames] == named
        case rtcp.Bye(), peer.RtcpByePacket():
            assert list(ours.ssrcs) == theirs.sources
        case rtcp.Nack(), peer.RtcpRtpfbPacket():
            assert (ours.sender, ours.media) == (theirs.ssrc, theirs.media_ssrc)
            assert list(ours.lost) == [number % 2**16 for number in theirs.lost]
        case rtcp.Pli(), peer.RtcpPsfbPacket():
            assert (ours.sender, ours.media, theirs.fmt) == (theirs.ssrc, theirs.media_ssrc, peer.RTCP_PSFB_PLI)
        case rtcp.Fir(), peer.RtcpPsfbPacket():
            assert (ours.sender, theirs.fmt) == (theirs.ssrc, peer.RTCP_PSFB_FIR)
        case rtcp.Remb(), peer.RtcpPsfbPacket():
            assert (ours.bitrate, list(ours.ssrcs)) == peer.unpack_remb_fci(theirs.fci)
        case _:
            pytest.fail(f"{ours} is read as {theirs}")


def as_theirs(block: rtcp.Block) -> peer.RtcpReceiverInfo:
    return peer.RtcpReceiverInfo(*block)


@pytest.mark.parametrize("codec", CODECS)
def test_what_chromium_reports_is_read_as_aiortc_reads_it(codec: Codec) -> None:
    kinds = set()
    for data in captured(codec).rtcp:
        read = rtcp.parse(data)
        assert read is not None
        for ours, theirs in zip(read, peer.RtcpPacket.parse(data), strict=True):
            same(ours, theirs)
        assert rtcp.build(read) == data
        kinds |= {type(packet) for packet in read}
    assert kinds >= {rtcp.SenderReport, rtcp.ReceiverReport, rtcp.Names, rtcp.Nack, rtcp.Remb}
