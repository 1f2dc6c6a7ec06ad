"""The picture that stands where a source has none, and in a codec that its viewer decodes."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.orders import Follow
from bridge.relay.mirrors import Mirrors
from bridge.slate.feeder import Slate
from bridge.slate.still import Stills

from .stage import AUDIO, AUDIO_SSRC, DELTA, KEY, VIDEO_SSRC, VIEWER_VIDEO, Peer, Stage

VP8, H264 = VIEWER_VIDEO, VIEWER_VIDEO + 1
H264_KEY = bytes((0x65, 0x88))


@pytest.fixture
def slate(stage: Stage, tmp_path: Path) -> Iterator["Feeder"]:
    slate = Feeder(stage, tmp_path)
    yield slate
    slate.mirrors.close()


class Feeder:
    """The real slate, at its viewers' worker, with pictures of a few bytes."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self._stage = stage
        self.mirrors = Mirrors(str(folder / "slate"), lambda source: None, lambda source: None)
        self.slate = Slate("slate", Stills({"VP8": KEY + b"slate", "H264": b"\0\0\0\1" + H264_KEY + b"slate"}))
        self.mirrors.share(99, self.slate.source, (stage.path,), time.monotonic())

    def runs(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.25)):
            self.mirrors.tick(self._stage.now)
            self.slate.beat(self._stage.now)
            self._stage.settle(0.25)


def seen(viewer: Peer) -> list[tuple[int, bytes]]:
    """Payload type and last bytes of each picture."""
    return [(p.payload_type, p.payload[-5:]) for p in viewer.video()]


def heard(viewer: Peer) -> set[bytes]:
    return {p.payload for p in viewer.received() if p.ssrc == AUDIO_SSRC}


def test_everybody_sees_the_slate_in_a_codec_that_he_takes(stage: Stage, slate: Feeder) -> None:
    stage.obey(Follow("c/programme", "slate", "slate"))
    vp8, h264, both = (stage.viewer("c/programme", codecs) for codecs in (("VP8",), ("H264",), ("VP8", "H264")))
    slate.runs(2.5)
    assert set(seen(vp8)) == set(seen(both)) == {(VP8, b"slate")}
    assert set(seen(h264)) == {(H264, b"slate")}


def test_who_takes_one_codec_sees_the_slate_again_after_a_source_of_the_other(stage: Stage, slate: Feeder) -> None:
    """Given the slate, when main comes in VP8, a viewer of H.264 alone keeps his last picture, and sees the slate when
    main has gone; when main comes back in H.264 he sees it."""
    stage.obey(Follow("c/programme", "slate", "slate"))
    only, both = stage.viewer("c/programme", ("H264",)), stage.viewer("c/programme")
    slate.runs(1.5)
    main = stage.publisher("c/main")
    stage.obey(Follow("c/programme", "c/main", "slate"))
    main.publish(0, 0, KEY + b"main1")
    seen(only)
    slate.runs(1.25)
    main.publish(1, 9_000, DELTA + b"main1")
    stage.settle(0.1)
    assert seen(only) == []
    assert seen(both)[-1] == (VP8, b"main1")
    stage.obey(Follow("c/programme", "slate", "slate"))
    slate.runs(2.25)
    assert set(seen(only)) == {(H264, b"slate")}
    assert seen(both)[-1] == (VP8, b"slate")
    spare = stage.publisher("c/spare", codec="H264")
    stage.obey(Follow("c/programme", "c/spare", "slate"))
    spare.publish(0, 0, H264_KEY + b"main2")
    stage.settle(0.1)
    assert seen(only)[-1] == seen(both)[-1] == (H264, b"main2")


def talk(publisher: Peer, slate: Feeder, seconds: float, first: int = 0) -> None:
    for n in range(round(seconds / 0.25)):
        publisher.publish(first + n, (first + n) * 12_000, b"room", kind=AUDIO)
        slate.runs(0.25)


def test_a_room_that_sends_sound_alone_is_heard_with_the_slate(stage: Stage, slate: Feeder) -> None:
    """Given main on the programme, when a room without a camera goes on air, it is heard at once, the slate stands, and
    nothing more is seen or heard of main; when main is shown again, both are back."""
    main, room = stage.publisher("c/main"), stage.sound("c/point/7")
    stage.obey(Follow("c/programme", "c/main", "slate"))
    viewer = stage.viewer("c/programme")
    main.publish(0, 0, KEY + b"main1")
    slate.runs(0.25)
    stage.obey(Follow("c/programme", "c/point/7", "slate"))
    room.publish(0, 0, b"room", kind=AUDIO)
    stage.settle()
    assert heard(viewer) == {b"room"}
    talk(room, slate, 1.25, first=1)
    seen(viewer)
    main.publish(1, 3_000, DELTA + b"main1")
    main.publish(0, 0, b"hall", kind=AUDIO)
    talk(room, slate, 1.25, first=6)
    packets = viewer.received()
    assert {p.payload[-5:] for p in packets if p.ssrc == VIDEO_SSRC} == {b"slate"}
    assert {p.payload for p in packets if p.ssrc == AUDIO_SSRC} == {b"room"}
    assert stage.reports()[-1].following == {"c/programme": "c/point/7"}
    stage.obey(Follow("c/programme", "c/main", "slate"))
    main.publish(2, 9_000, KEY + b"main2")
    main.publish(1, 960, b"hall", kind=AUDIO)
    stage.settle(0.1)
    packets = viewer.received()
    assert {p.payload for p in packets if p.ssrc == AUDIO_SSRC} == {b"hall"}
    assert [p.payload[-5:] for p in packets if p.ssrc == VIDEO_SSRC][-1] == b"main2"


def test_a_camera_that_never_sends_or_ends_leaves_the_sound_and_the_slate(stage: Stage, slate: Feeder) -> None:
    """Given a room that offered a picture and sends none, when it goes on air, it is heard within two seconds with the
    slate; when its camera comes it is seen; when that ends, the slate stands again and the sound goes on."""
    room = stage.publisher("c/point/7")
    stage.obey(Follow("c/programme", "slate", "slate"))
    viewer = stage.viewer("c/programme")
    slate.runs(1.25)
    stage.obey(Follow("c/programme", "c/point/7", "slate"))
    seen(viewer)
    talk(room, slate, 2.0)
    assert b"room" in heard(viewer)
    room.publish(0, 0, KEY + b"roomy")
    talk(room, slate, 0.5, first=8)
    room.publish(1, 45_000, KEY + b"roomy")
    talk(room, slate, 0.5, first=10)
    assert seen(viewer)[-1] == (VP8, b"roomy")
    talk(room, slate, 6.5, first=12)
    packets = viewer.received()
    assert [p.payload[-5:] for p in packets if p.ssrc == VIDEO_SSRC][-1] == b"slate"
    assert [p.payload for p in packets if p.ssrc == AUDIO_SSRC].count(b"room") == 26


def test_sound_alone_is_heard_with_the_last_picture_until_the_slate_is_there(stage: Stage, tmp_path: Path) -> None:
    main, room = stage.publisher("c/main"), stage.sound("c/point/7")
    stage.obey(Follow("c/programme", "c/main"))
    viewer = stage.viewer("c/programme")
    main.publish(0, 0, KEY + b"main1")
    stage.settle(0.1)
    stage.obey(Follow("c/programme", "c/point/7", "slate"))
    room.publish(0, 0, b"room", kind=AUDIO)
    main.publish(1, 3_000, DELTA + b"main1")
    stage.settle(0.1)
    packets = viewer.received()
    assert [p.payload[-5:] for p in packets if p.ssrc == VIDEO_SSRC] == [b"main1"]
    assert {p.payload for p in packets if p.ssrc == AUDIO_SSRC} == {b"room"}
    slate = Feeder(stage, tmp_path)
    slate.runs(1.25)
    slate.mirrors.close()
    assert set(seen(viewer)) == {(VP8, b"slate")}
