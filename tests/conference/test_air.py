"""A room on air: only by its own yes, one at a time, and never one that is not there."""

import pytest

from server.conference import Actor, view
from server.protocol import commands as c
from server.protocol.commands import AnswerAir, AskAir, CheckIn, Command, EndAir, PutOnAir, Ready, SetPhase
from server.protocol.events import AirAnswered, AirAsked, AirEnded, MediaKeysRenewed, OnAirSet

from .given import ADMIN, Conference, fold, operator

BA_VI = Actor("organizer", "account:2", unit="271")


def airs(conference: Conference) -> dict[int, str]:
    """Rooms that have a part in it, as their rows show it."""
    state = conference.state
    rows = (view.row(state, p) for p in state.points.values())
    return {row.id: row.media.air for row in rows if row.media}


def on_air(conference: Conference) -> int | None:
    return view.conference(conference.state).on_air


@pytest.fixture
def morning() -> Conference:
    """Rooms 1 and 3 are in, 1 was asked and agreed."""
    conference = Conference()
    for point in (1, 3):
        conference.when(CheckIn(point), operator(point))
    conference.when(AskAir(1))
    conference.when(AnswerAir(1), operator(1))
    return conference


def test_a_room_is_asked_agrees_speaks_and_is_let_go() -> None:
    conference = Conference()
    conference.when(CheckIn(1), operator(1))
    assert airs(conference) == {}
    steps: list[tuple[Command, Actor, object, str]] = [
        (AskAir(1), ADMIN, AirAsked(1), "asked"),
        (AnswerAir(1), operator(1), AirAnswered(1), "ready"),
        (PutOnAir(1), ADMIN, OnAirSet(1), "on"),
        (PutOnAir(None), ADMIN, OnAirSet(None), "ready"),
    ]
    for command, actor, event, air in steps:
        assert conference.when(command, actor) == [event]
        assert airs(conference) == {1: air}
        assert view.point(conference.state, conference.state.points[1]).air == air
        assert on_air(conference) == (1 if air == "on" else None)
        assert conference.when(command, actor) == [], "once is enough"
    assert conference.when(EndAir(1)) == [AirEnded(1)]
    assert conference.when(EndAir(1)) == []
    assert airs(conference) == {}


def test_nobody_says_yes_for_the_room(morning: Conference) -> None:
    morning.when(AskAir(3))
    assert morning.refused(AnswerAir(3), ADMIN) == "room_decides"
    assert morning.refused(AnswerAir(3), BA_VI) == "room_decides"
    assert morning.refused(AnswerAir(3), operator(1)) == "forbidden_scope"
    assert morning.refused(PutOnAir(3)) == "air_not_ready"
    assert airs(morning) == {1: "ready", 3: "asked"}


def test_a_room_that_was_not_asked_cannot_put_itself_forward(morning: Conference) -> None:
    assert morning.refused(AnswerAir(3), operator(3)) == "air_not_asked"
    assert morning.when(AnswerAir(3, accept=False), operator(3)) == []


@pytest.mark.parametrize("speaks", [False, True])
def test_a_room_may_take_its_yes_back_at_any_time(morning: Conference, speaks: bool) -> None:
    if speaks:
        morning.when(PutOnAir(1))
    assert morning.when(AnswerAir(1, accept=False), operator(1)) == [AirAnswered(1, accepted=False)]
    assert (airs(morning), on_air(morning)) == ({}, None)
    assert morning.refused(AnswerAir(1), operator(1)) == "air_not_asked"


def test_one_room_speaks_at_a_time_and_the_one_before_stays_ready(morning: Conference) -> None:
    morning.when(AskAir(3))
    morning.when(AnswerAir(3), operator(3))
    morning.when(PutOnAir(1))
    morning.when(PutOnAir(3))
    assert (airs(morning), on_air(morning)) == ({1: "ready", 3: "on"}, 3)


@pytest.mark.parametrize(
    ("command", "actor"),
    [
        (c.Leave(1), operator(1)),
        (c.Leave(1), ADMIN),
        (c.ClosePoints([1]), ADMIN),
        (c.MergePoints(3, [1]), ADMIN),
        (SetPhase("closed"), ADMIN),
        (EndAir(1), ADMIN),
    ],
    ids=lambda v: v.__struct_config__.tag if isinstance(v, c.Command) else v.role,
)
@pytest.mark.parametrize("speaks", [False, True])
def test_who_goes_is_off_the_air(morning: Conference, command: Command, actor: Actor, speaks: bool) -> None:
    if speaks:
        morning.when(PutOnAir(1))
    morning.when(command, actor)
    assert (airs(morning), on_air(morning)) == ({}, None)
    assert fold(morning.events) == morning.state


def test_a_leave_that_was_overtaken_takes_nobody_off_the_air(morning: Conference) -> None:
    """It waited on a phone without a line while the room came in anew and was put on air."""
    morning.when(c.Leave(3), operator(3))
    morning.when(CheckIn(3), operator(3))
    morning.when(AskAir(3))
    morning.when(AnswerAir(3), operator(3))
    morning.when(PutOnAir(3))
    morning.when(c.Leave(3), operator(3, 2), tapped_at=1_000, sent_at=61_000)
    assert on_air(morning) == 3


def test_only_rooms_that_are_there_while_the_conference_is_on(morning: Conference) -> None:
    assert morning.refused(AskAir(2)) == "not_checked_in"
    assert morning.refused(AskAir(99)) == "point_unknown"
    assert morning.refused(PutOnAir(99)) == "point_unknown"
    morning.when(c.ClosePoints([4]))
    for command in (AskAir(4), PutOnAir(4)):
        assert morning.refused(command) == "point_closed"
    assert morning.refused(AnswerAir(4), operator(4)) == "point_closed"
    morning.when(SetPhase("closed"))
    assert morning.refused(AskAir(3)) == "conference_closed"
    assert morning.refused(PutOnAir(3)) == "conference_closed"
    assert Conference("draft").refused(AskAir(1)) == "not_begun"


def test_a_rehearsal_tries_it_all_and_the_beginning_changes_nothing() -> None:
    conference = Conference("rehearsal")
    conference.when(CheckIn(1), operator(1))
    for command, actor in ((AskAir(1), ADMIN), (AnswerAir(1), operator(1)), (PutOnAir(1), ADMIN)):
        conference.when(command, actor)
    conference.when(SetPhase("live"))
    assert on_air(conference) == 1


def test_an_organizer_of_a_subtree_asks_its_rooms_but_does_not_switch_what_all_see(morning: Conference) -> None:
    assert morning.when(AskAir(3), BA_VI)
    assert morning.when(EndAir(3), BA_VI)
    morning.when(CheckIn(4), ADMIN)
    assert morning.refused(AskAir(4), BA_VI) == "forbidden_scope"
    assert morning.refused(EndAir(4), BA_VI) == "forbidden_scope"
    for point in (1, None):
        assert morning.refused(PutOnAir(point), BA_VI) == "forbidden_scope"
    morning.when(PutOnAir(1))
    assert morning.refused(EndAir(1), BA_VI) == "forbidden_scope", "it is on air: the whole conference would see it"


@pytest.mark.parametrize("actor", [operator(1), Actor("viewer", "account:3"), Actor("system", "system")])
def test_nobody_but_organizers_leads_the_programme(morning: Conference, actor: Actor) -> None:
    for command in (AskAir(1), PutOnAir(1), PutOnAir(None), EndAir(1), c.RenewMediaKeys()):
        assert morning.refused(command, actor) == "forbidden"


def test_each_renewal_of_the_keys_is_a_generation_of_its_own() -> None:
    conference = Conference()
    assert conference.state.media_generation == 1
    for generation in (2, 3):
        assert conference.when(c.RenewMediaKeys()) == [MediaKeysRenewed()]
        assert conference.state.media_generation == generation
    assert conference.refused(c.RenewMediaKeys(), BA_VI) == "forbidden_scope"


def test_being_in_the_room_is_enough_to_be_asked() -> None:
    """Whether it tapped that it is ready as well is another matter."""
    conference = Conference()
    conference.when(CheckIn(1), operator(1))
    conference.when(Ready(1), operator(1))
    assert conference.when(AskAir(1))
