"""Paper over HTTP: the right rooms, read back from the page; one press, a short queue, nobody prints for who left."""

import asyncio
import io
import os
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from server.db import make_engine, metadata
from server.http.problems import Problem
from server.live.conferences import Live
from server.printing.job import Cards
from server.printing.model import CardPoint, PosterConference
from server.printing.press import MAX_WAITING, Left, Press
from server.printing.rooms import Room, capital_host, lot_name, lots
from server.printing.routes import PrintingRoutes
from server.protocol.commands import AddPoints, ClosePoints, EditConference, RevokeCode, RevokeLinks
from server.protocol.errors import Busy
from server.tasks import Tasks
from tests.conference.given import POINTS, UNITS
from tests.printing.paper import opened
from tests.servers.web import CONFERENCE_ID, WHO, Client, House, do, serving

CONFERENCE = f"/api/conferences/{CONFERENCE_ID}"
PRINT = f"{CONFERENCE}/print"
ORGANIZER = {WHO: "administrator"}
LINK = "HTTPS://NHIPCAU.EXAMPLE/O/ROOM{}G1"
CODE = "HTTPS://NHIPCAU.EXAMPLE/D/CODE{}"
CONFERENCE_CODE = "HTTPS://NHIPCAU.EXAMPLE/D/ALL0CODE000"


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
    """Four rooms: 1 and 2 of Tản Lĩnh, 3 of Minh Quang, 4 of Phúc Xá."""
    live = await house.begin()
    await do(live, EditConference(title="Hội nghị: quý III/2026", help_phone="024 3825 1234"), AddPoints(UNITS, POINTS))
    return live


@pytest.fixture
async def client(house: House, live: Live) -> AsyncIterator[Client]:
    async with serving(routes_of(house)) as client:
        yield client


def routes_of(house: House, most: int = 1_000) -> PrintingRoutes:
    base = "https://nhipcau.example"
    return PrintingRoutes(
        house.conferences, lambda c, p, g: f"{base}/O/ROOM{p}G{g}", lambda code: f"{base}/D/{code}", base, most
    )


async def pages(client: Client, path: str, who: str = "administrator") -> list[tuple[list[str], str]]:
    """Of each page the codes that a phone reads, and the text."""
    status, pdf = await client.ask("GET", f"{PRINT}/{path}", who=who)
    assert status == 200, pdf
    with opened(pdf) as sheets:
        return [([code.text for code in sheet.codes()], sheet.text()) for sheet in sheets]


async def refused(client: Client, path: str, who: str = "administrator") -> tuple[int, str]:
    status, body = await client.ask("GET", f"{CONFERENCE}/{path}", who=who)
    return status, body["error"]["code"]


async def test_posters_stand_in_the_trees_order_with_codes_that_scan(client: Client) -> None:
    printed = await pages(client, "posters.pdf")
    assert [codes for codes, _ in printed] == [[CODE.format(n)] for n in (1, 2, 3, 4)]
    assert "Xã Tản Lĩnh · Phòng 2" in printed[1][1]
    assert "Huyện Ba Vì" in printed[1][1]
    assert "nhipcau.example/d" in printed[0][1]
    assert "15/11/2023" in printed[0][1]  # 14 November 22:13 UTC is the next morning in Việt Nam


async def test_only_the_chosen_rooms_are_printed(client: Client) -> None:
    assert [codes for codes, _ in await pages(client, "sheets.pdf?points=4,2")] == [[LINK.format(2)], [LINK.format(4)]]
    assert [codes for codes, _ in await pages(client, "cards.pdf?unit=271")] == [[LINK.format(n) for n in (1, 2, 3)]]
    bound = await pages(client, "cards.pdf", "organizer:271")
    assert [codes for codes, _ in bound] == [[LINK.format(n) for n in (1, 2, 3)]]


async def test_paper_speaks_the_language_that_is_asked_for(client: Client) -> None:
    assert "Quét để xem tài liệu" in (await pages(client, "posters.pdf?points=1"))[0][1]
    assert "Scan to read the documents" in (await pages(client, "posters.pdf?points=1&lang=en"))[0][1]


async def test_the_whole_conference_has_a_poster(client: Client) -> None:
    for who in ("administrator", "organizer:271"):
        [(codes, text)] = await pages(client, "poster.pdf", who)
        assert codes == [CONFERENCE_CODE]
        assert "ALL0-CODE-000" in text
    assert await refused(client, "print/poster.pdf?points=999") == (400, "bad_value")


async def test_the_file_is_named_for_people(client: Client) -> None:
    async with client.raw.get(f"{PRINT}/cards.pdf?points=4", headers=ORGANIZER) as response:
        named = response.headers["Content-Disposition"]
        assert response.content_type == "application/pdf"
    assert 'filename="The phu trach - Phuong Phuc Xa.pdf"' in named
    assert "filename*=UTF-8''Th%E1%BA%BB%20ph%E1%BB%A5" in named
    async with client.raw.get(f"{PRINT}/cards.pdf", headers=ORGANIZER) as response:
        assert "Hoi nghi quy III 2026.pdf" in response.headers["Content-Disposition"]


async def test_rooms_without_what_is_printed_are_left_out_or_named(client: Client, live: Live) -> None:
    await do(live, RevokeCode(1), RevokeLinks([2]), ClosePoints([3]))
    assert [codes for codes, _ in await pages(client, "posters.pdf")] == [[CODE.format(2)], [CODE.format(4)]]
    assert [codes for codes, _ in await pages(client, "cards.pdf")] == [[LINK.format(1), LINK.format(4)]]
    status, body = await client.ask("GET", f"{PRINT}/posters.pdf?points=1,2,3")
    assert (status, body["error"]["code"], body["error"]["field"]) == (409, "print_missing", "points")
    assert "1, 3" in body["error"]["message"]
    assert await refused(client, "print/posters.pdf?unit=09622") == (409, "print_nothing")


@pytest.mark.parametrize("query", ["points=1;2", "points=x", "lang=fr"])
async def test_wrong_queries_are_refused(client: Client, query: str) -> None:
    assert await refused(client, f"print/cards.pdf?{query}") == (400, "bad_value")


@pytest.mark.parametrize(("who", "status"), [("", 401), ("viewer", 403), ("kiosk", 403), ("device", 403)])
async def test_secrets_are_for_organizers(client: Client, who: str, status: int) -> None:
    for path in ("print/cards.pdf", "print/posters.pdf", "print/poster.pdf", "points/1/link.svg", "codes/1.svg"):
        assert (await refused(client, path, who))[0] == status


async def test_more_rooms_than_one_pdf_takes_come_as_a_zip_of_whole_groups(house: House, live: Live) -> None:
    path = f"{PRINT}/cards.pdf"
    async with serving(routes_of(house, most=3)) as client, client.raw.get(path, headers=ORGANIZER) as response:
        assert response.content_type == "application/zip"
        assert ".zip" in response.headers["Content-Disposition"]
        archive = zipfile.ZipFile(io.BytesIO(await response.read()))
    assert archive.testzip() is None
    assert archive.namelist() == ["01 Huyện Ba Vì.pdf", "02 Quận Ba Đình.pdf"]
    found = []
    for name in archive.namelist():
        with opened(archive.read(name)) as sheets:
            found.append([code.text for sheet in sheets for code in sheet.codes()])
    assert found == [[LINK.format(n) for n in (1, 2, 3)], [LINK.format(4)]]


# --- pictures


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("points/1/link", LINK.format(1)),
        ("codes/2", CODE.format(2)),
        ("codes/all", CONFERENCE_CODE),
    ],
)
async def test_pictures_of_links_and_codes_scan(client: Client, path: str, text: str) -> None:
    png = await client.get(f"{CONFERENCE}/{path}.png")
    [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))
    assert code.text == text
    assert (await client.get(f"{CONFERENCE}/{path}.svg")).startswith(b"<svg")


async def test_a_picture_of_nothing_is_an_error(client: Client, live: Live) -> None:
    await do(live, RevokeLinks([1]), RevokeCode(1))
    assert await refused(client, "points/1/link.png") == (409, "link_revoked")
    assert await refused(client, "codes/1.svg") == (404, "code_none")
    assert await refused(client, "codes/99.svg") == (404, "point_unknown")
    assert await refused(client, "codes/4.svg", "organizer:271") == (404, "point_unknown")
    assert await refused(client, "points/4/link.svg", "organizer:271") == (404, "point_unknown")


# --- the press

CARD = Cards(PosterConference("Hội nghị", "", "a.vn"), [CardPoint("Xã Tản Lĩnh", "", "HTTPS://A.VN/O/X")])


def here() -> bool:
    return False


async def test_the_queue_is_short(client: Client) -> None:
    press, entered, leave = Press(), asyncio.Event(), asyncio.Event()
    order: list[int] = []

    async def wait(n: int) -> None:
        async with press.turn(here):
            order.append(n)
            entered.set()
            await leave.wait()

    async with asyncio.TaskGroup() as group:
        group.create_task(wait(0))
        await entered.wait()
        for n in range(MAX_WAITING):
            group.create_task(wait(n + 1))
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            async with press.turn(here):
                raise AssertionError("one more than the queue takes")
        assert order == [0]  # one at a time
        leave.set()
    assert sorted(order) == list(range(MAX_WAITING + 1))
    async with press.turn(here):
        assert len(order) == MAX_WAITING + 1


async def test_who_left_holds_up_nobody() -> None:
    press = Press()
    async with press.turn(here):
        with pytest.raises(Left):
            async with press.turn(lambda: True):
                raise AssertionError("printed for nobody")
    with pytest.raises(Left):
        await press.pdf(CARD, lambda: True)
    assert children() == []
    async with press.turn(here):
        assert (await press.pdf(CARD, here)).startswith(b"%PDF")


async def test_clients_that_leave_give_their_places_back(house: House, live: Live) -> None:
    routes, tasks = routes_of(house), Tasks()
    async with serving(routes) as client, asyncio.timeout(20), routes.press.turn(here):
        waiting = [tasks.start("print", client.ask("GET", f"{PRINT}/cards.pdf")) for _ in range(MAX_WAITING)]
        while routes.press.waiting <= MAX_WAITING:  # every look is a request of its own, so the others move on
            await client.ask("GET", "/nowhere")
        assert await refused(client, "print/cards.pdf") == (503, "busy")
        for request in waiting:
            request.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        while routes.press.waiting > 1:  # only the one this test holds
            await client.ask("GET", "/nowhere")


async def test_what_cannot_be_printed_is_told(client: Client) -> None:
    job = Cards(CARD.conference, [CardPoint("", "", "HTTPS://A.VN")])
    with pytest.raises(Problem) as raised:
        await Press().pdf(job, here)
    assert (raised.value.status, raised.value.code) == (409, "print_refused")
    assert "points[0].name" in raised.value.params["detail"]


def children() -> list[str]:
    """Programs that this process started and that still run as printers."""
    me, found = str(os.getpid()), []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
            line = (process / "cmdline").read_text()
        except OSError:
            continue
        if parent == me and "server.printing.child" in line:
            found.append(line)
    return found


# --- lots


def room(id: int, group: str) -> Room:
    return Room(id, f"Xã {id}", group, "", "L", "C", "U")


def test_groups_stay_together_unless_one_is_too_large() -> None:
    rooms = [room(1, "A"), room(2, "A"), room(3, "B"), room(4, "B"), *(room(n, "C") for n in range(5, 10))]
    cut = list(lots(rooms, 3))
    assert [[r.id for r in lot] for lot in cut] == [[1, 2], [3, 4], [5, 6, 7], [8, 9]]
    assert [lot_name(n, lot) for n, lot in enumerate(lots(rooms, 4), 1)] == ["01 A - B", "02 C", "03 C"]
    assert list(lots([], 3)) == []


@pytest.mark.parametrize(
    ("url", "printed"),
    [
        ("https://nhipcau.example:8443/D/ABC", "HTTPS://NHIPCAU.EXAMPLE:8443/D/ABC"),
        ("http://a.vn/cau/D/ABC", "HTTP://A.VN/cau/D/ABC"),
        ("https://hội-nghị.vn/D/ABC", "https://hội-nghị.vn/D/ABC"),
    ],
)
def test_only_scheme_and_host_become_capitals(url: str, printed: str) -> None:
    assert capital_host(url) == printed
