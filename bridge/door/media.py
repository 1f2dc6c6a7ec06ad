"""Between session descriptions and what a worker is told."""

from collections.abc import Mapping
from typing import Final, cast

from bridge.orders import CodecName, Incoming, Kind, Outgoing
from bridge.wire.answers import MID, REPAIRED_RID, RID, Sent, Taken
from bridge.wire.sdp import Codec, Section

# The same for everybody: every session has keys of its own, so that no two packets share one.
SSRC: Final[dict[Kind, int]] = {"audio": 1_001, "video": 1_002}

_NAMES: Final[dict[str, CodecName]] = {"h264": "H264", "vp8": "VP8", "opus": "opus"}
# What a source may have that nobody has seen yet; of H.264 the profile that every browser and encoder has.
_H264: Final = Codec(0, "H264", 90_000, 1, {"packetization-mode": "1", "profile-level-id": "42e01f"})
_MAY_COME: Final[dict[Kind, tuple[Codec, ...]]] = {
    "audio": (Codec(0, "opus", 48_000, 2),),
    "video": (_H264, Codec(0, "VP8", 90_000)),
}


def name_of(codec: Codec) -> CodecName:
    """Of a codec that was taken."""
    return _NAMES[codec.name.lower()]


def sendable(playing: Mapping[str, Codec]) -> tuple[Sent, ...]:
    """What a viewer may get: the codecs that play now, by kind, and then those that may come after them."""
    sends = []
    for kind, codecs in _MAY_COME.items():
        first = [playing[kind]] if kind in playing else []
        others = [codec for codec in codecs if not first or name_of(codec) != name_of(first[0])]
        sends.append(Sent(kind, (*first, *others), SSRC[kind]))
    return tuple(sends)


def not_taken(playing: Mapping[str, Codec], taken: tuple[Taken, ...]) -> CodecName | None:
    """A codec that plays now on a line that was taken without it."""
    for one in taken:
        codec = playing.get(one.section.kind)
        if codec is not None and codec.name.lower() not in one.payload_types:
            return name_of(codec)
    return None


def incoming(one: Taken) -> Incoming:
    (codec,), section = one.codecs, one.section
    return Incoming(
        kind=cast(Kind, section.kind),
        codec=name_of(codec),
        payload_type=codec.payload_type,
        repair=one.repair,
        mid=section.mid,
        mid_id=one.extensions.get(MID, 0),
        rid_id=one.extensions.get(RID, 0),
        repaired_rid_id=one.extensions.get(REPAIRED_RID, 0),
        rids=one.rids,
        ssrcs=section.ssrcs,
        repairs={repair: source for source, repair in section.repairs.items()},
    )


def fetched(section: Section) -> tuple[Incoming, ...]:
    """Of a line that another bridge sends: one for each codec that it may have."""
    kind = cast(Kind, section.kind)
    known = [codec for codec in section.codecs if codec.name.lower() in _NAMES]
    return tuple(Incoming(kind, name_of(codec), codec.payload_type) for codec in known)


def outgoing(one: Taken) -> Outgoing:
    kind = cast(Kind, one.section.kind)
    return Outgoing(kind, SSRC[kind], {_NAMES[name]: number for name, number in one.payload_types.items()})
