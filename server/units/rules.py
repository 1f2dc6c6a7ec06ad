"""What an import of units would do. An edit or a retirement by hand is an import of one row."""

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec.structs import replace

from server.tables.model import Row
from server.tables.text import one_line
from server.tables.values import show_date

from .fields import Draft, read_draft
from .finder import Finder
from .model import Unit
from .verdicts import Change, Outcome, Plan, Problem, Progress, Verdict, counted
from .zeros import Zeros

SHOWN = 5  # candidates named when a text means several units


class ImportPlan(Plan, frozen=True):
    """`units` are to be written, all in one go; empty as long as any row is refused."""

    units: list[Unit]


def plan_import(
    existing: Mapping[str, Unit], rows: Sequence[Row], today: date, progress: Progress | None = None
) -> ImportPlan:
    """Rows with the fields of `unit_file.COLUMNS`, in any order; units the rows do not name stay as they are.

    Pure; the same rows again give only `unchanged`. `progress` is told of every thousand rows.
    """
    drafts = _read(existing, rows, progress)
    by_code = {d.unit.code: d for d in drafts if d.first is None}
    finder = Finder({**existing, **{code: d.unit for code, d in by_code.items()}})
    for draft in by_code.values():
        _resolve_parent(draft, finder)
    units = {**existing, **{code: d.unit for code, d in by_code.items()}}
    _check_cycles(by_code, units)
    _check_aliases(by_code, units)
    for draft in by_code.values():
        _warn_of_ended_parent(draft, units, today.isoformat())
    verdicts = [_verdict(d, existing.get(d.unit.code)) for d in drafts]
    written = ("added", "changed")
    refused = any(v.outcome == "refused" for v in verdicts)
    changed = [d.unit for d, v in zip(drafts, verdicts, strict=True) if v.outcome in written]
    return ImportPlan(verdicts, [] if refused else changed)


def _read(existing: Mapping[str, Unit], rows: Sequence[Row], progress: Progress | None) -> list[Draft]:
    order = max((u.order for u in existing.values()), default=0)
    zeros = Zeros(existing, (_written(row) for row in rows))
    first: dict[str, Draft] = {}
    drafts: list[Draft] = []
    for row in counted(rows, len(rows), progress):
        written = _written(row)
        lost = zeros.lost(written, "code" in row.numbers)
        meant = zeros.meant(written) if lost else []
        code = meant[0] if len(meant) == 1 else written
        order += 1
        draft = read_draft(row, code, existing.get(code), order)
        if code != written:
            draft.warnings.append(Problem("zeros_restored", "code", {"code": code, "value": written}))
        elif meant:
            draft.refuse("code_zeros_lost", "code", value=written, candidates=_shown(meant))
        same = first.setdefault(code, draft) if code else draft
        if same is not draft:
            _note_repeated(draft, same, lost or _written(same.row) != code)
        drafts.append(draft)
    return drafts


def _written(row: Row) -> str:
    return one_line(row.values.get("code", "")).upper()


def _note_repeated(draft: Draft, first: Draft, zeros_lost: bool) -> None:
    draft.first = first
    if replace(draft.unit, order=first.unit.order) != first.unit or draft.above != first.above:
        draft.refuse("code_twice_zeros" if zeros_lost else "code_twice", "code", first=first.row.number)
    else:
        draft.warnings.append(Problem("row_repeated", "code", {"first": first.row.number}))


def _resolve_parent(draft: Draft, finder: Finder) -> None:
    if draft.above is None:
        return
    if not draft.above:
        draft.unit = replace(draft.unit, parent=None)
        return
    found = finder.find(draft.above)
    if len(found) > 1:  # a ward may bear the name of its district
        found = [u for u in found if u.code != draft.unit.code]
    if len(found) == 1:
        draft.unit = replace(draft.unit, parent=found[0].code)
        exact = {found[0].code, *found[0].aliases}
        if found == finder.by_number(draft.above) and draft.above not in exact:
            params: dict[str, str | int] = {"code": found[0].code, "value": draft.above}
            draft.warnings.append(Problem("zeros_restored", "parent_code", params))
    elif not found:
        draft.refuse("parent_unknown", "parent_code", value=draft.above)
    else:
        reason = "parent_zeros_lost" if found == finder.by_number(draft.above) else "parent_ambiguous"
        draft.refuse(reason, "parent_code", value=draft.above, candidates=candidates(found))


def candidates(units: Sequence[Unit]) -> str:
    """`Phường Minh Khai (00340), …` for a message."""
    return _shown([f"{u.name} ({u.code})" for u in units])


def _shown(texts: Sequence[str]) -> str:
    return ", ".join([*texts[:SHOWN], "…"] if len(texts) > SHOWN else texts)


def _check_cycles(drafts: Mapping[str, Draft], units: Mapping[str, Unit]) -> None:
    """Walks up from each unit of the file, never twice over the same ground."""
    safe: set[str] = set()
    for start in drafts:
        path: dict[str, None] = {}
        code: str | None = start
        while code is not None and code in units and code not in safe and code not in path:
            path[code] = None
            code = units[code].parent
        if code is not None and code in path:
            cycle = list(path)[list(path).index(code) :]
            shown = " → ".join([*cycle[:SHOWN], "…" if len(cycle) > SHOWN else code])
            for member in drafts.keys() & set(cycle):
                drafts[member].refuse("parent_cycle", "parent_code", path=shown)
        safe.update(path)


def _check_aliases(drafts: Mapping[str, Draft], units: Mapping[str, Unit]) -> None:
    """An alias may be the code of another unit only if there was no day on which both were valid."""
    for unit in units.values():
        for alias in unit.aliases:
            other = units.get(alias.upper())
            if other is None or other.code == unit.code or not unit.overlaps(other):
                continue
            if unit.code in drafts:
                drafts[unit.code].refuse("alias_is_code", "aliases", alias=alias, name=other.name)
            elif other.code in drafts:
                drafts[other.code].refuse("code_is_alias", "code", value=other.code, name=unit.name)


def _warn_of_ended_parent(draft: Draft, units: Mapping[str, Unit], today: str) -> None:
    parent = units.get(draft.unit.parent or "")
    if parent and draft.unit.valid_on(today) and parent.valid_to and parent.valid_to < today:
        params: dict[str, str | int] = {"name": parent.name, "day": show_date(parent.valid_to)}
        draft.warnings.append(Problem("parent_ended", "parent_code", params))


def _verdict(draft: Draft, old: Unit | None) -> Verdict:
    changes = () if draft.first else _changes(old, draft.unit)
    outcome: Outcome = "unchanged"
    if draft.problems:
        outcome = "refused"
    elif not draft.first:
        outcome = "added" if old is None else "changed" if changes else "unchanged"
    return Verdict(
        draft.row.number,
        draft.unit.code,
        draft.unit.name,
        outcome,
        changes if outcome == "changed" else (),
        tuple(draft.problems),
        tuple(draft.warnings),
    )


def _changes(old: Unit | None, new: Unit) -> tuple[Change, ...]:
    if old is None or old == new:
        return ()
    pairs = (
        ("name", old.name, new.name),
        ("kind", old.kind, new.kind),
        ("parent_code", old.parent or "", new.parent or ""),
        ("aliases", "; ".join(old.aliases), "; ".join(new.aliases)),
        ("valid_from", old.valid_from or "", new.valid_from or ""),
        ("valid_to", old.valid_to or "", new.valid_to or ""),
    )
    return tuple(Change(field, before, after) for field, before, after in pairs if before != after)
