"""Verification: every journal folded from its start, everything else held against it.

Works over a running database and over a backup's file alike. Memory is bounded by one conference's state.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.config import Config

from .folding import Fold, Row, Snapshot, snapshot_of
from .reading import Backup
from .report import Report
from .source import Moment, moment
from .steps import Steps

MAX_BROKEN = 20  # lines of SQLite's own check of its pages


class Source(Protocol):
    """Tables as of one moment. `columns` by table; `lots` gives rows in the order of the primary key."""

    @property
    def revision(self) -> str: ...

    @property
    def columns(self) -> Mapping[str, list[str]]: ...

    def lots(self, table: str) -> AsyncIterator[Sequence[Sequence[Any]]]: ...

    async def count(self, table: str) -> int: ...


class Kept:
    """A backup as a source."""

    def __init__(self, backup: Backup) -> None:
        self._backup, self.revision = backup, backup.manifest.schema
        self.columns = {t.name: t.columns for t in backup.manifest.tables}

    async def lots(self, table: str) -> AsyncIterator[Sequence[Sequence[Any]]]:
        for rows in self._backup.rows(table):
            yield rows

    async def count(self, table: str) -> int:
        return next(t.rows for t in self._backup.manifest.tables if t.name == table)


class Known:
    """What is remembered of a source while its journals are folded."""

    def __init__(self) -> None:
        self.journals: dict[str, Row] = {}
        self.snapshots: dict[str, Snapshot] = {}
        self.codes: dict[str, str] = {}
        self.places: dict[str, set[str]] | None = None  # conference -> units it has, in schemas that list them
        self.points: dict[str, int] = {}  # how many each conference has; they are numbered from 1
        self.documents: dict[str, int] = {}


async def verify_database(config: Config, report: Report, steps: Steps) -> Known:
    """Whatever cannot be read is a difference, not an error. `NoDatabase`, `UnknownSchema`."""
    try:
        async with moment(config) as source:
            if source.kind == "sqlite":
                await _verify_pages(source, report)
            return await verify_source(source, report, steps)
    except DBAPIError as error:
        report.differs("database", f"cannot be read: {error.orig}")
        return Known()


async def _verify_pages(source: Moment, report: Report) -> None:
    """SQLite's own look at its pages, indexes and references."""
    for (line,) in await source.db.execute(text(f"PRAGMA integrity_check({MAX_BROKEN})")):
        if line != "ok":
            report.differs("database", line)
    for table, row, parent, _ in await source.db.execute(text("PRAGMA foreign_key_check")):
        report.differs(f"{table}/{row}", f"refers to a row that is not in {parent}")


async def verify_source(source: Source, report: Report, steps: Steps) -> Known:
    report.schema, known = source.revision, Known()
    async for row in rows(source, "journals"):
        known.journals[row["id"]] = row
    report.journals = len(known.journals)
    async for row in rows(source, "snapshots"):
        if row["conference"] not in known.journals:
            report.differs(f"snapshots/{row['conference']}", "is of no journal")
        elif found := snapshot_of(row, report):
            known.snapshots[row["conference"]] = found
    async for row in rows(source, "codes"):
        known.codes[row["code"]] = row["conference"]
        report.spare_codes += row["conference"] not in known.journals
    if "places" in source.columns:
        known.places = {}
        async for row in rows(source, "places"):
            known.places.setdefault(row["conference"], set()).add(row["unit"])
    await _fold_all(source, known, report, steps)
    await _hold_against(source, known, report)
    return known


async def rows(source: Source, table: str) -> AsyncIterator[Row]:
    columns = source.columns[table]
    async for lot in source.lots(table):
        for row in lot:
            yield dict(zip(columns, row, strict=True))


async def _fold_all(source: Source, known: Known, report: Report, steps: Steps) -> None:
    advance = steps("folding journals", await source.count("events"))
    fold: Fold | None = None
    folded: set[str] = set()
    async for row in rows(source, "events"):
        if fold is None or fold.id != row["conference"]:
            if fold:
                _finish(fold, known, report)
            fold = _begin(row["conference"], known, report)
            folded.add(fold.id)
        if fold.take(row):
            await _explain(source, fold, report)
        advance(1)
    if fold:
        _finish(fold, known, report)
    for id in known.journals.keys() - folded:
        _finish(_begin(id, known, report), known, report)


def _begin(id: str, known: Known, report: Report) -> Fold:
    journal = known.journals.get(id)
    if journal is None:
        report.differs(f"events/{id}", "are of no journal")
        journal = {"id": id, "seq": 0, "title": "", "starts_at": 0, "phase": "draft", "points": 0}
    return Fold(journal, known.snapshots.get(id), known.codes, report)


def _finish(fold: Fold, known: Known, report: Report) -> None:
    fold.end()
    known.documents |= fold.documents
    if not fold.whole:
        return
    known.points[fold.id] = fold.state.next_point - 1
    if known.places is not None:
        listed, placed = known.places.get(fold.id, set()), set(fold.state.units)
        for unit in sorted(placed ^ listed):
            problem = (
                "is missing: the conference has that unit" if unit in placed else "the conference has no such unit"
            )
            report.differs(f"places/{unit}/{fold.id}", problem)


async def _explain(source: Source, fold: Fold, report: Report) -> None:
    """The snapshot is read again only when it differs: it may be large."""
    async for row in rows(source, "snapshots"):
        if row["conference"] == fold.id:
            for line in fold.again(row):
                report.differs(f"snapshots/{fold.id}", line)


async def _hold_against(source: Source, known: Known, report: Report) -> None:
    """Rows of other tables that speak of a conference."""
    async for row in rows(source, "answers"):
        place, journal = f"answers/{row['conference']}/{row['command_id']}", known.journals.get(row["conference"])
        if journal is None:
            report.differs(place, "is of no journal")
        elif not 0 <= row["seq"] <= journal["seq"]:
            report.differs(place, f"was given at event {row['seq']}, the last one is {journal['seq']}")
    async for row in rows(source, "contacts"):
        points = known.points.get(row["conference"])
        if row["conference"] not in known.journals or (points is not None and not 1 <= row["point"] <= points):
            report.differs(f"contacts/{row['conference']}/{row['point']}", "is of a point that is not there")
    async for row in rows(source, "kiosks"):
        if row["conference"] not in known.journals:
            report.differs(f"kiosks/{row['id']}", "is of no journal")
