"""Everything refuses by default: each route and each command is tried by everybody who should not, and who should."""

import re
from collections.abc import AsyncIterator
from typing import get_args

import aiohttp
import msgspec
import pytest
import pytest_asyncio

from server.client.line import new_id
from server.conference.rules import ADMINS, OPERATORS, ORGANIZERS, RULES, SYSTEM
from server.http.routing import Allow, Principal, Route, permits
from server.protocol.commands import InternalCommand, PublicCommand
from tests.http.commands import COMMANDS
from tests.servers.whole import Whole, whole

pytestmark = pytest.mark.asyncio(loop_scope="module")

PEOPLE = ("nobody", "kiosk", "device", "viewer", "organizer", "administrator")
# Who passes the door of a route, by what it declares. What an organizer may touch behind it, the rules bound.
LET_IN: dict[Allow, set[str]] = {
    Allow.PUBLIC: set(PEOPLE),
    Allow.LINK: set(PEOPLE),
    Allow.DEVICE: {"device"},
    Allow.WATCH: {"kiosk", "viewer", "organizer", "administrator"},
    Allow.VIEWER: {"viewer", "organizer", "administrator"},
    Allow.ORGANIZER: {"organizer", "administrator"},
    Allow.ADMINISTRATOR: {"administrator"},
}
PLACE = re.compile(r"\{(\w+)(?::(?:[^{}]|\{[^{}]*\})*)?\}")  # a variable part of a path, with its pattern
# A row here is a decision: what is open without a key stands in this list, or it is not open.
OPEN = {
    "GET /", "GET /login", "GET /setup/{token}", "GET /console", "GET /console/{rest:.*}",
    "GET /wall/{conference}", "GET /k/{token}", "GET /O/{link}", "GET /O/{link}/", "GET /o/{link}",
    "GET /O/{link}/app.webmanifest", "GET /assets/{file:.+}", "GET /healthz", "GET /readyz", "GET /metrics",
    "GET /api/openapi.json", "GET /api/session", "POST /api/session", "DELETE /api/session", "POST /api/setup",
    "POST /api/enrol", "POST /api/bridges/{name:[0-9A-Za-z-]+}", "GET /ws", "GET /live.js",
}  # fmt: skip


class Crowd:
    """Everybody, each with a key. The organizer's unit is Ba Vì, whose rooms are 1 to 3."""

    def __init__(self, house: Whole, keys: dict[str, str], session: aiohttp.ClientSession) -> None:
        self.house, self.keys, self.session = house, keys, session

    async def ask(self, who: str, method: str, path: str, body: object = None) -> tuple[int, str]:
        """Status and error code."""
        headers = {"Authorization": f"Bearer {self.keys[who]}"} if who in self.keys else {}
        data = msgspec.json.encode(body) if body is not None else None
        async with self.session.request(
            method, self.house.base + path, data=data, headers=headers, allow_redirects=False
        ) as answer:
            raw = await answer.read()
            if answer.status < 400 or answer.content_type != "application/json" or method == "HEAD":
                return answer.status, ""  # attendees get their errors as pages
            return answer.status, msgspec.json.decode(raw)["error"]["code"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def crowd(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Crowd]:
    async with whole(tmp_path_factory.mktemp("crowd")) as house, aiohttp.ClientSession() as session:
        keys = {
            "kiosk": await house.kiosk(),
            "device": await house.device(1),
            "viewer": await house.token("viewer"),
            "organizer": await house.token("organizer", "271"),
            "administrator": await house.token(),
        }
        await house.command("post_notice", text="Cho phòng 4", scope={"point": 4})
        yield Crowd(house, keys, session)


def address(route: Route) -> str:
    """The route's path with names that nothing has: the door is asked before what is behind it."""

    def name(place: re.Match[str]) -> str:
        first, alternatives, _ = place[0].strip("{}").partition(":")[2].replace("\\", "").partition("|")
        return first if alternatives else "1"

    return re.sub(PLACE, name, route.path)


async def test_every_route_declares_who_may_use_it(crowd: Crowd) -> None:
    routes = crowd.house.server.assembly.routes
    assert len(routes) > 60
    assert all(isinstance(route.allow, Allow) for route in routes)


async def test_nothing_is_mounted_beside_the_declarations(crowd: Crowd) -> None:
    runner = crowd.house.server._runner
    assert runner is not None
    mounted = {(r.method, r.resource.canonical) for r in runner.app.router.routes() if r.resource}
    declared = {(r.method, re.sub(PLACE, r"{\1}", r.path)) for r in crowd.house.server.assembly.routes}
    assert {m for m in mounted if m[0] != "HEAD"} == {d for d in declared if d[0] != "HEAD"}


async def test_what_is_open_to_everybody_is_written_down(crowd: Crowd) -> None:
    attendee = re.compile(r"/[dDF](/|$)")
    found = {
        f"{r.method} {r.path}" for r in crowd.house.server.assembly.routes if r.allow in (Allow.PUBLIC, Allow.LINK)
    }
    unnamed = {f for f in found - OPEN if not attendee.match(f.split(" ")[1]) and "{file:" not in f}
    assert unnamed == set()


async def test_every_route_lets_in_exactly_whom_it_declares(crowd: Crowd) -> None:
    """A refusal at the door is 401 without a key and 403 with one, both before the request is even read."""
    wrong = []
    for route in crowd.house.server.assembly.routes:
        if route.path == "/ws":
            continue
        for who in PEOPLE:
            if route.path == "/api/session" and who == "administrator":
                continue
            status, code = await crowd.ask(who, route.method, address(route))
            refused = (status, code) == ((401, "unauthenticated") if who == "nobody" else (403, "forbidden"))
            if refused is (who in LET_IN[route.allow]):
                wrong.append(f"{who}: {route.method} {route.path} ({route.allow}) answered {status} {code}")
    assert wrong == []


@pytest.mark.parametrize("allow", list(Allow))
async def test_who_is_of_no_known_kind_passes_no_closed_door(crowd: Crowd, allow: Allow) -> None:
    stranger = Principal("robot", "viewer", "robot:1")
    system = Principal("account", "system", "account:0")
    expected = allow in (Allow.PUBLIC, Allow.LINK)
    assert permits(allow, system) is expected
    assert permits(allow, stranger) is expected


# --- commands


async def test_every_command_has_a_rule_that_says_who_may() -> None:
    commands = {*get_args(PublicCommand), *get_args(InternalCommand)}
    assert set(RULES) == commands
    assert all(RULES[c].allow for c in commands)
    assert all(RULES[c].allow in (ADMINS, ORGANIZERS, OPERATORS) for c in get_args(PublicCommand))
    for command in get_args(InternalCommand):
        assert "operator" not in RULES[command].allow
        assert "viewer" not in RULES[command].allow
    assert set(COMMANDS) == set(get_args(PublicCommand)), "each is tried below"
    assert {"system"} == SYSTEM


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.__struct_config__.tag)
@pytest.mark.parametrize("who", ["kiosk", "viewer", "device", "organizer"])
async def test_a_command_is_refused_to_whoever_its_rule_does_not_name(
    crowd: Crowd, command: type[msgspec.Struct], who: str
) -> None:
    """Over the socket and over HTTP. The device is of room 1, the organizer of its district; room 4 is neither's."""
    role = {"device": "operator", "kiosk": "viewer"}.get(who, who)
    allowed = RULES[command].allow
    elsewhere = msgspec.to_builtins(COMMANDS[command])
    before = await crowd.house.admin.call("GET", crowd.house.one, dict)
    async with crowd.house.wall(crowd.keys[who]) as socket:
        tag = elsewhere.pop("type")
        answer = await socket.done(tag, **elsewhere)
    assert answer["t"] == "refused", answer
    if role not in allowed:
        assert answer["error"]["code"] == ("watch_only" if who == "kiosk" else "forbidden")
    else:
        assert answer["error"]["code"] == "forbidden_scope"
    body = {"id": new_id(), "command": {"type": tag, **elsewhere}}
    status, code = await crowd.ask(who, "POST", f"{crowd.house.one}/commands", body)
    assert status == 403
    assert code in ("forbidden", "forbidden_scope")
    after = await crowd.house.admin.call("GET", crowd.house.one, dict)
    assert after["seq"] == before["seq"], "nothing was written"
