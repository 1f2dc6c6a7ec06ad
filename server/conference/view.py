"""What is seen of a state: rows, infos, documents, one point whole.

Rows made here hold what is durable; `with_presence` lays the connected devices over them.
"""

from server.protocol.terms import Quality, Status
from server.protocol.views import (
    ConferenceView,
    DeviceView,
    DocumentView,
    HelpView,
    MediaView,
    NoticeView,
    PointInfo,
    PointRow,
    PointView,
    Summary,
    UnitView,
)

from . import names
from .documents import state_of
from .notices import read_by
from .state import Document, Notice, Point, State


def status(state: State, point: Point) -> tuple[Status, int]:
    """What the record says of a room, and since when. Help wins over every state of the line."""
    if point.help:
        return "help", point.help.since
    if point.stage == "none":
        return "none", max(point.stage_at, state.phase_at)  # since rooms could come
    if point.stage == "left":
        return "left", point.stage_at
    if point.tv:
        return "tv", point.tv_at
    if point.line == "lost":
        return "lost", point.line_at
    settled = point.stage == "ready" or point.headcount is not None
    if state.phase == "live" and settled:
        return "ok", max(point.stage_at, state.phase_at)
    return ("ready" if point.stage == "ready" else "in"), point.stage_at


def row(state: State, point: Point) -> PointRow:
    kind, since = status(state, point)
    count = point.headcount
    return PointRow(
        point.id,
        kind,
        since,
        count.in_room if count else None,
        count.absent_excused if count else None,
        count.absent_unexcused if count else None,
        count.received_at if count else None,
        point.scans,
        point.opens,
        0,
        "unknown",
        point.help.category if point.help else None,
        point.help.owner if point.help else None,
        point.change,
        point.change_at,
        point.change_seq,
        None if point.air == "none" else MediaView(point.air, 0, 0, 0, 0, 0),
    )


def with_presence(
    durable: PointRow, devices: int, quality: Quality, media: tuple[int, int, int, int, int, int, bool] | None = None
) -> PointRow:
    """A weak line shows only where the room would otherwise look well. `media`: of a `MediaView` what is presence."""
    if not devices and quality == "unknown" and media is None:
        return durable
    kind = "weak" if quality == "weak" and durable.status in ("in", "ready", "ok") else durable.status
    d = durable  # written out: made for every message that tells something new of a line
    return PointRow(
        d.id, kind, d.since, d.in_room, d.absent_excused, d.absent_unexcused, d.reported_at, d.scans, d.opens,
        devices, quality, d.help, d.help_owner, d.change, d.change_at, d.change_seq,
        d.media if media is None else MediaView(d.media.air if d.media else "none", *media),
    )  # fmt: skip


def leading_units(state: State) -> set[str]:
    """Units with others below them: the groups."""
    return {u.parent for u in state.units.values() if u.parent}


def info(state: State, point: Point, leads: set[str]) -> PointInfo:
    unit = state.units[point.unit]
    return PointInfo(
        point.id,
        point.unit,
        names.title(unit, point),
        names.short(unit, point, point.unit in leads),
        point.seats,
        point.expected,
        point.name,
        point.address,
    )


def units(state: State) -> list[UnitView]:
    """Every placed unit, parents first, in the official order."""
    below: dict[str | None, list[str]] = {}
    for unit in sorted(state.units.values(), key=lambda u: (u.order, u.code)):
        below.setdefault(unit.parent if unit.parent in state.units else None, []).append(unit.code)
    ordered: list[UnitView] = []
    stack = list(reversed(below.get(None, [])))
    while stack:
        unit = state.units[stack.pop()]
        ordered.append(UnitView(unit.code, unit.name, names.bare(unit.name), unit.kind, unit.parent))
        stack.extend(reversed(below.get(unit.code, [])))
    return ordered


def conference(state: State) -> ConferenceView:
    return ConferenceView(
        state.id,
        state.title,
        state.starts_at,
        state.phase,
        state.phase_at,
        state.place,
        state.help_phone,
        state.code,
        state.code_expires_at,
        state.on_air,
    )


def summary(state: State) -> Summary:
    shown = sum(not p.closed for p in state.points.values())
    return Summary(state.id, state.title, state.starts_at, state.phase, shown)


def document(d: Document, now: int) -> DocumentView:
    last = d.versions[-1]
    return DocumentView(
        d.id,
        d.title,
        state_of(d, now),
        last.kind,
        last.size,
        last.name,
        last.hash,
        len(d.versions),
        d.opens,
        d.scope,
        d.release_at,
        last.pages,
    )


def documents(state: State, now: int) -> list[DocumentView]:
    return [document(state.documents[i], now) for i in state.order]


def notice(n: Notice) -> NoticeView:
    return NoticeView(n.id, n.text, n.at, n.to, n.scope)


def notices(state: State) -> list[NoticeView]:
    """Those that stand, newest first."""
    return [notice(n) for n in reversed(state.notices.values())]


def notices_to_operators(state: State, point: int) -> list[NoticeView]:
    return [notice(n) for n in read_by(state, "operators", point)]


def point(state: State, p: Point) -> PointView:
    kind, _ = status(state, p)
    unit = state.units[p.unit]
    return PointView(
        p.id,
        names.title(unit, p),
        names.group(state, p),
        p.name,
        p.address,
        p.seats,
        p.expected,
        kind,
        p.stage,
        p.stage_at,
        p.tv,
        p.line,
        p.closed,
        p.headcount,
        HelpView(p.help.category, p.help.since, p.help.note, p.help.owner) if p.help else None,
        p.code,
        p.air,
    )


def devices(p: Point, connected: set[int]) -> list[DeviceView]:
    return [DeviceView(i, d.label, d.enrolled_at, i in connected) for i, d in p.devices.items()]
