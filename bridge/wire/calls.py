"""Our own offers, when we take a programme from another bridge, and what its answers say."""

import re
from ipaddress import ip_address
from typing import Final

from msgspec import Struct

from bridge.wire.answers import Ours, candidate_lines
from bridge.wire.sdp import BadOffer, Fault, Section, Transport, parse_answer

MAX_CANDIDATES: Final = 8  # tried of an answer: two networks, each with both protocols, and their relays
_CANDIDATE = re.compile(r"a=candidate:[!-~]{1,64} 1 udp [0-9]{1,10} ([0-9A-Fa-f:.]{2,45}) ([0-9]{1,5}) typ .*", re.I)
_FEEDBACK: Final = ("nack", "nack pli")
# Several profiles of H.264: a server may take an offer for what it says exactly.
_OFFERED: Final[dict[str, dict[int, tuple[str, str]]]] = {
    "audio": {111: ("opus/48000/2", "minptime=10;useinbandfec=1")},
    "video": {
        96: ("VP8/90000", ""),
        **{
            number: ("H264/90000", f"level-asymmetry-allowed=1;packetization-mode=1;profile-level-id={profile}")
            for number, profile in ((98, "42e01f"), (99, "42001f"), (100, "4d001f"), (101, "64001f"))
        },
    },
}


class Agreed(Struct, frozen=True):
    """What the other side sends, the lines that it took; and where it is."""

    sections: tuple[Section, ...]
    transport: Transport
    candidates: tuple[tuple[str, int], ...]


def call(ours: Ours) -> str:
    """An offer to receive sound and picture, in whatever we carry."""
    lines = ["v=0", f"o=- {ours.session} 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1"]
    for mid, (kind, formats) in enumerate(_OFFERED.items()):
        lines += [f"m={kind} 9 UDP/TLS/RTP/SAVPF {' '.join(map(str, formats))}", "c=IN IP4 0.0.0.0", f"a=mid:{mid}"]
        lines += ["a=recvonly", "a=rtcp-mux", "a=setup:actpass", f"a=fingerprint:sha-256 {ours.fingerprint}"]
        lines += [f"a=ice-ufrag:{ours.ufrag}", f"a=ice-pwd:{ours.pwd}"]
        lines += [*candidate_lines(ours.candidates), "a=end-of-candidates"]
        for number, (codec, parameters) in formats.items():
            lines.append(f"a=rtpmap:{number} {codec}")
            lines += [f"a=rtcp-fb:{number} {word}" for word in _FEEDBACK]
            lines += [f"a=fmtp:{number} {parameters}"] if parameters else []
    return "".join(f"{line}\r\n" for line in lines)


def agreed(body: bytes) -> Agreed:
    """What an answer to `call` says. BadOffer when it is none, takes nothing, or is nowhere to be found."""
    answer = parse_answer(body)
    taken = tuple(one for one in answer.sections if one.kind in _OFFERED and not one.disabled and one.codecs)
    if not taken:
        raise BadOffer(Fault.NO_CODEC, "the answer takes neither sound nor picture")
    found = candidates(body)
    if not found:
        raise BadOffer(Fault.NO_ICE, "the answer names no address over UDP")
    return Agreed(taken, answer.transport, found)


def candidates(body: bytes) -> tuple[tuple[str, int], ...]:
    """The addresses over UDP that a description names."""
    found = dict.fromkeys(one for line in body.decode().splitlines() if (one := _candidate(line)))
    return tuple(found)[:MAX_CANDIDATES]


def _candidate(line: str) -> tuple[str, int] | None:
    match = _CANDIDATE.fullmatch(line)
    if match is None or not 0 < int(match[2]) < 65_536:
        return None
    try:
        return str(ip_address(match[1])), int(match[2])
    except ValueError:
        return None
