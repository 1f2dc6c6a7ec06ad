"""The record as one reader may have it: what concerns his subtree, and rooms' secrets only if he organizes. Pure."""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec.structs import replace

from server.protocol import events as e
from server.protocol.events import Event, EventBody

from .state import State

# Who came by which device, which code was given out: of a room, only organizers read it.
_PRIVATE = (e.DeviceEnrolled, e.DeviceRemoved, e.CodeIssued, e.CodeRevoked)

Narrow = Callable[[State, Any, str], EventBody | None]


def told(state: State, event: Event, root: str | None, organizes: bool) -> Event | None:
    """`event` with what of it concerns the subtree `root` (None: everything); None when nothing does.

    Points of others are taken out of lists. Events about the whole conference are everybody's.
    """
    body: EventBody | None = event.body if organizes else for_guests(event.body)
    if body is not None and root is not None:
        body = _NARROW.get(type(body), _own_point)(state, body, root)
    if body is None:
        return None
    return event if body is event.body else replace(event, body=body)


def for_guests(body: EventBody) -> EventBody | None:
    """What who only watches reads: no devices of rooms, and no codes that open documents as a room."""
    if isinstance(body, _PRIVATE) and body.point is not None:
        return None
    if isinstance(body, e.PointsAdded):
        return replace(body, points=[replace(new, code="") for new in body.points])
    return body


def added_points(state: State, body: e.PointsAdded, root: str | None) -> list[int]:
    """The numbers of the points that `body` added inside `root`: narrowed, they need not follow each other."""
    return [p for p in range(body.first, body.first + len(body.points)) if _inside(state, p, root)]


# --- narrowing, by type; an event that is not named speaks of one point


def _inside(state: State, point: int, root: str | None) -> bool:
    found = state.points.get(point)
    return found is not None and state.within(found.unit, root)


def _own(state: State, points: Sequence[int], root: str) -> list[int]:
    return [p for p in points if _inside(state, p, root)]


def _own_point(state: State, body: Any, root: str) -> EventBody | None:
    own: EventBody = body
    return own if _inside(state, body.point, root) else None


def _everybodys(state: State, body: Any, root: str) -> EventBody | None:
    own: EventBody = body
    return own


def _points_or_all(state: State, body: e.CodeIssued | e.CodeRevoked | e.OnAirSet, root: str) -> EventBody | None:
    return body if body.point is None or _inside(state, body.point, root) else None


def _units(state: State, body: e.UnitsPlaced, root: str) -> EventBody | None:
    units = [u for u in body.units if state.within(u.code, root)]
    return replace(body, units=units) if units else None


def _added(state: State, body: e.PointsAdded, root: str) -> EventBody | None:
    own = added_points(state, body, root)
    return e.PointsAdded(own[0], [body.points[p - body.first] for p in own]) if own else None


def _edited(state: State, body: e.PointsEdited, root: str) -> EventBody | None:
    edits = [edit for edit in body.edits if _inside(state, edit.point, root)]
    return replace(body, edits=edits) if edits else None


def _merged(state: State, body: e.PointsMerged, root: str) -> EventBody | None:
    """`into` stays, whosever it is: it tells where one's own rooms went."""
    own = _own(state, body.points, root)
    return replace(body, points=own) if own or _inside(state, body.into, root) else None


def _listed(state: State, body: Any, root: str) -> EventBody | None:
    own = None if body.points is None else _own(state, body.points, root)
    narrowed: EventBody = replace(body, points=own)
    return None if own == [] else narrowed


def _scans(state: State, body: e.ScansCounted, root: str) -> EventBody | None:
    rows = [row for row in body.rows if _inside(state, row.point, root)]
    return replace(body, rows=rows) if rows else None


def _reaches(state: State, document: int, root: str) -> bool:
    return state.reaches(state.documents[document].scope, root)


def _document(state: State, body: Any, root: str) -> EventBody | None:
    own: EventBody = body
    return own if _reaches(state, body.document, root) else None


def _ordered(state: State, body: e.DocumentsOrdered, root: str) -> EventBody | None:
    own = [d for d in body.documents if _reaches(state, d, root)]
    return replace(body, documents=own) if own else None


def _notice(state: State, body: e.NoticePosted, root: str) -> EventBody | None:
    return body if state.reaches(body.scope, root) else None


_NARROW: dict[type, Narrow] = {
    e.CodeIssued: _points_or_all,
    e.CodeRevoked: _points_or_all,
    e.UnitsPlaced: _units,
    e.PointsAdded: _added,
    e.PointsEdited: _edited,
    e.PointsMerged: _merged,
    e.ScansCounted: _scans,
    e.DocumentsOrdered: _ordered,
    e.NoticePosted: _notice,
    **dict.fromkeys((e.PointsClosed, e.PointsReopened, e.LinksRenewed, e.LinksRevoked), _listed),
    **dict.fromkeys((e.DocumentAdded, e.VersionAdded, e.DocumentEdited), _document),
    **dict.fromkeys((e.DocumentWithdrawn, e.DocumentRestored), _document),
    **dict.fromkeys((e.ConferenceCreated, e.ConferenceEdited, e.PhaseSet), _everybodys),
    # Which notice was taken back, but not what it said.
    **dict.fromkeys((e.CodeExpirySet, e.NoticeWithdrawn), _everybodys),
    e.OnAirSet: _points_or_all,
    e.MediaKeysRenewed: _everybodys,
}
