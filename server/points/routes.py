"""The points of a conference over HTTP. Whoever is bound to a unit reads and writes its subtree only."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

from aiohttp import web
from msgspec import Meta, Struct

from server.conference.state import State
from server.http.longrun import LongAnswers, Progress
from server.http.problems import BadValue, Problem
from server.http.routing import Allow, Call, Route
from server.journal import Journal
from server.live.access import conference_of
from server.live.conferences import Conferences, Live
from server.messages import Catalog
from server.protocol.base import Text
from server.tables.errors import TableError
from server.units.export import Format, headed, table_file
from server.units.files import FileDesk, problem_of_table
from server.units.points_file import COLUMNS, MAX_CONTACT, normal_phone
from server.units.points_plan import PointPlan
from server.units.report import ImportQuery, ImportReport, report_of

from .detail import Addresses, PointDetail, completed, detail_of, organizes
from .importing import PointImports
from .listing import CLOSED, STATUS_WORDS, Listing, PointList, PointQuery, closed_list
from .model import Contact, ContactView, masked, shown
from .selection import UnitSelection
from .sheet import columns, read_lines, records
from .store import ContactStore

HISTORY = 200  # events of one point that are told at once; a long day has some tens
MAX_CONTACTS = 10  # of one point; who calls needs one or two


class NewContact(Struct, frozen=True, forbid_unknown_fields=True):
    """`phone` as people write it; one number."""

    name: Text
    role: Text = ""
    phone: Annotated[str, Meta(max_length=40)] = ""


class FirstContacts(Struct, frozen=True):
    """Point, name and masked number of the first contact of every open point that has one."""

    contacts: list[tuple[int, str, str]]


class PointRoutes:
    """`desk` is shared with every other import; `addresses` makes links and code addresses."""

    def __init__(
        self,
        conferences: Conferences,
        journal: Journal,
        imports: PointImports,
        contacts: ContactStore,
        desk: FileDesk,
        catalog: Catalog,
        addresses: Addresses,
    ) -> None:
        self._conferences, self._journal = conferences, journal
        self._imports, self._contacts, self._desk = imports, contacts, desk
        self._catalog, self._addresses = catalog, addresses
        self._long = LongAnswers(catalog)
        self._listing = Listing()

    def routes(self) -> list[Route]:
        one = "/api/conferences/{conference}"
        point = one + "/points/{point:[0-9]+}"
        return [*self._reading(one, point), *self._writing(one, point)]

    def _reading(self, one: str, point: str) -> list[Route]:
        return [
            Route(
                "GET", f"{one}/points", self.list_points, Allow.WATCH, "Points, filtered and in pages",
                query=PointQuery, answer=PointList, errors=("status_unknown",),
            ),
            Route(
                "GET", point, self.detail, Allow.WATCH, "One point in full", answer=PointDetail,
                errors=("point_unknown",),
            ),
            Route(
                "GET", f"{one}/points.{{format:csv|xlsx}}", self.export, Allow.VIEWER,
                "Points as a table, with contacts for organizers", produces="text/csv",
            ),
            Route(
                "GET", f"{one}/contacts", self.first_contacts, Allow.VIEWER, "The first contact of every point",
                answer=FirstContacts,
            ),
        ]  # fmt: skip

    def _writing(self, one: str, point: str) -> list[Route]:
        return [
            Route(
                "POST", f"{one}/points/import", self.import_file, Allow.ORGANIZER,
                "Import points from a table: all or nothing, with lines of progress on request",
                query=ImportQuery, answer=ImportReport, upload=True,
                errors=(
                    "file_type_unknown", "heading_missing", "too_many_points", "points_changed", "import_unfinished",
                ),
            ),
            Route(
                "POST", f"{one}/points/select", self.select, Allow.ORGANIZER,
                "Make points of units of the tree, with lines of progress on request",
                body=UnitSelection, answer=ImportReport, errors=("unit_unknown", "too_many_points", "points_changed"),
            ),
            Route(
                "PUT", f"{point}/contacts", self.put_contacts, Allow.ORGANIZER, "Whom to call about a point",
                body=list[NewContact], answer=list[ContactView],
                errors=("point_unknown", "contact_empty", "phone_bad", "too_many_contacts"),
            ),
        ]  # fmt: skip

    # --- reading

    async def list_points(self, call: Call) -> PointList:
        live, root = await conference_of(call, self._conferences)
        q: PointQuery = call.query
        statuses = frozenset(word for word in q.status.split(",") if word)
        if unknown := statuses - STATUS_WORDS:
            raise Problem(400, "status_unknown", "status", value=min(unknown)[:40])
        if CLOSED in statuses:
            if len(statuses) > 1:
                raise BadValue("status_alone", "status", value=CLOSED)
            return await live.conductor.at_rest(closed_list(root, q))
        if q.q:
            await self._listing.prepare(live)
        found = self._listing.list_open(live, root, q, statuses)
        await asyncio.sleep(0)  # to encode the largest list takes as long again: others have their turn before
        return found

    async def detail(self, call: Call) -> PointDetail:
        live, _ = await conference_of(call, self._conferences)
        point = int(call.path("point"))
        read = detail_of(call.principal, point, live.presence.connected(point), self._addresses)
        found = await live.conductor.at_rest(read)
        if found is None:
            raise Problem(404, "point_unknown", "point", point=point)
        people = await self._contacts.of_point(live.id, point)
        history = await self._journal.page(live.id, point=point, limit=HISTORY)
        return completed(found, call.principal, people, history)

    async def first_contacts(self, call: Call) -> FirstContacts:
        live, root = await conference_of(call, self._conferences)
        people = await self._contacts.of_conference(live.id)
        seen = await live.conductor.at_rest(
            lambda state: {p.id for p in state.points.values() if state.within(p.unit, root)}
        )
        firsts = [(point, listed[0].name, masked(listed[0].phone)) for point, listed in people.items() if point in seen]
        return FirstContacts(sorted(firsts))

    async def export(self, call: Call) -> web.Response:
        live, root = await conference_of(call, self._conferences)
        contacts = organizes(call.principal)
        people = await self._contacts.of_conference(live.id) if contacts else {}

        still, rows = await live.conductor.at_rest(lambda state: (state.still(), live.hub.all_rows()))
        lines = await asyncio.to_thread(read_lines, still, rows, root)
        format: Format = "csv" if call.path("format") == "csv" else "xlsx"
        stem, sheet = ("points", "Points") if call.lang == "en" else ("diem-cau", "Điểm cầu")
        head = headed(columns(contacts), call.lang)
        return await table_file(head, lambda: records(lines, people, call.lang), format, f"{stem}-{live.id}", sheet)

    # --- writing

    async def import_file(self, call: Call) -> Any:
        live, _ = await conference_of(call, self._conferences)
        dry_run = call.query.dry_run
        table = await self._desk.table(call.request, COLUMNS)

        async def work(progress: Progress) -> ImportReport:
            try:
                plan = await self._imports.file(live, call.principal, table, dry_run, progress)
            except TableError as error:
                raise problem_of_table(error) from error
            return await self._report(plan, dry_run, call.lang, table.ignored)

        return await self._long.answer(call, work)

    async def select(self, call: Call) -> Any:
        live, _ = await conference_of(call, self._conferences)
        wanted: UnitSelection = call.body

        async def work(progress: Progress) -> ImportReport:
            plan = await self._imports.selection(live, call.principal, wanted, progress)
            return await self._report(plan, wanted.dry_run, call.lang)

        return await self._long.answer(call, work)

    async def put_contacts(self, call: Call) -> list[ContactView]:
        live, root = await conference_of(call, self._conferences)
        point = int(call.path("point"))
        await _in_reach(live, point, root)
        if len(call.body) > MAX_CONTACTS:
            raise Problem(400, "too_many_contacts", None, limit=MAX_CONTACTS)
        people = [_contact(n, new) for n, new in enumerate(call.body)]
        await self._contacts.write(live.id, {point: people})
        return [shown(c, True) for c in people]

    async def _report(self, plan: PointPlan, dry_run: bool, lang: str, ignored: Sequence[str] = ()) -> ImportReport:
        return await asyncio.to_thread(report_of, plan, dry_run, self._catalog, lang, ignored)


async def _in_reach(live: Live, point: int, root: str | None) -> None:
    def within(state: State) -> bool:
        p = state.points.get(point)
        return p is not None and state.within(p.unit, root)

    if not await live.conductor.at_rest(within):
        raise Problem(404, "point_unknown", "point", point=point)


def _contact(place: int, new: NewContact) -> Contact:
    name, role = " ".join(new.name.split()), " ".join(new.role.split())
    if not name:
        raise Problem(400, "contact_empty", f"{place}.name")
    for field, text in (("name", name), ("role", role)):
        if len(text) > MAX_CONTACT:
            raise Problem(400, "text_too_long", f"{place}.{field}", limit=MAX_CONTACT)
    phone = normal_phone(new.phone.strip())
    if phone is None:
        raise Problem(400, "phone_bad", f"{place}.phone", value=new.phone)
    return Contact(name, role, phone)
