"""What a bridge and the coordination service say to each other.

A bridge reports to `POST /api/bridges/{name}` with a pass of its own (conference "", stream `BRIDGE_STREAM`, act
"publish"). The answer is held back for at most `HOLD_SECONDS` as long as it would say what the bridge knows already,
so the bridge reports again right after each answer, and a switch takes effect at once. Both pass over fields that they
do not know: bridges and service are not upgraded in one moment.
"""

from typing import Annotated

from msgspec import Meta, field

from .base import Millis, UnitCode, Wire

REPORT_SECONDS = 1.5  # between two reports of a bridge, at most
HOLD_SECONDS = 1.5
ALIVE_SECONDS = 4.0  # without a report: taken for dead, so that rooms are elsewhere within five
MAX_PUBLISHERS = 100  # told in one report: a body of a stranger is 16 KiB at most
MAX_CARRIED = 100  # conferences told in one report

BRIDGE_STREAM = "bridge"  # in the pass of a bridge itself
PROGRAMME, MAIN, SPARE = "programme", "main", "spare"
# And of each point: what the room sends, what the organizers say to it alone, and its own trial, which nobody else
# may watch.
POINT, TALK, CHECK = "point", "talk", "check"

Name = Annotated[str, Meta(min_length=1, max_length=64)]
Rate = Annotated[int, Meta(ge=0, le=1_000_000_000)]
Share = Annotated[float, Meta(ge=0, le=1)]
Url = Annotated[str, Meta(min_length=8, max_length=300, pattern=r"^[^\x00]*$")]


class Publishing(Wire, frozen=True, forbid_unknown_fields=False):
    """A stream that comes in. `bit_rate` in bits a second, `loss` a share, `qualities`: layers of its picture."""

    conference: Name
    stream: Name
    bit_rate: Rate = 0
    loss: Share = 0
    qualities: Annotated[int, Meta(ge=0, le=10)] = 1


class BridgeReport(Wire, frozen=True, forbid_unknown_fields=False):
    """`url`: what WHIP and WHEP addresses begin with. `unit`: the one whose rooms it is meant for. `upstream`: it takes
    the programmes from another bridge. `capacity` and `viewers` in people, `busy` the share of its busiest core.
    `showing`: for each conference that it carries, the stream that the programme shows; null: the slate.
    `mark`: that of the last answer, empty at first."""

    url: Url
    capacity: Annotated[int, Meta(ge=0, le=1_000_000)]
    unit: UnitCode | None = None
    upstream: bool = False
    viewers: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    busy: Share = 0
    publishers: Annotated[list[Publishing], Meta(max_length=MAX_PUBLISHERS)] = field(default_factory=list)
    showing: Annotated[dict[Name, Name | None], Meta(max_length=MAX_CARRIED)] = field(default_factory=dict)
    mark: Annotated[str, Meta(max_length=32)] = ""


class BridgeOrders(Wire, frozen=True, forbid_unknown_fields=False):
    """What a bridge is to do. For each conference that it carries: `on_air`, the stream that the programme shows as
    long as it lives (null: main, else spare); `generations`, below which passes to publish are refused; `homes`, the
    addresses of the bridges where the conferences are published, this one too. Of one that is not named, what was told
    last stays. `drain`: take nobody new, and let who is there go to others. `mark` names all this by its content."""

    drain: bool
    on_air: dict[str, str | None]
    generations: dict[str, int]
    homes: dict[str, str]
    mark: str


class BridgeView(Wire, frozen=True):
    """A bridge as organizers see it. `seen_at`: its last report, ms."""

    name: str
    url: str
    alive: bool
    draining: bool
    viewers: int
    capacity: int
    busy: float
    seen_at: Millis
    unit: str | None = None
    upstream: bool = False


class MediaPass(Wire, frozen=True):
    """Where to publish or watch a stream: `url` is the WHIP or WHEP address, `token` the bearer's; it opens a session
    until `until` (ms). `bridge`: to be named as `failed` when it does not answer; empty: another server's address."""

    url: str
    token: str
    until: int
    bridge: str


class MediaState(Wire, frozen=True):
    """The media of one conference: its home bridge (null: none lives), what comes in there, and what the programme
    shows (null: the slate, or nothing yet; `point`: a room that the reader may not see). `viewers` at all bridges
    together, of whatever conference."""

    bridge: str | None
    publishers: list[Publishing]
    showing: str | None
    viewers: int
