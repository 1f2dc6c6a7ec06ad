"""How far everybody reaches behind the door: each route of conferences and units is tried by an organizer, a viewer
and a kiosk of one district, for what is theirs and for what is the other district's."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import msgspec
import pytest
import pytest_asyncio

from server.client.line import new_id
from server.config import MediaConfig
from tests.documents import files
from tests.servers.whole import Body, Whole, whole

pytestmark = pytest.mark.asyncio(loop_scope="module")

WHO = ("organizer", "viewer", "kiosk")  # of Ba Vì, whose rooms are 1 to 3; room 4 is Ba Đình's
ALL, PEOPLE, ORGANIZER = set(WHO), {"organizer", "viewer"}, {"organizer"}
PUBLISH, WATCH = (f"https://media.example/{{conference}}/{{stream}}/{act}" for act in ("whip", "whep"))
UNSEEN, SCOPE = (404, "point_unknown"), (403, "forbidden_scope")


@dataclass(frozen=True)
class Try:
    """`path` begins behind the conference, or with `/api`. `{DOCUMENT}`, `{KIOSK}` are the district's own, with
    `_OTHER` the other's. `answers`: to `may`; to the others the door is shut."""

    path: str
    may: set[str]
    answers: int | tuple[int, str] = 200
    body: Any = None
    file: bytes | None = None


def command(type: str, **fields: Any) -> Body:
    return {"id": new_id(), "command": {"type": type, **fields}}


def rooms(unit: str) -> bytes:
    return f"Mã đơn vị;Tên phòng\n{unit};Phòng mới\n".encode()


# A row here is a decision. For every route: what is tried, by whom it may be, and what then happens.
TRIES: dict[str, list[Try]] = {
    "GET /api/conferences": [Try("/api/conferences", PEOPLE)],
    "POST /api/conferences": [Try("/api/conferences", ORGANIZER, SCOPE, {"title": "Hội nghị", "starts_at": 0})],
    "GET {}": [
        Try("", ALL),
        Try("/api/conferences/{ELSEWHERE}", PEOPLE, (404, "conference_unknown")),
        Try("/api/conferences/{ELSEWHERE}", {"kiosk"}, SCOPE),
    ],
    "POST {}/commands": [
        Try("/commands", ORGANIZER, 200, command("ready", point=1)),
        Try("/commands", ORGANIZER, SCOPE, command("ready", point=4)),
        Try("/commands", ORGANIZER, SCOPE, command("set_phase", phase="closed")),
    ],
    "GET {}/journal": [Try("/journal", PEOPLE)],
    # Links, codes, and everything printed of them: organizers; of their rooms, and of what is for everybody.
    "GET {}/links": [Try("/links", ORGANIZER)],
    "GET {}/points/{}/link.{}": [
        Try("/points/1/link.svg", ORGANIZER),
        Try("/points/4/link.png", ORGANIZER, UNSEEN),
    ],
    "GET {}/codes/{}.{}": [
        Try("/codes/1.svg", ORGANIZER),
        Try("/codes/all.png", ORGANIZER),
        Try("/codes/4.svg", ORGANIZER, UNSEEN),
    ],
    "GET {}/print/{}.pdf": [
        *(Try(f"/print/{kind}.pdf?unit=271", ORGANIZER) for kind in ("posters", "cards", "sheets")),
        *(Try(f"/print/{kind}.pdf?points=4", ORGANIZER, (409, "print_missing")) for kind in ("posters", "cards")),
        Try("/print/sheets.pdf?unit=001", ORGANIZER, (409, "print_nothing")),
    ],
    "GET {}/print/poster.pdf": [Try("/print/poster.pdf", ORGANIZER)],
    "POST {}/codes": [
        Try("/codes", ORGANIZER, 201, {"point": 2}),
        Try("/codes", ORGANIZER, SCOPE, {"point": 4}),
        Try("/codes", ORGANIZER, SCOPE, {"point": None}),
    ],
    # Rooms and whom to call.
    "GET {}/points": [Try("/points", ALL), Try("/points?status=closed", ALL), Try("/points?unit=001", ALL)],
    "GET {}/points/{}": [Try("/points/1", ALL), Try("/points/4", ALL, UNSEEN)],
    "GET {}/points.{}": [Try("/points.csv", PEOPLE), Try("/points.xlsx", PEOPLE)],
    "GET {}/contacts": [Try("/contacts", PEOPLE)],
    "PUT {}/points/{}/contacts": [
        Try("/points/3/contacts", ORGANIZER, 200, []),
        Try("/points/4/contacts", ORGANIZER, UNSEEN, []),
    ],
    "POST {}/points/import": [
        Try("/points/import?dry_run=false", ORGANIZER, 200, file=rooms("09622")),
        Try("/points/import?dry_run=false", ORGANIZER, 200, file=rooms("00001")),  # refused, row by row
    ],
    "POST {}/points/select": [
        Try("/points/select", ORGANIZER, 200, {"units": ["271"], "dry_run": True}),
        Try("/points/select", ORGANIZER, (404, "unit_unknown"), {"units": ["001"], "dry_run": True}),
    ],
    # Documents are the whole conference's work; the district reads what reaches it.
    "GET {}/documents": [Try("/documents", PEOPLE)],
    "POST {}/documents": [Try("/documents?unit=271", ORGANIZER, SCOPE, file=files.TEXT)],
    "POST {}/documents/{}/versions": [Try("/documents/{DOCUMENT}/versions", ORGANIZER, SCOPE, file=files.TEXT)],
    "GET {}/documents/{}/file": [
        Try("/documents/{DOCUMENT}/file", ORGANIZER),
        Try("/documents/{DOCUMENT_OTHER}/file", ORGANIZER, (404, "document_unknown")),
    ],
    "GET {}/documents/counts": [Try("/documents/counts", PEOPLE)],
    "GET {}/kiosks": [Try("/kiosks", ORGANIZER)],
    "POST {}/kiosks": [
        Try("/kiosks", ORGANIZER, 201, {"name": "Hành lang", "unit": "09619"}),
        Try("/kiosks", ORGANIZER, SCOPE, {"name": "Hành lang", "unit": "001"}),
    ],
    "DELETE {}/kiosks/{}": [
        Try("/kiosks/{KIOSK_OTHER}", ORGANIZER, (404, "kiosk_unknown")),
        Try("/kiosks/{KIOSK}", ORGANIZER, 204),
    ],
    # Media: what all see comes from who organizes the whole; pictures of people are not for corridors.
    "GET {}/media": [Try("/media", ORGANIZER)],
    "POST {}/media/passes": [
        Try("/media/passes", ORGANIZER, 200, {"stream": "programme", "act": "watch"}),
        Try("/media/passes", ORGANIZER, 200, {"stream": "point/1", "act": "watch"}),
        Try("/media/passes", ORGANIZER, 200, {"stream": "talk/1", "act": "publish"}),
        Try("/media/passes", ORGANIZER, SCOPE, {"stream": "main", "act": "publish"}),
        Try("/media/passes", ORGANIZER, (404, "stream_unknown"), {"stream": "point/4", "act": "watch"}),
        Try("/media/passes", ORGANIZER, (404, "stream_unknown"), {"stream": "talk/4", "act": "publish"}),
    ],
    "GET {}/points/{}/thumbnail": [
        Try("/points/1/thumbnail", PEOPLE, (404, "picture_none")),
        Try("/points/4/thumbnail", PEOPLE, UNSEEN),
    ],
    # The tree is common to all: read in part, written by who has all of it.
    "GET /api/units": [
        Try("/api/units", PEOPLE),
        Try("/api/units?q=quan", PEOPLE),
        Try("/api/units?parent=001", PEOPLE, (404, "unit_unknown")),
    ],
    "GET /api/units.{}": [Try("/api/units.csv", PEOPLE)],
    "POST /api/units/import": [Try("/api/units/import", ORGANIZER, SCOPE, file=b"Ma;Ten\nX;Y\n")],
    "PATCH /api/units/{}": [Try("/api/units/271", ORGANIZER, SCOPE, {"name": "Ba Vì"})],
}
PLACE = re.compile(r"\{(\w+)(?::(?:[^{}]|\{[^{}]*\})*)?\}")


class Ground:
    """A live conference with something in each district that the other must not see."""

    def __init__(self, house: Whole, session: aiohttp.ClientSession) -> None:
        self.house, self.session = house, session
        self.keys: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.secrets: dict[str, list[str]] = {}

    async def furnish(self) -> None:
        house, admin = self.house, self.house.admin
        self.names["ELSEWHERE"] = await house.new_conference("Hội nghị của nơi khác")
        waiting = "&release_at=4000000000000"
        for name, unit, more in (("DOCUMENT", "271", ""), ("DOCUMENT_OTHER", "001", ""), ("WAITING", "271", waiting)):
            path = f"{house.one}/documents?title={name}%20title&unit={unit}{more}"
            header = {"X-File-Name": "de-cuong.txt"}
            self.names[name] = str((await admin.call("POST", path, dict, data=files.TEXT, **header))["id"])
        for name, unit in (("KIOSK", "271"), ("KIOSK_OTHER", "001")):
            made = await admin.call("POST", f"{house.one}/kiosks", dict, {"name": f"{name} name", "unit": unit})
            self.names[name] = str(made["id"])
        for point in (1, 4):
            await house.device(point)
            await house.command("check_in", point=point)
            await house.command("ask_help", point=point, category="line", note=f"note of {point}")
        self.keys = {
            "organizer": await house.token("organizer", "271"),
            "viewer": await house.token("viewer", "271"),
            "kiosk": await house.kiosk("271"),
        }
        await self._name_secrets()

    async def _name_secrets(self) -> None:
        async def keys_of(point: int) -> list[str]:
            detail = await self.house.admin.call("GET", f"{self.house.one}/points/{point}", dict)
            return [detail["view"]["code"], detail["link"]["url"].rsplit("/", 1)[1], "Điện thoại 1"]

        others = [*await keys_of(4), "Phúc Xá", "Ba Đình", "Lê Thị Bình", "0987", "note of 4"]
        others += ["DOCUMENT_OTHER title", "KIOSK_OTHER name", "nơi khác"]
        guests = [*others, *await keys_of(1), "0912345678"]
        public = [*guests, "Nguyễn Văn An", "WAITING title", "note of 1"]
        code = (await self.house.admin.call("GET", self.house.one, dict))["conference"]["code"]
        self.secrets = {"organizer": others, "viewer": guests, "kiosk": [*public, code]}

    async def ask(self, who: str, method: str, tried: Try) -> tuple[int, str, str]:
        """Status, error code, and what was said; of pictures and paper nothing."""
        path = tried.path if tried.path.startswith("/api") else self.house.one + tried.path
        headers = {"Authorization": f"Bearer {self.keys[who]}", "X-File-Name": "x.csv"}
        data = tried.file if tried.body is None else msgspec.json.encode(tried.body)
        url = self.house.base + path.format(**self.names)
        async with self.session.request(method, url, data=data, headers=headers) as answer:
            words = answer.content_type in ("application/json", "text/csv")
            said = (await answer.read()).decode() if words else ""
            code = msgspec.json.decode(said)["error"]["code"] if answer.status >= 400 else ""
            return answer.status, code, said


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ground(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ground]:
    media = MediaConfig("khoá chung với các cầu", PUBLISH, WATCH)
    async with whole(tmp_path_factory.mktemp("reach"), media=media) as house, aiohttp.ClientSession() as session:
        ground = Ground(house, session)
        await ground.furnish()
        yield ground


def shape(method: str, path: str) -> str:
    return f"{method} {PLACE.sub('{}', path)}".replace("/api/conferences/{}", "{}")


async def test_every_route_of_conferences_and_units_is_tried(ground: Ground) -> None:
    routes = {shape(r.method, r.path) for r in ground.house.server.assembly.routes if r.method != "HEAD"}
    assert {r for r in routes if r.split(" ")[1].startswith(("{}", "/api/conferences", "/api/units"))} == set(TRIES)


@pytest.mark.parametrize("route", TRIES)
async def test_everybody_gets_his_own_and_nothing_of_the_others(ground: Ground, route: str) -> None:
    method = route.split(" ")[0]
    for tried in TRIES[route]:
        expected = (tried.answers, "") if isinstance(tried.answers, int) else tried.answers
        same = [other for other in TRIES[route] if other.path == tried.path and other is not tried]
        for who in WHO:
            if who not in tried.may and any(who in other.may for other in same):
                continue
            status, code, said = await ground.ask(who, method, tried)
            wanted = expected if who in tried.may else (403, "forbidden")
            assert (status, code) == wanted, (who, tried, said[:300])
            if status == 200:
                found = [secret for secret in ground.secrets[who] if secret in said]
                assert found == [], (who, tried)


async def test_what_is_refused_to_a_district_leaves_no_trace(ground: Ground) -> None:
    """The rows of another district's rooms were refused, and nothing else of it changed."""
    points = await ground.house.admin.call("GET", f"{ground.house.one}/points?unit=001", dict)
    assert [p["info"]["id"] for p in points["points"]] == [4]
    assert [p["row"][1] for p in points["points"]] == ["help"]
