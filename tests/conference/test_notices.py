"""Who may post a notice where, who reads it, and how it is taken back."""

import pytest

from server.conference import Actor
from server.conference.notices import MAX_STANDING, read_by
from server.protocol.commands import PostNotice, Scope, WithdrawNotice

from .given import Conference, operator

BA_VI = Actor("organizer", "account:2", unit="271")
VIEWER = Actor("viewer", "account:3")


def read(conference: Conference, point: int | None, who: str = "attendees") -> list[str]:
    return [n.text for n in read_by(conference.state, who, point)]  # type: ignore[arg-type]


def test_each_reads_what_is_meant_for_his_room_newest_first() -> None:
    conference = Conference()
    for notice in (
        PostNotice("Cho tất cả"),
        PostNotice("Cho huyện Ba Vì", "attendees", Scope(unit="271")),
        PostNotice("Cho phòng 1", "operators", Scope(point=1)),
    ):
        conference.when(notice)
    assert read(conference, 1) == ["Cho huyện Ba Vì", "Cho tất cả"]
    assert read(conference, 4) == ["Cho tất cả"]
    assert read(conference, None) == ["Cho tất cả"]
    assert read(conference, 1, "operators") == ["Cho phòng 1", "Cho tất cả"]
    assert read(conference, 2, "operators") == ["Cho tất cả"]


def test_what_was_taken_back_is_read_by_nobody_and_once_is_enough() -> None:
    conference = Conference()
    conference.when(PostNotice("Giải lao"))
    assert conference.when(WithdrawNotice(1))
    assert conference.when(WithdrawNotice(1)) == []
    assert read(conference, 1) == []
    conference.when(PostNotice("Vào lại"))
    assert list(conference.state.notices) == [2]


def test_an_organizer_of_a_subtree_speaks_to_it_alone() -> None:
    conference = Conference()
    conference.when(PostNotice("Cho tất cả"))
    conference.when(PostNotice("Cho quận Ba Đình", scope=Scope(unit="001")))
    assert conference.when(PostNotice("Cho xã Tản Lĩnh", scope=Scope(unit="09619")), BA_VI)
    assert conference.when(PostNotice("Cho cả huyện", scope=Scope(unit="271")), BA_VI)
    assert conference.when(PostNotice("Cho phòng 3", scope=Scope(point=3)), BA_VI)
    assert conference.when(WithdrawNotice(5), BA_VI)
    for scope in (Scope(), Scope(unit="001"), Scope(unit="HN"), Scope(point=4), Scope(unit="none such")):
        assert conference.refused(PostNotice("Không được", scope=scope), BA_VI) == "forbidden_scope"
    for notice in (1, 2):
        assert conference.refused(WithdrawNotice(notice), BA_VI) == "forbidden_scope"


@pytest.mark.parametrize("actor", [operator(1), VIEWER, Actor("system", "system")])
def test_nobody_else_speaks_for_the_organizers(actor: Actor) -> None:
    conference = Conference()
    conference.when(PostNotice("Cho phòng 1", scope=Scope(point=1)))
    assert conference.refused(PostNotice("Không được", scope=Scope(point=1)), actor) == "forbidden"
    assert conference.refused(WithdrawNotice(1), actor) == "forbidden"


def test_a_notice_says_something_to_rooms_that_are_there() -> None:
    conference = Conference()
    assert conference.refused(PostNotice(" \n ")) == "empty"
    assert conference.refused(PostNotice("Vào phòng", scope=Scope(point=99))) == "point_unknown"
    assert conference.refused(PostNotice("Vào phòng", scope=Scope(unit="none such"))) == "unit_unknown"
    conference.when(PostNotice("  Vào phòng \n"))
    assert read(conference, 1) == ["Vào phòng"]


def test_as_many_stand_as_somebody_reads() -> None:
    conference = Conference()
    for n in range(MAX_STANDING):
        conference.when(PostNotice(f"Thông báo {n}"))
    assert conference.refused(PostNotice("Một nữa")) == "too_many_notices"
    assert conference.when(PostNotice("Chỗ khác", scope=Scope(unit="271")))
    conference.when(WithdrawNotice(1))
    assert conference.when(PostNotice("Một nữa"))
