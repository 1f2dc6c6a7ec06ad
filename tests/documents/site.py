"""A small server with everything of documents that is real: database, conference, files, sockets of bytes."""

from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy.ext.asyncio import AsyncEngine

from server.conference.messages import MESSAGES as RULE_MESSAGES
from server.documents.capability import Documents
from server.documents.kinds import KINDS
from server.documents.messages import MESSAGES
from server.documents.storage import Folder, Storage
from server.documents.uploads import PACE, Pace
from server.http.assembly import Assembly, add_headers
from server.http.messages import MESSAGES as HTTP_MESSAGES
from server.http.metrics import Metrics
from server.http.proxies import trust
from server.http.routing import Principal
from server.journal import Journal
from server.live.conductor import Answer
from server.live.conferences import SYSTEM, Conferences, Live, LiveSettings
from server.messages import Catalog
from server.protocol.commands import AddPoints, Command, CountScans, CreateConference, FileFacts
from tests.conference.given import ADMIN, POINTS, T0, UNITS

CONFERENCE = "hn2026"
PATH = f"/api/conferences/{CONFERENCE}/documents"
MAX_BYTES = 1024 * 1024
WHO = {
    "admin": Principal("account", "administrator", "account:1", "Trần Thu Hà"),
    "organizer": Principal("account", "organizer", "account:2", "Lê Văn Bình"),
    "baVi": Principal("account", "organizer", "account:3", "Ngô Thị Cúc", unit="271"),
    "viewer": Principal("account", "viewer", "account:4"),
    "kiosk": Principal("kiosk", "viewer", "kiosk:1", conference=CONFERENCE),
}

Browser = TestClient[web.Request, web.Application]


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = T0

    def __call__(self) -> int:
        return self.now


class Site:
    """Who asks stands in the header `Test-As`."""

    def __init__(self, engine: AsyncEngine, folder: Path, storage: Storage | None = None, pace: Pace = PACE) -> None:
        self.clock, self.folder = Clock(), folder
        self.journal = Journal(engine)
        self.conferences = Conferences(self.journal, LiveSettings(pace_ms=0), self.clock)
        self.storage = storage or Folder(folder)
        self.documents = Documents(
            engine,
            self.conferences,
            self.journal,
            self.storage,
            folder / "incoming",
            key=b"k" * 32,
            types=tuple(KINDS),
            max_bytes=MAX_BYTES,
            name_of=_name_of,
            expired_page=lambda lang: f"<p>{lang}: hết hạn".encode(),
            clock=self.clock,
            pace=pace,
        )

    async def __aenter__(self) -> "Site":
        catalog = Catalog(RULE_MESSAGES, HTTP_MESSAGES, MESSAGES)
        assembly = Assembly(catalog, _authenticate, Metrics(), frozenset())
        app = web.Application(middlewares=[trust(("127.0.0.1",)), assembly.middleware])
        app.on_response_prepare.append(add_headers)
        assembly.mount(app, self.documents.routes())
        self.server = TestServer(app)
        await self.server.start_server()
        self.browser: Browser = TestClient(self.server)
        await self.journal.create(CONFERENCE, "epoch")
        await self.do(CreateConference("Hội nghị quán triệt Nghị quyết", T0, "Cung Văn hoá", "CODECODE000"))
        await self.do(AddPoints(UNITS, POINTS))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.browser.close()
        await self.server.close()
        await self.conferences.stop()

    async def live(self) -> Live:
        live = await self.conferences.get(CONFERENCE)
        assert live
        return live

    async def do(self, command: Command) -> Answer:
        actor = SYSTEM if isinstance(command, CountScans) else ADMIN
        answer = await (await self.live()).conductor.submit(command, actor)
        assert answer.refusal is None, answer.refusal
        return answer

    async def upload(
        self, content: Any, name: str = "Nghị quyết.pdf", *, to: str = PATH, who: str = "admin", **query: Any
    ) -> ClientResponse:
        headers = {"X-File-Name": quote(name), "Test-As": who}
        return await self.browser.post(to, params=query, data=content, headers=headers)

    async def get(self, path: str, who: str = "admin", **headers: str) -> ClientResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.browser.get(path, headers={"Test-As": who, **named}, allow_redirects=False)

    def left_behind(self) -> list[Path]:
        """Files of uploads under way, and blobs."""
        return [p for p in self.folder.rglob("*") if p.is_file()]


def facts(name: str = "Nghị quyết.pdf", hash: str = "ab" * 32, size: int = 1_234_567) -> FileFacts:
    return FileFacts(hash, size, "application/pdf", name, 24)


async def ok(answer: ClientResponse, status: int = 200) -> Any:
    assert answer.status == status, await answer.text()
    return await answer.json()


async def refused(answer: ClientResponse) -> tuple[int, str, str | None]:
    """Status, code and field of a refusal in the one shape."""
    error = (await answer.json())["error"]
    assert error["message"] not in ("", error["code"]), "every code has a text"
    return answer.status, error["code"], error.get("field")


async def _authenticate(request: web.Request) -> Principal | None:
    return WHO.get(request.headers.get("Test-As", ""))


async def _name_of(actor: str) -> str:
    return next((p.name for p in WHO.values() if p.by == actor), actor)
