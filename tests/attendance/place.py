"""A small server with everything of attendance that is real: database, journal, conference, middlewares."""

import re
from types import TracebackType
from typing import Any

from aiohttp import ClientResponse, DummyCookieJar, web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy.ext.asyncio import AsyncEngine

from server.attendance.capability import Attendance
from server.attendance.codes import CodeStore
from server.conference import State
from server.conference.messages import MESSAGES as RULE_MESSAGES
from server.conference.rules import Actor
from server.http.assembly import Assembly, add_headers
from server.http.messages import MESSAGES as HTTP_MESSAGES
from server.http.metrics import Metrics
from server.http.proxies import trust
from server.http.routing import Principal
from server.http.tries import Tries
from server.journal import Journal
from server.live.conferences import Conferences, Live, LiveSettings
from server.messages import Catalog
from server.protocol.commands import AddDocument, AddPoints, Command, CreateConference, FileFacts, NewPoint, Scope
from tests.conference.given import ADMIN, T0, UNITS

CONFERENCE = "hn2026"
HOUR = 3_600_000
PHONE = "Mozilla/5.0 (Linux; Android 13; SM-A145F) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"
ROOMS = [("09619", ""), ("09619", "Phòng 2"), ("09622", ""), ("00001", "")]

Browser = TestClient[web.Request, web.Application]


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = T0

    def __call__(self) -> int:
        return self.now


def file(
    hash: str = "a" * 64, name: str = "nghi-quyet.pdf", size: int = 1_200_000, pages: int | None = 24
) -> FileFacts:
    return FileFacts(hash, size, "application/pdf", name, pages)


class Place:
    def __init__(self, engine: AsyncEngine) -> None:
        self.clock, self.codes, self.metrics, self.tries = Clock(), CodeStore(engine), Metrics(), Tries(engine)
        self.conferences = Conferences(Journal(engine), LiveSettings(pace_ms=0), self.clock)
        self.attendance = Attendance(
            self.conferences,
            self.codes,
            key=b"k" * 32,
            code_url=lambda code: f"https://cau.example/D/{code}",
            address=lambda hash, name: f"/F/{hash[:8]}/{name}",
            metrics=self.metrics,
            tries=self.tries,
            clock=self.clock,
        )
        self.who: Principal | None = None
        catalog = Catalog(RULE_MESSAGES, HTTP_MESSAGES)
        self.assembly = Assembly(catalog, self._authenticate, self.metrics, frozenset())
        app = web.Application(middlewares=[trust(("127.0.0.1",)), self.assembly.middleware])
        app.on_response_prepare.append(add_headers)
        self.assembly.mount(app, self.attendance.routes())
        self.server = TestServer(app)
        self._browsers: list[Browser] = []

    async def _authenticate(self, request: web.Request) -> Principal | None:
        return self.who

    async def __aenter__(self) -> "Place":
        await self.server.start_server(access_log=None)
        await self.conferences.journal.create(CONFERENCE, "epoch")
        live = await self.conferences.get(CONFERENCE)
        assert live is not None
        self.live: Live = live
        self.own, *self.rooms = await self.codes.reserve(CONFERENCE, 1 + len(ROOMS))
        points = [NewPoint(unit, code, name) for (unit, name), code in zip(ROOMS, self.rooms, strict=True)]
        await self.do(CreateConference("Hội nghị <quán triệt>", T0, "Hội trường lớn", self.own, "024 3825 1234"))
        await self.do(AddPoints(UNITS, points))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for browser in self._browsers:
            await browser.session.close()
        await self.server.close()
        await self.attendance.close()
        await self.conferences.stop()

    async def do(self, command: Command, actor: Actor = ADMIN) -> None:
        answer = await self.live.conductor.submit(command, actor)
        assert answer.refusal is None, answer.refusal

    async def add(self, title: str, scope: Scope | None = None, release_at: int | None = None, **facts: Any) -> None:
        await self.do(AddDocument(title, file(**facts), scope or Scope(), release_at))

    def phone(self, agent: str = PHONE, address: str = "10.0.0.1", cookies: bool = True, **headers: str) -> Browser:
        """A telephone with its own cookies, on its own address. `Accept_Language="en"` is a header."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"User-Agent": agent, "X-Forwarded-For": address, **more}
        jar = {} if cookies else {"cookie_jar": DummyCookieJar()}
        browser: Browser = TestClient(self.server, headers=sent, **jar)
        self._browsers.append(browser)
        return browser

    async def counted(self) -> dict[tuple[int, str], int]:
        """(point, kind) -> how often, as the journal's fold has it; only what is not 0."""
        await self.attendance.close()

        def read(state: State) -> dict[tuple[int, str], int]:
            rows = [(0, state), *state.points.items()]
            kinds = {"scan": "scans", "open": "opens"}
            return {(p, k): n for p, of in rows for k, field in kinds.items() if (n := getattr(of, field))}

        return await self.live.conductor.at_rest(read)


async def page(answer: ClientResponse, status: int = 200) -> str:
    text = await answer.text()
    assert answer.status == status, text
    assert answer.content_type == "text/html"
    return text


def words(text: str) -> str:
    """What is read on a page."""
    body = re.sub(r"<[^>]+>", " ", text.partition("<body>")[2])
    return " ".join(body.split())
