"""Paper and QR pictures over HTTP, for organizers: links are secrets, and so are codes until they hang on a door.

Who is bound to a unit gets those of its rooms, and the conference's own code, which is for everybody.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Annotated, Literal

import structlog
from aiohttp import web
from msgspec import Meta, Struct

from server.conference.days import moment_here
from server.conference.state import State
from server.http.downloads import attachment, disposition, safe_name
from server.http.problems import Problem
from server.http.routing import Allow, Call, Route
from server.live.access import conference_of
from server.live.conductor import now_ms
from server.live.conferences import Conferences, Live
from server.protocol.base import UnitCode

from . import qr
from .archive import ZipStream
from .job import Cards, ConferencePoster, Job, Posters, Sheets
from .model import Lang, PosterConference
from .press import Gone, Left, Press
from .rooms import (
    CodeUrl,
    LinkUrl,
    Room,
    capital_host,
    card_points,
    lot_name,
    lots,
    poster_points,
    read_rooms,
)
from .sheets import MAX_POINTS

log = structlog.get_logger()

LEFT = 499  # nobody reads it; the log tells it from an answer
NAMED = 5  # points named in a message
PNG_PX = 1_024  # the side of a picture that is pasted into a letter or a chat
PDF, ZIP = "application/pdf", "application/zip"

Kind = Literal["posters", "cards", "sheets"]
Make = Callable[[PosterConference, Sequence[Room]], Job]
MAKE: dict[str, Make] = {
    "posters": lambda conference, rooms: Posters(conference, poster_points(rooms)),
    "cards": lambda conference, rooms: Cards(conference, card_points(rooms)),
    "sheets": lambda conference, rooms: Sheets(conference, card_points(rooms)),
}
TITLES: dict[str, tuple[str, str]] = {
    "posters": ("Áp phích", "Posters"),
    "cards": ("Thẻ phụ trách", "Operator cards"),
    "sheets": ("Phiếu phụ trách", "Operator sheets"),
}


class PrintQuery(Struct, frozen=True):
    """`points`: numbers separated by commas. `unit`: its subtree. Neither: every point. `lang`: else the reader's."""

    points: Annotated[str, Meta(max_length=8_000, pattern=r"^[0-9,]*$")] = ""
    unit: UnitCode | None = None
    lang: Lang | None = None


class PosterQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole conference's poster knows no points: who names some is told so, and not given another paper."""

    lang: Lang | None = None


class PrintingRoutes:
    """`link_url(conference, point, generation)` and `code_url(code)` give addresses; `base_url` is what people type.

    More points than one PDF takes (`most`) come as a ZIP of PDFs, each of whole groups as far as they fit.
    """

    def __init__(
        self, conferences: Conferences, link_url: LinkUrl, code_url: CodeUrl, base_url: str, most: int = MAX_POINTS
    ) -> None:
        self._most = most
        self._conferences, self._link_url, self._code_url = conferences, link_url, code_url
        self._host = base_url.partition("://")[2].rstrip("/")
        self.press = Press()

    def routes(self) -> list[Route]:
        one = "/api/conferences/{conference}"
        errors = ("print_nothing", "print_missing", "print_refused", "busy")
        return [
            Route(
                "GET", f"{one}/print/{{kind:posters|cards|sheets}}.pdf", self.print_points, Allow.ORGANIZER,
                "Posters with document codes, or operators' cards or sheets with secret links",
                query=PrintQuery, produces=PDF, errors=errors,
            ),
            Route(
                "GET", f"{one}/print/poster.pdf", self.print_conference, Allow.ORGANIZER,
                "The poster with the code of the whole conference", query=PosterQuery, produces=PDF,
                errors=("code_none", "busy"),
            ),
            Route(
                "GET", f"{one}/points/{{point:[0-9]+}}/link.{{format:svg|png}}", self.link_picture, Allow.ORGANIZER,
                "An operator's secret link as a QR picture", produces="image/svg+xml",
                errors=("point_unknown", "link_revoked"),
            ),
            Route(
                "GET", f"{one}/codes/{{which:all|[0-9]+}}.{{format:svg|png}}", self.code_picture, Allow.ORGANIZER,
                "A document code as a QR picture, a point's or (`all`) the conference's", produces="image/svg+xml",
                errors=("point_unknown", "code_none"),
            ),
        ]  # fmt: skip

    # --- paper

    async def print_points(self, call: Call) -> web.StreamResponse:
        live, root = await conference_of(call, self._conferences)
        q: PrintQuery = call.query
        kind, lang = call.path("kind"), q.lang or ("en" if call.lang == "en" else "vi")
        named = frozenset(int(p) for p in q.points.split(",") if p)
        still = await live.conductor.at_rest(State.still)
        # In a thread: the keyed hashes of the largest conference take half a second.
        rooms = await asyncio.to_thread(read_rooms, still, root, q.unit, named, self._link_url, self._code_url)
        rooms = [r for r in rooms if (r.code if kind == "posters" else r.link)]
        if missing := sorted(named - {r.id for r in rooms}):
            shown = ", ".join([*map(str, missing[:NAMED]), *(["…"] if len(missing) > NAMED else [])])
            raise Problem(409, "print_missing", "points", count=len(missing), points=shown)
        if not rooms:
            raise Problem(409, "print_nothing")
        conference = await self._conference(live, lang)
        jobs = [(lot_name(n, lot), MAKE[kind](conference, lot)) for n, lot in enumerate(lots(rooms, self._most), 1)]
        name = f"{TITLES[kind][lang == 'en']} - {rooms[0].title if len(rooms) == 1 else conference.title}"
        return await self._printed(call, name, jobs)

    async def print_conference(self, call: Call) -> web.StreamResponse:
        live, _ = await conference_of(call, self._conferences)
        lang: Lang = call.query.lang or ("en" if call.lang == "en" else "vi")
        code = live.hub.conference.code
        if code is None:
            raise Problem(404, "code_none")
        conference = await self._conference(live, lang)
        job = ConferencePoster(conference, code, capital_host(self._code_url(code)))
        return await self._printed(call, f"{TITLES['posters'][lang == 'en']} - {conference.title}", [("", job)])

    async def _conference(self, live: Live, lang: Lang) -> PosterConference:
        c = live.hub.conference
        when = f"{moment_here(c.starts_at):%H:%M · %d/%m/%Y}"
        return PosterConference(c.title, when, self._host, lang, c.help_phone)

    async def _printed(self, call: Call, name: str, jobs: Sequence[tuple[str, Job]]) -> web.StreamResponse:
        request = call.request

        def gone() -> bool:
            return request.transport is None or request.transport.is_closing()

        try:
            async with self.press.turn(gone):
                first = await self.press.pdf(jobs[0][1], gone)
            if len(jobs) == 1:
                return attachment(first, PDF, f"{name}.pdf")
            return await self._zipped(request, name, jobs, first, gone)
        except Left:
            return web.Response(status=LEFT)

    async def _zipped(
        self, request: web.Request, name: str, jobs: Sequence[tuple[str, Job]], first: bytes, gone: Gone
    ) -> web.StreamResponse:
        """The first PDF is made already: what fails at once has been answered as an error."""
        archive = ZipStream(moment_here(now_ms()))
        headers = {"Content-Type": ZIP, "Content-Disposition": disposition(f"{name}.zip")}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        try:
            await response.write(archive.add(safe_name(f"{jobs[0][0]}.pdf"), first))
            for title, job in jobs[1:]:
                async with self.press.turn(gone, begun=True):
                    pdf = await self.press.pdf(job, gone)
                await response.write(archive.add(safe_name(f"{title}.pdf"), pdf))
            await response.write(archive.end())
            await response.write_eof()
        except (Left, ConnectionError):
            return response
        except Exception as error:
            # The status is sent: only a line that breaks off tells the reader that this is not all.
            log.error("print_broken_off", name=name, exc_info=error)
            if request.transport:
                request.transport.abort()
        return response

    # --- pictures

    async def link_picture(self, call: Call) -> web.Response:
        live, root = await conference_of(call, self._conferences)
        point = int(call.path("point"))

        def read(state: State) -> str | None:
            p = state.points.get(point)
            if p is None or not state.within(p.unit, root):
                raise Problem(404, "point_unknown", "point", point=point)
            return None if p.link_revoked else self._link_url(state.id, p.id, p.link_generation)

        url = await live.conductor.at_rest(read)
        if url is None:
            raise Problem(409, "link_revoked")
        return await _picture(url, call.path("format"))

    async def code_picture(self, call: Call) -> web.Response:
        live, root = await conference_of(call, self._conferences)
        which = call.path("which")
        point = None if which == "all" else int(which)

        def read(state: State) -> str | None:
            if point is None:
                return state.code
            p = state.points.get(point)
            if p is None or not state.within(p.unit, root):
                raise Problem(404, "point_unknown", "point", point=point)
            return p.code

        code = await live.conductor.at_rest(read)
        if code is None:
            raise Problem(404, "code_none")
        return await _picture(self._code_url(code), call.path("format"))


async def _picture(url: str, format: str) -> web.Response:
    text = capital_host(url)
    if format == "svg":
        return web.Response(body=await asyncio.to_thread(qr.svg, text), content_type="image/svg+xml")
    body = await asyncio.to_thread(lambda: qr.png(text, fit_px=PNG_PX))
    return web.Response(body=body, content_type="image/png")
