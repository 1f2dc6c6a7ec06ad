"""Which bridge publishers and viewers are sent to, and how little that moves."""

from collections import Counter

import pytest

from server.media.choice import home, nearest
from server.media.model import Bridge

from .bridges import bridge

CONFERENCES = [f"c{n}" for n in range(200)]
XA, HUYEN = "09619", "271"
PATH = [XA, HUYEN, "HN"]


def homes(*bridges: Bridge) -> dict[str, str]:
    return {c: found.name for c in CONFERENCES if (found := home(bridges, c))}


def sent(*bridges: Bridge, coming: dict[str, int] | None = None, failed: str = "") -> str | None:
    found = nearest(bridges, "c1", PATH, coming or {}, failed)
    return found.name if found else None


# --- home


def test_without_a_bridge_there_is_no_home() -> None:
    assert homes() == {}
    assert homes(bridge("a", age=4_001)) == {}
    assert set(homes(bridge("a", age=4_000)).values()) == {"a"}


def test_every_server_draws_the_same_and_conferences_are_spread() -> None:
    a, b, c = bridge("a"), bridge("b"), bridge("c")
    assert homes(a, b, c) == homes(c, a, b)
    assert min(Counter(homes(a, b, c).values()).values()) > len(CONFERENCES) // 6


def test_a_bridge_that_dies_moves_its_own_conferences_and_no_others() -> None:
    a, b, c = bridge("a"), bridge("b"), bridge("c")
    before, after = homes(a, b, c), homes(a, bridge("b", age=6_000), c)
    moved = {id for id in CONFERENCES if before[id] != after[id]}
    assert moved == {id for id, name in before.items() if name == "b"}


def test_where_it_is_published_is_its_home_also_when_another_bridge_comes_or_comes_back() -> None:
    """Given a conference that went to another bridge when its own died, when that one is back, then it stays."""
    drawn = homes(bridge("a"), bridge("b"))["c1"]
    other = "b" if drawn == "a" else "a"
    for stream in ("c1/main", "c1/spare"):
        assert homes(bridge(drawn), bridge(other, stream), bridge("z"))["c1"] == other


def test_main_weighs_more_than_spare_and_rooms_weigh_nothing() -> None:
    assert homes(bridge("a", "c1/spare"), bridge("b", "c1/main"))["c1"] == "b"
    drawn = homes(bridge("a"), bridge("b"))["c1"]
    assert homes(bridge("a", "c1/point/7"), bridge("b", "c2/main"))["c1"] == drawn


def test_bridges_that_pass_on_are_no_home_unless_there_is_no_other() -> None:
    lower, upper = bridge("a", "c1/main", unit=HUYEN), bridge("b")
    assert homes(lower, bridge("c", upstream=True), upper)["c1"] == "b"
    assert homes(lower)["c1"] == "a"


def test_a_drained_bridge_is_left_unless_there_is_no_other() -> None:
    drained = bridge("a", "c1/main", draining=True)
    assert homes(drained, bridge("z", unit=HUYEN))["c1"] == "z"
    assert homes(drained, bridge("b"))["c1"] == "b"
    assert homes(drained)["c1"] == "a"


# --- viewers


def test_a_viewer_goes_to_the_bridge_of_the_nearest_unit_on_the_way_up() -> None:
    root, province, district, commune = (
        bridge("r"),
        bridge("p", unit="HN"),
        bridge("d", unit=HUYEN),
        bridge("x", unit=XA),
    )
    assert sent(root, province, district, commune) == "x"
    assert sent(root, province, district) == "d"
    assert sent(root, province) == "p"
    assert sent(root) == "r"


def test_a_bridge_of_another_unit_is_for_its_own_unless_there_is_no_other() -> None:
    root, elsewhere = bridge("r", viewers=90), bridge("e", unit="001")
    assert sent(root, elsewhere) == "r"
    assert sent(bridge("r", viewers=100), elsewhere) == "e"


def test_of_several_the_least_loaded_by_share_of_what_it_can() -> None:
    small, large = bridge("s", viewers=20, upstream=True), bridge("l", viewers=100, capacity=1_000)
    assert sent(small, large) == "l"
    assert sent(bridge("s", viewers=5, upstream=True), large) == "s"


def test_those_who_were_just_sent_count_although_no_report_tells_of_them() -> None:
    root, lower = bridge("r", viewers=10), bridge("u", upstream=True)
    assert sent(root, lower) == "u"
    assert sent(root, lower, coming={"u": 11}) == "r"
    assert sent(root, lower, coming={"u": 100, "r": 89}) == "r"
    assert sent(root, lower, coming={"u": 100, "r": 90}) is None


@pytest.mark.parametrize(
    "gone",
    [bridge("d", unit=HUYEN, age=6_000), bridge("d", unit=HUYEN, draining=True), bridge("d", unit=HUYEN, viewers=100)],
)
def test_who_is_dead_drained_or_full_gets_nobody(gone: Bridge) -> None:
    assert sent(bridge("r"), gone) == "r"


def test_a_bridge_of_no_capacity_gets_no_viewers() -> None:
    assert sent(bridge("r", capacity=0)) is None


def test_the_bridge_that_failed_somebody_is_tried_again_only_when_there_is_no_other() -> None:
    district, root = bridge("d", unit=HUYEN), bridge("r")
    assert sent(district, root, failed="d") == "r"
    assert sent(root, failed="r") == "r"


def test_whom_the_home_failed_goes_to_the_next_one_before_it_is_missed() -> None:
    """Given a home that died a moment ago, when its viewers ask, then they are sent where it will be, if there is
    room; publishers, who name nothing, are not."""
    drawn = homes(bridge("a"), bridge("b"))["c1"]
    other = "b" if drawn == "a" else "a"
    published, next_home = bridge(drawn, "c1/main"), bridge(other)
    assert sent(published, next_home) == drawn
    assert sent(published, next_home, failed=drawn) == other == homes(bridge(drawn, age=4_001), next_home)["c1"]
    assert sent(published, bridge(other, viewers=100), failed=drawn) == drawn
    assert homes(published, next_home)["c1"] == drawn


def test_another_home_does_not_have_the_programme() -> None:
    """Given two homes, when the one of this conference is full, then its viewers are not sent to the other."""
    drawn = homes(bridge("a"), bridge("b"))["c1"]
    other = "b" if drawn == "a" else "a"
    assert sent(bridge(drawn, viewers=99), bridge(other)) == drawn
    assert sent(bridge(drawn, viewers=100), bridge(other)) is None
