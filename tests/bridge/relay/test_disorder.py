"""Whatever a line does to packets - loss, reordering, doubling, a number that wraps around - viewers get each packet
once, as it was, under one number, and libsrtp refuses nothing."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.wire import rtcp, rtp

from .stage import DELTA, KEY, REPAIR, VIDEO_SSRC, Peer, Stage

FRAMES, EACH = 12, 3
COUNT = FRAMES * EACH


def payload(n: int) -> bytes:
    frame, part = divmod(n, EACH)
    head = (KEY if frame % 6 == 0 else DELTA) if part == 0 else b"\0\x55"
    return head + n.to_bytes(2, "big")


def told(viewer: Peer) -> dict[int, bytes]:
    """What arrived, by its place in the publisher's order; a second packet under another number is a fault."""
    by_number: dict[int, bytes] = {}
    places: dict[int, int] = {}
    for packet in viewer.received():
        if packet.ssrc != VIDEO_SSRC:
            continue
        place = int.from_bytes(packet.payload[2:4], "big")
        assert by_number.setdefault(packet.sequence, packet.data) == packet.data
        assert places.setdefault(place, packet.sequence) == packet.sequence
        assert packet.payload == payload(place)
    return {place: by_number[number] for place, number in places.items()}


@settings(max_examples=60, deadline=None)
@given(
    first=st.integers(0, 0xFFFF),
    order=st.lists(st.integers(0, COUNT - 1), min_size=COUNT, max_size=2 * COUNT),
    join_after=st.integers(0, COUNT),
    again=st.lists(st.integers(0, 0xFFFF), max_size=20),
)
def test_disorder_on_the_publishers_line_reaches_no_viewer(
    first: int, order: list[int], join_after: int, again: list[int]
) -> None:
    with TemporaryDirectory() as folder:
        stage = Stage(Path(folder))
        try:
            publisher, viewer = stage.publisher(), stage.viewer()
            # The first packet gives the numbers their beginning; a line does not begin with a packet of later.
            sent = [0, *order]
            late = None
            for step, n in enumerate(sent):
                if step == join_after:
                    late = stage.viewer()
                publisher.publish(first + n, n // EACH * 3_000, payload(n), marker=n % EACH == EACH - 1)
            stage.settle(0.3)
            viewer.tell(rtcp.Nack(77, VIDEO_SSRC, tuple(again)))
            assert told(viewer).keys() <= set(sent)
            if late:
                assert told(late).keys() <= set(sent)
        finally:
            stage.close()


@settings(max_examples=40, deadline=None)
@given(first=st.integers(0, 0xFFFF), lost=st.sets(st.integers(1, COUNT - 1), max_size=10))
def test_what_is_lost_once_and_repaired_reaches_every_viewer(first: int, lost: set[int]) -> None:
    with TemporaryDirectory() as folder:
        stage = Stage(Path(folder))
        try:
            publisher, viewer = stage.publisher(), stage.viewer()
            for n in range(COUNT):
                if n not in lost:
                    publisher.publish(first + n, n // EACH * 3_000, payload(n), marker=n % EACH == EACH - 1)
            # A loss at the very end is nobody's to notice before another packet comes.
            publisher.publish(first + COUNT, FRAMES * 3_000, payload(COUNT))
            stage.settle(0.05)
            asked = {n for p in publisher.feedback() if isinstance(p, rtcp.Nack) for n in p.lost}
            assert asked == {(first + n) & 0xFFFF for n in lost}
            for n in lost:
                repair(publisher, first + n, n)
            stage.settle(0.05)
            assert told(viewer).keys() == set(range(COUNT + 1))
        finally:
            stage.close()


def repair(publisher: Peer, sequence: int, n: int) -> None:
    """As a retransmission in a stream of its own (RFC 4588)."""
    lost = rtp.parse(rtp.build(0, sequence & 0xFFFF, n // EACH * 3_000, 0, payload(n), marker=n % EACH == EACH - 1))
    assert lost is not None
    publisher.publish(n, lost.timestamp, lost.data[2:4] + lost.payload, marker=lost.marker, kind=REPAIR, ssrc=4_444)
