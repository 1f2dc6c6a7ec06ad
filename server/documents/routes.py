"""Documents as organizers see and change them. Everything but the files themselves are commands."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from urllib.parse import unquote

from aiohttp import web
from msgspec import Meta, Struct
from msgspec.structs import replace

from server.conference import Moment, decide
from server.conference.rules import Refusal
from server.conference.state import Document, State
from server.http.problems import Problem, of_refusal
from server.http.routing import Allow, Call, Route
from server.live.access import conference_of
from server.live.conferences import Conferences, Live
from server.protocol.base import Millis, PointId, Text, UnitCode
from server.protocol.commands import AddDocument, AddVersion, FileFacts, Scope
from server.protocol.events import DocumentAdded

from .counts import ScanCounts
from .delivery import Delivery
from .intake import UNNAMED, Intake
from .kinds import BY_ENDING
from .names import clean, ending_of, stem
from .views import Counts, DocumentCount, DocumentDetail, DocumentList, detail, point_counts

# Stands for the file that is still to come, when the rules are asked whether it may.
_COMING = FileFacts("", 0, "", "")


class UploadQuery(Struct, frozen=True):
    """Without `title`, the file's name is the title. `release_at`: before, nobody gets it.

    `unit`: only this unit and what is below it; `point`: only this point.
    """

    title: Text = ""
    release_at: Millis | None = None
    unit: UnitCode | None = None
    point: PointId | None = None


class FileQuery(Struct, frozen=True):
    """Without `version`, the last one."""

    version: Annotated[int, Meta(ge=1)] | None = None


class DocumentRoutes:
    """`name_of` tells who `account:7` is."""

    def __init__(
        self,
        conferences: Conferences,
        intake: Intake,
        delivery: Delivery,
        counts: ScanCounts,
        name_of: Callable[[str], Awaitable[str]],
    ) -> None:
        self._conferences, self._intake, self._delivery = conferences, intake, delivery
        self._counts, self._name_of = counts, name_of

    def routes(self) -> list[Route]:
        all_, one = "/api/conferences/{conference}/documents", "/api/conferences/{conference}/documents/{document}"
        refused = ("type_unknown", "type_not_allowed", "type_mismatch", "too_large", "empty_file", "slow_request")
        return [
            Route("GET", all_, self.list_all, Allow.VIEWER, "Every document with its versions", answer=DocumentList),
            Route(
                "POST", all_, self.add, Allow.ORGANIZER, "Add a document: the body is the file",
                query=UploadQuery, answer=DocumentDetail, upload=True, status=201,
                errors=(*refused, "too_many_documents", "unit_unknown", "point_unknown", "scope_twice"),
            ),
            Route(
                "POST", f"{one}/versions", self.add_version, Allow.ORGANIZER, "A new version: the body is the file",
                answer=DocumentDetail, upload=True, status=201,
                errors=(*refused, "document_unknown", "too_many_versions"),
            ),
            Route(
                "GET", f"{one}/file", self.file, Allow.ORGANIZER, "A document's file, released or not",
                query=FileQuery, produces="*/*", errors=("document_unknown", "version_missing", "file_missing"),
            ),
            Route(
                "GET", f"{all_}/counts", self.count, Allow.VIEWER, "Scans and openings by document, point and minute",
                answer=Counts,
            ),
        ]  # fmt: skip

    async def list_all(self, call: Call) -> DocumentList:
        live, root = await conference_of(call, self._conferences)
        now = live.clock()
        found = await live.conductor.at_rest(
            lambda s: [detail(d, now) for i in s.order if s.reaches((d := s.documents[i]).scope, root)]
        )
        return DocumentList([await self._named(d) for d in found])

    async def add(self, call: Call) -> DocumentDetail:
        live, _ = await conference_of(call, self._conferences)
        q: UploadQuery = call.query
        if q.unit is not None and q.point is not None:
            raise Problem(400, "scope_twice", "point")
        name = _file_name(call)
        title = q.title.strip() or stem(clean(name)) or UNNAMED
        scope = Scope(q.unit, q.point)
        await _ask(call, live, AddDocument(title, _COMING, scope, q.release_at))
        async with self._intake.take(call.request, name) as facts:
            answer = await live.conductor.submit(AddDocument(title, facts, scope, q.release_at), call.principal.actor())
        if answer.refusal:
            raise of_refusal(answer.refusal)
        added = answer.events[0].body
        assert isinstance(added, DocumentAdded), "the rule gives exactly this event"
        return await self._one(live, added.document)

    async def add_version(self, call: Call) -> DocumentDetail:
        live, _ = await conference_of(call, self._conferences)
        document = _number(call)
        name = _file_name(call)
        await _ask(call, live, AddVersion(document, _COMING))
        async with self._intake.take(call.request, name) as facts:
            answer = await live.conductor.submit(AddVersion(document, facts), call.principal.actor())
        if answer.refusal:
            raise of_refusal(answer.refusal)
        return await self._one(live, document)

    async def file(self, call: Call) -> web.StreamResponse:
        live, root = await conference_of(call, self._conferences)
        document, wanted = _number(call), call.query.version
        versions = await live.conductor.at_rest(lambda s: list(_find(s, document, root).versions))
        if wanted is not None and wanted > len(versions):
            raise Problem(404, "version_missing", "version")
        facts = versions[(wanted or len(versions)) - 1]
        kind = BY_ENDING[ending_of(facts.name) or ""]
        return await self._delivery.send(call.request, facts.hash, facts.name, kind, "private, no-cache")

    async def count(self, call: Call) -> Counts:
        live, root = await conference_of(call, self._conferences)
        sums = await self._counts.of(live, root)
        shown, points = await live.conductor.at_rest(
            lambda s: (
                [i for i in s.order if s.reaches(s.documents[i].scope, root)],
                point_counts(s, root),
            )
        )
        documents = [DocumentCount(i, sums.opens.get(i, 0)) for i in shown]
        return Counts(documents, points, sums.last_minutes())

    async def _one(self, live: Live, document: int) -> DocumentDetail:
        now = live.clock()
        return await self._named(await live.conductor.at_rest(lambda s: detail(s.documents[document], now)))

    async def _named(self, document: DocumentDetail) -> DocumentDetail:
        versions = [replace(v, by=await self._name_of(v.by)) for v in document.versions]
        return replace(document, versions=versions)


async def _ask(call: Call, live: Live, command: AddDocument | AddVersion) -> None:
    """Whether the rules would take it: nobody uploads 200 MB to be refused then."""
    actor, moment = call.principal.actor(), Moment.of(live.clock())
    await live.conductor.at_rest(lambda state: decide(state, command, actor, moment))


def _find(state: State, document: int, root: str | None) -> Document:
    found = state.documents.get(document)
    if found is None or not state.reaches(found.scope, root):
        raise Refusal("document_unknown", "document")
    return found


def _number(call: Call) -> int:
    text = call.path("document")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise of_refusal(Refusal("document_unknown", "document"))
    return int(text)


def _file_name(call: Call) -> str:
    given = unquote(call.request.headers.get("X-File-Name", ""), errors="replace")
    if not given.strip():
        raise Problem(400, "file_name_missing", "X-File-Name")
    return given
