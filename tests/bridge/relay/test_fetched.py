"""A session that we begin: checks of our own, and what comes from another bridge as if it were published here."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.orders import Fetch, Gone, Incoming, Keys, Pulse, Reached, Relay
from bridge.relay.caller import LOST_SECONDS
from bridge.wire import rtcp, stun

from .stage import AUDIO, PWD, VIDEO, VIEWER_VIDEO, Peer, Stage, new_socket

H264 = VIDEO + 2
H264_KEY, H264_DELTA = bytes((0x65, 0x88)), bytes((0x41, 0x9A))
LINES = (Incoming("audio", "opus", AUDIO), Incoming("video", "VP8", VIDEO), Incoming("video", "H264", H264))
SSRC = 7_000


class Upstream(Peer):
    """The other bridge: it answers checks and makes none."""

    def __init__(self, stage: Stage, pwd: str = PWD) -> None:
        found = new_socket()
        at = ("127.0.0.1", found.getsockname()[1])
        super().__init__(stage, 500, Fetch("c/programme", LINES, "them", PWD, (("127.0.0.1", 9), ("::1", 9), at)))
        self.socket.close()
        self.socket, self._pwd = found, pwd.encode()

    def answer(self) -> list[stun.Check]:
        """The checks that have come, each answered."""
        found = []
        for data in self.datagrams():
            message = stun.parse(data)
            if message and (check := stun.check_of(message)):
                assert stun.authentic(message, PWD.encode())
                found.append(check)
                self.send(stun.success(check, "127.0.0.1", self._stage.port.number, self._pwd))
        self._stage.settle()
        return found

    def come(self) -> "Upstream":
        self._stage.settle(0.02)
        self.answer()
        self._stage.obey(Keys(self.id, "SRTP_AEAD_AES_128_GCM", *self._master))
        return self

    def picture(self, first: int, timestamp: int, payload: bytes, kind: int) -> int:
        for n in range(3):
            self.publish(first + n, timestamp, payload + bytes(400), marker=n == 2, kind=kind, ssrc=SSRC)
        return first + 3


@pytest.fixture
def upstream(stage: Stage) -> Iterator[Upstream]:
    upstream = Upstream(stage)
    yield upstream
    upstream.socket.close()


def test_the_address_that_answers_is_nominated_and_asked_on(stage: Stage, upstream: Upstream) -> None:
    stage.settle(0.02)
    first = upstream.answer()
    assert [(c.ours, c.theirs, c.controlling, c.use_candidate) for c in first] == [("them", "ufrag500", True, False)]
    assert Reached(500) in stage.said()
    assert [c.use_candidate for c in upstream.answer()] == [True]
    stage.settle(1.25)
    assert [c.use_candidate for c in upstream.answer()] == [True, True]


def test_who_does_not_know_the_password_has_not_answered(stage: Stage) -> None:
    stranger = Upstream(stage, "x" * 22)
    stage.settle(0.35)
    assert len(stranger.answer()) == 4
    assert Reached(500) not in stage.said()
    stranger.socket.close()


def test_an_answer_that_nobody_asked_for_is_passed_over(stage: Stage, upstream: Upstream) -> None:
    stage.settle(0.02)
    check = upstream.answer()[0]
    stage.said()
    other = new_socket()
    other.sendto(stun.success(check, "127.0.0.1", 1, PWD.encode()), ("127.0.0.1", stage.port.number))
    stage.settle(0.7)
    assert [c.use_candidate for c in upstream.answer()] == [True, True]  # still to where it is
    other.close()


def test_one_that_answers_no_more_is_gone_in_seconds(stage: Stage, upstream: Upstream) -> None:
    upstream.come()
    stage.settle(1.5)
    upstream.answer()
    stage.settle(LOST_SECONDS - 0.5)
    assert Gone(500, "silent") not in stage.said()
    stage.settle(2.5)
    assert Gone(500, "silent") in stage.said()


def test_what_comes_is_watched_and_heard_of_as_if_it_were_published_here(stage: Stage, upstream: Upstream) -> None:
    upstream.come()
    viewer = stage.viewer("c/programme")
    upstream.picture(10, 3_000, bytes((0x10, 0x00)), VIDEO)
    stage.settle(0.05)
    assert [p.sequence for p in viewer.video()] == [0, 1, 2]
    assert Pulse("c/programme", True) in stage.said()


def test_a_picture_in_another_codec_goes_on_without_a_gap(stage: Stage, upstream: Upstream, tmp_path: Path) -> None:
    """Given a viewer here and one at another worker, when the other bridge goes over from VP8 to H.264 with a key
    frame, both get it, in their own payload type and with the next number."""
    other = Stage(tmp_path, stage.now)
    upstream.come()
    viewers = stage.viewer("c/programme"), other.viewer("c/programme")
    stage.obey(Relay("c/programme", (other.path,)))
    other.settle(0.02)
    at = upstream.picture(10, 3_000, bytes((0x10, 0x00)), VIDEO)
    other.settle(0.02)
    at = upstream.picture(at, 6_000, H264_KEY, H264)
    upstream.picture(at, 9_000, H264_DELTA, H264)
    other.settle(0.05)
    for viewer in viewers:
        video = viewer.video()
        assert [p.sequence for p in video] == list(range(9))
        assert [p.payload_type for p in video] == [VIEWER_VIDEO] * 3 + [VIEWER_VIDEO + 1] * 6
    other.close()


def test_lost_packets_and_key_frames_are_asked_of_the_other_bridge(stage: Stage, upstream: Upstream) -> None:
    upstream.come()
    stage.viewer("c/programme")
    upstream.publish(10, 3_000, bytes((0x10, 0x01)), kind=VIDEO, ssrc=SSRC)
    upstream.publish(12, 3_000, bytes((0x10, 0x01)), kind=VIDEO, ssrc=SSRC)
    stage.settle(0.1)
    asked = upstream.feedback()
    assert any(isinstance(p, rtcp.Pli) and p.media == SSRC for p in asked)
    assert any(isinstance(p, rtcp.Nack) and p.lost == (11,) for p in asked)
