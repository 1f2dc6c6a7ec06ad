"""What an import did or would do, as people read it: one shape for units and rooms, for files and selections."""

from collections.abc import Sequence

from msgspec import UNSET, Struct, UnsetType

from server.messages import Catalog
from server.protocol.errors import Error

from .verdicts import Outcome, Plan, Problem, Verdict


class ImportQuery(Struct, frozen=True):
    """`dry_run`: only tell what would happen."""

    dry_run: bool = True


class ReportRow(Struct, frozen=True, omit_defaults=True):
    """`row` as a spreadsheet counts it. `changes`: field, value before, value after.

    `error` says why the row is refused, all reasons in one message; `warnings` do not stop an import.
    """

    row: int
    verdict: Outcome
    code: str
    name: str
    changes: list[tuple[str, str, str]] | UnsetType = UNSET
    error: Error | UnsetType = UNSET
    warnings: list[Error] | UnsetType = UNSET


class ImportReport(Struct, frozen=True):
    """All or nothing: with `refused` above 0 nothing was written. `dry_run`: nothing was to be written.

    `ignored`: headings of the file that are no known column, as they stand in it.
    """

    added: int
    changed: int
    unchanged: int
    refused: int
    dry_run: bool
    rows: list[ReportRow]
    ignored: list[str]


def report_of(plan: Plan, dry_run: bool, catalog: Catalog, lang: str, ignored: Sequence[str] = ()) -> ImportReport:
    counts = plan.counts
    rows = [_row(v, catalog, lang) for v in plan.verdicts]
    added, changed, unchanged, refused = (counts[o] for o in ("added", "changed", "unchanged", "refused"))
    return ImportReport(added, changed, unchanged, refused, dry_run, rows, list(ignored))


def first_error(verdict: Verdict, catalog: Catalog, lang: str) -> Error:
    """The reasons of a refused row in one message, under the first one's code."""
    texts = [catalog.text(p.code, lang, p.params) for p in verdict.problems]
    first = verdict.problems[0]
    return Error(first.code, " ".join(texts), first.field, verdict.row)


def _row(v: Verdict, catalog: Catalog, lang: str) -> ReportRow:
    return ReportRow(
        v.row,
        v.outcome,
        v.key,
        v.label,
        [(c.field, c.old, c.new) for c in v.changes] or UNSET,
        first_error(v, catalog, lang) if v.problems else UNSET,
        _errors(v.warnings, v.row, catalog, lang) or UNSET,
    )


def _errors(problems: Sequence[Problem], row: int, catalog: Catalog, lang: str) -> list[Error]:
    return [Error(p.code, catalog.text(p.code, lang, p.params), p.field, row) for p in problems]
