"""What people see of a conference: full values, never differences, so that a missed frame does no harm."""

from .base import Wire
from .commands import Scope
from .terms import Air, Change, DocumentState, HelpCategory, Line, NoticeTo, Phase, Quality, Stage, Status


class ConferenceView(Wire, frozen=True):
    """`on_air`: the point that the programme shows; None: the hall, or a point that the reader may not see."""

    id: str
    title: str
    starts_at: int
    phase: Phase
    phase_at: int
    place: str = ""
    help_phone: str = ""
    code: str | None = None
    code_expires_at: int | None = None
    on_air: int | None = None


class UnitView(Wire, frozen=True):
    """`short` is the name without its kind. Units come parents first, in the official order."""

    code: str
    name: str
    short: str
    kind: str = ""
    parent: str | None = None


class PointInfo(Wire, frozen=True):
    """What seldom changes of a point. `title` is the room's full name, `short` what fits a tile."""

    id: int
    unit: str
    title: str
    short: str
    seats: int = 0
    expected: int = 0
    room: str = ""
    address: str = ""


class MediaView(Wire, frozen=True, array_like=True):
    """A room's part in the media. `air` is on the record, the rest presence: `playing` devices that play the programme,
    `loss` of the best of them in per cent, `freezes` so far, `level` of its sound from 0 (silence) to 8, `picture` the
    version of the small picture it shows (0: none), `frames` a second that are shown, `voice` whether what it sends to
    speak is its sound alone."""

    air: Air
    playing: int
    loss: int
    freezes: int
    level: int
    picture: int
    frames: int = 0
    voice: bool = False


class PointRow(Wire, frozen=True, array_like=True):
    """What often changes of a point. `since` is when the status began; `quality` and `devices` are presence. `media` is
    null for a room that has no part in them."""

    id: int
    status: Status
    since: int
    in_room: int | None
    absent_excused: int | None
    absent_unexcused: int | None
    reported_at: int | None
    scans: int
    opens: int
    devices: int
    quality: Quality
    help: HelpCategory | None
    help_owner: str | None
    change: Change
    change_at: int
    change_seq: int
    media: MediaView | None = None


class Tally(Wire, frozen=True, array_like=True):
    """Sums over a unit's subtree; `unit` "" is the whole of what this audience may see.

    `statuses` counts points in the order of `terms.STATUSES`; `attended` counts points that ever
    checked in; `reported` counts points that gave a headcount; `playing` rooms that have picture
    or sound of the programme.
    """

    unit: str
    points: int
    present: int
    attended: int
    reported: int
    expected: int
    declared: int
    absent_excused: int
    absent_unexcused: int
    scans: int
    opens: int
    devices: int
    statuses: list[int]
    playing: int = 0


class DocumentView(Wire, frozen=True):
    """`scans` counts landings that showed it, `opens` the files handed out, both since the beginning."""

    id: int
    title: str
    state: DocumentState
    kind: str
    size: int
    name: str
    hash: str
    version: int
    opens: int
    scope: Scope = Scope()
    release_at: int | None = None
    pages: int | None = None


class NoticeView(Wire, frozen=True):
    """A notice that stands. It is never changed: who wants other words takes it back and posts another."""

    id: int
    text: str
    at: int
    to: NoticeTo = "all"
    scope: Scope = Scope()


class Headcount(Wire, frozen=True):
    in_room: int
    absent_excused: int | None
    absent_unexcused: int | None
    occurred_at: int
    received_at: int


class HelpView(Wire, frozen=True):
    category: HelpCategory
    since: int
    note: str = ""
    owner: str | None = None


class DeviceView(Wire, frozen=True):
    id: int
    label: str
    enrolled_at: int
    connected: bool = False


class PointView(Wire, frozen=True):
    """One point whole, as its operators see it."""

    id: int
    title: str
    group: str
    room: str
    address: str
    seats: int
    expected: int
    status: Status
    stage: Stage
    stage_at: int
    tv: bool
    line: Line
    closed: bool
    headcount: Headcount | None = None
    help: HelpView | None = None
    code: str | None = None
    air: Air = "none"


class Summary(Wire, frozen=True):
    """A line of the list of conferences."""

    id: str
    title: str
    starts_at: int
    phase: Phase
    points: int
