"""A worker that cannot keep up lets pictures go, never sound; nobody sees what is late."""

import time

from bridge.relay.port import BEHIND_SECONDS
from bridge.wire import rtcp, stun

from .stage import AUDIO, AUDIO_SSRC, KEY, VIDEO_SSRC, Stage


def late() -> float:
    """The clock of a worker that reads everything so long after it came."""
    return time.time() + 2 * BEHIND_SECONDS


def test_what_is_late_is_let_go_up_to_the_next_key_frame_and_sound_goes_on(stage: Stage) -> None:
    publisher, first, second = stage.publisher(), stage.viewer(), stage.viewer()
    next = publisher.frame(0, 0, key=True)
    stage.settle(1.1)
    first.received(), second.received(), publisher.feedback()

    stage.port.clock = late
    for n in range(1, 6):
        next = publisher.frame(next, n * 3_000, key=n == 3)
        publisher.publish(n, n * 960, b"sound", kind=AUDIO)
    packets = first.received()
    assert [p.ssrc for p in packets] == [AUDIO_SSRC] * 5

    stage.port.clock = time.time
    next = publisher.frame(next, 18_000)  # no use without what went before
    stage.settle(1.1)
    assert [p for p in publisher.feedback() if isinstance(p, rtcp.Pli)]
    next = publisher.frame(next, 117_000, key=True)
    publisher.frame(next, 120_000)
    for viewer in (first, second):
        video = viewer.video()
        assert video[0].payload[:2] == KEY
        assert [p.sequence for p in video] == list(range(3, 9))  # nothing that he would ask for again
    stage.settle(1.1)
    assert stage.reports()[-1].shed == 5 * 3 * 2


def test_a_backlog_is_over_when_nothing_waits(stage: Stage) -> None:
    """Given a hundred packets that waited for too long, when the worker has read them all, it is behind no more."""
    publisher = stage.publisher()
    publisher.frame(0, 0, key=True)
    stage.port.clock = late
    for n in range(100):
        publisher.send(bytes((128, 96)) + n.to_bytes(2) + bytes(30))
    stage.worker.receive(stage.now)
    assert stage.port.behind
    stage.worker.receive(stage.now)
    assert not stage.port.behind


def test_who_proves_himself_is_answered_however_late(stage: Stage) -> None:
    viewer = stage.viewer()
    viewer.datagrams()
    stage.port.clock = late
    viewer.check()
    stage.settle()
    assert [stun.is_stun(data) for data in viewer.datagrams()] == [True]


def test_while_it_is_behind_nobody_is_brought_on_and_nothing_is_repeated(stage: Stage) -> None:
    publisher, viewer = stage.publisher(), stage.viewer()
    publisher.frame(0, 0, key=True)
    joins = stage.viewer()
    stage.port.behind = True
    stage.worker.tick(stage.now + 0.02)
    assert all(map(stun.is_stun, joins.datagrams()))  # nothing but about his check
    viewer.datagrams()
    stage.port.clock = late
    viewer.tell(rtcp.Nack(77, VIDEO_SSRC, (0,)))
    assert viewer.datagrams() == []
    stage.port.clock = time.time
    stage.settle(0.1)
    assert [p.sequence for p in joins.video()] == [0, 1, 2]
