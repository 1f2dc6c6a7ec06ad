"""A route declares everything about itself: who may use it, what it takes, what it answers.

    Route("POST", "/api/conferences", self.create, Allow.ORGANIZER, "Create a conference",
          body=NewConference, answer=ConferenceView)

There is no way to mount a handler without saying who may use it, and the OpenAPI document is made
from the same declarations.
"""

import enum
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from aiohttp import web

from server.conference.rules import Actor
from server.protocol.terms import Role

# What middlewares find out about a request, for everybody behind them.
REQUEST_ID = web.RequestKey("id", str)
ADDRESS = web.RequestKey("address", str)
HTTPS = web.RequestKey("https", bool)


class Allow(enum.Enum):
    """Who may use a route. What exactly an organizer may touch is bounded by his unit, in the rules."""

    PUBLIC = "public"  # anybody, signed in or not
    LINK = "link"  # whoever holds the secret in the path or body; the handler proves it
    DEVICE = "device"  # an operator's enrolled device
    WATCH = "watch"  # whoever may see a wall: viewer, organizer, administrator, kiosk, API token
    VIEWER = "viewer"  # a signed-in person or token, at least viewer (no kiosk)
    ORGANIZER = "organizer"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking. `unit` bounds what is seen and changed; `conference` binds kiosks and devices to one.
    `expires_at` (ms): when what it opened closes, None for never. `programme`: a kiosk that may play it."""

    kind: str  # account | token | kiosk | device
    role: Role
    by: str
    name: str = ""
    unit: str | None = None
    conference: str | None = None
    point: int | None = None
    device: int | None = None
    account: int | None = None
    session: str | None = None
    expires_at: int | None = None
    programme: bool = False

    def actor(self) -> Actor:
        return Actor(self.role, self.by, self.unit, self.point, self.name)


_RANK = {"viewer": 1, "organizer": 2, "administrator": 3}
_NEEDS = {Allow.VIEWER: 1, Allow.ORGANIZER: 2, Allow.ADMINISTRATOR: 3}


def permits(allow: Allow, who: Principal | None) -> bool:
    """Whether `who` may use a route declared `allow`. Everything that is not named is refused."""
    if allow in (Allow.PUBLIC, Allow.LINK):
        return True
    if who is None:
        return False
    if allow is Allow.DEVICE:
        return who.kind == "device"
    if allow is Allow.WATCH:
        return who.kind in ("kiosk", "account", "token") and who.role in _RANK
    return who.kind in ("account", "token") and _RANK.get(who.role, 0) >= _NEEDS[allow]


@dataclass(slots=True)
class Call:
    """One request, decoded. `body` and `query` are instances of what the route declared."""

    request: web.Request
    who: Principal | None
    body: Any
    query: Any
    lang: str
    request_id: str

    @property
    def principal(self) -> Principal:
        assert self.who is not None, "the route's declaration lets only known principals in"
        return self.who

    def path(self, name: str) -> str:
        return self.request.match_info[name]

    @property
    def address(self) -> str:
        """The client's address, as the trusted proxy tells it when one is configured."""
        return str(self.request.get(ADDRESS) or self.request.remote or "")


Handler = Callable[[Any], Awaitable[Any]]  # of a `Call`; of a `web.Request` where the route is raw


@dataclass(frozen=True, slots=True)
class Route:
    """`body`, `query`, `answer` are msgspec types. `upload`: the body is a raw file, read by the handler.
    `produces` names another media type than JSON; the handler then answers with a response of its own.
    `raw`: where thousands come at once and everybody may, the handler takes the request itself; who asks, body
    and query are not looked at."""

    method: str
    path: str
    handler: Handler
    allow: Allow
    summary: str
    body: Any = None
    query: Any = None
    answer: Any = None
    upload: bool = False
    raw: bool = False
    produces: str = "application/json"
    status: int = 200
    errors: tuple[str, ...] = field(default=())


class Capability(Protocol):
    """A folder's HTTP face."""

    def routes(self) -> list[Route]: ...
