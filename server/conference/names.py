"""How units and rooms are called where there is little room."""

import re

from server.protocol.commands import UnitNode

from .state import Point, State

# The kinds that stand before a Vietnamese unit's own name, longest first where one begins another.
_KIND = re.compile(r"^(Thành phố|Thị trấn|Thị xã|Đặc khu|Phường|Quận|Huyện|Tỉnh|Xã)\s+(?=\S)", re.IGNORECASE)
_NUMBERED = re.compile(r"^(?:phòng|hội trường|room|hall)\s+(\d+)$", re.IGNORECASE)


def bare(name: str) -> str:
    """`Xã Tản Lĩnh` -> `Tản Lĩnh`; `Phường 5` stays, because a number alone names nothing."""
    kind = _KIND.match(name)
    rest = name[kind.end() :] if kind else name
    return name if rest.isdigit() else rest


def title(unit: UnitNode, point: Point) -> str:
    return f"{unit.name} · {point.name}" if point.name else unit.name


def short(unit: UnitNode, point: Point, leads: bool) -> str:
    """What fits a tile. `leads`: the unit has others below it, so its own room goes by the room's name."""
    if not point.name:
        return bare(unit.name)
    if number := _NUMBERED.match(point.name):
        return f"{bare(unit.name)} {number[1]}"
    return point.name if leads else f"{bare(unit.name)} {point.name}"


def group(state: State, point: Point) -> str:
    """The name of what the point belongs to: the unit above its own."""
    parent = state.units[point.unit].parent
    return state.units[parent].name if parent and parent in state.units else ""
