"""What organizers are told of documents."""

from msgspec import Struct

from server.conference import view
from server.conference.state import Document, State
from server.protocol.views import DocumentView


class VersionView(Struct, frozen=True):
    """`kind` is the media type, `size` in bytes; `by` names who brought it, `at` when."""

    version: int
    name: str
    kind: str
    size: int
    hash: str
    at: int
    by: str
    pages: int | None = None


class DocumentDetail(DocumentView, frozen=True, kw_only=True):
    """A document with every version it had, oldest first."""

    versions: list[VersionView]


class DocumentList(Struct, frozen=True):
    """In the order people see them."""

    documents: list[DocumentDetail]


class DocumentCount(Struct, frozen=True):
    document: int
    opens: int


class PointCount(Struct, frozen=True):
    """`point` 0 is the conference's own code."""

    point: int
    scans: int
    opens: int


class Counts(Struct, frozen=True):
    """Since the beginning; points without any are left out. `minutes`: `[minute in ms, scans, openings]`."""

    documents: list[DocumentCount]
    points: list[PointCount]
    minutes: list[tuple[int, int, int]]


def detail(document: Document, now: int) -> DocumentDetail:
    shown = view.document(document, now)
    versions = [
        VersionView(number, file.name, file.kind, file.size, file.hash, stamp.at, stamp.by, file.pages)
        for number, (file, stamp) in enumerate(zip(document.versions, document.stamps, strict=True), start=1)
    ]
    return DocumentDetail(**{f: getattr(shown, f) for f in shown.__struct_fields__}, versions=versions)


def point_counts(state: State, root: str | None) -> list[PointCount]:
    counted = [
        PointCount(p.id, p.scans, p.opens)
        for p in state.points.values()
        if (p.scans or p.opens) and state.within(p.unit, root)
    ]
    if root is None and (state.scans or state.opens):
        counted.insert(0, PointCount(0, state.scans, state.opens))
    return counted
