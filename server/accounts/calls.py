"""What the routes of accounts have in common: who calls, what the path names, what a cookie looks like."""

import math
from typing import Annotated, Any

import msgspec
from aiohttp import web
from msgspec import Meta

from server.http.assembly import CSRF_HEADER, CSRF_VALUE
from server.http.problems import Problem
from server.http.routing import HTTPS, Call, Principal
from server.http.tries import SharedLimit

from .authenticator import COOKIE, Within
from .model import By
from .rules import SECOND, SESSION_LIFE

MAX_TYPED = 1_000  # characters of a password as sent: accents may come as signs of their own

LoginText = Annotated[str, Meta(max_length=200)]
PasswordText = Annotated[str, Meta(max_length=MAX_TYPED)]
Unit = Annotated[str, Meta(max_length=32, pattern=r"^[A-Z0-9][A-Z0-9._/-]*$")]

_LARGEST_NUMBER = 2**31 - 1  # what the databases' integer keys hold
_encode = msgspec.json.Encoder().encode


def by(who: Principal) -> By:
    return By(who.by, who.name)


def person(call: Call) -> Principal:
    """Who signed in himself. A token that could make tokens or sessions would never expire."""
    if call.principal.kind != "account":
        raise Problem(403, "session_needed")
    return call.principal


def own_account(who: Principal) -> int:
    assert who.account is not None, "sessions and tokens belong to an account"
    return who.account


def number(call: Call, name: str, unknown: str) -> int:
    """A number out of the path; what cannot be one is unknown."""
    text = call.path(name)
    if not (text.isascii() and text.isdecimal() and len(text) <= 10 and int(text) <= _LARGEST_NUMBER):
        raise Problem(404, unknown)
    return int(text)


async def check_unit(within: Within, unit: str | None, root: str | None) -> None:
    """The unit exists and is within the caller's. None is everything the caller may see."""
    if unit is None or unit == root:
        return
    if not await within(unit, None):
        raise Problem(400, "unit_unknown", "unit", unit=unit)
    if not await within(unit, root):
        raise Problem(403, "forbidden_scope", "unit")


async def slow_down(limit: SharedLimit, key: str) -> None:
    if wait := await limit.take(key):
        raise Problem(429, "rate_limited", seconds=math.ceil(wait))


def refuse_other_sites(call: Call) -> None:
    """A form of another site could sign a browser in as somebody else: it sends an Origin and cannot set the header.
    Whoever comes with a cookie was checked before."""
    headers = call.request.headers
    if "Origin" in headers and headers.get(CSRF_HEADER) != CSRF_VALUE:
        raise Problem(403, "forbidden_origin")


def answer(body: Any) -> web.Response:
    return web.Response(body=_encode(body), content_type="application/json")


def put_cookie(call: Call, response: web.Response, secret: str) -> web.Response:
    """Kept by the browser as long as a session can last; when it ends the server decides."""
    response.set_cookie(
        COOKIE, secret, max_age=SESSION_LIFE // SECOND, path="/", httponly=True, samesite="Lax", secure=_https(call)
    )
    return response


def drop_cookie(call: Call, response: web.Response) -> web.Response:
    response.del_cookie(COOKIE, path="/", httponly=True, samesite="Lax", secure=_https(call))
    return response


def _https(call: Call) -> bool:
    """As the trusted proxy tells it, or as it came."""
    return bool(call.request.get(HTTPS)) or call.request.secure
