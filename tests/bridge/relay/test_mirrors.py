"""A source of one worker at another: a rich picture arrives whole, whatever the kernel holds of such a socket."""

from pathlib import Path

import pytest

from bridge.relay.mirrors import Mirrors
from bridge.relay.source import Source, Track
from bridge.wire import rtp

MAX_QLEN = 10  # datagrams that Linux holds of a Unix socket, unless its administrator says otherwise


class Seen:
    def __init__(self) -> None:
        self.numbers: list[int] = []

    def take(self, packet: rtp.Rtp, number: int, key: bool, now: float) -> None:
        self.numbers.append(packet.sequence)


@pytest.mark.parametrize("ends", [True, False], ids=["ended by its last packet", "whose last packet is late"])
def test_a_picture_of_many_packets_arrives_whole(tmp_path: Path, ends: bool) -> None:
    """Given a worker that reads nothing meanwhile, when a key frame of 120 packets comes at once, it gets them all."""
    come: list[Source] = []
    near = Mirrors(str(tmp_path / "near"), come.append, come.append)
    far = Mirrors(str(tmp_path / "far"), come.append, come.append)
    track = Track("video", "VP8", 0, lambda packet: None, 1)
    near.share(1, Source("c1/main", None, [track]), (str(tmp_path / "far"),), 0.0)
    far.receive(0.0)
    seen = Seen()
    come[0].video[0].followers.append(seen)

    count = 12 * MAX_QLEN
    for n in range(count):
        packet = rtp.parse(rtp.build(96, n, 3_000, 7, bytes(1_100), marker=ends and n == count - 1))
        assert packet is not None
        track.take(packet, 0.1)
    near.tick(0.11)
    far.receive(0.12)

    assert seen.numbers == list(range(count))
    assert near.dropped == 0
    near.close()
    far.close()
