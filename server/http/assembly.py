"""From declared routes to an aiohttp application: one way in, one way out, one error shape."""

import itertools
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError, LineTooLong
from aiohttp.typedefs import Handler as AioHandler
from sqlalchemy.exc import DBAPIError, OperationalError

from server.conference.rules import Refusal
from server.journal import Gap
from server.leader import NoLeader
from server.messages import Catalog, language
from server.protocol.errors import Busy, CannotWrite, ErrorBody

from .astray import astray, way_home
from .connections import MAX_LINE
from .metrics import Metrics
from .problems import NotNow, Problem, error_of, of_refusal
from .routing import REQUEST_ID, Allow, Call, Principal, Route, permits
from .uploads import read_body
from .validation import Reader, unreadable

log = structlog.get_logger()

MAX_BODY = 1024 * 1024  # bytes of a JSON body; files come as streams with limits of their own
MAX_OPEN_BODY = 16 * 1024  # bytes, where nobody is known yet: the longest password is a third; ten thousand are held
BODY_SECONDS = 30  # the largest body over a line of 300 kbit/s; who is slower holds a place on purpose
CLIENT_LEFT = 499  # as proxies log it; nobody ever reads it
UNKNOWN = "unknown"  # the route of what no route takes
SAFE = {"GET", "HEAD", "OPTIONS"}
CSRF_HEADER = "X-Requested-With"
CSRF_VALUE = "nhipcau"

Authenticate = Callable[[web.Request], Awaitable[Principal | None]]
_encode = msgspec.json.Encoder().encode

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline';"
        " connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none';"
        " frame-ancestors 'none'; form-action 'self'"
    ),
}


class Assembly:
    """Mounts routes. Every handler is reached through `_serve`, which authenticates, permits and decodes."""

    def __init__(self, catalog: Catalog, authenticate: Authenticate, metrics: Metrics, origins: frozenset[str]) -> None:
        self.catalog, self._authenticate, self._metrics = catalog, authenticate, metrics
        self._origins = origins
        # An id must be unique, not secret: a random start and a count cost nothing on the landing page.
        self._process, self._numbers = secrets.token_hex(4), itertools.count(1)
        self.routes: list[Route] = []

    def mount(self, app: web.Application, routes: list[Route]) -> None:
        for route in routes:
            if not isinstance(route.allow, Allow):
                raise TypeError(f"{route.method} {route.path} does not say who may use it")
            if route.raw and route.allow not in (Allow.PUBLIC, Allow.LINK):
                raise TypeError(f"{route.method} {route.path} is raw, so nobody would ask who comes")
            self.routes.append(route)
            app.router.add_route(route.method, route.path, self._serve(route))

    def _serve(self, route: Route) -> AioHandler:
        if route.raw:
            return route.handler
        body_reader = Reader(route.body) if route.body is not None else None
        query_reader = Reader(route.query) if route.query is not None else None
        limit = MAX_OPEN_BODY if route.allow in (Allow.PUBLIC, Allow.LINK) else MAX_BODY

        async def serve(request: web.Request) -> web.StreamResponse:
            who = await self._authenticate(request)
            self._admit(route, request, who)
            body = await _body(request, body_reader, limit) if body_reader else None
            query = _query(request, query_reader) if query_reader else None
            lang = language(request.headers.get("Accept-Language"), request.cookies.get("nc_lang"))
            answer = await route.handler(Call(request, who, body, query, lang, request[REQUEST_ID]))
            if isinstance(answer, web.StreamResponse):
                return answer
            if answer is None:
                return web.Response(status=204)
            return web.Response(body=_encode(answer), content_type="application/json", status=route.status)

        return serve

    def _admit(self, route: Route, request: web.Request, who: Principal | None) -> None:
        if not permits(route.allow, who):
            raise Problem(403, "forbidden") if who else Problem(401, "unauthenticated")
        # A cookie is sent by the browser whoever made the page; the header can only be set by our own.
        by_cookie = request.method not in SAFE and who is not None and who.session is not None
        ours = request.headers.get(CSRF_HEADER) == CSRF_VALUE and self.same_origin(request)
        if by_cookie and not ours:
            raise Problem(403, "forbidden_origin")

    def same_origin(self, request: web.Request) -> bool:
        origin = request.headers.get("Origin")
        if origin is None:
            return True
        return origin.split("://", 1)[-1] == request.host or origin in self._origins

    # --- around every request, also those that no route takes

    @web.middleware
    async def middleware(self, request: web.Request, handler: AioHandler) -> web.StreamResponse:
        request[REQUEST_ID] = self._number()
        began = time.perf_counter()
        try:
            _refuse_odd(request)
            response = await handler(request)
        except Exception as error:  # noqa: BLE001 - the border: whatever it is becomes one error shape
            response = self._left(request) if _gone(request, error) else self._failed(request, error, _shape(request))
        took = time.perf_counter() - began
        self._metrics.request(request.method, _shape(request), response.status, took)
        # The pattern, never the path: paths hold secrets. Debug, because a hall that scans is 4,000 lines a second.
        log.debug(
            "request",
            request_id=request[REQUEST_ID],
            method=request.method,
            route=_shape(request),
            status=response.status,
            ms=round(took * 1000, 1),
        )
        return response

    def apologise(self, request: web.BaseRequest, error: BaseException | None) -> web.Response:
        """The answer to what never came to `middleware`: no HTTP at all, or a fault before it."""
        request[REQUEST_ID] = self._number()
        response = self._failed(request, error, UNKNOWN)
        set_headers(request, response)
        response.headers["Server"] = "nhipcau"  # aiohttp would name itself and its version
        self._metrics.request(request.method, UNKNOWN, response.status, 0.0)
        return response

    def _number(self) -> str:
        return f"{self._process}{next(self._numbers):x}"

    def _left(self, request: web.Request) -> web.Response:
        """Nobody reads the answer: it is counted, and no fault."""
        log.debug("client_left", request_id=request[REQUEST_ID], route=_shape(request))
        return web.Response(status=CLIENT_LEFT)

    def _failed(self, request: web.BaseRequest, error: BaseException | None, route: str) -> web.Response:
        problem = problem_of(error)
        if problem.status >= 500 and problem.code == "internal":
            log.error("request_failed", request_id=request[REQUEST_ID], path=route, exc_info=error)
        elif _of_the_database(error):
            log.warning("database_failed", request_id=request[REQUEST_ID], path=route, error=repr(error))
        elif problem.code == "bad_http":
            log.debug("bad_http", request_id=request[REQUEST_ID], why=type(error).__name__)
        self._metrics.problem(problem.code)
        lang = language(request.headers.get("Accept-Language"), request.cookies.get("nc_lang"))
        if astray(request, problem):
            return way_home(lang)
        body = ErrorBody(error_of(problem, self.catalog, lang, request[REQUEST_ID]))
        headers = dict(problem.headers)
        if problem.code == "rate_limited":
            headers["Retry-After"] = str(problem.params.get("seconds", 1))
        return web.Response(body=_encode(body), content_type="application/json", status=problem.status, headers=headers)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    set_headers(request, response)
    response.headers.pop("Server", None)


def set_headers(request: web.BaseRequest, response: web.StreamResponse) -> None:
    """Safe headers on everything; a handler's own value stands."""
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    if REQUEST_ID in request:
        response.headers["X-Request-Id"] = request[REQUEST_ID]


def problem_of(error: BaseException | None) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, Refusal):
        return of_refusal(error)
    if isinstance(error, Gap):
        return NotNow("journal_gap")
    if isinstance(error, CannotWrite) or _of_the_database(error):
        return NotNow("cannot_write")
    if isinstance(error, Busy):
        return Problem(503, "busy")
    if isinstance(error, web.HTTPNotFound):
        return Problem(404, "not_found")
    if isinstance(error, web.HTTPMethodNotAllowed):
        problem = Problem(405, "method_not_allowed")
        problem.headers["Allow"] = ", ".join(sorted(error.allowed_methods))
        return problem
    if isinstance(error, web.HTTPException) and error.status < 500:
        return Problem(error.status, "bad_request")
    return _of_bytes(error)


def _of_the_database(error: BaseException | None) -> bool:
    """It is away, or its disk is full: nothing was done, and it may work again in a moment."""
    return isinstance(error, OperationalError | NoLeader) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    )


def _of_bytes(error: BaseException | None) -> Problem:
    """What is wrong with the bytes themselves: they are no HTTP, or no UTF-8."""
    if isinstance(error, LineTooLong):
        return Problem(431, "too_large", limit=f"{MAX_LINE / 1024:.0f} KiB")
    if isinstance(error, HttpProcessingError | web.RequestPayloadError):
        return Problem(400, "bad_http")
    # aiohttp keeps bytes of a header that are no UTF-8 as halves of characters, which nothing can encode.
    if isinstance(error, UnicodeEncodeError) and error.reason == "surrogates not allowed":
        return Problem(400, "bad_request")
    return Problem(500, "internal")


def _gone(request: web.Request, error: Exception) -> bool:
    """Whether the client left, which ends whatever was read from or written to it."""
    closed = request.transport is None or request.transport.is_closing()
    return closed and isinstance(error, ConnectionError | web.RequestPayloadError)


def _refuse_odd(request: web.Request) -> None:
    if "%00" in request.raw_path:  # no name of ours holds a NUL, and databases choke on it
        raise Problem(400, "bad_request")
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise Problem(415, "encoding_unsupported")


def _shape(request: web.Request) -> str:
    """The route's pattern, never the path itself: paths hold secrets."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else UNKNOWN


async def _body(request: web.Request, reader: Reader, limit: int) -> Any:
    data = await read_body(request, limit, BODY_SECONDS)
    try:
        return reader.json(data)
    except msgspec.DecodeError as e:
        raise unreadable(e) from e


def _query(request: web.Request, reader: Reader) -> Any:
    try:
        return reader.texts(dict(request.query))
    except msgspec.DecodeError as e:
        raise unreadable(e) from e
