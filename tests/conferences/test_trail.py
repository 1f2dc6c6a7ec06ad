"""The audit trail in pages: full ones, whoever reads; and the list of conferences that concern the reader."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from server.conferences import trail
from server.conferences.routes import ConferenceRoutes
from server.db import make_engine, metadata
from server.live.conferences import Live
from server.protocol.commands import (
    AddPoints,
    CheckIn,
    ClosePoints,
    Command,
    CreateConference,
    EnrolDevice,
    MergePoints,
    NewPoint,
    ReportHeadcount,
    SetPhase,
    UnitNode,
)
from tests.conference.given import POINTS, SYSTEM, T0, UNITS
from tests.servers.web import CONFERENCE_ID, Client, House, do, serving

JOURNAL = f"/api/conferences/{CONFERENCE_ID}/journal"
BA_VI, BA_DINH = "organizer:271", "organizer:001"


@pytest.fixture(autouse=True)
def small_lots(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short journal is read in several lots."""
    monkeypatch.setattr(trail, "LOT", 3)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    engine = make_engine(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    async with engine.begin() as db:
        await db.run_sync(metadata.create_all)
    house = House(engine)
    yield house
    await house.conferences.stop()
    await engine.dispose()


@pytest.fixture
async def live(house: House) -> Live:
    """Events 1 to 4: created, units placed, rooms 1 to 4 added, live."""
    live = await house.begin()
    await do(live, AddPoints(UNITS, POINTS), SetPhase("live"))
    return live


@pytest.fixture
async def client(house: House, live: Live) -> AsyncIterator[Client]:
    async def no_codes(conference: str, count: int) -> list[str]:
        return [f"NEW{n:08d}" for n in range(count)]

    async def name_of(by: str) -> str:
        return "Trần Thu Hà" if by == "account:1" else by

    routes = ConferenceRoutes(house.conferences, house.journal, lambda raw: raw.hex()[:8], no_codes, name_of)
    async with serving(routes) as client:
        yield client


async def pages(client: Client, who: str, query: str = "limit=2") -> list[list[Any]]:
    """Every page until there is none."""
    found: list[list[Any]] = []
    before = ""
    while True:
        page = await client.get(f"{JOURNAL}?{query}{before}", who)
        found.append(page["entries"])
        if page["next_before"] is None:
            return found
        before = f"&before={page['next_before']}"


def told(pages: list[list[Any]]) -> list[tuple[int, str]]:
    return [(entry["event"]["seq"], entry["event"]["body"]["type"]) for page in pages for entry in page]


async def test_every_page_but_the_last_is_full_whoever_reads(client: Client, live: Live) -> None:
    """Given a journal in which most is the other district's, when it is read in pages, then none is short."""
    await do(live, CheckIn(1), CheckIn(2), CheckIn(4), CheckIn(3))
    for n in range(12):
        await do(live, ReportHeadcount(1 + n % 3, n))
    await do(live, ReportHeadcount(4, 55), ClosePoints([2, 4]))
    whole = await pages(client, "administrator", "limit=7")
    for who in (BA_VI, BA_DINH, "viewer:271", "viewer"):
        read = await pages(client, who)
        assert [len(page) for page in read[:-1]] == [2] * (len(read) - 1)
        assert 1 <= len(read[-1]) <= 2
    assert [seq for seq, _ in told(whole)] == list(range(live.hub.seq, 0, -1))
    assert told(await pages(client, BA_DINH)) == [
        (22, "points_closed"), (21, "headcount_reported"), (7, "checked_in"), (4, "phase_set"),
        (3, "points_added"), (2, "units_placed"), (1, "conference_created"),
    ]  # fmt: skip


async def test_batches_are_cut_and_the_numbers_of_added_rooms_told(client: Client, live: Live) -> None:
    await do(live, ClosePoints([1, 4]), MergePoints(3, [2]))
    [merged, closed, _, added, placed, created] = (await pages(client, BA_VI, ""))[0]
    assert merged["event"]["body"]["points"] == [2]
    assert closed["event"]["body"]["points"] == [1]
    assert [new["unit"] for new in added["event"]["body"]["points"]] == ["09619", "09619", "09622"]
    assert added["points"] == [1, 2, 3]
    assert [unit["code"] for unit in placed["event"]["body"]["units"]] == ["271", "09619", "09622"]
    assert created["who"] == "Trần Thu Hà"
    [[_, _, _, whole, *_]] = await pages(client, "administrator", "")
    assert "points" not in whole
    [[_, _, theirs, *_]] = await pages(client, BA_DINH, "")
    assert (theirs["points"], len(theirs["event"]["body"]["points"])) == ([4], 1)


async def test_a_room_of_others_has_no_history_here(client: Client, live: Live) -> None:
    await do(live, CheckIn(1), CheckIn(4))
    [[entry]] = await pages(client, BA_VI, "point=1")
    assert (entry["event"]["seq"], entry["title"]) == (5, "Xã Tản Lĩnh")
    assert await pages(client, BA_VI, "point=4") == [[]]
    assert told(await pages(client, BA_VI, "type=points_added,checked_in")) == [(5, "checked_in"), (3, "points_added")]


async def test_looking_for_almost_nothing_ends(client: Client, live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a long stretch of others' events that no question to the database leaves out, then a page may be short
    and says where to go on."""
    monkeypatch.setattr(trail, "MAX_LOTS", 2)
    monkeypatch.setattr(trail, "MAX_AMONG", 0)
    await do(live, CheckIn(1), *(ReportHeadcount(1, n) for n in range(20)))
    page = await client.get(JOURNAL, BA_DINH)
    assert page == {"entries": [], "next_before": live.hub.seq - 5}
    assert [seq for seq, _ in told(await pages(client, BA_DINH))] == [4, 3, 2, 1]


async def test_who_only_watches_reads_no_secret(client: Client, live: Live) -> None:
    answer = await live.conductor.submit(EnrolDevice(1, "Điện thoại Lan"), SYSTEM)
    assert answer.refusal is None
    for who in ("viewer", "viewer:271"):
        read = str(await pages(client, who))
        assert "Xã Tản Lĩnh" in read
        assert "CODE1" not in read
        assert "Điện thoại" not in read
    assert "CODE1" in str(await pages(client, BA_VI))


# --- the list of conferences


async def begin(house: House, id: str, *commands: Command) -> None:
    await house.journal.create(id, "epoch")
    live = await house.conferences.get(id)
    assert live is not None
    await do(live, CreateConference(f"Hội nghị {id}", T0, code=f"CODE{id}"), *commands)


@pytest.mark.parametrize(
    ("who", "listed"),
    [
        ("administrator", ["ba_dinh", "empty", CONFERENCE_ID]),
        ("viewer", ["ba_dinh", "empty", CONFERENCE_ID]),
        (BA_VI, [CONFERENCE_ID]),
        (BA_DINH, ["ba_dinh", CONFERENCE_ID]),
        ("viewer:00001", [CONFERENCE_ID]),
        ("organizer:09999", []),
    ],
)
async def test_conferences_are_those_of_ones_unit(house: House, client: Client, who: str, listed: list[str]) -> None:
    ba_dinh = [UnitNode("001", "Quận Ba Đình"), UnitNode("00004", "Phường Trúc Bạch", parent="001")]
    renamed = [UnitNode("001", "Quận Ba Đình cũ")]
    await begin(house, "empty")
    await begin(house, "ba_dinh", AddPoints(ba_dinh, [NewPoint("00004", "X1")]), AddPoints(renamed, []))
    assert sorted(c["id"] for c in await client.get("/api/conferences", who)) == sorted(listed)
    for id in ("ba_dinh", "empty", CONFERENCE_ID):
        for path in ("", "/journal"):
            status, body = await client.ask("GET", f"/api/conferences/{id}{path}", who=who)
            assert (status, body.get("error", {}).get("code")) == (
                (200, None) if id in listed else (404, "conference_unknown")
            )
