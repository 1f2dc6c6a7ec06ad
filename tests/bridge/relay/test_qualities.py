"""Which quality a viewer gets: by his line or by his choice, and only of those that live."""

import pytest

from bridge.orders import Choose, Follow, Viewing
from bridge.relay.output import nearest
from bridge.wire import rtcp

from .stage import AUDIO, AUDIO_SSRC, DELTA, KEY, VIDEO_SSRC, Peer, Stage, gapless


class Simulcast:
    """A publisher of three qualities, each with numbers of its own."""

    def __init__(self, stage: Stage, source: str = "c/main", codec: str = "VP8") -> None:
        self.stage, self.line = stage, stage.publisher(source, rids=("h", "m", "l"), codec=codec)
        self._next = [0, 0, 0]

    def picture(self, *qualities: int, key: bool = False) -> None:
        for quality in qualities:
            rid, sequence = b"hml"[quality : quality + 1], self._next[quality]
            self._next[quality] += 1
            self.line.publish(
                sequence, sequence * 3_000, (KEY if key else DELTA) + rid, ssrc=900 + quality,
                extensions={10: rid},
            )  # fmt: skip

    def probe(self, quality: int) -> None:
        """Padding alone, as browsers send it to learn what their line carries."""
        self._next[quality] += 1
        self.line.publish(self._next[quality] - 1, 0, b"", ssrc=900 + quality)

    def runs(self, seconds: float, *qualities: int) -> None:
        for _ in range(round(seconds / 0.05)):
            self.picture(*qualities)
            self.stage.settle(0.05)

    def asked(self) -> list[int]:
        """Of which qualities a key frame was wished for."""
        return [p.media - 900 for p in self.line.feedback() if isinstance(p, rtcp.Pli)]


def seen(viewer: Peer) -> str:
    """The qualities of the pictures that came, in order and without repetition; no number is missing."""
    video = viewer.video()
    assert gapless([p.sequence for p in video])
    letters = b"".join(p.payload[2:] for p in video).decode()
    return "".join(letter for n, letter in enumerate(letters) if letters[n - 1 : n] != letter)


def viewing(stage: Stage, viewer: Peer) -> Viewing:
    stage.settle(1.05)
    return next(one for one in stage.reports()[-1].viewers if one.session == viewer.id)


def bad_line(viewer: Peer, loss: int = 60) -> None:
    for _ in range(2):
        viewer.tell(rtcp.ReceiverReport(77, (rtcp.Block(VIDEO_SSRC, loss, 10, 3, 0, 0, 0),)))


@pytest.mark.parametrize(
    ("wish", "live", "gets"),
    [(0, (0, 1, 2), 0), (0, (1, 2), 1), (0, (2,), 2), (2, (0,), 0), (1, (0, 2), 2), (2, (0, 1), 1), (7, (0, 1), 1)],
)
def test_what_is_nearest(wish: int, live: tuple[int, ...], gets: int) -> None:
    assert nearest(wish, live) == gets


def test_a_viewer_whose_line_is_bad_gets_less_from_a_key_frame_on(stage: Stage) -> None:
    main, viewer = Simulcast(stage), stage.viewer()
    main.picture(0, 1, 2, key=True)
    stage.settle(0.1)
    assert seen(viewer) == "h"
    bad_line(viewer)
    main.picture(0, 1, 2)
    stage.settle(0.1)
    assert seen(viewer) == "h"  # until the other quality can be begun
    main.picture(0, 1, 2, key=True)
    main.picture(1)
    stage.settle(0.1)
    assert seen(viewer) in ("hm", "m")


def test_who_watches_a_quality_that_ends_goes_to_the_next_and_back_when_it_lives_again(stage: Stage) -> None:
    """Given three qualities, when the publisher's line carries the best no more, its viewers are within two seconds on
    the second, at a key frame that is asked for there alone; when the best comes again, they are back."""
    main, viewer, late = Simulcast(stage), stage.viewer(), None
    main.picture(0, 1, 2, key=True)
    main.runs(0.5, 0, 1, 2)
    assert seen(viewer) == "h"
    main.asked()
    main.runs(0.8, 1, 2)
    main.probe(0)
    main.runs(0.8, 1, 2)
    assert set(main.asked()) == {1}
    main.picture(1, key=True)
    main.runs(1.2, 1, 2)
    assert seen(viewer) == "m"
    assert viewing(stage, viewer).quality == 1
    main.picture(1, 2, key=True)
    late = stage.viewer()
    main.runs(0.5, 1, 2)
    assert seen(late) == "m"  # not the best's last picture of long ago
    main.picture(0, key=True)
    main.runs(0.3, 0, 1, 2)
    assert 0 in main.asked()
    main.picture(0, key=True)
    main.runs(0.3, 0, 1, 2)
    assert seen(viewer) == seen(late) == "mh"
    main.runs(1.0, 0, 1, 2)
    assert stage.reports()[-1].viewers[0].quality == 0


def test_what_was_chosen_by_hand_counts_as_long_as_it_lives(stage: Stage) -> None:
    main, viewer = Simulcast(stage), stage.viewer()
    main.picture(0, 1, 2, key=True)
    stage.obey(Choose(viewer.id, 1))
    main.picture(1, key=True)
    main.runs(1.0, 0, 1, 2)
    main.runs(1.5, 0, 2)
    main.picture(0, 2, key=True)
    main.runs(1.2, 0, 2)
    assert seen(viewer) == "hml"  # of two as near the lower one
    assert stage.reports()[-1].viewers[0].quality == 2
    main.picture(1, key=True)
    main.runs(0.2, 0, 1, 2)
    main.picture(1, key=True)
    main.runs(0.2, 0, 1, 2)
    assert seen(viewer) == "lm"
    stage.obey(Choose(viewer.id, "sound"))
    stage.obey(Choose(viewer.id, None))
    main.picture(0, 1, 2, key=True)
    main.runs(0.2, 0, 1, 2)
    assert seen(viewer)[-1] == "h"  # the best at once, not one after another


def test_a_worse_line_skips_a_quality_that_is_dead(stage: Stage) -> None:
    main, viewer = Simulcast(stage), stage.viewer()
    main.picture(0, 1, 2, key=True)
    main.runs(1.5, 0, 2)
    bad_line(viewer)
    main.picture(2, key=True)
    main.runs(0.2, 0, 2)
    assert seen(viewer) == "hl"
    bad_line(viewer)  # of the last one repeats may save it
    main.runs(0.2, 0, 2)
    assert seen(viewer) == "l"


def test_what_a_viewer_asks_for_again_is_of_the_quality_that_he_has(stage: Stage) -> None:
    """Given a viewer who waits for another quality's key frame, when he misses a packet, he gets it as it was."""
    main, viewer = Simulcast(stage), stage.viewer()
    main.picture(0, 1, 2, key=True)
    main.runs(0.2, 0, 1, 2)
    before = viewer.datagrams()
    stage.obey(Choose(viewer.id, 1))
    viewer.tell(rtcp.Nack(77, VIDEO_SSRC, (3,)))
    (again,) = viewer.datagrams()
    assert again in before


def test_a_source_of_fewer_qualities_is_seen_by_all_from_its_key_frame(stage: Stage) -> None:
    """Given viewers of three qualities, when a source of one goes on air, each sees it from its first key frame on, and
    a viewer whose line is bad keeps the one picture that there is."""
    main, room = Simulcast(stage), stage.publisher("c/point/7")
    stage.obey(Follow("c/programme", "c/main"))
    viewers = [stage.viewer("c/programme") for _ in range(3)]
    main.picture(0, 1, 2, key=True)
    for quality, viewer in enumerate(viewers):
        stage.obey(Choose(viewer.id, quality))
    main.picture(0, 1, 2, key=True)
    main.runs(0.2, 0, 1, 2)
    assert [seen(viewer)[-1] for viewer in viewers] == ["h", "m", "l"]
    stage.obey(Follow("c/programme", "c/point/7"))
    room.publish(0, 0, KEY + b"r")
    main.runs(0.2, 0, 1, 2)
    assert [seen(viewer)[-1] for viewer in viewers] == ["r", "r", "r"]
    assert not [p for p in room.feedback() if isinstance(p, rtcp.Pli)]  # one was enough
    room.publish(1, 3_000, DELTA + b"r")
    stage.settle(0.1)
    assert [seen(viewer) for viewer in viewers] == ["r", "r", "r"]
    stage.obey(Choose(viewers[2].id, None))
    bad_line(viewers[2])
    room.publish(2, 6_000, DELTA + b"r")
    stage.settle(0.1)
    assert seen(viewers[2]) == "r"


def test_the_weakest_line_gets_sound_alone_and_by_hand_it_may_be_chosen(stage: Stage) -> None:
    publisher, viewer = stage.publisher(), stage.viewer()
    publisher.frame(0, 0, key=True)
    stage.settle(0.1)
    viewer.received()
    stage.obey(Choose(viewer.id, "sound"))
    publisher.frame(3, 3_000)
    publisher.publish(0, 0, b"sound", kind=AUDIO)
    stage.settle(0.1)
    assert {p.ssrc for p in viewer.received()} == {AUDIO_SSRC}
    stage.obey(Choose(viewer.id, 0))
    stage.settle(0.2)
    assert [p.sequence for p in viewer.video()] == list(range(3, 9))  # the group once more, under new numbers


def test_a_picture_of_one_quality_goes_only_where_repeats_cannot_save_it(stage: Stage) -> None:
    publisher, viewer = stage.publisher(), stage.viewer()
    publisher.frame(0, 0, key=True)
    stage.settle(0.1)
    for n, (loss, pictures) in enumerate(((40, 3), (40, 3), (40, 3), (90, 3), (90, 0)), 1):
        viewer.received()
        viewer.tell(rtcp.ReceiverReport(77, (rtcp.Block(VIDEO_SSRC, loss, 10, 3, 0, 0, 0),)))
        publisher.frame(3 * n, n * 3_000)
        stage.settle(0.05)
        assert len(viewer.video()) == pictures
