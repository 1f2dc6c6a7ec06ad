"""The messages of the WebSocket, in both directions. Text frames of JSON; the kind stands in `t`."""

from typing import Annotated

from msgspec import UNSET, Meta, Raw, UnsetType, field

from .base import CommandId, Millis, PhoneMillis, UnitCode, Wire, snake
from .commands import PublicCommand
from .errors import Error
from .views import ConferenceView, DocumentView, NoticeView, PointInfo, PointRow, PointView, Tally, UnitView

MAX_MESSAGE_BYTES = 16_384  # the largest command (2,000 point ids) is below; nothing else comes near


def _tag(name: str) -> str:
    return snake(name.removesuffix("Message"))


class Message(Wire, frozen=True, tag_field="t", tag=_tag):
    """A message of the socket."""


# --- client to server


class Resume(Wire, frozen=True):
    """What the client has: the `seq` and `now` of its last picture or frame. `at` 0: not known."""

    epoch: str
    seq: int
    at: Millis = 0


class HelloMessage(Message, frozen=True):
    """The first message. `token`: a device's, a kiosk's or an API token; without one the session cookie counts.

    `unit` narrows an organizer's view to a subtree of what the organizer may see. `conference` may be
    empty with a token that is bound to one.
    """

    v: int
    conference: str
    token: Annotated[str, Meta(max_length=200)] | None = None
    resume: Resume | None = None
    unit: UnitCode | None = None
    lang: Annotated[str, Meta(max_length=8)] = "vi"


class DoMessage(Message, frozen=True):
    """A command. `tapped_at` and `sent_at` are the device's clock; their difference is how long it waited.

    `retry` says that it may have been sent before: the server then looks for its answer first.
    """

    id: CommandId
    command: PublicCommand
    tapped_at: PhoneMillis | None = None
    sent_at: PhoneMillis | None = None
    retry: bool = False


class BeatMessage(Message, frozen=True):
    """Presence, every `beat` milliseconds: the round trip the client measured, in milliseconds."""

    rtt: Annotated[int, Meta(ge=0, le=3_600_000)] | None = None


class MediaFigures(Wire, frozen=True):
    """How a room's player fares. `loss`: share of packets since the last figures. `freezes`, `decoded` frames: so far;
    `frames`: shown in the last second. `level` of the sound: 0 silence, 127 the loudest. `pictures`: the room lets a
    small picture of itself be shown. `voice`: asked to speak, it sends its sound alone."""

    playing: bool = False
    loss: Annotated[float, Meta(ge=0, le=1)] = 0
    freezes: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    decoded: Annotated[int, Meta(ge=0, le=1_000_000_000)] = 0
    level: Annotated[int, Meta(ge=0, le=127)] = 0
    pictures: bool = False
    frames: Annotated[int, Meta(ge=0, le=240)] = 0
    voice: bool = False


class StatusMessage(Message, frozen=True):
    """Presence as well, as often as every second or so; it is not answered. A line that only sends these is alive.
    Without `media` what was said of them last stays."""

    rtt: Annotated[int, Meta(ge=0, le=3_600_000)]
    media: MediaFigures | None = None


ClientMessage = HelloMessage | DoMessage | BeatMessage | StatusMessage


# --- server to client


class Retry(Wire, frozen=True):
    """How long to wait before coming back: at least `base` ms, plus a random share of `spread` ms."""

    base: int
    spread: int


class WelcomeMessage(Message, frozen=True):
    """`now` is the server's clock, `beat` the interval of beats in ms, `interval` that of frames. `media`: this
    installation has them; without it nothing of them is shown."""

    v: int
    conference: str
    epoch: str
    seq: int
    now: int
    beat: int
    interval: int
    audience: str
    resumed: bool
    retry: Retry
    media: bool = False


class SnapshotMessage(Message, frozen=True):
    epoch: str
    seq: int
    now: int
    conference: ConferenceView
    units: list[UnitView]
    infos: list[PointInfo]
    rows: list[PointRow]
    tallies: list[Tally]
    documents: list[DocumentView]
    notices: list[NoticeView] = field(default_factory=list)
    degraded: bool = False
    held: bool = False


class FrameMessage(Message, frozen=True):
    """What changed since the frame before, full values. A part that is absent did not change.

    `units`, `documents` and `notices` come whole when they come; `removed` names points that left this audience.
    `degraded`: servers do not hear of each other at once; what is shown is true, but may be a second late.
    `held`: nothing can be written now; what rooms do waits in their phones, and what is shown stands still.
    """

    seq: int
    now: int
    conference: ConferenceView | UnsetType = UNSET
    units: list[UnitView] | UnsetType = UNSET
    infos: list[PointInfo] | UnsetType = UNSET
    rows: list[PointRow] | UnsetType = UNSET
    tallies: list[Tally] | UnsetType = UNSET
    documents: list[DocumentView] | UnsetType = UNSET
    removed: list[int] | UnsetType = UNSET
    notices: list[NoticeView] | UnsetType = UNSET
    degraded: bool | UnsetType = UNSET
    held: bool | UnsetType = UNSET


class PointMessage(Message, frozen=True):
    """The whole truth about the operator's own point."""

    seq: int
    now: int
    point: PointView
    conference: ConferenceView
    documents: list[DocumentView]
    notices: list[NoticeView] = field(default_factory=list)


class DoneMessage(Message, frozen=True):
    """The command is durable. `again` says that the answer was given before. `point` is the state after it."""

    id: str
    seq: int
    at: int
    again: bool = False
    point: PointView | Raw | UnsetType = UNSET


class RefusedMessage(Message, frozen=True):
    """`id` is missing where the message could not be read far enough to know it."""

    error: Error
    id: str | None = None


class HeldMessage(Message, frozen=True):
    """To operators, when it changes, and in answer to what they do meanwhile: whether nothing can be written now. What
    they do waits and is answered when it is durable."""

    held: bool


class PulseMessage(Message, frozen=True):
    """The answer to a beat: the server's clock."""

    now: int


class ByeMessage(Message, frozen=True):
    """Comes before the server closes; says when to come back."""

    code: int
    reason: str
    retry: Retry | None = None


ServerMessage = (
    WelcomeMessage | SnapshotMessage | FrameMessage | PointMessage
    | DoneMessage | RefusedMessage | HeldMessage | PulseMessage | ByeMessage
)  # fmt: skip
