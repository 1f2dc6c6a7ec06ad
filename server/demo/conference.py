"""Makes the demonstration's conference, only through the public HTTP interface: as any organizer's program could."""

import asyncio
import csv
from pathlib import Path
from urllib.parse import quote, urlencode

import msgspec
from msgspec import Struct

from server.client.http import Api
from server.protocol.errors import Error
from server.protocol.views import ConferenceView
from server.tables.writer import write_csv
from server.units.points_file import COLUMNS

from . import people
from .papers import Paper, pdf
from .plan import Room, UnitLine, rooms

UNITS = Path(__file__).parent / "data" / "hanoi-units-2022.csv"
TITLE = "Hội nghị nghiên cứu, học tập, quán triệt Nghị quyết năm 2026"
PLACE = "Trung tâm Hội nghị Thành phố, Hà Nội"
# Title, paper, and how long after the announced beginning it is released, in ms; None: at once.
DOCUMENTS: tuple[tuple[str, Paper, int | None], ...] = (
    ("Toàn văn dự thảo Nghị quyết (bản minh họa)", "resolution", None),
    ("Chương trình và hướng dẫn dành cho điểm cầu", "programme", None),
    ("Gợi ý thảo luận tại các điểm cầu", "questions", 5 * 60_000),
)
_FIELDS = ("unit", "name", "seats", "expected", "contact", "phone", "address")


class NotMade(Exception):
    """The server refused a part of the conference; the message says which and why."""


class Made(Struct, frozen=True):
    """`kiosk` is the address of the wall, with the programme, for whoever has the link."""

    id: str
    points: int
    kiosk: str


class _Row(Struct):
    verdict: str
    row: int
    error: Error | None = None


class _Report(Struct):
    refused: int
    rows: list[_Row]


class _Kiosk(Struct):
    url: str


def read_units(content: bytes) -> list[UnitLine]:
    """The units' file as it is kept: UTF-8, columns code, name, kind, parent_code."""
    lines = csv.DictReader(content.decode("utf-8-sig").splitlines())
    return [UnitLine(r["code"], r["name"], r["kind"], r["parent_code"]) for r in lines]


async def make_conference(api: Api, starts_at: int) -> Made:
    """Units, conference, rooms, documents, a kiosk. `api` is signed in as somebody who may. `starts_at` in ms.

    Raises `ApiError` or `NotMade`; what was made until then stays.
    """
    units = await asyncio.to_thread(UNITS.read_bytes)
    plan = rooms(read_units(units))
    await _send_file(api, "/api/units/import", UNITS.name, units)
    new = {"title": TITLE, "starts_at": starts_at, "place": PLACE, "help_phone": people.HELP_PHONE}
    id = (await api.call("POST", "/api/conferences", ConferenceView, new)).id
    one = f"/api/conferences/{id}"
    await _send_file(api, f"{one}/points/import", "điểm cầu.csv", rooms_file(plan))
    for title, paper, after in DOCUMENTS:
        await _send_document(api, one, title, paper, None if after is None else starts_at + after)
    kiosk = await api.call("POST", f"{one}/kiosks", _Kiosk, {"name": "Màn hình phòng điều hành", "programme": True})
    return Made(id, len(plan), kiosk.url)


def rooms_file(plan: list[Room]) -> bytes:
    """The file an organizer would have typed."""
    columns = [c for f in _FIELDS for c in COLUMNS if c.field == f]
    return write_csv(columns, (msgspec.structs.asdict(room) for room in plan))


async def _send_file(api: Api, path: str, name: str, content: bytes) -> None:
    """All or nothing; `NotMade` quotes the first row that was refused."""
    report = await api.call("POST", f"{path}?dry_run=false", _Report, data=content, **_named(name))
    if report.refused:
        bad = next(r for r in report.rows if r.verdict == "refused")
        raise NotMade(f"{name}:{bad.row}: {bad.error.message if bad.error else 'refused'}")


async def _send_document(api: Api, one: str, title: str, paper: Paper, release_at: int | None) -> None:
    query = {"title": title} | ({} if release_at is None else {"release_at": str(release_at)})
    content = await asyncio.to_thread(pdf, paper)
    await api.call("POST", f"{one}/documents?{urlencode(query)}", object, data=content, **_named(f"{title}.pdf"))


def _named(name: str) -> dict[str, str]:
    return {"X-File-Name": quote(name)}
