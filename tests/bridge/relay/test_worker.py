"""What a worker does with real packets: who publishes is seen by who watches, without gap, loss or break."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.orders import SILENCE, Choose, Drop, Follow, Gone, Pulse, Ready, Relay, Report
from bridge.relay import worker
from bridge.wire import rtcp

from .stage import AUDIO, AUDIO_SSRC, DELTA, KEY, PWD, VIDEO_SSRC, VIEWER_AUDIO, VIEWER_VIDEO, Peer, Stage, gapless


@pytest.fixture
def other(tmp_path: Path, stage: Stage) -> Iterator[Stage]:
    """Another worker of the same bridge."""
    other = Stage(tmp_path, stage.now)
    yield other
    other.close()


def test_what_is_published_arrives_in_order_under_the_viewers_own_numbers(stage: Stage) -> None:
    publisher, viewer = stage.publisher(), stage.viewer()
    next = publisher.frame(65_530, 1_000, count=10, key=True)
    publisher.frame(next, 4_000, count=4)
    publisher.publish(7, 500, b"sound", kind=AUDIO)
    stage.settle(0.05)
    packets = viewer.received()
    video = [p for p in packets if p.ssrc == VIDEO_SSRC]
    assert [p.sequence for p in video] == list(range(14))
    assert {p.payload_type for p in video} == {VIEWER_VIDEO}
    assert [p.marker for p in video] == [False] * 9 + [True] + [False] * 3 + [True]
    assert video[10].timestamp - video[0].timestamp == 3_000
    sound = [p for p in packets if p.ssrc == AUDIO_SSRC]
    assert [(p.payload, p.payload_type) for p in sound] == [(b"sound", VIEWER_AUDIO)]


def test_who_joins_late_begins_with_the_last_key_frame_at_once(stage: Stage) -> None:
    publisher, _first = stage.publisher(), stage.viewer()
    next = publisher.frame(0, 0, key=True)
    next = publisher.frame(next, 3_000, key=True)
    for n in range(20):
        next = publisher.frame(next, 6_000 + n * 3_000)
    late = stage.viewer()
    stage.settle(0.2)
    publisher.frame(next, 90_000)
    video = late.video()
    assert video[0].payload[:2] == KEY
    assert len(video) == 3 * 22
    assert gapless([p.sequence for p in video])


def test_a_first_viewer_asks_for_a_key_frame_and_not_again_and_again(stage: Stage) -> None:
    publisher = stage.publisher()
    next = publisher.frame(0, 0, key=True)
    viewers = [stage.viewer() for _ in range(5)]
    for n in range(10):
        next = publisher.frame(next, 3_000 * (n + 1))
        stage.settle(0.03)
    assert len([p for p in publisher.feedback() if isinstance(p, rtcp.Pli)]) == 1
    publisher.frame(next, 40_000, key=True)
    stage.settle(0.05)
    assert [len(v.video()) for v in viewers] == [3] * 5


def test_a_key_frame_that_is_asked_for_too_soon_is_asked_for_a_second_later(stage: Stage) -> None:
    """Given a viewer who went to the lower quality and back, when he goes there again at once, he gets it, though its
    publisher sends key frames for nothing else."""
    publisher, viewer = stage.publisher(rids=("h", "l")), stage.viewer()

    def key(quality: int, sequence: int) -> None:
        publisher.publish(
            sequence,
            3_000 * sequence,
            KEY + bytes(40),
            ssrc=50 + quality,
            extensions={10: b"hl"[quality : quality + 1]},
        )

    def asked() -> list[int]:
        return [p.media for p in publisher.feedback() if isinstance(p, rtcp.Pli)]

    for sequence, quality in enumerate((0, 1, 1, 0)):
        if sequence > 1:
            stage.obey(Choose(viewer.id, quality))
            assert asked() == [50 + quality]
        key(quality, sequence)
    stage.obey(Choose(viewer.id, 1))
    assert asked() == []
    stage.settle(1.1)
    assert asked() == [51]
    stage.settle(1.1)
    assert asked() == [51]
    key(1, 4)
    stage.settle(2.1)
    assert asked() == []


def test_a_lost_packet_is_asked_for_and_comes_late_to_those_who_miss_it(stage: Stage) -> None:
    publisher, viewer = stage.publisher(), stage.viewer()
    publisher.frame(0, 0, key=True)
    publisher.publish(3, 3_000, DELTA + b"a", marker=False)
    publisher.publish(5, 3_000, b"\0c")  # 4 is lost on the way
    stage.settle(0.02)
    nacks = [p for p in publisher.feedback() if isinstance(p, rtcp.Nack)]
    assert [n.lost for n in nacks] == [(4,)]
    assert [p.sequence for p in viewer.video()] == [0, 1, 2, 3, 5]
    publisher.publish(4, 3_000, b"\0b", marker=False)
    stage.settle(0.02)
    assert [(p.sequence, p.payload) for p in viewer.video()] == [(4, b"\0b")]


def test_packets_that_overtake_each_other_go_out_in_order(stage: Stage) -> None:
    publisher, viewer = stage.publisher(), stage.viewer()
    publisher.frame(0, 0, key=True)
    publisher.publish(4, 3_000, b"\0b", marker=False)
    publisher.publish(3, 3_000, DELTA + b"a", marker=False)
    publisher.publish(5, 3_000, b"\0c")
    stage.settle(0.05)
    assert [p.sequence for p in viewer.video()] == [0, 1, 2, 3, 4, 5]
    assert not [p for p in publisher.feedback() if isinstance(p, rtcp.Nack)]


def test_a_packet_that_came_twice_is_sent_once(stage: Stage) -> None:
    publisher, viewer = stage.publisher(), stage.viewer()
    publisher.frame(0, 0, key=True)
    publisher.frame(0, 0, key=True)
    stage.settle(0.05)
    assert [p.sequence for p in viewer.video()] == [0, 1, 2]


def test_what_a_viewer_missed_is_sent_again_byte_for_byte_and_only_so_often(stage: Stage) -> None:
    publisher, viewer = stage.publisher(), stage.viewer()
    next = 0
    for n in range(100):
        next = publisher.frame(next, n * 3_000, key=n == 0)
    stage.settle(0.05)
    before = viewer.datagrams()
    viewer.tell(rtcp.Nack(77, VIDEO_SSRC, (4,)))
    again = [d for d in viewer.datagrams() if d in before]
    assert len(again) == 1
    assert int.from_bytes(again[0][2:4]) == 4
    viewer.tell(rtcp.Nack(77, VIDEO_SSRC, tuple(range(300))))
    assert len(viewer.datagrams()) == 199  # the budget of a second, less the one before


def test_what_was_never_his_cannot_be_asked_for(stage: Stage) -> None:
    publisher, viewer = stage.publisher(), stage.viewer()
    publisher.frame(0, 0, key=True)
    stage.settle(0.05)
    viewer.datagrams()
    viewer.tell(rtcp.Nack(77, VIDEO_SSRC, (3, 900, 65_535)), rtcp.Nack(77, 5, (1,)))
    assert viewer.datagrams() == []


def test_a_flood_of_wishes_for_key_frames_reaches_the_publisher_once_a_second(stage: Stage) -> None:
    publisher, viewer = stage.publisher(), stage.viewer()
    publisher.frame(0, 0, key=True)
    stage.settle(1.5)
    publisher.feedback()
    for _ in range(200):
        viewer.tell(rtcp.Pli(77, VIDEO_SSRC))
        stage.settle(0.01)
    assert len([p for p in publisher.feedback() if isinstance(p, rtcp.Pli)]) in (2, 3)


def test_another_source_is_shown_from_its_key_frame_and_nobody_sees_a_seam(stage: Stage) -> None:
    main, spare = stage.publisher("c/main"), stage.publisher("c/spare")
    stage.obey(Follow("c/programme", "c/main"))
    viewer = stage.viewer("c/programme")
    next = main.frame(30_000, 5_000_000, key=True)
    stage.settle(0.1)
    stage.obey(Follow("c/programme", "c/spare"))
    other = spare.frame(9, 77)
    next = main.frame(next, 5_009_000)
    stage.settle(0.1)
    assert [p for p in spare.feedback() if isinstance(p, rtcp.Pli)]
    other = spare.frame(other, 9_077, key=True)
    main.frame(next, 5_018_000)
    spare.frame(other, 18_077)
    stage.settle(0.1)
    video = viewer.video()
    assert [p.sequence for p in video] == list(range(12))
    times = [p.timestamp for p in video]
    assert times == sorted(times)
    assert times[6] - times[3] in range(1, 90_000)
    assert times[9] - times[6] == 9_000


def test_a_source_of_another_codec_goes_out_under_the_payload_type_for_it(stage: Stage) -> None:
    main, room = stage.publisher("c/main"), stage.publisher("c/point/7", codec="H264")
    stage.obey(Follow("c/programme", "c/main"))
    viewer = stage.viewer("c/programme")
    main.frame(0, 0, key=True)
    stage.settle(0.1)
    stage.obey(Follow("c/programme", "c/point/7"))
    room.publish(0, 0, bytes((0x65, 0x80, 1)))  # an IDR slice
    stage.settle(0.1)
    video = viewer.video()
    assert [p.payload_type for p in video] == [VIEWER_VIDEO] * 3 + [VIEWER_VIDEO + 1]
    assert [p.sequence for p in video] == [0, 1, 2, 3]


def test_a_publisher_that_comes_again_is_followed_again(stage: Stage) -> None:
    first, viewer = stage.publisher(), stage.viewer()
    first.frame(0, 0, key=True)
    stage.obey(Drop(first.id))
    second = stage.publisher()
    second.frame(500, 99_000, key=True)
    stage.settle(0.05)
    assert [p.sequence for p in viewer.video()] == list(range(6))


# --- addresses


def test_media_goes_only_where_the_password_was_proven_and_somebody_answers(stage: Stage) -> None:
    publisher, viewer = stage.publisher(), stage.viewer()
    publisher.frame(0, 0, key=True)
    stage.settle(0.05)
    viewer.datagrams()
    viewer.move()
    viewer.check(pwd="w" * 22)
    publisher.frame(3, 3_000)
    stage.settle(0.05)
    assert viewer.datagrams() == []
    for first, pwd, arrives in ((6, "w" * 22, 0), (9, PWD, 3)):
        viewer.check()
        stage.settle(0.3)
        assert viewer.answer_checks(pwd) == 1
        publisher.frame(first, first * 1_000)
        stage.settle(0.05)
        assert len(viewer.video()) == arrives


def test_a_line_that_is_silent_for_too_long_is_over_and_one_that_says_goodbye_at_once(stage: Stage) -> None:
    publisher, viewer, quiet = stage.publisher(), stage.viewer(), stage.viewer()
    viewer.tell(rtcp.Bye((77,)))
    assert Gone(viewer.id, "goodbye") in stage.said()
    stage.settle(20)
    publisher.check()
    stage.settle(15)
    gone = [s for s in stage.said() if isinstance(s, Gone)]
    assert gone == [Gone(quiet.id, "silent")]


def test_reports_say_what_is_shown_and_how_everybody_fares(stage: Stage) -> None:
    publisher, viewer = stage.publisher(), stage.viewer()
    publisher.frame(0, 0, key=True)
    publisher.tell(rtcp.SenderReport(publisher.id * 10, 5 << 32, 0, 3, 1_500))
    viewer.tell(rtcp.ReceiverReport(77, (rtcp.Block(VIDEO_SSRC, 64, 10, 3, 0, 0, 0),)))
    stage.settle(1.05)
    report = [s for s in stage.said() if isinstance(s, Report)][-1]
    assert report.following == {"c/main": "c/main"}
    assert report.viewers[0].loss == 0.25
    assert report.publishers[0].qualities in (0, 1)
    assert report.sent >= 3


def watching_whom_the_clock_is_told(stage: Stage) -> Peer:
    """A viewer of a publisher that told the wall clock of its sound and of its picture."""
    publisher, viewer = stage.publisher(), stage.viewer()
    publisher.frame(0, 900_000, key=True)
    publisher.publish(0, 48_000, b"sound", kind=AUDIO)
    publisher.tell(rtcp.SenderReport(publisher.id * 10, 10 << 32, 900_000, 3, 1_500))
    publisher.tell(rtcp.SenderReport(publisher.id * 10 + 1, 10 << 32, 48_000, 1, 5))
    stage.settle(2.1)
    return viewer


def test_sound_and_picture_are_told_the_publishers_clock(stage: Stage) -> None:
    viewer = watching_whom_the_clock_is_told(stage)
    first, second = [p for p in viewer.feedback() if isinstance(p, rtcp.SenderReport)][:2]
    assert (first.ssrc, second.ssrc) == (AUDIO_SSRC, VIDEO_SSRC)
    assert first.ntp == second.ntp
    assert (first.packets, second.packets) == (1, 3)


def test_who_only_receives_is_told_the_round_trip_with_the_publishers_clock(stage: Stage) -> None:
    """Given a viewer that tells the time for sound and for picture, and strangers' names beyond what a browser has,
    when his next report goes, both times come back with how long they lay here, once."""
    viewer = watching_whom_the_clock_is_told(stage)
    viewer.datagrams()
    asked_at = stage.now
    viewer.tell(*(rtcp.TripAsked(asker, 0xAAAA_1234_5678_BBBB) for asker in range(1, 9)))
    stage.settle(4.1)
    answers = [p for p in viewer.feedback() if isinstance(p, rtcp.TripAnswered)]
    assert [(p.sender, p.asker, p.told) for p in answers] == [(AUDIO_SSRC, n, 0x1234_5678) for n in (1, 2, 3, 4)]
    assert all(0 <= p.delay / 65_536 <= stage.now - asked_at for p in answers)


def test_the_door_hears_at_once_that_a_source_falls_silent_and_that_it_is_back(stage: Stage) -> None:
    assert stage.said() == [Ready(stage.port.number)]
    publisher = stage.publisher()
    publisher.frame(0, 0, key=True)
    stage.settle(0.05)
    assert stage.said() == [Pulse("c/main", alive=True)]
    stage.settle(SILENCE)
    assert [s for s in stage.said() if isinstance(s, Pulse)] == [Pulse("c/main", alive=False)]
    publisher.frame(3, 90_000)
    stage.settle(0.05)
    assert [s for s in stage.said() if isinstance(s, Pulse)] == [Pulse("c/main", alive=True)]


# --- other workers


def test_what_is_published_at_one_worker_is_watched_at_another(stage: Stage, other: Stage) -> None:
    publisher, viewer = stage.publisher(), other.viewer()
    stage.obey(Relay("c/main", (other.path,)))
    other.settle(0.02)
    publisher.frame(0, 0)  # nothing to begin with: the other worker asks for a key frame by way of this one
    other.settle(0.02)
    stage.settle(0.02)
    assert [p for p in publisher.feedback() if isinstance(p, rtcp.Pli)]
    publisher.frame(3, 3_000, key=True)
    publisher.publish(0, 0, b"sound", kind=AUDIO)
    publisher.tell(rtcp.SenderReport(publisher.id * 10, 10 << 32, 3_000, 3, 1_500))
    publisher.tell(rtcp.SenderReport(publisher.id * 10 + 1, 10 << 32, 0, 1, 5))
    stage.settle(1.1)
    other.settle(2.1)
    packets = viewer.arrived()
    kinds = [p.ssrc if not isinstance(p, rtcp.Names) else 0 for p in packets if hasattr(p, "ssrc")]
    assert kinds.count(VIDEO_SSRC) == 4  # three packets and a report
    assert kinds.count(AUDIO_SSRC) == 2


def test_a_source_that_is_shared_no_more_is_gone_at_the_others(stage: Stage, other: Stage) -> None:
    publisher, viewer = stage.publisher(), other.viewer()
    stage.obey(Relay("c/main", (other.path,)))
    other.settle(0.02)
    publisher.frame(0, 0, key=True)
    other.settle(0.02)
    stage.obey(Relay("c/main", ()))
    publisher.frame(3, 3_000)
    other.settle(8)
    assert len(viewer.video()) == 3
    reports = [s for s in other.said() if isinstance(s, Report)]
    assert (reports[0].following, reports[-1].following) == ({"c/main": "c/main"}, {"c/main": None})


def test_a_programme_that_is_over_leaves_nothing_behind(stage: Stage) -> None:
    stage.obey(Follow("c/programme", "c/main"))
    viewer = stage.viewer("c/programme")
    stage.obey(Follow("c/programme", None))
    stage.obey(Drop(viewer.id))
    stage.settle(1.1)
    assert [s for s in stage.said() if isinstance(s, Report)][-1].following == {}


def test_all_who_come_at_once_arrive(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given that the programme brings more for all who come than may be sent past, when they are brought on one after
    the other, then each is soon where the others are and has every packet from the group's first on."""
    monkeypatch.setattr(worker, "CATCH_UP_PACKETS", 30)
    publisher, _first = stage.publisher(), stage.viewer()
    next = publisher.frame(0, 0, key=True)
    for n in range(1, 100):
        next = publisher.frame(next, n * 3_000)
    come = [stage.viewer() for _ in range(50)]
    for n in range(100, 220):
        next = publisher.frame(next, n * 3_000)
        stage.settle(0.04)
    for viewer in come:
        video = viewer.video()
        assert gapless([p.sequence for p in video])
        assert len(video) == next
