"""Publishers and viewers that do what they should not, and strangers: whoever else watches gets every packet of his."""

import contextlib
import os
from socket import socket

import pytest

from bridge.orders import Asking, Gone, Watch
from bridge.relay import lane
from bridge.wire import rtcp, rtp, stun

from .stage import KEY, PWD, VIDEO, VIDEO_SSRC, Peer, Stage, new_socket

H264 = 98  # a payload type that the publisher did not agree on
IDR = bytes((0x65, 0x80, 1))


class Others:
    """A room that publishes beside, and who watches it."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._publisher, self._viewer = stage.publisher("c/point/7"), stage.viewer("c/point/7")
        self._next = self._publisher.frame(0, 0, key=True)
        self._seen: list[int] = []

    def go_on(self) -> None:
        self._next = self._publisher.frame(self._next, self._next * 1_000)

    def saw_everything(self) -> bool:
        self._stage.settle(0.1)
        self._seen += [packet.sequence for packet in self._viewer.video()]
        return self._seen == list(range(self._next))


def wishes(publisher: Peer) -> int:
    return sum(isinstance(packet, rtcp.Pli) for packet in publisher.feedback())


# --- publishers


def test_a_publisher_that_changes_his_codec_is_not_followed_there(stage: Stage) -> None:
    publisher, viewer, others = stage.publisher(), stage.viewer(), Others(stage)
    next = publisher.frame(0, 0, key=True)
    for ssrc in (None, 4_711):
        for _ in range(20):
            publisher.publish(next, 3_000 * next, IDR + bytes(40), kind=H264, ssrc=ssrc)
            next += 1
            others.go_on()
    stage.settle(0.3)
    assert len(viewer.video()) == 3
    publisher.frame(next, 3_000 * next, key=True)
    stage.settle(0.1)
    back = viewer.video()
    assert [packet.payload[:2] for packet in back if packet.payload[0]] == [KEY]
    assert len(back) == 3
    assert others.saw_everything()


def test_where_no_key_frame_comes_one_is_asked_for_once_a_second_and_who_watches_goes_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane, "MAX_GROUP", 30)
    publisher, viewer, others = stage.publisher(), stage.viewer(), Others(stage)
    next = publisher.frame(0, 0, key=True)
    for n in range(1, 15):
        next = publisher.frame(next, 3_000 * n)
    stage.settle(1.1)
    publisher.feedback()
    late = stage.viewer()
    for n in range(15, 90):
        next = publisher.frame(next, 3_000 * n)
        stage.settle(0.04)
        others.go_on()
    assert wishes(publisher) in (3, 4)
    assert late.video() == []
    assert [packet.sequence for packet in viewer.video()] == list(range(next))
    assert others.saw_everything()
    publisher.frame(next, 3_000 * 90, key=True)
    stage.settle(0.1)
    assert len(late.video()) == 3


def test_a_publisher_of_20_megabits_is_sent_away_and_the_others_miss_nothing(stage: Stage) -> None:
    publisher, others = stage.publisher(), Others(stage)
    sequence = 0
    for _ in range(4):
        for n in range(1_924):
            publisher.publish(sequence, sequence, bytes(1_300))
            sequence += 1
            if n % 64 == 0:
                others.go_on()
        stage.settle(1.01)
    assert Gone(publisher.id, "too_much") in stage.said()
    assert others.saw_everything()


# --- viewers


def test_a_flood_of_wishes_is_the_floods_alone(stage: Stage) -> None:
    """Given a viewer that asks for everything again and for key frames, all the time, who watches the same misses
    nothing, and the publisher hears of it once a second."""
    publisher, flood, viewer, others = stage.publisher(), stage.viewer(), stage.viewer(), Others(stage)
    next = publisher.frame(0, 0, key=True)
    stage.settle(1.1)
    publisher.feedback()
    sent = len(flood.datagrams())
    for n in range(1, 50):
        for _ in range(4):
            flood.tell(rtcp.Nack(77, VIDEO_SSRC, tuple(range(300))), rtcp.Pli(77, VIDEO_SSRC))
        next = publisher.frame(next, 3_000 * n)
        others.go_on()
        stage.settle(0.02)
    assert wishes(publisher) <= 2
    assert len(flood.datagrams()) - sent <= next + 3 * 200  # what plays, and the budget of the seconds it took
    assert [packet.sequence for packet in viewer.video()] == list(range(next))
    assert others.saw_everything()


# --- strangers


def test_an_address_that_proved_nothing_is_sent_nothing(stage: Stage) -> None:
    """Whatever comes from it: checks with a wrong password, for nobody or without one, answers, handshakes, media of
    its own and what it overheard of others."""
    publisher, viewer = stage.publisher(), stage.viewer()
    next = publisher.frame(0, 0, key=True)
    stranger, overheard = new_socket(), []
    for peer in (publisher, viewer):
        report = peer._out.protect_rtcp(rtcp.build([rtcp.ReceiverReport(77), rtcp.Nack(77, VIDEO_SSRC, (1,))]))
        overheard += [report, peer._out.protect(rtp.build(VIDEO, 9, 9, 9, KEY))]
    checks = [check(name, pwd) for name in (viewer.ufrag, "nobody") for pwd in ("w" * 22, "")]
    binding = bytes.fromhex("000100002112a442") + bytes(12)
    answer = stun.success(read(check(viewer.ufrag, PWD)), "127.0.0.1", 9, PWD.encode())
    hello = bytes.fromhex("16fefd0000000000000000") + (200).to_bytes(2, "big") + bytes(200)
    for data in (*checks, binding, answer, hello, *overheard, b"", bytes(1_200), os.urandom(1_200)):
        for _ in range(10):
            stranger.sendto(data, ("127.0.0.1", stage.port.number))
            stage.settle()
    publisher.frame(next, 3_000)
    stage.settle(2.1)
    assert arrived(stranger) == []
    assert len(viewer.video()) == 6
    stranger.close()


def test_who_proves_himself_is_answered_once_for_each_check_and_with_no_more_than_he_sent(stage: Stage) -> None:
    publisher, viewer = stage.publisher(), stage.viewer()
    next = publisher.frame(0, 0, key=True)
    second = new_socket()  # another line of the viewer's, which he does not ask us to use
    asked = check(viewer.ufrag, PWD)
    for _ in range(10):
        second.sendto(asked, ("127.0.0.1", stage.port.number))
        stage.settle()
    publisher.frame(next, 3_000)
    stage.settle(2.1)
    answers = arrived(second)
    assert len(answers) == 10
    assert all(stun.is_stun(answer) and len(answer) <= len(asked) for answer in answers)
    assert len(viewer.video()) == 6
    second.close()


def test_somebody_elses_address_on_the_checks_of_a_viewer_brings_him_no_media(stage: Stage) -> None:
    """Given a viewer that nominates an address where nobody answers, his picture stays where it is, and what goes
    there is the answers and now and then the question."""
    publisher, viewer = stage.publisher(), stage.viewer()
    next, somebody = publisher.frame(0, 0, key=True), new_socket()
    for n in range(1, 100):
        somebody.sendto(check(viewer.ufrag, PWD, nominate=True), ("127.0.0.1", stage.port.number))
        next = publisher.frame(next, 3_000 * n)
        stage.settle(0.02)
    stage.settle(2.1)
    there = arrived(somebody)
    assert all(stun.is_stun(data) for data in there)
    assert 99 < len(there) <= 99 + 12
    assert len(viewer.video()) == next
    somebody.close()


def test_a_handshake_begins_with_who_answers(stage: Stage) -> None:
    viewer, hello = stage.peer(Watch("c/main", ())), bytes.fromhex("16feff") + bytes(200)
    for answers in (0, 1):
        viewer.check()
        stage.settle()
        if answers:
            viewer.answer_checks()
        viewer.send(hello)
        stage.settle(0.3)
        assert sum(isinstance(said, Asking) for said in stage.said()) == answers


def check(ufrag: str, pwd: str, nominate: bool = False) -> bytes:
    return stun.request(bytes(12), f"{ufrag}:theirs", pwd.encode(), priority=1, tie_breaker=1, use_candidate=nominate)


def read(data: bytes) -> stun.Check:
    message = stun.parse(data)
    found = stun.check_of(message) if message else None
    assert found is not None
    return found


def arrived(at: socket) -> list[bytes]:
    found = []
    with contextlib.suppress(BlockingIOError):
        while True:
            found.append(at.recv(2_048))
    return found
