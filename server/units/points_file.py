"""The file of rooms: its columns under the headings people use, and how one row is read."""

import re
from dataclasses import dataclass, field

from msgspec import Struct

from server.protocol.base import MAX_HEADCOUNT, MAX_LABEL
from server.tables.errors import TableError
from server.tables.model import Column, Row, Table
from server.tables.text import fold, one_line

from .verdicts import Problem

MAX_CONTACT = 100  # characters of a person's name, with title
PHONE_DIGITS = (8, 15)  # the shortest land line with area code; the longest number there is (E.164)

COLUMNS = (
    Column("unit", ("Mã đơn vị", "Mã", "Đơn vị", "Mã ĐV", "unit code", "unit_code", "unit", "code")),
    Column("unit_name", ("Tên đơn vị", "Tên ĐV", "unit name", "unit_name")),
    Column("name", ("Tên điểm cầu", "Điểm cầu", "Tên phòng", "Phòng", "Phòng họp", "Tên", "name", "room", "label")),
    Column("seats", ("Số chỗ", "Số chỗ ngồi", "Chỗ ngồi", "Số ghế", "Sức chứa", "seats", "capacity"), kind="int"),
    Column(
        "expected",
        (
            "Số người triệu tập",
            "Triệu tập",
            "Số triệu tập",
            "Số đại biểu",
            "Số đại biểu triệu tập",
            "Dự kiến",
            "Số người dự kiến",
            "expected",
            "invited",
        ),
        kind="int",
    ),
    Column(
        "contact",
        (
            "Người phụ trách",
            "Cán bộ phụ trách",
            "Đầu mối",
            "Cán bộ đầu mối",
            "Liên hệ",
            "Người liên hệ",
            "Họ tên",
            "Họ và tên",
            "contact",
            "contact name",
            "operator",
        ),
    ),
    Column("phone", ("Điện thoại", "Số điện thoại", "SĐT", "ĐT", "Di động", "phone", "mobile", "telephone")),
    Column("address", ("Địa chỉ", "Địa điểm", "address", "place", "location")),
    Column("lat", ("Vĩ độ", "lat", "latitude"), kind="decimal"),
    Column("lon", ("Kinh độ", "lon", "lng", "long", "longitude"), kind="decimal"),
    Column("position", ("Tọa độ", "Tọa độ GPS", "coordinates", "position", "gps")),
)

_PHONE_SIGNS = re.compile(r"[0-9+ ().\-]*")
_NUMBER = r"-?\d{1,3}(?:[.,]\d+)?"
_POSITION = re.compile(rf"\(?({_NUMBER})\s*°?\s*[NnBb]?\s*[,;\s]\s*({_NUMBER})\s*°?\s*[EeĐđ]?\)?")
_DEGREES = re.compile(_NUMBER)


class PointFacts(Struct, frozen=True):
    """What a file can say of a room. `id` is 0 for a room that does not exist yet."""

    id: int
    unit: str
    name: str = ""
    seats: int = 0
    expected: int = 0
    address: str = ""
    lat: float | None = None
    lon: float | None = None
    contact: str = ""
    phone: str = ""


@dataclass(slots=True)
class Reading:
    """Values of one row as they are checked; a problem leaves the value at its old one."""

    row: Row
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def refuse(self, code: str, field: str, **params: str | int) -> None:
        self.problems.append(Problem(code, field, params))

    def text(self, name: str, old: str, limit: int = MAX_LABEL) -> str:
        if name not in self.row.values:
            return old
        text = one_line(self.row.values[name])
        if len(text) > limit:
            self.refuse("text_too_long", name, limit=limit)
        return text

    def count(self, name: str, old: int) -> int:
        """A blank cell is 0: not known yet."""
        text = one_line(self.row.values.get(name, str(old)))
        if not text:
            return 0
        if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) > MAX_HEADCOUNT:
            self.refuse("count_bad", name, value=text[:40], limit=MAX_HEADCOUNT)
            return old
        return int(text)

    def phone(self, old: str) -> str:
        if "phone" not in self.row.values:
            return old
        text = one_line(self.row.values["phone"])
        digits = normal_phone(text)
        if digits is None:
            self.refuse("phone_bad", "phone", value=text[:40])
        return digits or ""

    def position(self, old: tuple[float | None, float | None]) -> tuple[float | None, float | None]:
        """Both or none, from one column or two; two blank cells take the position away."""
        values = self.row.values
        if not values.keys() & {"position", "lat", "lon"}:
            return old
        lat, lon = (one_line(values.get(n, "")) for n in ("lat", "lon"))
        if not lat and not lon and (written := one_line(values.get("position", ""))):
            match = _POSITION.fullmatch(written)
            if not match:
                self.refuse("position_bad", "position", value=written[:40])
                return old
            lat, lon = match.groups()
        if not lat and not lon:
            return None, None
        return self._degrees("lat", lat, 90), self._degrees("lon", lon, 180)

    def _degrees(self, name: str, text: str, limit: int) -> float | None:
        value = float(text.replace(",", ".")) if _DEGREES.fullmatch(text) else None
        if value is None or abs(value) > limit:
            self.refuse("degrees_bad", name, value=text[:40], limit=limit)
        return value


def check_columns(table: Table) -> None:
    """A file of rooms must say whose rooms they are: by code or by name. Raises `heading_missing`."""
    if not {"unit", "unit_name"} & set(table.columns):
        raise TableError(
            "heading_missing",
            row=table.header_row,
            field="unit",
            heading=COLUMNS[0].headings[0],
            found=" | ".join([*table.columns, *table.ignored]),
        )


def label_key(name: str) -> str:
    """What makes two rooms of one unit the same room: the label without accents and case."""
    return fold(name)


def normal_phone(text: str) -> str | None:
    """Digits with a leading 0: `+84 912 345 678` and `912345678`, as a spreadsheet keeps it, are `0912345678`.

    `""` for no number; None for what is not one number of 8 to 15 digits.
    """
    if not _PHONE_SIGNS.fullmatch(text):
        return None
    digits = re.sub(r"\D", "", text.replace("(0)", ""))
    if not digits:
        return None if text else ""
    digits = digits.removeprefix("00") if digits.startswith("0084") else digits
    if digits.startswith("84") and len(digits) >= 11:
        digits = "0" + digits[2:].removeprefix("0")
    elif digits[0] in "23456789" and len(digits) in (9, 10) and "+" not in text:
        digits = "0" + digits
    return digits if PHONE_DIGITS[0] <= len(digits) <= PHONE_DIGITS[1] else None
