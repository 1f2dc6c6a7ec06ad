"""One row of a file of units, read field by field: no other row, no tree."""

import re
from dataclasses import dataclass, field

from server.protocol.base import MAX_LABEL
from server.tables.model import Row
from server.tables.text import one_line
from server.tables.values import is_date, show_date, spell_date

from .kinds import kind_of, normal_kind
from .model import CODE, MAX_ALIAS, MAX_ALIASES, MAX_CODE, Unit
from .verdicts import Problem

_SEPARATOR = re.compile(r"[,;|\n]")


@dataclass(slots=True)
class Draft:
    """A row on its way to a verdict. `above` is the parent as written, None where the file has no column for
    it. `first` is the row that said the same code before."""

    row: Row
    unit: Unit
    above: str | None
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    first: "Draft | None" = None

    def refuse(self, code: str, field: str, **params: str | int) -> None:
        self.problems.append(Problem(code, field, params))


def read_draft(row: Row, code: str, base: Unit | None, order: int) -> Draft:
    """`base` is the unit as it stands: fields whose column the file lacks keep its values."""
    values = row.values
    old = base or Unit(code, "", order=order)
    name = one_line(values.get("name", old.name))
    kind = normal_kind(values.get("kind", old.kind)) or kind_of(name)
    unit = Unit(
        code,
        name,
        kind,
        old.parent,
        _aliases(row, code, old),
        _day(values, "valid_from", old.valid_from),
        _day(values, "valid_to", old.valid_to),
        old.order,
    )
    above = one_line(values["parent_code"]) if "parent_code" in values else None
    draft = Draft(row, unit, above)
    _check(draft)
    return draft


def _aliases(row: Row, code: str, old: Unit) -> tuple[str, ...]:
    columns = [row.values[f] for f in ("old_codes", "aliases") if f in row.values]
    if not columns:
        return old.aliases
    written = (one_line(part) for text in columns for part in _SEPARATOR.split(text))
    found = tuple(dict.fromkeys(a for a in written if a and a.upper() != code))
    return old.aliases if set(found) == set(old.aliases) else found


def _day(values: dict[str, str], name: str, old: str | None) -> str | None:
    return spell_date(one_line(values[name])) or None if name in values else old


def _check(draft: Draft) -> None:
    unit = draft.unit
    if not unit.code:
        draft.refuse("code_empty", "code")
    elif len(unit.code) > MAX_CODE:
        draft.refuse("code_too_long", "code", limit=MAX_CODE)
    elif not CODE.fullmatch(unit.code):
        draft.refuse("code_signs", "code", value=unit.code)
    if not unit.name:
        draft.refuse("name_empty", "name")
    for name, text in (("name", unit.name), ("kind", unit.kind)):
        if len(text) > MAX_LABEL:
            draft.refuse("text_too_long", name, limit=MAX_LABEL)
    if len(unit.aliases) > MAX_ALIASES:
        draft.refuse("too_many_aliases", "aliases", limit=MAX_ALIASES)
    if any(len(alias) > MAX_ALIAS for alias in unit.aliases):
        draft.refuse("text_too_long", "aliases", limit=MAX_ALIAS)
    _check_days(draft)


def _check_days(draft: Draft) -> None:
    start, end = draft.unit.valid_from, draft.unit.valid_to
    bad = [(n, day) for n, day in (("valid_from", start), ("valid_to", end)) if day and not is_date(day)]
    for name, day in bad:
        draft.refuse("date_bad", name, value=day)
    if start and end and not bad and end < start:
        draft.refuse("dates_reversed", "valid_to", start=show_date(start), end=show_date(end))
