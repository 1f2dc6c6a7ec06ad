"""Routes behind the real assembly, with a conference on a real database and readers told by a header."""

import io
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy.ext.asyncio import AsyncEngine

from server.conference.messages import MESSAGES as CONFERENCE
from server.http.assembly import Assembly, add_headers
from server.http.longrun import NDJSON
from server.http.messages import MESSAGES as HTTP
from server.http.metrics import Metrics
from server.http.routing import Capability, Principal
from server.journal import Journal
from server.live.conferences import Conferences, Live, LiveSettings
from server.messages import Catalog
from server.operators.messages import MESSAGES as OPERATORS
from server.points.messages import MESSAGES as POINTS
from server.printing.problems import MESSAGES as PRINTING
from server.protocol.commands import Command, CreateConference
from server.tables.messages import MESSAGES as TABLES
from server.units.messages import MESSAGES as UNITS
from server.units.model import Unit
from server.units.store import UnitStore
from tests.conference.given import ADMIN, T0

CATALOG = Catalog(HTTP, CONFERENCE, OPERATORS, TABLES, UNITS, POINTS, PRINTING)
CONFERENCE_ID = "abcd1234"
WHO = "X-Test-Who"

BA_VI = [
    Unit("HN", "Thành phố Hà Nội", "thành phố", order=1),
    Unit("271", "Huyện Ba Vì", "huyện", "HN", order=2),
    Unit("09619", "Xã Tản Lĩnh", "xã", "271", order=3),
    Unit("09622", "Xã Minh Quang", "xã", "271", order=4),
    Unit("001", "Quận Ba Đình", "quận", "HN", order=5),
    Unit("00001", "Phường Phúc Xá", "phường", "001", order=6),
]


def principal(who: str) -> Principal | None:
    """`administrator`, `organizer:271` (bound to a unit), `viewer`, `kiosk`, `device`; `""` is nobody."""
    role, _, unit = who.partition(":")
    if not role:
        return None
    if role == "device":
        return Principal("device", "operator", "device:1.1", conference=CONFERENCE_ID, point=1, device=1)
    if role == "kiosk":
        return Principal("kiosk", "viewer", "kiosk:1", unit=unit or None, conference=CONFERENCE_ID)
    return Principal("account", role, "account:1", "Trần Thu Hà", unit or None)  # type: ignore[arg-type]


async def _authenticate(request: web.Request) -> Principal | None:
    return principal(request.headers.get(WHO, ""))


class House:
    """A database with the units of `BA_VI` and one conference in it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.journal = Journal(engine)
        self.units = UnitStore(engine)
        self.conferences = Conferences(self.journal, LiveSettings(interval_ms=20, pace_ms=0))

    async def begin(self, units: Sequence[Unit] = BA_VI) -> Live:
        await self.units.apply(units, 0)
        await self.journal.create(CONFERENCE_ID, "epoch")
        live = await self.conferences.get(CONFERENCE_ID)
        assert live is not None
        await do(live, CreateConference("Hội nghị", T0, code="ALL0CODE000"))
        return live


async def do(live: Live, *commands: Command) -> None:
    for command in commands:
        answer = await live.conductor.submit(command, ADMIN)
        assert answer.refusal is None, answer.refusal


class Client:
    """Asks as somebody; gives status and decoded body."""

    def __init__(self, client: "TestClient[web.Request, web.Application]") -> None:
        self.raw = client

    async def ask(
        self, method: str, path: str, *, who: str = "administrator", json: Any = None, data: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, Any]:  # fmt: skip
        asked = {WHO: who, **(headers or {})}
        async with self.raw.request(method, path, json=json, data=data, headers=asked) as response:
            body = await response.read()
            json_body = response.content_type == "application/json" and body
            return response.status, msgspec.json.decode(body) if json_body else body

    async def get(self, path: str, who: str = "administrator") -> Any:
        status, body = await self.ask("GET", path, who=who)
        assert status == 200, body
        return body

    async def lines(self, path: str, data: bytes, who: str = "administrator") -> list[Any]:
        """A long answer as its lines."""
        async with self.raw.post(path, data=data, headers={WHO: who, "Accept": NDJSON}) as response:
            assert response.content_type == NDJSON, await response.text()
            return [msgspec.json.decode(line) for line in (await response.read()).splitlines()]


@asynccontextmanager
async def serving(*capabilities: Capability) -> AsyncIterator[Client]:
    assembly = Assembly(CATALOG, _authenticate, Metrics(), frozenset())
    app = web.Application(middlewares=[assembly.middleware])
    for capability in capabilities:
        assembly.mount(app, capability.routes())
    app.on_response_prepare.append(add_headers)
    async with TestClient(TestServer(app)) as client:
        yield Client(client)


def csv_of(*rows: Sequence[object]) -> bytes:
    """A file as people have it."""
    out = io.StringIO()
    for row in rows:
        out.write(";".join(str(cell) for cell in row) + "\r\n")
    return out.getvalue().encode("utf-8-sig")
