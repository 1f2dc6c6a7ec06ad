"""Points written: planned against the conference at rest, then one command for all of them.

The order makes every break harmless: first the codes are reserved (a code that no point has opens nothing), then
one transaction of the journal holds all new and changed rooms, then the contacts follow in one of their own.
Should a crash come between the two, the same file imported again completes. Whoever adds rooms between the plan and
the command, here or on another server, makes the rule refuse it, and the import is planned again.
"""

import asyncio
import itertools
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog
from msgspec import Struct
from msgspec.structs import replace

from server.conference.days import day_here
from server.conference.points import EDITABLE
from server.http.longrun import Progress
from server.http.problems import Problem, of_refusal
from server.http.routing import Principal
from server.live.conferences import Live
from server.protocol.commands import AddPoints, NewPoint, PointEdit, UnitNode
from server.tables.model import Table
from server.units.imports import halves
from server.units.model import Unit
from server.units.points_file import PointFacts, check_columns
from server.units.points_plan import Key, PointPlan, plan_points
from server.units.store import UnitStore
from server.units.tree import UnitTree
from server.units.verdicts import Problem as RowProblem
from server.units.verdicts import Verdict

from .known import Known, facts_of, read_known
from .model import Contact
from .selection import UnitSelection, plan_selection, selected, unknown_unit
from .store import ContactStore

log = structlog.get_logger()

RACES = 5  # times an import is planned again after somebody else was faster
STALE = "points_changed"

NewCodes = Callable[[str, int], Awaitable[list[str]]]
MakePlan = Callable[[Mapping[Key, PointFacts], UnitTree], PointPlan]


class Draft(Struct, frozen=True):
    """A plan and what it was made from."""

    plan: PointPlan
    old: dict[int, PointFacts]
    placed: frozenset[str]
    tree: UnitTree
    first: int  # the number of the first new room


class PointImports:
    """Imports into one conference wait for each other in this process.

    `new_codes(conference, count)` reserves document codes: they are in the index when it returns.
    """

    def __init__(self, units: UnitStore, contacts: ContactStore, new_codes: NewCodes) -> None:
        self._units, self._contacts, self._new_codes = units, contacts, new_codes
        self._locks: dict[str, asyncio.Lock] = {}

    async def file(self, live: Live, who: Principal, table: Table, dry_run: bool, progress: Progress) -> PointPlan:
        """Raises `TableError` when the file does not say whose rooms they are."""
        check_columns(table)
        planning, writing = (progress, progress) if dry_run else halves(progress)

        def make(existing: Mapping[Key, PointFacts], tree: UnitTree) -> PointPlan:
            return plan_points(existing, tree.units, table.rows, planning)

        return await self._run(live, who, make, dry_run, writing)

    async def selection(self, live: Live, who: Principal, wanted: UnitSelection, progress: Progress) -> PointPlan:
        """Problem 404 `unit_unknown` names the first unit that the reader cannot choose."""

        def make(existing: Mapping[Key, PointFacts], tree: UnitTree) -> PointPlan:
            if missing := unknown_unit(tree, wanted.units):
                raise Problem(404, "unit_unknown", "units", unit=missing)
            return plan_selection(selected(tree, wanted), existing, wanted.expected)

        return await self._run(live, who, make, wanted.dry_run, progress)

    async def _run(self, live: Live, who: Principal, make: MakePlan, dry_run: bool, writing: Progress) -> PointPlan:
        if dry_run:
            return (await self._plan(live, who, make)).plan
        codes: list[str] = []
        async with self._locks.setdefault(live.id, asyncio.Lock()):
            for _ in range(RACES):
                draft = await self._plan(live, who, make)
                if not draft.plan.points or await self._apply(live, who, draft, codes, writing):
                    return draft.plan
        raise Problem(409, STALE)

    async def _plan(self, live: Live, who: Principal, make: MakePlan) -> Draft:
        """Against the units as they are on the day of the conference, those of the reader's subtree."""
        tree = (await self._units.current()).tree
        day = day_here(live.hub.conference.starts_at).isoformat()
        people = await self._contacts.of_conference(live.id)
        known = await live.conductor.at_rest(read_known)
        return await asyncio.to_thread(_draft, known, people, tree, day, who.unit, make)

    async def _apply(self, live: Live, who: Principal, draft: Draft, codes: list[str], progress: Progress) -> bool:
        """False, and nothing is written, when others added rooms since the plan. `codes` are kept for the next try."""
        total = len(draft.plan.points)
        missing = sum(not p.id for p in draft.plan.points) - len(codes)
        if missing > 0:
            codes += await self._new_codes(live.id, missing)
        command = await asyncio.to_thread(_command, draft, codes)
        # The id lets the conductor recognise its own commit, should the database's answer to it get lost.
        answer = await live.conductor.submit(command, who.actor(), id=secrets.token_hex(16))
        if answer.refusal and answer.refusal.code == STALE:
            return False
        if answer.refusal:
            raise of_refusal(answer.refusal)
        progress(total // 2, total)
        try:
            if people := await asyncio.to_thread(_people, draft):
                await self._contacts.write_first(live.id, people)
        except Exception as error:
            if not answer.events:
                raise
            log.warning("import_unfinished", conference=live.id, error=repr(error))
            raise Problem(503, "import_unfinished") from error
        await live.whole()
        progress(total, total)
        return True


def _draft(
    known: Known, people: Mapping[int, Sequence[Contact]], whole: UnitTree, day: str, root: str | None, make: MakePlan
) -> Draft:
    tree = whole.at(day)
    if root is not None:
        tree = UnitTree({u.code: u for u in tree.subtree(root)} if root in tree.units else {})
    existing = facts_of(known.lines, people)
    plan = make(existing, tree)
    if root is not None:
        plan = _only_placed(plan, tree.units, known.placed)
    return Draft(plan, {p.id: p for p in existing.values()}, known.placed, tree, known.next_point)


def _only_placed(plan: PointPlan, units: Mapping[str, Unit], placed: frozenset[str]) -> PointPlan:
    """Who is bound to a subtree adds rooms of units that the conference has; placing units is for who sees all."""

    def judged(v: Verdict) -> Verdict:
        if v.outcome != "added" or v.key in placed:
            return v
        reason = RowProblem("unit_not_placed", "unit", {"name": units[v.key].name})
        return replace(v, outcome="refused", problems=(reason,))

    verdicts = [judged(v) for v in plan.verdicts]
    refused = any(v.outcome == "refused" for v in verdicts)
    return PointPlan(verdicts, [] if refused else plan.points)


def _command(draft: Draft, codes: Sequence[str]) -> AddPoints:
    new = [p for p in draft.plan.points if not p.id]
    rooms = [
        NewPoint(p.unit, code, p.name, p.seats, p.expected, p.address, p.lat, p.lon)
        for p, code in zip(new, codes, strict=False)
    ]
    edits = [e for p in draft.plan.points if p.id and (e := _edit(draft.old[p.id], p))]
    return AddPoints(_nodes(draft, new), rooms, draft.first, edits)


def _nodes(draft: Draft, new: Sequence[PointFacts]) -> list[UnitNode]:
    """Every unit of the new rooms and all above them that the conference has not placed yet, parents first."""
    wanted = {u.code for code in {p.unit for p in new} for u in draft.tree.path(code)} - draft.placed
    return [
        UnitNode(u.code, u.name, u.kind, draft.tree.parent(u.code), u.order)
        for u in draft.tree.all()
        if u.code in wanted
    ]


def _edit(old: PointFacts, p: PointFacts) -> PointEdit | None:
    """None when only the contact changed."""
    changed = {f: getattr(p, f) for f in EDITABLE if getattr(p, f) != getattr(old, f)}
    return PointEdit(p.id, **changed) if changed else None


def _people(draft: Draft) -> dict[int, Contact]:
    """By point, who is to be called where it is another one than before."""
    numbers = itertools.count(draft.first)
    numbered = [(p.id or next(numbers), p) for p in draft.plan.points]
    return {id: Contact(p.contact, "", p.phone) for id, p in numbered if _called(p) != _called(draft.old.get(p.id))}


def _called(p: PointFacts | None) -> tuple[str, str]:
    return (p.contact, p.phone) if p else ("", "")
