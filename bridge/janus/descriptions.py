"""Session descriptions for Janus, of what players' own say. Pure.

Janus reads nothing that a stranger wrote: an offer is read and judged by us, and of what was taken a description of our
own goes to Janus; of its answer nothing but the transport goes back. Candidates stay here: as with our own workers, who
proves himself is answered, from wherever he does.

Janus's Streaming plugin makes the offer to who watches, where WHEP wants an answer. Both sides only say where they are
and how they are to be recognised, so each gets the description that it waits for.
"""

from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct

from bridge.orders import CodecName
from bridge.wire.answers import MID, PUBLISHER_FEEDBACK, VIEWER_FEEDBACK, Ours, Taken, codec_lines, repair_lines
from bridge.wire.calls import candidates
from bridge.wire.sdp import BadOffer, Fault, Offer, Section, Transport

_STREAM = "nhipcau"
_SHA_256 = "sha-256"


class Line(Struct, frozen=True):
    """A media line of what we tell Janus."""

    kind: str
    mid: str
    types: tuple[int, ...]
    details: tuple[str, ...]


def restricted(offer: Offer, video: CodecName) -> Offer:
    """The same with nothing but sound and this codec for pictures, and one quality of it."""
    return msgspec.structs.replace(offer, sections=tuple(_restricted(one, video) for one in offer.sections))


def _restricted(section: Section, video: CodecName) -> Section:
    if section.kind != "video":
        return section
    kept = tuple(codec for codec in section.codecs if codec.name.lower() in (video.lower(), "rtx"))
    return msgspec.structs.replace(section, codecs=kept, rids=())


def publishing(taken: Sequence[Taken], transport: Transport) -> str:
    """An offer to Janus, of a publisher."""
    return _description([_sent(one) for one in taken], transport)


def _sent(one: Taken) -> Line:
    (codec,), section = one.codecs, one.section
    details = ["a=sendonly", *codec_lines(codec, PUBLISHER_FEEDBACK), *repair_lines(one)]
    if MID in one.extensions:
        details.append(f"a=extmap:{one.extensions[MID]} {MID}")
    details += [f"a=ssrc-group:FID {source} {repair}" for source, repair in section.repairs.items()]
    details += [f"a=ssrc:{ssrc} cname:{_STREAM}" for ssrc in section.ssrcs]
    types = (codec.payload_type,) if one.repair is None else (codec.payload_type, one.repair)
    return Line(section.kind, section.mid or "", types, tuple(details))


def watching(taken: Sequence[Taken], transport: Transport) -> str:
    """An answer to Janus, of a viewer. Its lines are named after what they carry, in the order of the mountpoint's."""
    lines = []
    for one in taken:
        codec = one.codecs[0]
        details = ("a=recvonly", *codec_lines(codec, VIEWER_FEEDBACK))
        lines.append(Line(one.section.kind, one.section.kind, (codec.payload_type,), details))
    return _description(lines, transport)


def _description(lines: Sequence[Line], transport: Transport) -> str:
    """Players begin the handshake, on whichever side of Janus they are."""
    proof = transport.fingerprints[0]
    text = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", f"a=group:BUNDLE {' '.join(one.mid for one in lines)}"]
    for one in lines:
        text += [f"m={one.kind} 9 UDP/TLS/RTP/SAVPF {' '.join(map(str, one.types))}", "c=IN IP4 0.0.0.0"]
        text += [f"a=mid:{one.mid}", "a=rtcp-mux", "a=setup:active"]
        text += [f"a=ice-ufrag:{transport.ufrag}", f"a=ice-pwd:{transport.pwd}"]
        text.append(f"a=fingerprint:{proof.algorithm} {proof.value}")
        text += one.details
    return "".join(f"{line}\r\n" for line in text)


def whereabouts(said: Offer, body: bytes, session: int) -> Ours:
    """What players are told of Janus, of its own description. BadOffer when it says too little."""
    print_of = next((one.value for one in said.transport.fingerprints if one.algorithm == _SHA_256), None)
    if any(one.disabled for one in said.sections):
        raise BadOffer(Fault.NO_CODEC, "Janus does not take what we took")
    found = candidates(body)
    if print_of is None or not found:
        raise BadOffer(Fault.NO_ICE, "Janus names no address over UDP, or no fingerprint of sha-256")
    lite = b"\na=ice-lite" in body
    return Ours(session, said.transport.ufrag, said.transport.pwd, print_of, found, lite)


def ssrcs(said: Offer) -> dict[str, int]:
    """By kind, what Janus is to send under. BadOffer when it does not say so."""
    if not all(one.ssrcs for one in said.sections):
        raise BadOffer(Fault.MALFORMED, "Janus does not say what it sends under")
    return {one.kind: one.ssrcs[0] for one in said.sections}


def in_order(taken: Iterable[Taken]) -> tuple[Taken, ...]:
    """Sound first, whatever a player's order is: those of one kind share what is made for them."""
    return tuple(sorted(taken, key=lambda one: one.section.kind))
