"""The table of points for download: it imports again as unchanged, and tells how the conference went."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from server.conference import names, view
from server.conference.days import moment_here
from server.conference.state import Point, State
from server.protocol.views import PointRow
from server.tables.model import Column
from server.tables.writer import Record
from server.units.points_file import COLUMNS

from .model import Contact

_CONTACTS = ("contact", "phone")
_IMPORTED = [c for c in COLUMNS if c.field != "position"]
# Headings that the importer does not take for one of its own.
_TOLD = (
    Column("status", ("Trạng thái", "status")),
    Column("in_room", ("Có mặt", "in the room"), kind="int"),
    Column("absent_excused", ("Vắng có lý do", "absent with leave"), kind="int"),
    Column("absent_unexcused", ("Vắng không lý do", "absent without leave"), kind="int"),
    Column("reported_at", ("Giờ báo", "reported at")),
    Column("scans", ("Lượt quét", "scans"), kind="int"),
    Column("opens", ("Lượt mở tài liệu", "openings"), kind="int"),
    Column("devices", ("Thiết bị đang nối", "devices connected"), kind="int"),
)
_NUMBER = Column("number", ("STT", "no."), kind="int")
_GROUP = Column("group", ("Trực thuộc", "belongs to"))
_OTHERS = Column("others", ("Người phụ trách khác", "further contacts"))
STATUS: dict[str, tuple[str, str]] = {
    "help": ("Cần hỗ trợ", "Needs help"),
    "lost": ("Mất kết nối", "Line lost"),
    "weak": ("Đường truyền yếu", "Weak line"),
    "tv": ("Theo dõi qua TV", "Follows on TV"),
    "none": ("Chưa vào", "Not in yet"),
    "in": ("Đã vào phòng", "In the room"),
    "ready": ("Sẵn sàng", "Ready"),
    "ok": ("Đang dự", "Attending"),
    "left": ("Đã rời", "Left"),
    "closed": ("Đã đóng", "Closed"),
}


class Line(Struct, frozen=True):
    """One point, read at rest."""

    point: int
    unit: str
    unit_name: str
    group: str
    name: str
    seats: int
    expected: int
    address: str
    lat: float | None
    lon: float | None
    closed: bool
    row: PointRow


def columns(contacts: bool) -> list[Column]:
    kept = [c for c in _IMPORTED if contacts or c.field not in _CONTACTS]
    return [_NUMBER, *kept[:2], _GROUP, *kept[2:], *([_OTHERS] if contacts else []), *_TOLD]


def read_lines(state: State, rows: Mapping[int, PointRow], root: str | None) -> list[Line]:
    """Of the subtree `root`, in the tree's order. `rows`: of the open points."""
    order = {u.code: n for n, u in enumerate(view.units(state))}
    found = [_line(state, p, rows) for p in state.points.values() if state.within(p.unit, root)]
    return sorted(found, key=lambda line: (order.get(line.unit, 0), line.point))


def _line(state: State, p: Point, rows: Mapping[int, PointRow]) -> Line:
    row = rows.get(p.id) or view.row(state, p)
    unit, group = state.units[p.unit].name, names.group(state, p)
    return Line(
        p.id, p.unit, unit, group, p.name, p.seats, p.expected, p.address, p.lat, p.lon, p.closed, row
    )  # fmt: skip


def records(lines: Sequence[Line], people: Mapping[int, Sequence[Contact]], lang: str) -> Iterator[Record]:
    for number, line in enumerate(lines, 1):
        listed = people.get(line.point, ())
        first = listed[0] if listed else Contact("")
        row = line.row
        yield {
            "number": number,
            "unit": line.unit,
            "unit_name": line.unit_name,
            "group": line.group,
            "name": line.name,
            "seats": line.seats or None,
            "expected": line.expected or None,
            "contact": first.name,
            "phone": first.phone,
            "others": "; ".join(" ".join(filter(None, (c.name, c.role, c.phone))) for c in listed[1:]),
            "address": line.address,
            "lat": line.lat,
            "lon": line.lon,
            "status": STATUS["closed" if line.closed else row.status][lang == "en"],
            "in_room": row.in_room,
            "absent_excused": row.absent_excused,
            "absent_unexcused": row.absent_unexcused,
            "reported_at": f"{moment_here(row.reported_at):%H:%M:%S %d/%m/%Y}" if row.reported_at else "",
            "scans": row.scans,
            "opens": row.opens,
            "devices": row.devices,
        }
