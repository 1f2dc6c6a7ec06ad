"""Units written: a whole file or nothing, one unit by hand as a file of one row."""

import asyncio
from collections.abc import Callable
from datetime import date

from server.http.longrun import Progress
from server.http.problems import Problem
from server.tables.model import Row, Table

from .model import Unit
from .rules import ImportPlan, plan_import
from .store import UnitsChanged, UnitStore

RACES = 5  # times an edit by hand is planned again after somebody else was faster


class UnitImports:
    """`today` is asked for each import. Every process of the product may import: the store is the referee."""

    def __init__(self, store: UnitStore, today: Callable[[], date]) -> None:
        self._store, self._today = store, today

    async def run(self, table: Table, dry_run: bool, progress: Progress) -> ImportPlan:
        """The plan, applied unless `dry_run` or a row is refused. Problem 409 `units_changed` after a lost race."""
        planning, writing = (progress, progress) if dry_run else halves(progress)
        now = await self._store.current()
        plan = await asyncio.to_thread(plan_import, now.tree.units, table.rows, self._today(), planning)
        if dry_run or not plan.units:
            return plan
        try:
            await self._store.apply(plan.units, now.revision, writing)
        except UnitsChanged as error:
            raise Problem(409, error.code) from error
        return plan

    async def edit(self, code: str, values: dict[str, str]) -> tuple[Unit, ImportPlan]:
        """One unit's fields, as texts of the file's columns. Problem 404 when there is no such unit."""
        for _ in range(RACES):
            now = await self._store.current()
            if code not in now.tree.units:
                raise Problem(404, "unit_unknown", "code", unit=code)
            row = Row(1, {"code": code, **values})
            plan = await asyncio.to_thread(plan_import, now.tree.units, [row], self._today())
            if not plan.units:
                return now.tree.units[code], plan
            try:
                await self._store.apply(plan.units, now.revision)
            except UnitsChanged:
                continue
            return plan.units[0], plan
        raise Problem(409, UnitsChanged.code)


def halves(progress: Progress) -> tuple[Progress, Progress]:
    """Two stages as one progress over the same rows: the first fills half of the bar, the second the rest."""

    def first(done: int, total: int) -> None:
        progress(done // 2, total)

    def second(done: int, total: int) -> None:
        progress((total + done) // 2, total)

    return first, second
