"""Points from files and from the tree: previewed, whole or not at all, the same again changes nothing."""

import asyncio
from typing import Any

import pytest

from server.journal import Turn
from server.live import conductor
from server.live.audience import Sight
from server.live.conductor import Answer
from server.live.conferences import Live
from server.points.store import ContactStore
from server.protocol.base import MAX_BATCH
from server.protocol.commands import AddPoints, ClosePoints, Command, NewPoint
from server.protocol.events import Event, PointsAdded, PointsEdited, UnitsPlaced
from tests.conference.given import ADMIN
from tests.points.conftest import Codes, points_of
from tests.servers.web import BA_VI, CONFERENCE_ID, Client, House, csv_of, do, serving

POINTS = f"/api/conferences/{CONFERENCE_ID}/points"
HEAD = ("Mã đơn vị", "Tên phòng", "Số chỗ", "Triệu tập", "Người phụ trách", "Điện thoại", "Địa chỉ")
ROOMS = csv_of(
    HEAD,
    ("09619", "", 90, 72, "Vũ Thị Lan", "0912 345 678", "Hội trường UBND"),
    ("09619", "Phòng 2", 40, 30, "", "", ""),
    ("00001", "", 80, 60, "Trần Văn Hùng", "+84 988 777 666", "12 An Xá"),
)


async def give(client: Client, file: bytes, *, dry_run: bool = False, who: str = "administrator") -> Any:
    status, report = await client.ask("POST", f"{POINTS}/import?dry_run={str(dry_run).lower()}", data=file, who=who)
    assert status == 200, report
    return report


def counts(report: Any) -> tuple[int, int, int, int]:
    return report["added"], report["changed"], report["unchanged"], report["refused"]


async def journal(house: House) -> list[Event]:
    return [e async for lot in house.journal.read(CONFERENCE_ID) for e in lot]


async def titles(client: Client) -> list[str]:
    return [p["info"]["title"] for p in (await client.get(POINTS))["points"]]


async def test_a_preview_writes_nothing(client: Client, house: House, codes: Codes) -> None:
    before = len(await journal(house))
    assert counts(await give(client, ROOMS, dry_run=True)) == (3, 0, 0, 0)
    assert len(await journal(house)) == before
    assert codes.reserved == []


async def test_a_preview_names_the_headings_it_does_not_use(client: Client) -> None:
    file = csv_of((*HEAD[:2], "Màu tường"), ("09619", "Phòng 2", "xanh"))

    assert (await give(client, file, dry_run=True))["ignored"] == ["Màu tường"]
    assert (await give(client, ROOMS, dry_run=True))["ignored"] == []


async def test_a_file_becomes_rooms_with_codes_units_and_contacts(client: Client, live: Live, codes: Codes) -> None:
    assert counts(await give(client, ROOMS)) == (3, 0, 0, 0)
    state = await live.conductor.at_rest(
        lambda s: (list(s.units), [(p.unit, p.name, p.code) for p in s.points.values()])
    )
    assert state[0] == ["HN", "271", "09619", "001", "00001"]  # ancestors too, parents first, nothing else
    assert state[1] == [
        ("09619", "", codes.reserved[0]),
        ("09619", "Phòng 2", codes.reserved[1]),
        ("00001", "", codes.reserved[2]),
    ]
    detail = await client.get(f"{POINTS}/3")
    assert detail["contacts"] == [
        {"name": "Trần Văn Hùng", "role": "", "phone_shown": "0988 ••• 666", "phone": "0988777666"}
    ]
    assert detail["view"]["address"] == "12 An Xá"


async def test_placed_units_stand_in_the_official_order(client: Client, live: Live) -> None:
    await give(client, csv_of(("Mã đơn vị",), ("00001",), ("09622",), ("09619",)))
    assert [u.code for u in live.hub.snapshot(Sight(None), 0).units] == [u.code for u in BA_VI]


async def test_the_same_file_twice_changes_nothing(client: Client, house: House, codes: Codes) -> None:
    await give(client, ROOMS)
    before = len(await journal(house))
    assert counts(await give(client, ROOMS)) == (0, 0, 3, 0)
    assert len(await journal(house)) == before
    assert len(codes.reserved) == 3


async def test_a_room_that_was_closed_does_not_come_back_with_the_file(client: Client, live: Live) -> None:
    await give(client, ROOMS)
    await do(live, ClosePoints([2]))
    assert counts(await give(client, ROOMS)) == (0, 0, 3, 0)
    assert await titles(client) == ["Xã Tản Lĩnh", "Phường Phúc Xá"]


async def test_changes_are_told_and_written(client: Client) -> None:
    await give(client, ROOMS)
    file = csv_of(
        HEAD,
        ("09619", "", 95, 72, "Lê Thị Mai", "0912 345 678", "Hội trường UBND"),
        ("00001", "", 80, 60, "", "", "12 An Xá"),
    )
    report = await give(client, file)
    assert counts(report) == (0, 2, 0, 0)
    assert report["rows"][0]["changes"] == [["seats", "90", "95"], ["contact", "Vũ Thị Lan", "Lê Thị Mai"]]
    first, third = await client.get(f"{POINTS}/1"), await client.get(f"{POINTS}/3")
    assert (first["info"]["seats"], first["contacts"][0]["name"]) == (95, "Lê Thị Mai")
    assert third["contacts"] == []


async def test_a_new_first_contact_keeps_role_and_the_others(client: Client, contacts: ContactStore) -> None:
    await give(client, ROOMS)
    people = [
        {"name": "Vũ Thị Lan", "role": "Chánh văn phòng", "phone": "0912345678"},
        {"name": "Ông Hai", "phone": ""},
    ]
    await client.ask("PUT", f"{POINTS}/1/contacts", json=people)
    await give(client, csv_of(("Mã đơn vị", "Người phụ trách"), ("09619", "Lê Thị Mai")))
    told = [(c.name, c.role, c.phone) for c in await contacts.of_point(CONFERENCE_ID, 1)]
    assert told == [("Lê Thị Mai", "Chánh văn phòng", "0912345678"), ("Ông Hai", "", "")]


async def test_one_refused_row_keeps_everything_out(client: Client, house: House, codes: Codes) -> None:
    before = len(await journal(house))
    report = await give(client, csv_of(HEAD, ("09619", "", 90, 72, "", "", ""), ("09622", "", "chín", 1, "", "12", "")))
    assert counts(report) == (1, 0, 0, 1)
    error = report["rows"][1]["error"]
    assert (error["code"], error["field"], error["row"]) == ("count_bad", "seats", 3)
    assert len(await journal(house)) == before
    assert codes.reserved == []


async def test_a_file_must_say_whose_rooms_they_are(client: Client) -> None:
    status, body = await client.ask("POST", f"{POINTS}/import", data=csv_of(("Số chỗ",), (90,)))
    assert (status, body["error"]["code"], body["error"]["field"]) == (400, "heading_missing", "unit")


async def test_contacts_that_a_crash_cut_off_are_mended_by_the_same_file(
    client: Client, contacts: ContactStore
) -> None:
    await give(client, ROOMS)
    await contacts.forget(CONFERENCE_ID)
    assert counts(await give(client, ROOMS)) == (0, 2, 1, 0)
    assert (await contacts.of_point(CONFERENCE_ID, 1))[0].name == "Vũ Thị Lan"


async def test_a_failure_after_the_rooms_says_what_to_do(
    client: Client, contacts: ContactStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(contacts, "write_first", broken)
        *_, last = await client.lines(f"{POINTS}/import?dry_run=false", ROOMS)
    assert last["error"]["code"] == "import_unfinished"
    assert counts(await give(client, ROOMS)) == (0, 2, 1, 0)
    assert len(await titles(client)) == 3


async def test_two_imports_at_once_add_every_room_once(client: Client, codes: Codes) -> None:
    reports = await asyncio.gather(give(client, ROOMS), give(client, ROOMS))
    assert sorted(counts(r) for r in reports) == [(0, 0, 3, 0), (3, 0, 0, 0)]
    assert len(await titles(client)) == 3
    assert len(codes.reserved) == 3


async def test_what_one_file_adds_and_changes_is_one_command_however_many_rooms(client: Client, house: House) -> None:
    """Given more rooms than one command of a person may name, when a file changes them all and adds as many, then
    the list is whole as soon as the import is answered, and one receipt holds all of its events."""
    amount = MAX_BATCH + 10
    rows = [("09619", f"Phòng {n}", 10) for n in range(amount)]
    await give(client, csv_of(HEAD[:3], *rows))
    assert len(await titles(client)) == 200  # a page
    more = [("00001", f"Phòng {n}", 11) for n in range(amount)]
    report = await give(client, csv_of(HEAD[:3], *((unit, name, 11) for unit, name, _ in rows), *more))
    assert counts(report) == (amount, amount, 0, 0)
    listed = await client.get(f"{POINTS}?limit=40000")
    assert [p["info"]["seats"] for p in listed["points"]] == [11] * 2 * amount
    spans = [receipt.seq for receipt in await house.journal.recent_receipts(CONFERENCE_ID, 10)]
    kinds = [type(e.body) for e in await journal(house) if spans[0] < e.seq <= spans[1]]
    assert set(kinds) == {UnitsPlaced, PointsAdded, PointsEdited}
    assert len(spans) == 2


async def test_an_import_that_the_disk_refuses_leaves_nothing(
    client: Client, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given rooms, when a file changes one and adds one and the commit fails, then neither is there."""
    await give(client, ROOMS)
    before = await journal(house)

    async def full(*_: object) -> None:
        raise OSError("disk full")

    file = csv_of(HEAD[:4], ("09619", "", 95, 80), ("09622", "", 60, 50))
    with monkeypatch.context() as patched:
        patched.setattr(Turn, "append", full)
        patched.setattr(conductor, "PATIENCE_SECONDS", 0.0)
        status, body = await client.ask("POST", f"{POINTS}/import?dry_run=false", data=file)
    assert (status, body["error"]["code"]) == (503, "busy")
    assert await journal(house) == before
    assert counts(await give(client, file)) == (1, 1, 0, 0)


async def test_two_servers_that_import_one_file_at_once_add_every_room_once(
    house: House, live: Live, client: Client, contacts: ContactStore, codes: Codes
) -> None:
    """Given two servers over one database that do not hear of each other, when both import the same file, then one
    adds the rooms and the other finds them there, having planned again."""
    other = House(house.engine)
    assert await other.conferences.get(CONFERENCE_ID)
    async with serving(points_of(other, contacts, codes)) as second:
        reports = await asyncio.gather(give(client, ROOMS), give(second, ROOMS))
        assert sorted(r["added"] for r in reports) == [0, 3]
        assert counts(await give(client, ROOMS)) == counts(await give(second, ROOMS)) == (0, 0, 3, 0)
    await other.conferences.stop()
    added = [e.body for e in await journal(house) if isinstance(e.body, PointsAdded)]
    assert [len(body.points) for body in added] == [3]


async def test_who_is_never_the_first_is_told_to_look_again(
    client: Client, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given somebody who adds a room between every plan and its command, when a file is imported, then it is refused
    after some tries, and nothing of it is written."""
    submit = live.conductor.submit

    async def outrun(command: Command, *args: Any, **named: Any) -> Answer:
        first = await live.conductor.at_rest(lambda state: state.next_point)
        await submit(AddPoints([], [NewPoint("09619", "", name=f"Khác {first}")], first), ADMIN)
        return await submit(command, *args, **named)

    await give(client, csv_of(HEAD[:1], ("09619",)))
    monkeypatch.setattr(live.conductor, "submit", outrun)
    status, body = await client.ask("POST", f"{POINTS}/import?dry_run=false", data=ROOMS)

    assert (status, body["error"]["code"]) == (409, "points_changed")
    assert [t for t in await titles(client) if "Khác" not in t] == ["Xã Tản Lĩnh"]


async def test_who_is_bound_to_a_unit_adds_where_the_conference_is_already(client: Client, live: Live) -> None:
    bound = "organizer:271"
    await give(client, csv_of(("Mã đơn vị",), ("09619",)))
    report = await give(client, csv_of(HEAD[:2], ("09619", "Phòng 2")), who=bound)
    assert counts(report) == (1, 0, 0, 0)
    refused = await give(client, csv_of(("Mã đơn vị",), ("09622",), ("00001",)), who=bound)
    assert [row["error"]["code"] for row in refused["rows"]] == ["unit_not_placed", "unit_not_found"]
    assert len(await titles(client)) == 2


@pytest.mark.parametrize(("who", "status"), [("", 401), ("viewer", 403), ("kiosk", 403), ("device", 403)])
async def test_only_organizers_write(client: Client, who: str, status: int) -> None:
    assert (await client.ask("POST", f"{POINTS}/import", data=ROOMS, who=who))[0] == status
    assert (await client.ask("POST", f"{POINTS}/select", json={"units": ["271"]}, who=who))[0] == status
    assert (await client.ask("PUT", f"{POINTS}/1/contacts", json=[], who=who))[0] == status


async def test_progress_goes_up_to_the_end(client: Client) -> None:
    rows = [("09619", f"Phòng {n}", 10) for n in range(5_000)]
    *progress, last = await client.lines(f"{POINTS}/import?dry_run=false", csv_of(HEAD[:3], *rows))
    assert last["report"]["added"] == 5_000
    told = [line["progress"] for line in progress]
    assert told
    assert told == sorted(told)


# --- selections


async def choose(client: Client, who: str = "administrator", **wanted: object) -> Any:
    status, report = await client.ask("POST", f"{POINTS}/select", json=wanted, who=who)
    assert status == 200, report
    return report


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({"units": ["271", "09619"]}, ["Huyện Ba Vì", "Xã Tản Lĩnh"]),
        ({"units": ["271"], "subtree": True}, ["Huyện Ba Vì", "Xã Tản Lĩnh", "Xã Minh Quang"]),
        ({"units": ["271"], "subtree": True, "level": 1}, ["Xã Tản Lĩnh", "Xã Minh Quang"]),
        ({"units": ["HN"], "subtree": True, "level": 2}, ["Xã Tản Lĩnh", "Xã Minh Quang", "Phường Phúc Xá"]),
        ({"units": ["HN"], "subtree": True, "kinds": ["Phường", "quan"]}, ["Quận Ba Đình", "Phường Phúc Xá"]),
    ],
)
async def test_units_are_chosen_by_subtree_kind_and_level(
    client: Client, wanted: dict[str, Any], names: list[str]
) -> None:
    report = await choose(client, **wanted)
    assert [row["name"] for row in report["rows"]] == names
    assert counts(report) == (len(names), 0, 0, 0)
    assert await titles(client) == []  # a dry run unless told otherwise


async def test_a_selection_becomes_rooms_and_leaves_existing_ones_as_they_are(client: Client) -> None:
    await give(client, ROOMS)
    report = await choose(client, units=["HN"], subtree=True, level=2, expected=25, dry_run=False)
    assert counts(report) == (1, 0, 2, 0)
    listed = (await client.get(POINTS))["points"]
    assert [(p["info"]["title"], p["info"]["expected"]) for p in listed][-1] == ("Xã Minh Quang", 25)
    assert listed[0]["info"]["expected"] == 72


async def test_an_unknown_unit_is_named(client: Client) -> None:
    status, body = await client.ask("POST", f"{POINTS}/select", json={"units": ["271", "NONE"]})
    assert (status, body["error"]["code"], body["error"]["field"]) == (404, "unit_unknown", "units")
    bound, _ = await client.ask("POST", f"{POINTS}/select", json={"units": ["001"]}, who="organizer:271")
    assert bound == 404
