"""The organisation's tree over HTTP. An organizer of a unit sees that unit's subtree; who has all may write."""

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from aiohttp import web
from msgspec import UNSET, Meta, Struct, UnsetType

from server.http.longrun import LongAnswers, Progress
from server.http.problems import Problem
from server.http.routing import Allow, Call, Principal, Route
from server.messages import Catalog
from server.protocol.base import MAX_LABEL, Label, Text
from server.tables.values import is_date

from .export import Format, headed, table_file
from .files import FileDesk
from .imports import UnitImports
from .kinds import bare
from .model import MAX_ALIAS, MAX_ALIASES, MAX_CODE, Unit
from .report import ImportQuery, ImportReport, first_error, report_of
from .store import UnitStore
from .tree import UnitTree
from .unit_file import COLUMNS, EXPORT_COLUMNS, records

ROOTS = "root"  # as `parent`: codes are upper case, so no unit is called so
MAX_PAGE = 1_000
MAX_FOUND = 200  # nobody reads more hits; a better word finds sooner
DAYS_KEPT = 8  # trees of single days in memory, some megabytes each


class UnitQuery(Struct, frozen=True):
    """Without `q`, the children of `parent` (its absence or `root`: the topmost units), from `offset` on.

    `q` searches by code, alias and name, without accents. `at`: the tree as of a day, ISO 8601.
    """

    parent: str = ROOTS
    q: Annotated[str, Meta(max_length=MAX_LABEL)] = ""
    at: str = ""
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = 100
    offset: Annotated[int, Meta(ge=0)] = 0


class UnitItem(Struct, frozen=True):
    """`children`: how many units stand right below. `path`: the names above, from the top."""

    code: str
    name: str
    short: str
    kind: str
    parent: str | None
    aliases: tuple[str, ...]
    valid_from: str | None
    valid_to: str | None
    children: int
    path: list[str]


class UnitList(Struct, frozen=True):
    """`total`: the children in all, or the hits in this answer."""

    units: list[UnitItem]
    total: int


class UnitEdit(Struct, frozen=True, forbid_unknown_fields=True):
    """What is left out stays. `parent` null: a topmost unit. Days as ISO 8601, null: without end on that side."""

    name: Label | UnsetType = UNSET
    kind: Text | UnsetType = UNSET
    parent: Annotated[str, Meta(max_length=MAX_CODE)] | None | UnsetType = UNSET
    aliases: Annotated[list[Annotated[str, Meta(max_length=MAX_ALIAS)]], Meta(max_length=MAX_ALIASES)] | UnsetType = (
        UNSET
    )
    valid_from: str | None | UnsetType = UNSET
    valid_to: str | None | UnsetType = UNSET


class UnitRoutes:
    """`today` is the day where the conferences are held; `desk` is shared with every other import."""

    def __init__(self, store: UnitStore, desk: FileDesk, catalog: Catalog, today: Callable[[], date]) -> None:
        self._store, self._desk, self._catalog = store, desk, catalog
        self._imports = UnitImports(store, today)
        self._long = LongAnswers(catalog)
        self._days: dict[tuple[int, str], UnitTree] = {}

    def routes(self) -> list[Route]:
        return [
            Route(
                "GET", "/api/units", self.list_units, Allow.VIEWER, "Units below one, or found by words",
                query=UnitQuery, answer=UnitList, errors=("unit_unknown", "date_bad"),
            ),
            Route(
                "POST", "/api/units/import", self.import_file, Allow.ORGANIZER,
                "Import units from a table: all or nothing, with lines of progress on request",
                query=ImportQuery, answer=ImportReport, upload=True,
                errors=("file_type_unknown", "heading_missing", "units_changed"),
            ),
            Route(
                "GET", "/api/units.{format:csv|xlsx}", self.export, Allow.VIEWER, "Units as a table",
                produces="text/csv",
            ),
            Route(
                "PATCH", "/api/units/{code}", self.edit, Allow.ORGANIZER, "Change a unit",
                body=UnitEdit, answer=UnitItem, errors=("unit_unknown", "parent_cycle", "units_changed"),
            ),
        ]  # fmt: skip

    async def list_units(self, call: Call) -> UnitList:
        q: UnitQuery = call.query
        root = call.principal.unit
        tree = await self._tree(q.at)
        if q.q.strip():
            found = await asyncio.to_thread(tree.search, q.q, min(q.limit, MAX_FOUND), root)
            return UnitList([_item(tree, u, root) for u in found], len(found))
        if q.parent in ("", ROOTS):
            below = tree.children(None) if root is None else [tree.units[root]] if root in tree.units else []
        else:
            code = q.parent.upper()
            if code not in tree.units or (root is not None and not tree.is_within(code, root)):
                raise Problem(404, "unit_unknown", "parent", unit=q.parent)
            below = tree.children(code)
        shown = below[q.offset : q.offset + q.limit]
        return UnitList([_item(tree, u, root) for u in shown], len(below))

    async def import_file(self, call: Call) -> Any:
        _whole(call.principal)
        dry_run = call.query.dry_run
        table = await self._desk.table(call.request, COLUMNS)

        async def work(progress: Progress) -> ImportReport:
            plan = await self._imports.run(table, dry_run, progress)
            return await asyncio.to_thread(report_of, plan, dry_run, self._catalog, call.lang, table.ignored)

        return await self._long.answer(call, work)

    async def edit(self, call: Call) -> UnitItem:
        _whole(call.principal)
        unit, plan = await self._imports.edit(call.path("code").upper(), _values(call.body))
        if plan.refused:
            error = first_error(plan.refused[0], self._catalog, call.lang)
            params: dict[str, Any] = dict(plan.refused[0].problems[0].params)
            raise Problem(409, error.code, "parent" if error.field == "parent_code" else error.field, **params)
        return _item((await self._store.current()).tree, unit, None)

    async def export(self, call: Call) -> web.Response:
        root, tree = call.principal.unit, (await self._store.current()).tree
        units = tree.all() if root is None else tree.subtree(root) if root in tree.units else ()
        format: Format = "csv" if call.path("format") == "csv" else "xlsx"
        name, sheet = ("units", "Units") if call.lang == "en" else ("don-vi", "Đơn vị")
        return await table_file(headed(EXPORT_COLUMNS, call.lang), lambda: records(units), format, name, sheet)

    async def _tree(self, day: str) -> UnitTree:
        now = await self._store.current()
        if not day:
            return now.tree
        if not is_date(day):
            raise Problem(400, "date_bad", "at", value=day[:20])
        key = (now.revision, day)
        if key not in self._days:
            made = await asyncio.to_thread(now.tree.at, day)
            while len(self._days) >= DAYS_KEPT:
                self._days.pop(next(iter(self._days)))
            self._days[key] = made
        return self._days[key]


def _whole(who: Principal) -> None:
    """The tree is common to all: who is bound to a part of it does not change it."""
    if who.unit is not None:
        raise Problem(403, "forbidden_scope")


def _item(tree: UnitTree, unit: Unit, root: str | None) -> UnitItem:
    above = [u for u in tree.path(unit.code)[:-1] if root is None or tree.is_within(u.code, root)]
    return UnitItem(
        unit.code,
        unit.name,
        bare(unit.name),
        unit.kind,
        tree.parent(unit.code),
        unit.aliases,
        unit.valid_from,
        unit.valid_to,
        len(tree.children(unit.code)),
        [u.name for u in above],
    )


def _values(edit: UnitEdit) -> dict[str, str]:
    """The edit as cells of the file's columns."""
    fields = ("name", "kind", "parent", "valid_from", "valid_to")
    given = {f: value or "" for f in fields if (value := getattr(edit, f)) is not UNSET}
    values = {"parent_code" if f == "parent" else f: value for f, value in given.items()}
    if edit.aliases is not UNSET:
        values["aliases"] = "\n".join(edit.aliases)
    return values
