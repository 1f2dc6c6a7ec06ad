"""The state of one conference: what the journal folds to.

Mutable structs that only `evolve` touches. They encode as they are, so a snapshot of the journal is
this object and nothing else. Whoever changes a field here bumps `STATE_VERSION`: older snapshots are
then thrown away and the state is folded from the journal again.
"""

from copy import copy

from msgspec import Struct, field
from msgspec.structs import replace

from server.protocol.commands import FileFacts, Scope, UnitNode
from server.protocol.terms import Air, Change, HelpCategory, Line, NoticeTo, Phase, Stage
from server.protocol.views import Headcount

STATE_VERSION = 4


class Help(Struct):
    category: HelpCategory
    since: int
    note: str = ""
    owner: str | None = None


class Device(Struct):
    """An enrolled device; `generation` is the link's generation it came by."""

    label: str
    enrolled_at: int
    generation: int


class Point(Struct):
    """A room. `stage_at`, `tv_at` are estimated times of the tap: the later tap wins, not the later arrival."""

    id: int
    unit: str
    name: str
    seats: int
    expected: int
    address: str
    lat: float | None
    lon: float | None
    code: str | None
    closed: bool = False
    merged_into: int | None = None
    stage: Stage = "none"
    stage_at: int = 0
    arrived: bool = False
    tv: bool = False
    tv_at: int = 0
    line: Line = "none"
    line_at: int = 0
    headcount: Headcount | None = None
    help: Help | None = None
    scans: int = 0
    opens: int = 0
    link_generation: int = 1
    link_revoked: bool = False
    devices: dict[int, Device] = field(default_factory=dict)
    next_device: int = 1
    change: Change = "added"
    change_at: int = 0
    change_seq: int = 0
    air: Air = "none"


class Stamp(Struct):
    """When something came, and by whom (as in `Event.by`)."""

    at: int
    by: str


class Document(Struct):
    """`stamps` tells of each version when it came."""

    id: int
    title: str
    versions: list[FileFacts]
    stamps: list[Stamp]
    scope: Scope
    release_at: int | None
    withdrawn: bool = False
    opens: int = 0


class Notice(Struct):
    id: int
    text: str
    to: NoticeTo
    scope: Scope
    at: int


class State(Struct):
    """`seq` is the last event folded in; `points` and `documents` hold what ever existed,
    `notices` what stands; `on_air` is the point that the programme shows, None: the hall."""

    id: str
    seq: int = 0
    title: str = ""
    starts_at: int = 0
    place: str = ""
    help_phone: str = ""
    phase: Phase = "draft"
    phase_at: int = 0
    code: str | None = None
    code_expires_at: int | None = None
    scans: int = 0
    opens: int = 0
    units: dict[str, UnitNode] = field(default_factory=dict)
    points: dict[int, Point] = field(default_factory=dict)
    documents: dict[int, Document] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    next_point: int = 1
    notices: dict[int, Notice] = field(default_factory=dict)
    next_document: int = 1
    next_notice: int = 1
    on_air: int | None = None
    media_generation: int = 1

    def let_go(self, point: Point) -> None:
        """The room has no more part in the programme; if it was on air, the hall is again."""
        point.air = "none"
        if self.on_air == point.id:
            self.on_air = None

    def still(self) -> "State":
        """Units and rooms as they are now, to be read in a thread while the conference goes on: some ms for 40,000
        rooms. What stands inside a room (its devices, its call for help) is not copied."""
        points = {id: copy(point) for id, point in self.points.items()}
        return replace(self, units=dict(self.units), points=points)

    def within(self, unit: str | None, root: str | None) -> bool:
        """Whether `unit` lies in the subtree of `root` (None: the whole tree)."""
        if root is None:
            return True
        for _ in range(len(self.units) + 1):  # a bound, should a loop ever slip in
            if unit is None:
                return False
            if unit == root:
                return True
            node = self.units.get(unit)
            unit = node.parent if node else None
        return False

    def reaches(self, scope: Scope, root: str | None) -> bool:
        """Whether what is meant for `scope` is meant for anybody in the subtree of `root` (None: the whole tree)."""
        if root is None:
            return True
        if scope.point is not None:
            return self.within(self.points[scope.point].unit, root)
        return scope.unit is None or self.within(scope.unit, root) or self.within(root, scope.unit)

    def covers(self, scope: Scope, point: int | None) -> bool:
        """Whether what is meant for `scope` is meant for somebody at `point` (None: with the conference's own code)."""
        if scope.point is not None:
            return scope.point == point
        if scope.unit is not None:
            return point is not None and self.within(self.points[point].unit, scope.unit)
        return True
