"""Points as they are listed, shown and downloaded, and how much of them each reader gets."""

from typing import Any

import pytest

from server.conference import Actor
from server.journal import Entry
from server.live.conferences import SYSTEM, Live
from server.points.model import Contact
from server.points.purge import DAY_MS, ContactPurge
from server.points.store import ContactStore
from server.protocol.commands import (
    AddPoints,
    AskHelp,
    CheckIn,
    ClosePoints,
    Command,
    EditConference,
    EditPoints,
    EnrolDevice,
    PointEdit,
    ReportHeadcount,
    RevokeCode,
    RevokeLinks,
    ScanRow,
    SetPhase,
)
from server.protocol.events import Event, ScansCounted
from server.tables.parse import parse
from server.units.points_file import COLUMNS
from tests.conference.given import POINTS as ROOMS
from tests.conference.given import UNITS
from tests.servers.web import CONFERENCE_ID, Client, House, do

CONFERENCE = f"/api/conferences/{CONFERENCE_ID}"
POINTS = f"{CONFERENCE}/points"
LAN = Contact("Vũ Thị Lan", "Chánh văn phòng", "0912345678")


@pytest.fixture(autouse=True)
async def rooms(live: Live, contacts: ContactStore) -> None:
    """Four rooms: 1 and 2 of Tản Lĩnh, 3 of Minh Quang, 4 of Phúc Xá, the conference live."""
    await do(live, AddPoints(UNITS, ROOMS), SetPhase("live"))
    await contacts.write(CONFERENCE_ID, {1: [LAN, Contact("Ông Hai", "", "0243825123")], 4: [Contact("Bà Tư")]})


async def as_room(live: Live, point: int, *commands: Command) -> None:
    for command in commands:
        answer = await live.conductor.submit(command, Actor("operator", f"device:{point}.1", point=point))
        assert answer.refusal is None


async def ids(client: Client, query: str = "", who: str = "administrator") -> list[int]:
    return [p["info"]["id"] for p in (await client.get(f"{POINTS}?{query}", who))["points"]]


async def test_points_are_filtered_searched_and_paged(client: Client, live: Live) -> None:
    await as_room(live, 3, CheckIn(3), AskHelp(3, "no_sound"))
    assert await ids(client) == [1, 2, 3, 4]
    assert await ids(client, "unit=271") == [1, 2, 3]
    assert await ids(client, "status=help") == [3]
    assert await ids(client, "status=help,none&unit=271") == [1, 2, 3]
    assert await ids(client, "q=tan%20LINH%20phong") == [2]
    assert await ids(client, "q=ba%20vi") == [1, 2, 3]  # by the group above
    assert await ids(client, "after=1&limit=2") == [2, 3]


async def test_the_answer_counts_what_the_page_leaves_out(client: Client, live: Live) -> None:
    await as_room(live, 3, CheckIn(3), ReportHeadcount(3, 48))
    answer = await client.get(f"{POINTS}?limit=1&unit=271")
    assert (len(answer["points"]), answer["total"]) == (1, 3)
    unit, points, present, *_ = answer["tallies"][0]
    assert (unit, points, present) == ("271", 3, 1)
    whole = (await client.get(POINTS))["tallies"][0]
    assert whole[:2] == ["", 4]


@pytest.mark.parametrize("who", ["administrator", "organizer:271", "organizer:09619"])
async def test_sums_are_of_the_asked_subtree_as_far_as_the_reader_sees_it(client: Client, live: Live, who: str) -> None:
    """A group, a unit with rooms and no others below it, one above the reader's own, one beside it, none at all."""
    await as_room(live, 3, CheckIn(3), ReportHeadcount(3, 48))
    for unit in ("HN", "271", "09619", "09622", "00001", "99999"):
        answer = await client.get(f"{POINTS}?unit={unit}", who)
        told, points, present, *_, statuses, _ = answer["tallies"][0]
        assert (told, points, present) == (unit, answer["total"], sum(p["row"][1] == "ok" for p in answer["points"]))
        assert sum(statuses) == points
        assert answer["tallies"][0][5] == sum(p["info"]["expected"] for p in answer["points"])


async def test_what_changes_is_found_by_its_new_words(client: Client, live: Live) -> None:
    assert await ids(client, "q=hoi%20truong") == []

    await do(live, EditPoints([PointEdit(4, address="Hội trường A")]))
    assert await ids(client, "q=hoi%20truong") == [4]


async def test_closed_points_are_listed_apart(client: Client, live: Live) -> None:
    await do(live, ClosePoints([2, 4]))
    assert await ids(client) == [1, 3]
    closed = await client.get(f"{POINTS}?status=closed")
    assert [(p["info"]["id"], p["closed"]) for p in closed["points"]] == [(2, True), (4, True)]
    assert await ids(client, "status=closed&q=phuc%20xa") == [4]
    assert await ids(client, "status=closed", "organizer:271") == [2]


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("status=asleep", "status_unknown", "status"),
        ("status=closed,help", "bad_value", "status"),
        ("limit=0", "bad_value", "limit"),
        ("after=-1", "bad_value", "after"),
    ],
)
async def test_wrong_filters_name_the_parameter(client: Client, query: str, code: str, field: str) -> None:
    status, body = await client.ask("GET", f"{POINTS}?{query}")
    assert (status, body["error"]["code"], body["error"]["field"]) == (400, code, field)


@pytest.mark.parametrize("who", ["organizer:271", "viewer:271", "kiosk:271"])
async def test_who_is_bound_to_a_unit_gets_nothing_of_the_others(client: Client, who: str) -> None:
    assert await ids(client, "", who) == [1, 2, 3]
    assert await ids(client, "unit=001", who) == []
    assert (await client.get(POINTS, who))["tallies"][0][:2] == ["", 3]
    status, body = await client.ask("GET", f"{POINTS}/4", who=who)
    assert (status, body["error"]["code"]) == (404, "point_unknown")
    put, _ = await client.ask("PUT", f"{POINTS}/4/contacts", json=[], who="organizer:271")
    assert put == 404
    if not who.startswith("kiosk"):
        assert [c[0] for c in (await client.get(f"{CONFERENCE}/contacts", who))["contacts"]] == [1]
        assert "Phúc Xá" not in (await client.ask("GET", f"{POINTS}.csv", who=who))[1].decode()


async def test_an_organizer_sees_a_point_whole(client: Client, live: Live) -> None:
    await live.conductor.submit(EnrolDevice(1, "Điện thoại Lan"), SYSTEM)
    live.presence.connect(1, 77, 1)
    await as_room(live, 1, CheckIn(1), ReportHeadcount(1, 70, 1, 1))
    detail = await client.get(f"{POINTS}/1")
    assert detail["view"]["title"] == detail["info"]["title"] == "Xã Tản Lĩnh"
    assert detail["contacts"][0] == {
        "name": "Vũ Thị Lan", "role": "Chánh văn phòng", "phone": "0912345678", "phone_shown": "0912 ••• 678",
    }  # fmt: skip
    assert [e["body"]["type"] for e in detail["history"]] == ["headcount_reported", "checked_in", "device_enrolled"]
    assert [(d["label"], d["connected"]) for d in detail["devices"]] == [("Điện thoại Lan", True)]
    assert detail["link"] == {"url": f"https://a.vn/O/{CONFERENCE_ID}.1.1", "generation": 1, "revoked": False}
    assert detail["code_url"] == "https://a.vn/D/CODE1"

    await do(live, RevokeLinks([1]), RevokeCode(1))
    after = await client.get(f"{POINTS}/1")
    assert (after["link"]["revoked"], after["code_url"]) == (True, None)


@pytest.mark.parametrize("who", ["viewer", "kiosk"])
async def test_who_only_watches_gets_no_secret_and_no_number(client: Client, live: Live, who: str) -> None:
    await live.conductor.submit(EnrolDevice(1, "Điện thoại Lan"), SYSTEM)
    await as_room(live, 1, CheckIn(1), AskHelp(1, "line", "gọi chị Lan 0912 345 679"))
    status, raw = await client.ask("GET", f"{POINTS}/1", who=who)
    assert status == 200
    masked = {"name": "Vũ Thị Lan", "role": "Chánh văn phòng", "phone_shown": "0912 ••• 678"}
    assert raw["contacts"][:1] == ([masked] if who == "viewer" else [])
    assert (raw["devices"], raw["link"], raw["code_url"]) == ([], None, None)
    assert [e["body"]["type"] for e in raw["history"]] == ["help_asked", "checked_in"]
    assert ("0912 345 679" in str(raw)) is (who == "viewer"), "what people wrote is not for whoever passes by"
    for secret in ("0912345678", "CODE1", "/O/", "Điện thoại"):
        assert secret not in str(raw)
    file = (await client.ask("GET", f"{POINTS}.csv", who="viewer"))[1].decode()
    assert "Vũ Thị Lan" not in file


async def test_a_kiosk_of_another_conference_is_refused(client: Client, house: House) -> None:
    await house.journal.create("other000", "epoch")
    status, body = await client.ask("GET", "/api/conferences/other000/points", who="kiosk")
    assert (status, body["error"]["code"]) == (403, "forbidden_scope")
    assert (await client.ask("GET", "/api/conferences/nowhere0/points"))[1]["error"]["code"] == "conference_unknown"


# --- contacts


async def test_contacts_are_stored_as_one_list(client: Client) -> None:
    people = [{"name": " Trần  Văn Hùng ", "role": "Trực", "phone": "+84 (0) 912 000 111"}, {"name": "Bà Ba"}]
    status, stored = await client.ask("PUT", f"{POINTS}/2/contacts", json=people)
    assert status == 200
    assert stored[0] == {"name": "Trần Văn Hùng", "role": "Trực", "phone_shown": "0912 ••• 111", "phone": "0912000111"}
    assert (await client.get(f"{POINTS}/2"))["contacts"] == stored
    assert (await client.get(f"{CONFERENCE}/contacts"))["contacts"] == [
        [1, "Vũ Thị Lan", "0912 ••• 678"], [2, "Trần Văn Hùng", "0912 ••• 111"], [4, "Bà Tư", ""],
    ]  # fmt: skip
    assert await client.ask("PUT", f"{POINTS}/2/contacts", json=[]) == (200, [])
    assert (await client.get(f"{POINTS}/2"))["contacts"] == []


@pytest.mark.parametrize(
    ("people", "code", "field"),
    [
        ([{"name": "A", "phone": "12"}], "phone_bad", "0.phone"),
        ([{"name": "A"}, {"name": " "}], "contact_empty", "1.name"),
        ([{"name": "A" * 150}], "text_too_long", "0.name"),
        ([{"name": "A"}] * 11, "too_many_contacts", None),
        ({"name": "A"}, "bad_value", None),
    ],
)
async def test_wrong_contacts_change_nothing(client: Client, people: Any, code: str, field: str | None) -> None:
    status, body = await client.ask("PUT", f"{POINTS}/1/contacts", json=people)
    assert (status, body["error"]["code"], body["error"].get("field")) == (400, code, field)
    assert len((await client.get(f"{POINTS}/1"))["contacts"]) == 2


async def test_contacts_end_after_the_conference(house: House, live: Live, contacts: ContactStore) -> None:
    purge = ContactPurge(contacts, house.journal, keep_days=90)
    await do(live, SetPhase("closed"))
    closed_at = (await house.journal.page(CONFERENCE_ID, types=["phase_set"], limit=1))[0].at
    assert await purge.purge(closed_at + 90 * DAY_MS - 1) == 0
    assert await contacts.of_point(CONFERENCE_ID, 1)
    assert await purge.purge(closed_at + 90 * DAY_MS) == 1
    assert await contacts.of_conference(CONFERENCE_ID) == {}
    assert await purge.purge(closed_at + 91 * DAY_MS) == 0


@pytest.mark.parametrize(
    ("planned", "ends"),
    [
        (-3, 0),  # the day is past, but the organizers still worked on it
        (40, 40),
        (400, 400),
        (60_000, 400),  # a slip of the year
    ],
)
async def test_contacts_of_a_conference_that_nobody_closes_end_too(
    house: House, live: Live, contacts: ContactStore, planned: int, ends: int
) -> None:
    """Given a conference planned some days from now, when it is never closed, then its contacts end so many days
    after its day, or after the last work on it; people who scan later keep nobody's number."""
    now = live.clock()
    await do(live, EditConference(starts_at=now + planned * DAY_MS), EditPoints([PointEdit(1, seats=91)]))
    last = (await house.journal.page(CONFERENCE_ID, limit=1))[0]
    day = last.at + ends * DAY_MS
    scanned = Event(last.seq + 1, day + 50 * DAY_MS, "system", ScansCounted(day, [ScanRow(1, 0, "scan", 3)]))
    async with house.journal.turn(CONFERENCE_ID) as turn:
        await turn.append(last.seq, [Entry([scanned])])
    purge = ContactPurge(contacts, house.journal, keep_days=90)

    assert await purge.purge(day + 89 * DAY_MS) == 0
    assert await contacts.of_point(CONFERENCE_ID, 1)
    assert await purge.purge(day + 90 * DAY_MS) == 1
    assert await contacts.of_conference(CONFERENCE_ID) == {}


# --- downloads


@pytest.mark.parametrize("format", ["csv", "xlsx"])
async def test_a_download_tells_everything_and_reads_back_as_unchanged(client: Client, live: Live, format: str) -> None:
    await as_room(live, 1, CheckIn(1), ReportHeadcount(1, 70, 1, 2))
    async with client.raw.get(f"{POINTS}.{format}", headers={"X-Test-Who": "administrator"}) as response:
        assert f"diem-cau-{CONFERENCE_ID}.{format}" in response.headers["Content-Disposition"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        file = await response.read()
    rows = parse(file, COLUMNS).rows
    assert [r.values["unit_name"] for r in rows] == ["Xã Tản Lĩnh", "Xã Tản Lĩnh", "Xã Minh Quang", "Phường Phúc Xá"]
    assert (rows[0].values["contact"], rows[0].values["phone"]) == ("Vũ Thị Lan", "0912345678")
    report = (await client.ask("POST", f"{POINTS}/import", data=file))[1]
    assert (report["unchanged"], report["refused"]) == (4, 0)
    if format == "csv":
        head, first, *_ = file.decode("utf-8-sig").splitlines()
        cells = dict(zip(head.split(","), first.split(","), strict=True))
        assert (cells["Có mặt"], cells["Vắng có lý do"], cells["Vắng không lý do"]) == ("70", "1", "2")
        assert (cells["Trạng thái"], cells["Trực thuộc"]) == ("Đang dự", "Huyện Ba Vì")
        assert cells["Người phụ trách khác"] == "Ông Hai 0243825123"


async def test_nothing_in_a_download_is_calculated(client: Client, contacts: ContactStore) -> None:
    await contacts.write(CONFERENCE_ID, {1: [Contact('=HYPERLINK("http://x","y")', "", "0912345678")]})
    file = (await client.ask("GET", f"{POINTS}.csv"))[1].decode("utf-8-sig")
    assert "'=HYPERLINK" in file
