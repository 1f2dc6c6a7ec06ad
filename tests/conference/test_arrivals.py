"""Rooms come in, get ready, follow on television, leave; two phones and a wrong clock agree."""

from server.conference import view
from server.protocol.commands import CheckIn, FollowTv, Leave, LineGone, LineSeen, Ready, ReportHeadcount
from server.protocol.events import CheckedIn, LineLost, LineUp, ReadySet

from .given import SYSTEM, Conference, operator

ROOM = operator(1)


def status(c: Conference, point: int = 1) -> str:
    return view.status(c.state, c.state.points[point])[0]


def test_a_room_goes_from_not_there_to_taking_part() -> None:
    c = Conference("live")
    assert status(c) == "none"
    assert c.when(CheckIn(1), ROOM) == [CheckedIn(1, by_device=True)]
    assert status(c) == "in"
    assert c.when(Ready(1), ROOM) == [ReadySet(1, True)]
    assert status(c) == "ok"
    c.when(Leave(1), ROOM)
    assert status(c) == "left"
    assert c.state.points[1].arrived


def test_before_the_beginning_a_ready_room_is_only_ready() -> None:
    c = Conference("rehearsal")
    c.when(CheckIn(1), ROOM)
    c.when(Ready(1), ROOM)
    assert status(c) == "ready"


def test_the_same_tap_twice_changes_nothing() -> None:
    c = Conference()
    c.when(CheckIn(1), ROOM)
    assert c.when(CheckIn(1), operator(1, 2)) == []


def test_a_draft_and_a_closed_conference_take_no_arrivals() -> None:
    assert Conference("draft").refused(CheckIn(1), ROOM) == "not_begun"
    assert Conference("closed").refused(CheckIn(1), ROOM) == "conference_closed"


def test_nobody_acts_for_another_room() -> None:
    assert Conference().refused(CheckIn(2), ROOM) == "forbidden_scope"


def test_ready_needs_a_room_that_came() -> None:
    assert Conference().refused(Ready(1), ROOM) == "not_checked_in"


def test_television_is_a_status_of_its_own_even_with_the_line_down() -> None:
    c = Conference()
    c.when(CheckIn(1), ROOM)
    c.when(LineGone(1, c.now), SYSTEM)
    assert status(c) == "lost"
    c.when(FollowTv(1), ROOM)
    assert status(c) == "tv"
    c.when(FollowTv(1, on=False), ROOM)
    assert status(c) == "lost"


def test_a_room_that_only_ever_followed_on_television_is_there() -> None:
    c = Conference()
    c.when(FollowTv(1), ROOM)
    assert (status(c), c.state.points[1].arrived) == ("tv", True)


def test_a_lost_line_is_one_event_and_its_return_another() -> None:
    c = Conference()
    c.when(CheckIn(1), ROOM)
    since = c.now - 20_000
    assert c.when(LineGone(1, since), SYSTEM) == [LineLost(1, since)]
    assert c.when(LineGone(1, c.now), SYSTEM) == []
    assert c.when(LineSeen(1), SYSTEM) == [LineUp(1)]
    assert c.when(LineSeen(1), SYSTEM) == []


def test_a_room_that_nobody_entered_or_that_left_loses_no_line() -> None:
    c = Conference()
    assert c.when(LineGone(1, c.now), SYSTEM) == []
    c.when(CheckIn(1), ROOM)
    c.when(Leave(1), ROOM)
    assert c.when(LineGone(1, c.now), SYSTEM) == []


def test_a_room_that_phoned_in_has_no_line_to_lose_until_a_device_comes() -> None:
    c = Conference()
    c.when(CheckIn(1))
    assert c.when(LineGone(1, c.now), SYSTEM) == []
    assert c.when(LineSeen(1), SYSTEM) == [LineUp(1)]
    since = c.now
    assert c.when(LineGone(1, since), SYSTEM) == [LineLost(1, since)]


def test_the_later_tap_wins_not_the_later_arrival() -> None:
    # Given phone A, offline, counted 60 at minute 1; phone B counted 70 at minute 5
    c = Conference()
    c.when(CheckIn(1), ROOM)
    tapped = c.now
    c.when(ReportHeadcount(1, 70), operator(1, 2), after=300_000)
    # When A's line comes back at minute 10
    c.when(ReportHeadcount(1, 60), ROOM, tapped_at=tapped, sent_at=tapped + 590_000, after=300_000)
    # Then the room's word is B's, and both are in the record
    count = c.state.points[1].headcount
    assert count is not None
    assert count.in_room == 70
    assert [e.body.in_room for e in c.events if hasattr(e.body, "in_room")] == [70, 60]


def test_a_wrong_clock_bends_nothing_and_both_times_are_kept() -> None:
    c = Conference()
    c.when(CheckIn(1), ROOM)
    wrong = c.now + 9 * 3_600_000  # nine hours fast
    c.when(ReportHeadcount(1, 60), ROOM, tapped_at=wrong, sent_at=wrong + 5_000)
    count, event = c.state.points[1].headcount, c.events[-1]
    assert count is not None
    assert count.occurred_at == c.now - 5_000
    assert (event.at, event.tapped_at) == (c.now, wrong)
    c.when(ReportHeadcount(1, 61), operator(1, 2))
    later = c.state.points[1].headcount
    assert later is not None
    assert later.in_room == 61


def test_a_tap_from_the_future_of_its_own_sending_counts_as_now() -> None:
    c = Conference()
    c.when(CheckIn(1), ROOM)
    c.when(ReportHeadcount(1, 60), ROOM, tapped_at=c.now + 10_000, sent_at=c.now)
    assert c.events[-1].occurred_at == c.now
