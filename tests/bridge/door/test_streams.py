import pytest

from bridge.door.streams import SLATE, STABLE_SECONDS, known, shown

NOW = 100.0
LONG = NOW - STABLE_SECONDS
JUST = NOW - 0.1


@pytest.mark.parametrize(
    ("before", "on_air", "alive", "after"),
    [
        (SLATE, None, {}, SLATE),
        (SLATE, None, {"spare": JUST}, "spare"),
        (SLATE, None, {"main": JUST, "spare": LONG}, "main"),
        ("main", None, {"spare": JUST}, "spare"),  # main died
        ("spare", None, {"main": JUST, "spare": LONG}, "spare"),  # main is back, not yet for long
        ("spare", None, {"main": LONG, "spare": LONG}, "main"),
        ("spare", None, {"main": JUST}, "main"),  # the spare died as well: better an uncertain main than none
        ("main", None, {"main": JUST, "spare": LONG}, "main"),
        ("main", None, {}, SLATE),
        ("main", "point/7", {"main": LONG, "point/7": JUST}, "point/7"),  # chosen by hand: at once
        ("point/7", "point/7", {"main": LONG}, "main"),  # and only as long as it lives
        ("point/7", None, {"main": JUST, "point/7": LONG}, "main"),  # taken back
        ("spare", "main", {"main": JUST, "spare": LONG}, "main"),
        ("main", None, {"main": LONG, "point/7": LONG}, "main"),  # nobody chose the room
        (SLATE, None, {"point/7": LONG}, SLATE),
        ("main", "point/7", {"programme": JUST, "main": LONG}, "main"),  # another bridge's, not yet for long
        ("main", "point/7", {"programme": LONG, "main": LONG}, "programme"),
        (SLATE, None, {"programme": JUST}, "programme"),
        ("programme", "point/7", {"programme": LONG, "point/7": LONG}, "programme"),  # where it is made it is chosen
    ],
)
def test_the_programme_shows_what_is_best_now(
    before: str, on_air: str | None, alive: dict[str, float], after: str
) -> None:
    assert shown(before, on_air, alive, NOW) == after


@pytest.mark.parametrize(
    ("before", "alive", "after"),
    [
        ("main", {"main": LONG, "point/7": JUST}, "main"),  # back, not yet for long
        ("main", {"main": LONG, "point/7": LONG}, "point/7"),
        (SLATE, {"point/7": JUST}, "point/7"),  # better than nothing
        ("point/7", {"main": LONG, "point/7": JUST}, "point/7"),
    ],
)
def test_a_room_on_air_that_fell_silent_is_back_when_it_is_stable(
    before: str, alive: dict[str, float], after: str
) -> None:
    assert shown(before, "point/7", alive, NOW, fell=True) == after


@pytest.mark.parametrize("stream", ["main", "spare", "point/17", "point/p_01-b", "talk/17", "check/17"])
def test_sources_are_published_and_watched(stream: str) -> None:
    assert known("c1", stream, publish=True)
    assert known("c1", stream, publish=False)


def test_the_programme_is_watched_alone() -> None:
    assert known("c1", "programme", publish=False)
    assert not known("c1", "programme", publish=True)


@pytest.mark.parametrize(
    ("conference", "stream"),
    [
        ("c1", "slate"),
        ("c1", "point/"),
        ("c1", "point/a/b"),
        ("c1", "main\n"),
        ("c 1", "main"),
        ("", "main"),
        ("c" * 65, "main"),
    ],
)
def test_nothing_else_is_a_stream(conference: str, stream: str) -> None:
    assert not known(conference, stream, publish=False)
