"""Who is bound to a unit reads what concerns it and nothing of the others; who only watches reads no secrets."""

import msgspec
import pytest

from server.conference import record
from server.protocol import commands as c
from server.protocol import events as e
from server.protocol.events import EVENT_TYPES, Event

from .given import POINTS, SYSTEM, Conference
from .samples import FILE, whole_story

BA_VI, BA_DINH = "271", "001"
EVERYBODYS = {"conference_created", "conference_edited", "phase_set", "code_expiry_set", "notice_withdrawn"}


def kinds(events: list[Event]) -> set[str]:
    return {str(event.body.__struct_config__.tag) for event in events}


def told(story: Conference, root: str | None, organizes: bool = True) -> list[Event]:
    return [t for event in story.events if (t := record.told(story.state, event, root, organizes))]


def test_who_sees_everything_is_told_every_event_as_it_is() -> None:
    story = whole_story()
    assert told(story, None) == story.events


def test_every_kind_of_event_is_told_to_the_unit_it_concerns() -> None:
    """Between the two districts nothing is lost: what happened concerns one of them, or both."""
    story = whole_story()
    assert kinds(told(story, BA_VI)) | kinds(told(story, BA_DINH)) == set(EVENT_TYPES)
    for root in (BA_VI, BA_DINH):
        assert kinds(told(story, root)) >= EVERYBODYS


def numbers(event: Event) -> set[int]:
    """The points that a body names, wherever."""
    body = msgspec.to_builtins(event.body)
    rows = {row[0] for row in body.get("rows", [])}
    listed = {p["point"] if isinstance(p, dict) else p for p in body.get("edits", body.get("points")) or []}
    return rows | ({body["point"]} if body.get("point") else set()) | listed


@pytest.mark.parametrize("root", [BA_VI, BA_DINH, "09619", "09622"])
def test_nothing_of_the_others_is_told(root: str) -> None:
    story = whole_story()
    state = story.state
    own = {p.id for p in state.points.values() if state.within(p.unit, root)}
    others = [p for p in POINTS if not state.within(p.unit, root)]
    for event in told(story, root):
        if isinstance(event.body, e.PointsAdded):
            assert {new.unit for new in event.body.points} <= {state.points[p].unit for p in own}
        else:
            assert numbers(event) <= own, event
        words = msgspec.json.encode(event).decode()
        assert not any(f'"{p.code}"' in words for p in others)
        units = event.body.units if isinstance(event.body, e.UnitsPlaced) else []
        assert all(state.within(u.code, root) for u in units)


def test_batches_are_cut_to_ones_own_part_in_its_order() -> None:
    story = Conference()
    ids = [1, 4, 3]
    for command in (
        c.EditPoints([c.PointEdit(p, seats=p) for p in ids]),
        c.RenewLinks(ids),
        c.RevokeLinks(ids),
        c.ClosePoints(ids, "Không tổ chức"),
        c.ReopenPoints(ids),
    ):
        story.when(command)
    edited, renewed, revoked, closed, reopened = (event.body for event in told(story, BA_VI)[-5:])
    assert edited == e.PointsEdited([c.PointEdit(1, seats=1), c.PointEdit(3, seats=3)])
    assert (renewed, revoked) == (e.LinksRenewed([1, 3]), e.LinksRevoked([1, 3]))
    assert (closed, reopened) == (e.PointsClosed([1, 3], "Không tổ chức"), e.PointsReopened([1, 3]))
    assert [event.body for event in told(story, BA_DINH)[-4:]] == [
        e.LinksRenewed([4]), e.LinksRevoked([4]), e.PointsClosed([4], "Không tổ chức"), e.PointsReopened([4]),
    ]  # fmt: skip


def test_what_concerns_all_links_concerns_everybody() -> None:
    story = Conference()
    story.when(c.RenewLinks())
    assert told(story, BA_DINH)[-1].body == e.LinksRenewed(None)


def test_added_points_are_ones_own_and_their_numbers_are_told() -> None:
    story = Conference()
    story.when(c.AddPoints([], [POINTS[3], POINTS[0], POINTS[3], POINTS[2]], first=5))  # 5 to 8
    whole = story.events[-1].body
    assert isinstance(whole, e.PointsAdded)
    assert told(story, BA_VI)[-1].body == e.PointsAdded(6, [POINTS[0], POINTS[2]])
    assert record.added_points(story.state, whole, BA_VI) == [6, 8]
    assert record.added_points(story.state, whole, BA_DINH) == [5, 7]


def test_a_merger_over_the_border_tells_each_side_its_own_rooms() -> None:
    story = Conference()
    story.when(c.MergePoints(4, [1, 3]))
    assert told(story, BA_VI)[-1].body == e.PointsMerged(4, [1, 3])
    assert told(story, "09619")[-1].body == e.PointsMerged(4, [1])
    assert told(story, BA_DINH)[-1].body == e.PointsMerged(4, [])


def test_documents_and_notices_are_told_where_they_reach() -> None:
    story = Conference()
    for title, scope in (("all", c.Scope()), ("ba vi", c.Scope(unit=BA_VI)), ("room 4", c.Scope(point=4))):
        story.when(c.AddDocument(title, FILE, scope))
        story.when(c.PostNotice(title, scope=scope))
    story.when(c.OrderDocuments([3, 2, 1]))

    def titles(root: str) -> list[str]:
        named = [b for event in told(story, root) if isinstance(b := event.body, e.DocumentAdded | e.NoticePosted)]
        return [b.title if isinstance(b, e.DocumentAdded) else b.text for b in named]

    assert titles("09619") == ["all", "all", "ba vi", "ba vi"]
    assert titles(BA_DINH) == ["all", "all", "room 4", "room 4"]
    assert told(story, "09619")[-1].body == e.DocumentsOrdered([2, 1])
    assert told(story, BA_DINH)[-1].body == e.DocumentsOrdered([3, 1])
    # When a document is meant for others from now on, its title is theirs as well.
    story.when(c.EditDocument(2, title="riêng", scope=c.Scope(point=4)))
    assert titles("09619") == ["all", "all", "ba vi"], "the notice stays"


def test_scans_are_counted_where_they_were() -> None:
    story = Conference()
    rows = [c.ScanRow(0, 0, "scan", 5), c.ScanRow(1, 0, "scan", 2), c.ScanRow(4, 0, "scan", 3)]
    story.when(c.CountScans(0, rows), SYSTEM)
    assert told(story, BA_VI)[-1].body == e.ScansCounted(0, rows[1:2])
    assert not isinstance(told(story, "09622")[-1].body, e.ScansCounted)


def test_who_only_watches_reads_no_code_of_a_room_and_no_device() -> None:
    story = whole_story()
    words = msgspec.json.encode(told(story, None, organizes=False)).decode()
    for secret in ('"CODE1"', '"CODE5"', '"NEWCODE"', "iPhone"):
        assert secret not in words
    assert "ALLCODE" in words, "the conference's own is everybody's"
    hidden = {event.seq for event in story.events} - {event.seq for event in told(story, None, organizes=False)}
    assert {event.body.__struct_config__.tag for event in story.events if event.seq in hidden} == {
        "device_enrolled", "device_removed", "code_issued", "code_revoked",
    }  # fmt: skip
