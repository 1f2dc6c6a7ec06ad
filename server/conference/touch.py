"""Which views an event changes, so that only these are built again.

Forgetting one here would leave a wall wrong; the convergence test walks every event type and compares
with a fresh snapshot, so a new event cannot be forgotten.
"""

from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct, field

from server.protocol import events as e
from server.protocol.events import Event


class Touch(Struct):
    """`every` means every point's row; `links` that devices may have been sent away.

    `scanned` and `counts` change what walls show (a row, the documents' openings) but nothing that an operator
    is told: a hall that scans must not make a message to every room of the conference.
    """

    rows: set[int] = field(default_factory=set)
    scanned: set[int] = field(default_factory=set)
    infos: set[int] = field(default_factory=set)
    every: bool = False
    units: bool = False
    conference: bool = False
    documents: bool = False
    counts: bool = False
    notices: bool = False
    links: bool = False


def touch(touched: Touch, event: Event) -> None:
    """Adds to `touched` what `event` changes. An event that is not named here changes its own point's row."""
    _BY_TYPE.get(type(event.body), _own_row)(touched, event.body)


def _own_row(t: Touch, body: Any) -> None:
    t.rows.add(body.point)


def _points(t: Touch, points: Iterable[int]) -> None:
    listed = set(points)
    t.rows |= listed
    t.infos |= listed


def _added(t: Touch, body: e.PointsAdded) -> None:
    _points(t, range(body.first, body.first + len(body.points)))


def _edited(t: Touch, body: e.PointsEdited) -> None:
    _points(t, [edit.point for edit in body.edits])


def _merged(t: Touch, body: e.PointsMerged) -> None:
    _points(t, [body.into, *body.points])
    t.links = True


def _listed(t: Touch, body: e.PointsClosed | e.PointsReopened) -> None:
    _points(t, body.points)
    t.links = True


def _scans(t: Touch, body: e.ScansCounted) -> None:
    t.scanned.update(r.point for r in body.rows if r.point)
    t.counts = True


def _code(t: Touch, body: e.CodeIssued | e.CodeRevoked) -> None:
    if body.point is None:
        t.conference = True
    else:
        t.rows.add(body.point)


def _phase(t: Touch, body: e.PhaseSet) -> None:
    t.every = t.conference = True


def _flag(name: str) -> Callable[[Touch, Any], None]:
    return lambda t, body: setattr(t, name, True)


def _nothing(t: Touch, body: Any) -> None:
    """No screen shows it."""


_BY_TYPE: dict[type, Callable[[Touch, Any], None]] = {
    e.PointsAdded: _added,
    e.PointsEdited: _edited,
    e.PointsMerged: _merged,
    e.PointsClosed: _listed,
    e.PointsReopened: _listed,
    e.ScansCounted: _scans,
    e.CodeIssued: _code,
    e.CodeRevoked: _code,
    e.PhaseSet: _phase,
    e.UnitsPlaced: _flag("units"),
    **dict.fromkeys((e.ConferenceCreated, e.ConferenceEdited, e.CodeExpirySet), _flag("conference")),
    **dict.fromkeys((e.LinksRenewed, e.LinksRevoked, e.DeviceEnrolled, e.DeviceRemoved), _flag("links")),
    **dict.fromkeys((e.DocumentAdded, e.VersionAdded, e.DocumentEdited, e.DocumentsOrdered), _flag("documents")),
    **dict.fromkeys((e.DocumentWithdrawn, e.DocumentRestored), _flag("documents")),
    **dict.fromkeys((e.NoticePosted, e.NoticeWithdrawn), _flag("notices")),
    e.OnAirSet: _nothing,  # the hub sees by the state who is on air: whatever takes a room off it
    e.MediaKeysRenewed: _nothing,
}
