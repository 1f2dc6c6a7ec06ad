"""What a phone gets behind a QR picture. The hot path is two look-ups and bytes that are ready."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web
from multidict import CIMultiDict

from server.conference import documents
from server.conference.state import State
from server.http.problems import Problem
from server.http.routing import ADDRESS, Allow, Handler, Route
from server.live.conductor import Clock
from server.messages import LANGUAGES, language
from server.protocol.errors import Busy

from . import offers, paper
from .codes import normal
from .counter import Counter
from .gate import Admitted, Gate, House
from .visits import Visits, set_cookie

MAX_PAGES = 8_192  # kept ready: some 60 MB; twice the rooms of a large conference, another one is made in 0.3 ms
REFRESH_SECONDS = 5  # until a phone asks a busy server again

_HEADERS = CIMultiDict({
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": paper.POLICY,
    "Cache-Control": "no-store",
})  # fmt: skip
_LIVE_HEADERS = CIMultiDict({**_HEADERS, "Content-Security-Policy": paper.LIVE_POLICY})
FileAddress = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Page:
    """Good while `house` stays at `version`, until `until` (ms). `fresh`: the cookie of a device never counted."""

    body: bytes
    house: House
    version: int
    until: int
    point: int
    mark: str
    fresh: str


class LandingRoutes:
    """`address(hash, name)`: where whoever may have a file now can fetch it."""

    def __init__(self, gate: Gate, visits: Visits, counter: Counter, address: FileAddress, clock: Clock) -> None:
        self._gate, self._visits, self._counter = gate, visits, counter
        self._address, self._clock = address, clock
        self._pages: OrderedDict[tuple[str, str], Page] = OrderedDict()

    def routes(self) -> list[Route]:
        def both(path: str, handler: Handler, allow: Allow, summary: str) -> list[Route]:
            """QR pictures are upper case, people type what they like; previews look with HEAD first."""
            return [
                Route(method, f"/{letter}{path}", handler, allow, summary, raw=True, produces="text/html")
                for letter in "Dd"
                for method in ("GET", "HEAD")
            ]

        return [
            *both("", self.form, Allow.PUBLIC, "Type a document code"),
            *both("/{code}", self.landing, Allow.LINK, "A room's documents; counts a device's first look"),
            *both("/{code}/{document}", self.document, Allow.LINK, "Open a document: counts it, leads to its file"),
        ]

    async def form(self, request: web.Request) -> web.StreamResponse:
        lang, typed = _lang(request), request.query.get("code", "").strip()
        asked = "lang" in request.query
        if not typed:
            return _html(paper.form(lang, asked))
        code = normal(typed)
        if code is None:
            return _html(paper.malformed(lang, typed), HTTPStatus.NOT_FOUND)
        return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": f"/D/{code}" + f"?lang={lang}" * asked})

    async def landing(self, request: web.Request) -> web.StreamResponse:
        code, lang, now = normal(request.match_info["code"]), _lang(request), self._clock()
        page = self._pages.get((code or "", lang))
        if page is None or page.version != page.house.version or now >= page.until:
            try:
                page = await self._page(code, lang, request.get(ADDRESS, ""), now) if code else None
            except (Problem, Busy) as error:
                return _apology(error, lang)
            if page is None:
                return _html(paper.unknown(lang), HTTPStatus.NOT_FOUND)
        response = web.Response(body=page.body, headers=_LIVE_HEADERS)
        if (cookie := self._visits.note(request, page.mark, page.fresh)) is not None:
            self._counter.add(page.house.live.id, page.point, 0, "scan", now)
            set_cookie(request, response, cookie)
        return response

    async def document(self, request: web.Request) -> web.StreamResponse:
        """What is not open (any more) leads back to the page of what is."""
        lang, number = _lang(request), request.match_info["document"]
        try:
            admitted = await self._gate.admit(request.match_info["code"], request.get(ADDRESS, ""))
            if admitted is None:
                return _html(paper.unknown(lang), HTTPStatus.NOT_FOUND)
            known, now = admitted, self._clock()
            file = await known.live.conductor.at_rest(lambda state: _file(state, known.point, number, now))
        except (Problem, Busy) as error:
            return _apology(error, lang)
        if file is None:
            return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": f"/D/{known.code}"})
        id, version, hash, name = file
        response = web.Response(status=HTTPStatus.FOUND, headers={"Location": self._address(hash, name)})
        response.headers["Cache-Control"] = "no-store"
        self._count_opening(request, response, known, id, version)
        return response

    def _count_opening(
        self, request: web.Request, response: web.StreamResponse, admitted: Admitted, document: int, version: int
    ) -> None:
        """Counts it once a device; the cookie goes with `response`."""
        mark = self._visits.mark(admitted.code, document, version)
        if (cookie := self._visits.note(request, mark)) is not None:
            self._counter.add(admitted.conference, admitted.point or 0, document, "open", self._clock())
            set_cookie(request, response, cookie)

    async def _page(self, code: str, lang: str, address: str, now: int) -> Page | None:
        house = await self._gate.house(code, address)
        if house is None:
            return None
        found = house

        def read(state: State) -> tuple[int, int, offers.Landing]:
            point = found.point_of(state, code, now)
            return found.version, point, offers.landing(state, point or None, now)

        try:
            version, point, facts = await house.live.conductor.at_rest(read)
        except LookupError:
            self._pages.pop((code, lang), None)
            return None
        mark = self._visits.mark(code)
        body = paper.landing(facts, code, lang)
        page = Page(body, house, version, facts.until, point, mark, self._visits.first(mark))
        self._pages[(code, lang)] = page
        if len(self._pages) > MAX_PAGES:
            self._pages.popitem(last=False)
        return page


def _file(state: State, point: int | None, number: str, now: int) -> tuple[int, int, str, str] | None:
    """Id, version, hash and name of a document that opens now."""
    id = int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0
    document = state.documents.get(id)
    if document is None or not documents.gives(state, document, point, now):
        return None
    file = document.versions[-1]
    return id, len(document.versions), file.hash, file.name


def _lang(request: web.Request) -> str:
    if request.query_string and (asked := request.query.get("lang")) in LANGUAGES:
        return str(asked)
    return language(request.headers.get("Accept-Language"))


def _html(body: bytes, status: int = HTTPStatus.OK) -> web.Response:
    return web.Response(body=body, status=status, headers=_HEADERS)


def _apology(error: Problem | Busy, lang: str) -> web.Response:
    """A page, not the shape for programs: people read it."""
    if isinstance(error, Busy):
        response = _html(paper.busy(lang), HTTPStatus.SERVICE_UNAVAILABLE)
        response.headers["Refresh"] = response.headers["Retry-After"] = str(REFRESH_SECONDS)
        return response
    seconds = int(error.params["seconds"])
    response = _html(paper.limited(lang, seconds), error.status)
    response.headers["Retry-After"] = str(seconds)
    return response
