"""What an import of rooms would do, row by row. A room is known by its unit and its label."""

from collections.abc import Mapping, Sequence

from msgspec.structs import asdict

from server.tables.model import Row
from server.tables.text import fold, one_line

from .finder import Finder
from .kinds import bare
from .model import Unit
from .points_file import MAX_CONTACT, PointFacts, Reading, label_key
from .rules import candidates
from .verdicts import Change, Outcome, Plan, Problem, Progress, Verdict, counted

Key = tuple[str, str]  # unit code, label key


class PointPlan(Plan, frozen=True):
    """`points` are to be written, new ones with id 0, all in one go; empty as long as any row is refused."""

    points: list[PointFacts]


def plan_points(
    existing: Mapping[Key, PointFacts],
    units: Mapping[str, Unit],
    rows: Sequence[Row],
    progress: Progress | None = None,
) -> PointPlan:
    """Rows with the fields of `points_file.COLUMNS`; rooms the rows do not name stay as they are.

    `units` are those that may have rooms now. Pure; the same rows again give only `unchanged`.
    """
    finder = Finder(units)
    first: dict[Key, tuple[int, PointFacts]] = {}
    verdicts: list[Verdict] = []
    points: list[PointFacts] = []
    for row in counted(rows, len(rows), progress):
        reading = Reading(row)
        unit = _unit(reading, finder)
        if unit is None:
            written = row.values.get("unit") or row.values.get("unit_name", "")
            verdicts.append(_verdict(reading, written, one_line(written), "refused"))
            continue
        name = _label(reading, unit)
        key = (unit.code, label_key(name))
        old = existing.get(key)
        new = _facts(reading, unit, name, old)
        outcome: Outcome = "added" if old is None else "unchanged" if old == new else "changed"
        if (before := first.setdefault(key, (row.number, new)))[0] != row.number:
            outcome = "unchanged"
            _note_repeated(reading, new, *before)
        if outcome in ("added", "changed"):
            points.append(new)
        changes = _changes(old, new) if outcome == "changed" and old else ()
        verdicts.append(_verdict(reading, unit.code, " / ".join(filter(None, (unit.name, name))), outcome, changes))
    refused = any(v.outcome == "refused" for v in verdicts)
    return PointPlan(verdicts, [] if refused else points)


def _unit(reading: Reading, finder: Finder) -> Unit | None:
    """By the code's column; by the name's only where the code's is blank or absent, never as a second guess."""
    values = reading.row.values
    code, name = (one_line(values.get(f, "")) for f in ("unit", "unit_name"))
    text, field = (code, "unit") if code else (name, "unit_name")
    found = finder.find(text)
    if len(found) == 1:
        if code and name and not _names(found[0], name):
            reading.warnings.append(Problem("unit_name_differs", "unit_name", {"value": name, "name": found[0].name}))
        return found[0]
    if not text:
        reading.refuse("unit_empty", "unit")
    elif found:
        reading.refuse("unit_ambiguous", field, value=text, candidates=candidates(found))
    else:
        reading.refuse("unit_not_found", field, value=text)
    return None


def _names(unit: Unit, text: str) -> bool:
    names = {fold(n) for n in (unit.name, bare(unit.name), *unit.aliases)}
    return fold(text) in names or fold(bare(text)) in names


def _label(reading: Reading, unit: Unit) -> str:
    """A label that only repeats the unit's name says nothing: it is the unit's room without a label."""
    name = reading.text("name", "")
    return "" if fold(name) == fold(unit.name) else name


def _facts(reading: Reading, unit: Unit, name: str, old: PointFacts | None) -> PointFacts:
    base = old or PointFacts(0, unit.code)
    seats, expected = reading.count("seats", base.seats), reading.count("expected", base.expected)
    if expected > seats > 0:
        reading.warnings.append(Problem("more_than_seats", "expected", {"expected": expected, "seats": seats}))
    lat, lon = reading.position((base.lat, base.lon))
    return PointFacts(
        base.id,
        unit.code,
        name,
        seats,
        expected,
        reading.text("address", base.address),
        lat,
        lon,
        reading.text("contact", base.contact, MAX_CONTACT),
        reading.phone(base.phone),
    )


def _note_repeated(reading: Reading, new: PointFacts, number: int, first: PointFacts) -> None:
    if new == first:
        reading.warnings.append(Problem("row_repeated", "name", {"first": number}))
    else:
        reading.refuse("point_twice", "name", first=number)


def _verdict(reading: Reading, key: str, label: str, outcome: Outcome, changes: tuple[Change, ...] = ()) -> Verdict:
    refused = bool(reading.problems)
    return Verdict(
        reading.row.number,
        key,
        label,
        "refused" if refused else outcome,
        () if refused else changes,
        tuple(reading.problems),
        tuple(reading.warnings),
    )


def _changes(old: PointFacts, new: PointFacts) -> tuple[Change, ...]:
    before, after = asdict(old), asdict(new)
    return tuple(Change(f, _shown(before[f]), _shown(after[f])) for f in after if before[f] != after[f])


def _shown(value: object) -> str:
    return "" if value is None else str(value)
