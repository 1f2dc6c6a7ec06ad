"""What every request goes through: who asks, how often, what he may, how a refusal looks."""

import asyncio
import hmac
import math
import time
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Literal

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from bridge.config import Config
from bridge.wire.sdp import MAX_BYTES
from server.protocol.bridges import PROGRAMME
from server.protocol.passes import BadPass, Pass, read_pass

from .directions import Directions
from .engine import Engine
from .limits import Flood, Limits
from .metrics import Metrics
from .problems import Problem, response_of
from .sessions import Session
from .streams import known
from .texts import language

log = structlog.get_logger()

SDP = "application/sdp"
FRAGMENT = "application/trickle-ice-sdpfrag"
# Players are pages of the service, which is another origin, and need no cookies: the pass is in a header.
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "POST, PATCH, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-Match, Accept-Language",
    "Access-Control-Expose-Headers": "Location, Link, ETag, Accept-Patch, Accept-Post, Retry-After",
    "Access-Control-Max-Age": "86400",
}
_CODES = {404: "not_found", 405: "method_not_allowed"}
# Refusals that are no attempt at anything: who closes his line and says so as well finds that we knew, and a room full
# of players that leave together must not be taken for a flood.
_INNOCENT = ("too_many_requests", "session_unknown")


class Front:
    def __init__(
        self, config: Config, limits: Limits, engine: Engine, metrics: Metrics, directions: Directions
    ) -> None:
        self.config, self.engine, self.metrics = config, engine, metrics
        self._directions = directions
        self._limits = limits
        self._flood = Flood(limits.requests_at_once)
        self._key = config.key.encode()
        self._proxies = [ip_network(proxy, strict=False) for proxy in config.trusted_proxies]

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Every answer leaves here, and every refusal in the one shape."""
        address = self.address(request)
        try:
            response = await self._paced(request, handler, address)
        except Problem as problem:
            self.metrics.problem(problem.code)
            if 400 <= problem.status < 500 and problem.code not in _INNOCENT:
                self._flood.refused(address)
            response = response_of(problem, language(request.headers.get("Accept-Language", "")))
        response.headers.update(_CORS)
        self.metrics.request(request.method, response.status)
        return response

    async def _paced(self, request: web.Request, handler: Handler, address: str) -> web.StreamResponse:
        if request.method in ("POST", "PATCH", "DELETE") and (wait := self._flood.take(address)):
            seconds = str(math.ceil(wait))
            raise Problem(429, "too_many_requests", headers={"Retry-After": seconds}, seconds=seconds)
        try:
            return await handler(request)
        except web.HTTPRequestEntityTooLarge as error:
            raise Problem(413, "too_large", limit=MAX_BYTES) from error
        except web.HTTPException as error:
            allow = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
            raise Problem(error.status, _CODES.get(error.status, "bad_request"), headers=allow) from error
        except (Problem, asyncio.CancelledError, ConnectionError):
            raise
        except Exception as error:
            log.exception("request_failed", method=request.method)
            raise Problem(500, "internal") from error

    def address(self, request: web.Request) -> str:
        """Who really asks: the last entry of X-Forwarded-For that a trusted proxy did not write."""
        told = ",".join(request.headers.getall("X-Forwarded-For", ()))
        chain = [*(part.strip() for part in told.split(",") if part.strip()), request.remote or ""]
        while len(chain) > 1 and self._trusted(chain[-1]):
            chain.pop()
        return chain[-1]

    def _trusted(self, text: str) -> bool:
        try:
            address = ip_address(text)
        except ValueError:
            return False
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        return any(address in network for network in self._proxies)

    # --- passes

    def allowed(self, request: web.Request, act: Literal["publish", "watch"]) -> tuple[Pass, str]:
        """What this request's pass allows, which is what its path names, and the pass itself."""
        conference, stream = request.match_info["conference"], request.match_info["stream"]
        if not known(conference, stream, act == "publish"):
            raise Problem(404, "stream_unknown", stream=stream[:80])
        token = _bearer(request)
        found = self._read(token)
        if (found.conference, found.stream) != (conference, stream):
            raise Problem(403, "pass_other_stream")
        if found.act != act:
            raise Problem(403, "pass_other_act", act=f"act_{act}")
        self._here(request, found)
        return found, token

    def _here(self, request: web.Request, found: Pass) -> None:
        """Only the programme is everywhere, if it can be fetched; other streams are where the conference is published
        (RFC 9725, 4.5)."""
        if self._directions.outdated(found):
            raise _unauthenticated("pass_renewed", ', error="invalid_token"')
        home = self._directions.elsewhere(found.conference)
        if home and not (found.stream == PROGRAMME and self.engine.fetches):
            raise Problem(307, "published_elsewhere", headers={"Location": home + request.path}, url=home)
        if self.engine.draining:
            self._directions.lead(found.conference)  # the next time there is an answer

    def own(self, request: web.Request) -> Session:
        """The session that the path names, if this request may do with it as it likes: it has the pass that the session
        was opened with, expired by now or not, or a newer one of the same for the same person."""
        token = _bearer(request)
        session = self.session(request)
        if session.opened_with(token):
            return session
        other, mine = self._read(token), session.allowed
        if (other.conference, other.stream, other.act, other.who) != (mine.conference, mine.stream, mine.act, mine.who):
            raise Problem(403, "session_not_yours")
        return session

    def session(self, request: web.Request) -> Session:
        session = self.engine.sessions.get(request.match_info["id"])
        if session is None:
            raise Problem(404, "session_unknown")
        return session

    def _read(self, token: str) -> Pass:
        try:
            return read_pass(token, self._key, int(time.time()))
        except BadPass as error:
            raise _unauthenticated(f"pass_{error.why}", ', error="invalid_token"') from error

    # --- bodies

    async def body(self, request: web.Request, content_type: str, limit: int) -> bytes:
        if request.content_type != content_type:
            raise Problem(415, "content_type_wrong", expected=content_type)
        if "Content-Encoding" in request.headers:
            raise Problem(415, "encoding_unsupported")
        if (request.content_length or 0) > limit:
            raise Problem(413, "too_large", limit=limit)
        try:
            async with asyncio.timeout(self._limits.body_seconds):
                body = await request.read()
        except TimeoutError as error:
            raise Problem(408, "slow_request", headers={"Connection": "close"}) from error
        if len(body) > limit:
            raise Problem(413, "too_large", limit=limit)
        return body

    # --- for who watches over it

    async def alive(self, request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def measured(self, request: web.Request) -> web.Response:
        """This machine only, unless a token is configured; what a proxy on it passes on comes from anywhere."""
        token = self.config.metrics_token
        near = request.remote in ("127.0.0.1", "::1") and "X-Forwarded-For" not in request.headers
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not (hmac.compare_digest(given.encode(), token.encode()) if token else near):
            raise Problem(403, "forbidden")
        return web.Response(body=self.metrics.text(), content_type="text/plain", charset="utf-8")


def nothing(**headers: str) -> web.Response:
    """Of resources that have no representation (RFC 9725, 4.1), and for preflight requests."""
    return web.Response(status=204, headers={name.replace("_", "-"): value for name, value in headers.items()})


def _bearer(request: web.Request) -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise _unauthenticated("pass_missing", "")
    return token.strip()


def _unauthenticated(code: str, error: str) -> Problem:
    return Problem(401, code, headers={"WWW-Authenticate": f'Bearer realm="nhipcau"{error}'})
