"""Who may publish and watch which stream."""

import pytest

from server.conference import Actor
from server.media.streams import Stream, organizer_may, parse, room_may, units_above
from server.protocol.commands import AnswerAir, AskAir, CheckIn, ClosePoints, Command, PutOnAir
from server.protocol.passes import Act
from tests.conference.given import ADMIN, Conference, operator

ACTS: tuple[Act, Act] = ("publish", "watch")
NAMES = ["programme", "main", "spare", *(f"{kind}/{n}" for kind in ("point", "talk", "check") for n in (1, 4))]


def stream(name: str) -> Stream:
    found = parse(name)
    assert found
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_names_of_streams_are_read(name: str) -> None:
    kind, _, number = name.partition("/")
    assert parse(name) == Stream(kind, int(number) if number else None)


@pytest.mark.parametrize(
    "name",
    [
        "", "slate", "Main", "main/1", "point", "point/", "point/0017", "point/-1", "point/1/2", "point/x", "point/١",
        "point/1234567", "../main", "point/1\n",
    ],
)  # fmt: skip
def test_other_names_are_none(name: str) -> None:
    assert parse(name) is None


def test_what_organizers_may() -> None:
    state = Conference().state
    given = {(n, act) for n in NAMES for act in ACTS if organizer_may(state, stream(n), act, None) == "yes"}
    assert given == {
        *((n, "watch") for n in ("programme", "main", "spare", "point/1", "point/4")),
        *((n, "publish") for n in ("main", "spare", "talk/1", "talk/4")),
    }


def test_an_organizer_of_a_district_has_its_rooms_and_looks_at_what_all_see() -> None:
    state = Conference().state
    given = {(n, act): organizer_may(state, stream(n), act, "271") for n in NAMES for act in ACTS}
    assert {key for key, verdict in given.items() if verdict == "yes"} == {
        *((n, "watch") for n in ("programme", "main", "spare", "point/1")), ("talk/1", "publish"),
    }  # fmt: skip
    assert given["main", "publish"] == given["spare", "publish"] == "forbidden_scope"
    assert given["point/4", "watch"] == given["talk/4", "publish"] == "stream_unknown"


def test_a_closed_room_and_one_that_is_not_have_no_streams() -> None:
    conference = Conference()
    conference.when(ClosePoints([1]))
    for name in ("point/1", "point/99"):
        assert organizer_may(conference.state, stream(name), "watch", None) == "stream_unknown"


def test_a_room_sends_to_others_only_between_its_yes_and_the_end() -> None:
    conference = Conference()
    room = conference.state.points[1]
    conference.when(CheckIn(1), operator(1))
    steps: list[tuple[Command | None, Actor, str]] = [
        (None, ADMIN, "not_asked"),
        (AskAir(1), ADMIN, "not_asked"),
        (AnswerAir(1), operator(1), "yes"),
        (PutOnAir(1), ADMIN, "yes"),
        (AnswerAir(1, accept=False), operator(1), "not_asked"),
    ]
    for command, actor, verdict in steps:
        if command:
            conference.when(command, actor)
        assert room_may(room, stream("point/1"), "publish") == verdict, command


def test_what_else_a_room_may_and_nothing_of_other_rooms() -> None:
    room = Conference().state.points[1]
    given = {(n, act) for n in NAMES for act in ACTS if room_may(room, stream(n), act) == "yes"}
    assert given == {("programme", "watch"), ("talk/1", "watch"), ("check/1", "publish"), ("check/1", "watch")}


def test_the_way_up_the_tree() -> None:
    state = Conference().state
    assert units_above(state, "09619") == ["09619", "271", "HN"]
    assert units_above(state, "none such") == []
