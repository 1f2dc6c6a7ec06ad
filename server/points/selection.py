"""Units of the tree that become points: chosen ones, or what stands below them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

from msgspec import Meta, Struct

from server.protocol.base import Count, Text, UnitCode
from server.units.kinds import normal_kind
from server.units.model import Unit
from server.units.points_file import PointFacts
from server.units.points_plan import Key, PointPlan
from server.units.tree import UnitTree
from server.units.verdicts import Verdict

MAX_CHOSEN = 20_000  # units ticked one by one; the whole tree is one tick at its top


class UnitSelection(Struct, frozen=True, forbid_unknown_fields=True):
    """`subtree`: with everything below, of which `kinds` and `level` (0: the chosen units themselves) keep a part.

    `expected` is what each new point expects; points that exist stay as they are.
    """

    units: Annotated[list[UnitCode], Meta(min_length=1, max_length=MAX_CHOSEN)]
    subtree: bool = False
    kinds: Annotated[list[Text], Meta(max_length=100)] = []
    level: Annotated[int, Meta(ge=0, le=50)] | None = None
    expected: Count = 0
    dry_run: bool = True


def unknown_unit(tree: UnitTree, chosen: Iterable[str]) -> str | None:
    return next((code for code in chosen if code not in tree.units), None)


def selected(tree: UnitTree, selection: UnitSelection) -> list[Unit]:
    """In the official order. KeyError for a unit that the tree does not have."""
    kinds = {normal_kind(kind) for kind in selection.kinds}
    wanted: set[str] = set()
    for code in selection.units:
        top = tree.level(code)
        for unit in tree.subtree(code) if selection.subtree else (tree.units[code],):
            if selection.level is not None and tree.level(unit.code) - top != selection.level:
                continue
            if not kinds or normal_kind(unit.kind) in kinds:
                wanted.add(unit.code)
    return [unit for unit in tree.all() if unit.code in wanted]


def plan_selection(units: Sequence[Unit], existing: Mapping[Key, PointFacts], expected: int) -> PointPlan:
    """One point without a label for each unit that has none yet; rows count the selected units."""
    verdicts = [
        Verdict(row, u.code, u.name, "unchanged" if (u.code, "") in existing else "added")
        for row, u in enumerate(units, 1)
    ]
    new = [PointFacts(0, v.key, expected=expected) for v in verdicts if v.outcome == "added"]
    return PointPlan(verdicts, new)
