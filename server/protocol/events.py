"""What happened, as the journal keeps it.

An event is never changed once written. A new shape gets a new version number in `VERSIONS` and an
entry in `server.journal.upcast` that reads the old one; both are proven by kept samples.
"""

from typing import get_args

from msgspec import UNSET, Struct, UnsetType

from .base import Tagged, Wire
from .commands import FileFacts, NewPoint, PointEdit, ScanRow, Scope, UnitNode
from .terms import HelpCategory, NoticeTo, Phase


class ConferenceCreated(Tagged, frozen=True):
    title: str
    starts_at: int
    place: str = ""
    code: str = ""
    help_phone: str = ""


class ConferenceEdited(Tagged, frozen=True):
    title: str | UnsetType = UNSET
    starts_at: int | UnsetType = UNSET
    place: str | UnsetType = UNSET
    help_phone: str | UnsetType = UNSET


class PhaseSet(Tagged, frozen=True):
    phase: Phase


class UnitsPlaced(Tagged, frozen=True):
    units: list[UnitNode]


class PointsAdded(Tagged, frozen=True):
    """`first` is the id of the first point; the others follow in order."""

    first: int
    points: list[NewPoint]


class PointsEdited(Tagged, frozen=True):
    edits: list[PointEdit]


class PointsMerged(Tagged, frozen=True):
    into: int
    points: list[int]


class PointsClosed(Tagged, frozen=True):
    points: list[int]
    reason: str = ""


class PointsReopened(Tagged, frozen=True):
    points: list[int]


class LinksRenewed(Tagged, frozen=True):
    points: list[int] | None = None


class LinksRevoked(Tagged, frozen=True):
    points: list[int] | None = None


class DeviceEnrolled(Tagged, frozen=True):
    point: int
    device: int
    label: str


class DeviceRemoved(Tagged, frozen=True):
    point: int
    device: int


class CodeIssued(Tagged, frozen=True):
    code: str
    point: int | None = None


class CodeRevoked(Tagged, frozen=True):
    point: int | None = None


class CodeExpirySet(Tagged, frozen=True):
    expires_at: int | None = None


class CheckedIn(Tagged, frozen=True):
    """`by_device`: a device of the room did it, so its line is up; otherwise somebody entered it for the room."""

    point: int
    by_device: bool = False


class ReadySet(Tagged, frozen=True):
    point: int
    ready: bool = True


class HeadcountReported(Tagged, frozen=True):
    point: int
    in_room: int
    absent_excused: int | None = None
    absent_unexcused: int | None = None


class TvFollowed(Tagged, frozen=True):
    point: int
    on: bool = True


class PointLeft(Tagged, frozen=True):
    point: int


class HelpAsked(Tagged, frozen=True):
    point: int
    category: HelpCategory
    note: str = ""


class HelpTaken(Tagged, frozen=True):
    point: int
    owner: str


class HelpResolved(Tagged, frozen=True):
    point: int
    note: str = ""


class LineUp(Tagged, frozen=True):
    """The first device of the room connected, or the line came back."""

    point: int


class LineLost(Tagged, frozen=True):
    point: int
    since: int


class DocumentAdded(Tagged, frozen=True):
    document: int
    title: str
    file: FileFacts
    scope: Scope = Scope()
    release_at: int | None = None


class VersionAdded(Tagged, frozen=True):
    document: int
    version: int
    file: FileFacts


class DocumentEdited(Tagged, frozen=True):
    document: int
    title: str | UnsetType = UNSET
    scope: Scope | UnsetType = UNSET
    release_at: int | None | UnsetType = UNSET


class DocumentsOrdered(Tagged, frozen=True):
    documents: list[int]


class DocumentWithdrawn(Tagged, frozen=True):
    document: int


class DocumentRestored(Tagged, frozen=True):
    document: int


class NoticePosted(Tagged, frozen=True):
    notice: int
    text: str
    to: NoticeTo = "all"
    scope: Scope = Scope()


class NoticeWithdrawn(Tagged, frozen=True):
    notice: int


class AirAsked(Tagged, frozen=True):
    point: int


class AirAnswered(Tagged, frozen=True):
    point: int
    accepted: bool = True


class OnAirSet(Tagged, frozen=True):
    """The programme shows this room; None: the hall."""

    point: int | None = None


class AirEnded(Tagged, frozen=True):
    point: int


class MediaKeysRenewed(Tagged, frozen=True):
    """The keys to publish are of the next generation."""


class ScansCounted(Tagged, frozen=True):
    minute: int
    rows: list[ScanRow]


EventBody = (
    ConferenceCreated | ConferenceEdited | PhaseSet
    | UnitsPlaced | PointsAdded | PointsEdited | PointsMerged | PointsClosed | PointsReopened
    | LinksRenewed | LinksRevoked | DeviceEnrolled | DeviceRemoved | CodeIssued | CodeRevoked | CodeExpirySet
    | CheckedIn | ReadySet | HeadcountReported | TvFollowed | PointLeft
    | HelpAsked | HelpTaken | HelpResolved | LineUp | LineLost
    | DocumentAdded | VersionAdded | DocumentEdited | DocumentsOrdered | DocumentWithdrawn | DocumentRestored
    | NoticePosted | NoticeWithdrawn
    | AirAsked | AirAnswered | OnAirSet | AirEnded | MediaKeysRenewed
    | ScansCounted
)  # fmt: skip
EVENT_TYPES: dict[str, type[Struct]] = {t.__struct_config__.tag: t for t in get_args(EventBody)}
# The version that is written today; a type that is not named is at 1.
VERSIONS: dict[str, int] = {}


class Event(Wire, frozen=True):
    """One entry of the journal.

    `at` is the server's clock when it was decided, `occurred_at` the server's best estimate of when
    it happened (never later than `at`), `tapped_at` what the phone's own clock said, unchanged.
    `by` names the actor: `account:7`, `device:12.3` (point 12, device 3), `token:4`, `system`.
    """

    seq: int
    at: int
    by: str
    body: EventBody
    occurred_at: int = 0
    tapped_at: int | None = None
