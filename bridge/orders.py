"""What the door and its workers say to each other, over a socket pair that keeps messages whole and in order.

The door knows who somebody is, and does what takes long: HTTP, session descriptions, handshakes. A worker owns a UDP
port and every packet on it. It says `Ready` first. A session begins with `Admit`; its handshake runs through `Asking`
and `Answering`, from the address that proved itself with the session's ICE password; `Keys` lets media pass; `Drop` or
`Gone` ends it. What came last from the door counts; a session that is no more is passed over on both sides. A worker
ends when its end of the pair is closed, and the door starts another one when a worker ended.
"""

from typing import Literal

import msgspec
from msgspec import Struct

MAX_ORDER = 65_536  # bytes of one message: a handshake's datagram is below 2,000, a report of 1,000 viewers near 30,000

SILENCE = 0.5  # seconds without a packet after which a publisher counts as silent

Kind = Literal["audio", "video"]
CodecName = Literal["H264", "VP8", "opus"]


class Place(Struct, frozen=True):
    """Where a worker stands: its only argument, as JSON. `fd`: its end of the pair, SOCK_SEQPACKET. UDP at `address`
    and `port`; "::" is IPv4 as well, 0 a free port. `path`: of the Unix datagram socket that it makes and other
    workers of this bridge write to."""

    fd: int
    address: str
    port: int
    path: str
    log_level: str = "info"
    log_format: str = "text"


class Incoming(Struct, frozen=True):
    """One media line of a publisher as it was agreed on. `payload_type` carries `codec`; `repair` its retransmissions.
    Streams are recognised by `ssrcs` where the offer named them, by `mid` and `rid` otherwise: the numbers are the
    header extensions' ids, 0 without one. `rids` are the qualities in the publisher's order."""

    kind: Kind
    codec: CodecName
    payload_type: int
    repair: int | None = None
    mid: str | None = None
    mid_id: int = 0
    rid_id: int = 0
    repaired_rid_id: int = 0
    rids: tuple[str, ...] = ()
    ssrcs: tuple[int, ...] = ()
    repairs: dict[int, int] = {}  # SSRC of retransmissions -> SSRC of what they repair


class Outgoing(Struct, frozen=True):
    """What a viewer gets of one kind: our SSRC, and his payload type for each codec that the source may have."""

    kind: Kind
    ssrc: int
    payload_types: dict[CodecName, int]


class Publish(Struct, frozen=True, tag="publish"):
    """`source`: the name that outputs follow it by."""

    source: str
    lines: tuple[Incoming, ...]


class Fetch(Struct, frozen=True, tag="fetch"):
    """A source that comes from another bridge, which we call: at its `candidates`, with its credentials. `lines` has
    all codecs that it may send, of each kind one at a time. `Reached` is said when it answers."""

    source: str
    lines: tuple[Incoming, ...]
    ufrag: str
    pwd: str
    candidates: tuple[tuple[str, int], ...]


class Watch(Struct, frozen=True, tag="watch"):
    """`output` follows a source, or is one itself: a source's own name is an output that follows it alone."""

    output: str
    lines: tuple[Outgoing, ...]


class Order(Struct, frozen=True, tag_field="t"):
    """From the door to a worker."""


class Admit(Order, frozen=True, tag="admit"):
    """A session may come: whoever proves `pwd` with the user fragment `ufrag`; when we ask, he answers by `their_pwd`
    to `their_ufrag`. Again for the same session: an ICE restart, with new credentials and nothing else changed."""

    session: int
    ufrag: str
    pwd: str
    their_ufrag: str
    their_pwd: str
    role: Publish | Watch | Fetch


class Answering(Order, frozen=True, tag="answering"):
    """A datagram of the handshake, to the address that proved itself."""

    session: int
    data: bytes


class Keys(Order, frozen=True, tag="keys"):
    """The handshake is done. `profile` is a value of `wire.ciphers.Profile`; keys are master key and salt, joined."""

    session: int
    profile: str
    ours: bytes
    theirs: bytes


class Drop(Order, frozen=True, tag="drop"):
    session: int


class Follow(Order, frozen=True, tag="follow"):
    """`output` goes over to `source` at its next key frame, or to nothing; while it brings sound alone, to the picture
    of `stand_in`. Sources need not be there yet."""

    output: str
    source: str | None
    stand_in: str = ""


class Relay(Order, frozen=True, tag="relay"):
    """`source` is published here and watched at other workers too: those whose sockets have these paths. All of them
    each time; none when nobody else needs it."""

    source: str
    to: tuple[str, ...]


class Choose(Order, frozen=True, tag="choose"):
    """A viewer's quality, by hand: a rid's place in the publisher's order from the best, `sound` without picture,
    None: by what his line carries."""

    session: int
    quality: int | Literal["sound"] | None


class Said(Struct, frozen=True, tag_field="t"):
    """From a worker to the door."""


class Ready(Said, frozen=True, tag="ready"):
    """It listens at this UDP port. Said once, before everything else."""

    port: int


class Asking(Said, frozen=True, tag="asking"):
    """A datagram of the handshake, from an address that proved itself; `address` is it, for the record."""

    session: int
    address: str
    data: bytes


class Reached(Said, frozen=True, tag="reached"):
    """Whom we call has answered from an address: the handshake may begin."""

    session: int


class Gone(Said, frozen=True, tag="gone"):
    """A session is over: silent for too long, a goodbye, or what a publisher must not do. `why` is a code."""

    session: int
    why: Literal["silent", "goodbye", "too_much"]


class Pulse(Said, frozen=True, tag="pulse"):
    """Said at each change, at once: the packets of a source come, or none came for `SILENCE` seconds. A source is
    silent to begin with; when its session ends, nothing needs to be said."""

    source: str
    alive: bool


class Viewing(Struct, frozen=True, array_like=True):
    """How one viewer fares since the last report: shares are of 0 to 1, `quality` what he gets."""

    session: int
    loss: float
    rtt_ms: int | None
    quality: int | Literal["sound"] | None
    retransmitted: int
    waiting: bool  # for a first key frame


class Feeding(Struct, frozen=True, array_like=True):
    """How one publisher fares since the last report."""

    session: int
    source: str
    bit_rate: int
    loss: float
    qualities: int
    key_frame_age_ms: int | None


class Report(Said, frozen=True, tag="report"):
    """Every second: how the worker fares. `busy` is the share of a core, since the last one."""

    busy: float
    sent: int  # packets, since it started
    dropped: int  # packets that the kernel did not take, since it started
    shed: int  # packets of pictures that were late and went to nobody, since it started
    viewers: tuple[Viewing, ...]
    publishers: tuple[Feeding, ...]
    following: dict[str, str | None]  # output -> the source it shows now


AnyOrder = Admit | Answering | Keys | Drop | Follow | Relay | Choose
AnySaid = Ready | Asking | Reached | Gone | Pulse | Report

pack = msgspec.msgpack.Encoder().encode
unpack_order = msgspec.msgpack.Decoder(AnyOrder).decode
unpack_said = msgspec.msgpack.Decoder(AnySaid).decode
