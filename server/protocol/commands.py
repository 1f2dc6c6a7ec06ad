"""What people and machines may ask of a conference.

A command says what somebody did or wants; `server.conference` decides whether it holds. Who may
give a command is declared beside its rule. `PublicCommand` is what the sockets and the API accept;
the others are built by the server itself (an import, an upload, a scan), never decoded from outside.
"""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType, field

from .base import (
    MAX_BATCH,
    Count,
    Label,
    Latitude,
    Longitude,
    Millis,
    Note,
    PointId,
    Tagged,
    Text,
    UnitCode,
    Wire,
)
from .terms import HelpCategory, NoticeTo, Phase, ScanKind

PointIds = Annotated[list[PointId], Meta(min_length=1, max_length=MAX_BATCH)]


# --- the conference


class CreateConference(Tagged, frozen=True):
    """The first command of every journal. `starts_at` is the announced beginning."""

    title: Label
    starts_at: Millis
    place: Text = ""
    code: str = ""
    help_phone: Text = ""


class EditConference(Tagged, frozen=True):
    title: Label | UnsetType = UNSET
    starts_at: Millis | UnsetType = UNSET
    place: Text | UnsetType = UNSET
    help_phone: Text | UnsetType = UNSET


class SetPhase(Tagged, frozen=True):
    phase: Phase


# --- points


class UnitNode(Wire, frozen=True):
    """A unit as this conference saw it: later changes of the tree do not bend the record."""

    code: UnitCode
    name: Label
    kind: Text = ""
    parent: str | None = None
    order: int = 0


class NewPoint(Wire, frozen=True):
    unit: UnitCode
    code: str
    name: Text = ""
    seats: Count = 0
    expected: Count = 0
    address: Text = ""
    lat: Latitude | None = None
    lon: Longitude | None = None


class PointEdit(Wire, frozen=True):
    point: PointId
    name: Text | UnsetType = UNSET
    seats: Count | UnsetType = UNSET
    expected: Count | UnsetType = UNSET
    address: Text | UnsetType = UNSET
    lat: Latitude | None | UnsetType = UNSET
    lon: Longitude | None | UnsetType = UNSET


class AddPoints(Tagged, frozen=True):
    """What an import writes, all of it or nothing. `units` holds every ancestor that is not placed yet.

    `first` is the number that the first new room gets if the conference still has the rooms that the import was
    planned against; if others were added since, it is refused, so that no room is doubled.
    """

    units: list[UnitNode]
    points: list[NewPoint]
    first: PointId = 1
    edits: list[PointEdit] = field(default_factory=list)


class EditPoints(Tagged, frozen=True):
    edits: Annotated[list[PointEdit], Meta(min_length=1, max_length=MAX_BATCH)]


class MergePoints(Tagged, frozen=True):
    """The rooms `points` become part of the room `into`; their seats and expected people are added to it."""

    into: PointId
    points: PointIds


class ClosePoints(Tagged, frozen=True):
    points: PointIds
    reason: Note = ""


class ReopenPoints(Tagged, frozen=True):
    points: PointIds


# --- links, devices, codes


class RenewLinks(Tagged, frozen=True):
    """New secret links; the old ones and every device that came by them stop. None means every point."""

    points: PointIds | None = None


class RevokeLinks(Tagged, frozen=True):
    points: PointIds | None = None


class EnrolDevice(Tagged, frozen=True):
    point: PointId
    label: Text


class RemoveDevice(Tagged, frozen=True):
    point: PointId
    device: int


class IssueCode(Tagged, frozen=True):
    """Gives the conference (`point` None) or a point a new document code; the old one ends."""

    code: str
    point: PointId | None = None


class RevokeCode(Tagged, frozen=True):
    point: PointId | None = None


class SetCodeExpiry(Tagged, frozen=True):
    """When all document codes of the conference end; None: with the documents."""

    expires_at: Millis | None = None


# --- what a room does


class CheckIn(Tagged, frozen=True):
    point: PointId


class Ready(Tagged, frozen=True):
    point: PointId
    ready: bool = True


class ReportHeadcount(Tagged, frozen=True):
    """People in the room now; absences only where the room was asked for them."""

    point: PointId
    in_room: Count
    absent_excused: Count | None = None
    absent_unexcused: Count | None = None


class FollowTv(Tagged, frozen=True):
    """The room follows on television or radio (`on`), or on the line again."""

    point: PointId
    on: bool = True


class Leave(Tagged, frozen=True):
    point: PointId


class AskHelp(Tagged, frozen=True):
    point: PointId
    category: HelpCategory
    note: Note = ""


class TakeHelp(Tagged, frozen=True):
    """An organizer takes the call for help and answers for it."""

    point: PointId


class ResolveHelp(Tagged, frozen=True):
    point: PointId
    note: Note = ""


# --- lines (from presence, after the grace period)


class LineSeen(Tagged, frozen=True):
    point: PointId


class LineGone(Tagged, frozen=True):
    """No device of the point has been connected since `since`."""

    point: PointId
    since: Millis


# --- documents


class Scope(Wire, frozen=True):
    """Which rooms something is meant for: everybody (both empty), a unit's subtree, or one point."""

    unit: UnitCode | None = None
    point: PointId | None = None


class FileFacts(Wire, frozen=True):
    """A stored file: `hash` is the SHA-256 of the content in hex, `size` in bytes, `kind` the detected media type."""

    hash: str
    size: int
    kind: str
    name: str
    pages: int | None = None


class AddDocument(Tagged, frozen=True):
    title: Label
    file: FileFacts
    scope: Scope = Scope()
    release_at: Millis | None = None


class AddVersion(Tagged, frozen=True):
    document: int
    file: FileFacts


class EditDocument(Tagged, frozen=True):
    """`release_at` None: released at once. A document is never given to anybody before its release time."""

    document: int
    title: Label | UnsetType = UNSET
    scope: Scope | UnsetType = UNSET
    release_at: Millis | None | UnsetType = UNSET


class OrderDocuments(Tagged, frozen=True):
    """Every document of the conference, in the order people shall see."""

    documents: Annotated[list[int], Meta(min_length=1, max_length=500)]


class WithdrawDocument(Tagged, frozen=True):
    document: int


class RestoreDocument(Tagged, frozen=True):
    document: int


# --- notices


class PostNotice(Tagged, frozen=True):
    """A few sentences for the phones of the rooms in `scope` (`attendees`), for their operators, or for both."""

    text: Note
    to: NoticeTo = "all"
    scope: Scope = Scope()


class WithdrawNotice(Tagged, frozen=True):
    notice: int


# --- media: a room on air


class AskAir(Tagged, frozen=True):
    """An organizer asks the room to speak. Its picture and sound go nowhere before it says yes."""

    point: PointId


class AnswerAir(Tagged, frozen=True):
    """The room's own answer; `accept` false also takes an earlier yes back."""

    point: PointId
    accept: bool = True


class PutOnAir(Tagged, frozen=True):
    """The programme shows this room; None: the hall again."""

    point: PointId | None


class EndAir(Tagged, frozen=True):
    """An organizer lets the room go, whatever it was asked for or does."""

    point: PointId


class RenewMediaKeys(Tagged, frozen=True):
    """Whoever was given a key to publish before may publish no more."""


# --- scans


class ScanRow(Wire, frozen=True, array_like=True):
    """How often; `point` 0 is the conference's own code, `document` 0 the landing page."""

    point: int
    document: int
    kind: ScanKind
    count: int


class CountScans(Tagged, frozen=True):
    minute: Millis
    rows: list[ScanRow]


PublicCommand = (
    EditConference | SetPhase
    | EditPoints | MergePoints | ClosePoints | ReopenPoints
    | RenewLinks | RevokeLinks | RemoveDevice | RevokeCode | SetCodeExpiry
    | CheckIn | Ready | ReportHeadcount | FollowTv | Leave | AskHelp | TakeHelp | ResolveHelp
    | EditDocument | OrderDocuments | WithdrawDocument | RestoreDocument
    | PostNotice | WithdrawNotice
    | AskAir | AnswerAir | PutOnAir | EndAir | RenewMediaKeys
)  # fmt: skip
InternalCommand = (
    CreateConference | AddPoints | EnrolDevice | IssueCode | LineSeen | LineGone
    | AddDocument | AddVersion | CountScans
)  # fmt: skip
Command = PublicCommand | InternalCommand
