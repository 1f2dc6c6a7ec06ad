"""A small server with everything of accounts that is real: database, hashes, conference, sockets."""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Literal

from aiohttp import ClientResponse, ClientWebSocketResponse, web
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher
from sqlalchemy.ext.asyncio import AsyncEngine

from server.accounts.authenticator import COOKIE
from server.accounts.capability import Accounts
from server.accounts.messages import MESSAGES
from server.accounts.model import Account, AccountRole
from server.accounts.passwords import Passwords
from server.conference.messages import MESSAGES as RULE_MESSAGES
from server.http.assembly import Assembly, add_headers
from server.http.messages import MESSAGES as HTTP_MESSAGES
from server.http.metrics import Metrics
from server.http.proxies import trust
from server.http.routing import Principal
from server.http.tries import Tries
from server.journal import Journal
from server.live.conferences import Conferences, LiveSettings
from server.live.sockets import Sockets
from server.messages import Catalog
from server.protocol.commands import AddPoints, CreateConference
from tests.conference.given import ADMIN, POINTS, T0, UNITS

CONFERENCE = "hn2026"
PASSWORD = "sáng nay trời đẹp quá"
OTHER_PASSWORD = "chiều nay trời sẽ mưa"
OURS = {"X-Requested-With": "nhipcau"}
DEVICE = Principal("device", "operator", "device:1.1", conference=CONFERENCE, point=1, device=1)

Browser = TestClient[web.Request, web.Application]


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = T0

    def __call__(self) -> int:
        return self.now


class CountingHasher(PasswordHasher):
    """argon2id as it is, so weak that tests are fast, and counted."""

    def __init__(self, time_cost: int = 1) -> None:
        super().__init__(time_cost=time_cost, memory_cost=8, parallelism=1)
        self.verified: list[str] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        self.verified.append(str(hash))
        return super().verify(hash, password)


async def within(unit: str, root: str | None) -> bool:
    """The tree of the test's units."""
    parents = {u.code: u.parent for u in UNITS}
    at: str | None = unit
    while at in parents:
        if root is None or at == root:
            return True
        at = parents[at]
    return False


async def devices(token: str) -> Principal | None:
    return DEVICE if token == "nc_dev_room-one" else None


class House:
    def __init__(self, engine: AsyncEngine) -> None:
        self.engine, self.clock, self.hasher = engine, Clock(), CountingHasher()
        self.conferences = Conferences(Journal(engine), LiveSettings(), self.clock)
        self.passwords = Passwords(self.hasher)
        self.accounts = Accounts(
            engine,
            self.conferences,
            within,
            devices,
            lambda test: self.sockets.close_where(test),
            "https://cau.example",
            Tries(engine),
            clock=self.clock,
            passwords=self.passwords,
        )
        self.metrics = Metrics()
        self.assembly = Assembly(
            Catalog(MESSAGES, RULE_MESSAGES, HTTP_MESSAGES),
            self.accounts.authenticator.authenticate,
            self.metrics,
            frozenset(),
        )
        self.sockets = Sockets(self.conferences, self.accounts.authenticator.authenticate, self.assembly, self.metrics)
        app = web.Application(middlewares=[trust(("127.0.0.1",)), self.assembly.middleware])
        app.on_response_prepare.append(add_headers)
        self.assembly.mount(app, self.accounts.routes())
        app.router.add_get("/ws", self.sockets.serve)
        self._server = TestServer(app)
        self._browsers: list[Browser] = []

    async def __aenter__(self) -> "House":
        await self._server.start_server(access_log=None)  # as the server itself: its paths hold secrets
        await self.conferences.journal.create(CONFERENCE, "epoch")
        live = await self.conferences.get(CONFERENCE)
        assert live is not None
        for command in (CreateConference("Hội nghị", T0), AddPoints(UNITS, POINTS)):
            assert (await live.conductor.submit(command, ADMIN)).refusal is None
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for browser in self._browsers:
            await browser.session.close()
        await self._server.close()
        await self.conferences.stop()
        await self.accounts.close()

    async def account(self, login: str, role: AccountRole = "viewer", unit: str | None = None) -> Account:
        return await self.accounts.create_account(login, f"Người {login}", PASSWORD, role, unit)

    def browser(self, headers: Mapping[str, str] = OURS) -> Browser:
        """A browser of its own, with its own cookies."""
        browser: Browser = TestClient(self._server, headers=headers)
        self._browsers.append(browser)
        return browser

    def bearer(self, token: str) -> Browser:
        return self.browser({"Authorization": f"Bearer {token}"})

    async def sign_in(self, login: str, password: str = PASSWORD) -> Browser:
        browser = self.browser()
        answer = await browser.post("/api/session", json={"login": login, "password": password})
        assert answer.status == 200, await answer.text()
        return browser

    async def signed_in(self, login: str, role: AccountRole, unit: str | None = None) -> Browser:
        await self.account(login, role, unit)
        return await self.sign_in(login)

    async def token(self, owner: Browser, **fields: Any) -> Browser:
        made = await owner.post("/api/tokens", json={"name": "Bảng tổng hợp", **fields})
        return self.bearer((await ok(made, 201))["token"])

    async def kiosk(self, organizer: Browser, **fields: Any) -> tuple[str, Browser]:
        """The kiosk's id and its screen."""
        path = f"/api/conferences/{CONFERENCE}/kiosks"
        made = await ok(await organizer.post(path, json={"name": "Ti vi phòng trực", **fields}), 201)
        return made["id"], self.bearer(made["url"].rpartition("/")[2])

    async def wall(self, browser: Browser, token: str | None = None) -> ClientWebSocketResponse:
        """An open wall, after its first picture."""
        socket = await browser.ws_connect("/ws")
        hello = {"t": "hello", "v": 1, "conference": CONFERENCE}
        await socket.send_json(hello if token is None else {**hello, "token": token})
        assert [(await socket.receive_json())["t"] for _ in range(2)] == ["welcome", "snapshot"]
        return socket


async def ok(answer: ClientResponse, status: int = 200) -> Any:
    assert answer.status == status, await answer.text()
    return await answer.json() if status != 204 else None


async def refused(answer: ClientResponse) -> tuple[int, str, str | None]:
    """Status, code and field of a refusal in the one shape."""
    error = (await answer.json())["error"]
    assert error["message"] not in ("", error["code"]), "every code has a text"
    return answer.status, error["code"], error.get("field")


async def me(browser: Browser) -> Any:
    return (await ok(await browser.get("/api/session")))["account"]


def cookie(browser: Browser) -> str:
    jar = browser.session.cookie_jar.filter_cookies(browser.make_url("/"))
    return jar[COOKIE].value if COOKIE in jar else ""


async def heard(wall: ClientWebSocketResponse) -> Any:
    """What an open wall is told next, beside the frames that come when they come."""
    message = await wall.receive_json()
    while message["t"] == "frame":
        message = await wall.receive_json()
    return message
