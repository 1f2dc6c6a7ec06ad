"""Our answers: one ICE-lite transport, DTLS as the server, everything in one bundle.

A publisher gets one codec for each kind, so that he cannot change it on the way; a viewer as many as he takes of those
that sources have, since what he watches may go over from one to another. What we do not take keeps its place with
port 0.
"""

import re
from ipaddress import ip_address
from typing import Final

from msgspec import Struct

from bridge.wire.sdp import MEDIA_PROTOCOLS, BadOffer, Codec, Fault, Offer, Section

MID: Final = "urn:ietf:params:rtp-hdrext:sdes:mid"
RID: Final = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
REPAIRED_RID: Final = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
_EXTENSIONS: Final = (MID, RID, REPAIRED_RID)
MAX_RIDS: Final = 3  # the qualities we offer viewers

_STREAM: Final = "nhipcau"  # one name for picture and sound: players keep them in step
_KINDS: Final = ("audio", "video")
# A publisher is told what rate we bear; a viewer's rate is ours to choose, from what his reports say.
PUBLISHER_FEEDBACK: Final = ("nack", "nack pli", "ccm fir", "goog-remb")
VIEWER_FEEDBACK: Final = ("nack", "nack pli")
_ECHOED: Final = {
    "h264": ("level-asymmetry-allowed", "packetization-mode", "profile-level-id"),
    "opus": ("minptime", "useinbandfec", "stereo", "sprop-stereo"),
}
_PARAMETER = re.compile(r"[0-9A-Fa-f]{1,6}")
_PROFILE = re.compile(r"[0-9A-Fa-f]{6}")
_BASELINE_PROFILE: Final = "42000a"  # what no profile-level-id stands for (RFC 6184, 8.1)
_CONSTRAINED: Final = 0x40


class Ours(Struct, frozen=True):
    """What an answer says of us. Candidates in the order we prefer them, at least one. `lite`: whoever asks leads."""

    session: int
    ufrag: str
    pwd: str
    fingerprint: str  # sha-256, upper-case pairs with colons between
    candidates: tuple[tuple[str, int], ...]
    lite: bool = True


class Sent(Struct, frozen=True):
    """What a viewer may get of one kind: the codecs of its sources in order, and the SSRC that they go out under."""

    kind: str
    codecs: tuple[Codec, ...]
    ssrc: int


class Taken(Struct, frozen=True):
    """A section that we answered, with the peer's own payload types: the one codec of a publisher, or those a viewer
    takes, in our order. The rest is of publishers: the payload type of retransmissions and the layers to come."""

    section: Section
    codecs: tuple[Codec, ...]
    repair: int | None = None
    extensions: dict[str, int] = {}
    rids: tuple[str, ...] = ()

    @property
    def payload_types(self) -> dict[str, int]:
        """By codec, its name in lower case."""
        return {codec.name.lower(): codec.payload_type for codec in self.codecs}


class Answer(Struct, frozen=True):
    text: str
    taken: tuple[Taken, ...]


def answer_publish(offer: Offer, ours: Ours) -> Answer:
    """To a publisher: we receive his first choice of what we carry. BadOffer if a section has nothing of it."""
    taken: list[Taken | None] = []
    for section in offer.sections:
        if not _open(section, "sendonly", taken):
            taken.append(None)
            continue
        codec = next(filter(_carried, section.codecs), None)
        if codec is None:
            raise BadOffer(Fault.NO_CODEC, "carried are H264 with packetization-mode=1, VP8 and opus")
        extensions = {uri: number for uri, number in section.extensions.items() if uri in _EXTENSIONS}
        rids = section.rids[:MAX_RIDS] if RID in extensions else ()
        taken.append(Taken(section, (codec,), _repair_of(section, codec), extensions, rids))
    return _answer(offer, ours, taken, [_receiving(one) if one else [] for one in taken])


def answer_watch(offer: Offer, ours: Ours, sends: tuple[Sent, ...]) -> Answer:
    """To a viewer: we send what `sends` names, in his payload types. BadOffer if he takes none of its codecs. No
    retransmission format: a lost packet is sent once more as it was."""
    taken: list[Taken | None] = []
    details: list[list[str]] = []
    for section in offer.sections:
        sent = next((sent for sent in sends if sent.kind == section.kind), None)
        if sent is None or not _open(section, "recvonly", taken):
            taken.append(None)
            details.append([])
            continue
        codecs = tuple(found for codec in sent.codecs if (found := _playable(section, codec)))
        if not codecs:
            names = " or ".join(codec.name for codec in sent.codecs)
            raise BadOffer(Fault.NO_CODEC, f"what plays is {names}, which the offer does not take")
        one = Taken(section, codecs)
        taken.append(one)
        details.append(_sending(one, sent))
    return _answer(offer, ours, taken, details)


def _open(section: Section, direction: str, taken: list[Taken | None]) -> bool:
    """Is this a line to take: of media, the first of its kind, in the right direction, not switched off?"""
    if section.disabled or section.kind not in _KINDS or section.protocol not in MEDIA_PROTOCOLS:
        return False
    if any(one and one.section.kind == section.kind for one in taken):
        return False
    return section.direction in (direction, "sendrecv")


def _carried(codec: Codec) -> bool:
    match codec.name.lower(), codec.clock, codec.channels:
        case "vp8", 90_000, 1:
            return True
        case "opus", 48_000, 2:
            return True
        case "h264", 90_000, 1:
            level = codec.parameters.get("profile-level-id", _BASELINE_PROFILE)
            return codec.parameters.get("packetization-mode") == "1" and _PROFILE.fullmatch(level) is not None
    return False


def _playable(section: Section, source: Codec) -> Codec | None:
    """The viewer's payload type for the source's codec. Of H.264 the one of the same profile, else of a higher one,
    else any: players rarely list all that they decode."""
    same = [codec for codec in section.codecs if _carried(codec) and codec.name.lower() == source.name.lower()]
    return min(same, key=lambda codec: _distance(codec, source), default=None)


def _distance(codec: Codec, source: Codec) -> int:
    profile, wanted = _profile(codec), _profile(source)
    if profile == wanted:
        return 0
    return 1 if profile[0] >= wanted[0] else 2


def _profile(codec: Codec) -> tuple[int, bool]:
    """H.264's profile number, which grows with what it can do, and whether baseline is the constrained one."""
    profile, constraints, _ = bytes.fromhex(codec.parameters.get("profile-level-id", _BASELINE_PROFILE))
    return profile, bool(constraints & _CONSTRAINED)


def _repair_of(section: Section, codec: Codec) -> int | None:
    wanted = str(codec.payload_type)
    repairs = (one for one in section.codecs if one.name.lower() == "rtx" and one.parameters.get("apt") == wanted)
    return next((repair.payload_type for repair in repairs), None)


def _answer(offer: Offer, ours: Ours, taken: list[Taken | None], details: list[list[str]]) -> Answer:
    accepted = tuple(one for one in taken if one)
    if not accepted:
        raise BadOffer(Fault.NO_CODEC, "the offer has no audio or video line for us, in the direction it is sent")
    _check(offer, accepted)
    mids = [mid for mid in offer.bundle if any(one.section.mid == mid for one in accepted)]
    lines = ["v=0", f"o=- {ours.session} 1 IN IP4 127.0.0.1", "s=-", "t=0 0"]
    lines += ["a=ice-lite"] if ours.lite else []
    lines += [f"a=group:BUNDLE {' '.join(mids)}", "a=msid-semantic:WMS *"]
    for section, one, detail in zip(offer.sections, taken, details, strict=True):
        lines += _section(one, ours) + detail if one else _refused(section)
    return Answer("".join(f"{line}\r\n" for line in lines), accepted)


def _check(offer: Offer, accepted: tuple[Taken, ...]) -> None:
    """One transport carries them all: each in the bundle, RTCP beside RTP, told apart by payload type."""
    for one in accepted:
        if one.section.mid not in offer.bundle:
            raise BadOffer(Fault.NO_BUNDLE, "an audio or video line is not in the BUNDLE group")
        if not one.section.muxed:
            raise BadOffer(Fault.NO_MUX, "an audio or video line lacks a=rtcp-mux")
    types = [number for one in accepted for number in _types(one)]
    if len(set(types)) < len(types):
        raise BadOffer(Fault.MALFORMED, "two codecs have one payload type")


def _types(one: Taken) -> list[int]:
    return [codec.payload_type for codec in one.codecs] + ([] if one.repair is None else [one.repair])


def _section(one: Taken, ours: Ours) -> list[str]:
    address, port = ours.candidates[0]
    lines = [
        f"m={one.section.kind} {port} {one.section.protocol} {' '.join(map(str, _types(one)))}",
        f"c=IN IP{ip_address(address).version} {address}",
        f"a=mid:{one.section.mid}",
        "a=rtcp-mux",
        f"a=ice-ufrag:{ours.ufrag}",
        f"a=ice-pwd:{ours.pwd}",
        f"a=fingerprint:sha-256 {ours.fingerprint}",
        "a=setup:passive",
    ]
    if one.section.reduced_size:
        lines.append("a=rtcp-rsize")
    return [*lines, *candidate_lines(ours.candidates), "a=end-of-candidates"]


def candidate_lines(candidates: tuple[tuple[str, int], ...]) -> list[str]:
    """In the order of our preference."""
    lines = []
    for rank, (host, at) in enumerate(candidates):
        priority = 126 << 24 | (0xFFFF - rank) << 8 | 0xFF  # RFC 8445, 5.1.2: a host candidate
        lines.append(f"a=candidate:{rank + 1} 1 udp {priority} {host} {at} typ host")
    return lines


def _refused(section: Section) -> list[str]:
    lines = [f"m={section.kind} 0 {section.protocol} {' '.join(section.formats)}", "c=IN IP4 0.0.0.0", "a=inactive"]
    return lines if section.mid is None else [*lines, f"a=mid:{section.mid}"]


def _receiving(one: Taken) -> list[str]:
    lines = ["a=recvonly", *(f"a=extmap:{number} {uri}" for uri, number in one.extensions.items())]
    (codec,) = one.codecs
    lines += codec_lines(codec, PUBLISHER_FEEDBACK)
    lines += repair_lines(one)
    if one.rids:
        lines += [*(f"a=rid:{rid} recv" for rid in one.rids), f"a=simulcast:recv {';'.join(one.rids)}"]
    return lines


def repair_lines(one: Taken) -> list[str]:
    """Of a publisher's retransmissions."""
    (codec,) = one.codecs
    if one.repair is None:
        return []
    return [f"a=rtpmap:{one.repair} rtx/{codec.clock}", f"a=fmtp:{one.repair} apt={codec.payload_type}"]


def _sending(one: Taken, sent: Sent) -> list[str]:
    lines = ["a=sendonly", f"a=msid:{_STREAM} {sent.kind}"]
    if one.section.asks_round_trips:
        lines.append("a=rtcp-xr:rcvr-rtt=all")
    for codec in one.codecs:
        lines += codec_lines(codec, VIEWER_FEEDBACK)
    return [*lines, f"a=ssrc:{sent.ssrc} cname:{_STREAM}"]


def codec_lines(codec: Codec, feedback: tuple[str, ...]) -> list[str]:
    """What is said of a codec, of feedback only what its own description has."""
    number = codec.payload_type
    channels = f"/{codec.channels}" if codec.channels > 1 else ""
    lines = [f"a=rtpmap:{number} {codec.name}/{codec.clock}{channels}"]
    lines += [f"a=rtcp-fb:{number} {word}" for word in feedback if word in codec.feedback]
    pairs = [(name, codec.parameters.get(name, "")) for name in _ECHOED.get(codec.name.lower(), ())]
    parameters = ";".join(f"{name}={value}" for name, value in pairs if _PARAMETER.fullmatch(value))
    if parameters:
        lines.append(f"a=fmtp:{number} {parameters}")
    return lines
