"""Offers of publishers and viewers (RFC 8866, RFC 8829), read into plain structs.

What we cannot serve is named by one error with a code. Candidates are skipped: we answer who proves himself, from
wherever he does, and send nothing to an address that an offer names.
"""

import re
from enum import StrEnum
from typing import Final

from msgspec import Struct

# Chromium's fullest offer is 7 KB; these leave room for encoders that list more, and end a flood early.
MAX_BYTES: Final = 65_536
MAX_LINE: Final = 2_048
MAX_SECTIONS: Final = 16

MEDIA_PROTOCOLS: Final = frozenset({"UDP/TLS/RTP/SAVPF", "TCP/DTLS/RTP/SAVPF"})
_FINGERPRINT_BYTES: Final = {"sha-256": 32, "sha-384": 48, "sha-512": 64}
_DIRECTIONS: Final = ("sendrecv", "sendonly", "recvonly", "inactive")
# RFC 5761, 4: with RTP and RTCP on one port these would be taken for RTCP.
_RTCP_PAYLOAD_TYPES: Final = range(64, 96)

_MEDIA = re.compile(r"([a-z]{1,16}) ([0-9]{1,5})(?:/[0-9]{1,5})? ([A-Za-z0-9/]{1,32})((?: [!-~]{1,32})+)")
_RTPMAP = re.compile(r"([0-9]{1,3}) ([A-Za-z0-9.-]{1,32})/([0-9]{1,7})(?:/([0-9]{1,2}))?")
_BY_PAYLOAD_TYPE = re.compile(r"([0-9]{1,3}|\*) +(.+)")
_EXTMAP = re.compile(r"([0-9]{1,5})(?:/[a-z]+)? ([!-~]+)(?: .*)?")
_SSRC = re.compile(r"([0-9]{1,10}) .+")
_SSRC_GROUP = re.compile(r"([A-Z-]{1,16})((?: [0-9]{1,10})+)")
_RID = re.compile(r"([A-Za-z0-9_-]{1,32}) (send|recv)(?: .*)?")
_SIMULCAST_SEND = re.compile(r"(?:.* )?send ([A-Za-z0-9_,;~-]+)(?: .*)?")
_TOKEN = re.compile(r"[!#$%&'*+.0-9A-Z^_`a-z{|}~-]{1,32}")
_UFRAG = re.compile(r"[A-Za-z0-9+/]{4,256}")
_PWD = re.compile(r"[A-Za-z0-9+/]{22,256}")
_HEX_PAIRS = re.compile(r"[0-9A-F]{2}(?::[0-9A-F]{2})*")


class Fault(StrEnum):
    """Why an offer is refused."""

    TOO_LARGE = "offer_too_large"
    MALFORMED = "offer_malformed"
    TOO_MANY_SECTIONS = "offer_too_many_sections"
    NO_BUNDLE = "offer_without_bundle"
    NO_MUX = "offer_without_rtcp_mux"
    NO_ICE = "offer_without_ice"
    NO_FINGERPRINT = "offer_without_fingerprint"
    SETUP = "offer_setup_not_served"
    NO_CODEC = "offer_without_known_codec"


class BadOffer(Exception):
    """An offer that gets no answer. `detail` is English and quotes nothing of the offer but tokens of known shape."""

    def __init__(self, code: Fault, detail: str) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


class Codec(Struct, frozen=True):
    """One payload type of a section. Parameters are those of `a=fmtp`, feedback the words of `a=rtcp-fb`."""

    payload_type: int
    name: str
    clock: int
    channels: int = 1
    parameters: dict[str, str] = {}
    feedback: frozenset[str] = frozenset()


class Fingerprint(Struct, frozen=True):
    algorithm: str
    value: str  # upper-case pairs with colons between


class Transport(Struct, frozen=True):
    """Of the first section in the bundle, which speaks for all of them (RFC 9143, 7.1.3)."""

    ufrag: str
    pwd: str
    fingerprints: tuple[Fingerprint, ...]


class Section(Struct, frozen=True):
    kind: str
    disabled: bool
    protocol: str
    formats: tuple[str, ...]
    mid: str | None
    direction: str
    muxed: bool
    reduced_size: bool
    asks_round_trips: bool  # by extended reports, as who only receives must
    codecs: tuple[Codec, ...]
    extensions: dict[str, int]  # URI -> id
    ssrcs: tuple[int, ...]
    repairs: dict[int, int]  # SSRC -> SSRC of its retransmissions
    rids: tuple[str, ...]  # that the peer would send at once, in its order


class Offer(Struct, frozen=True):
    """An answer to one of ours has the same form."""

    sections: tuple[Section, ...]
    bundle: tuple[str, ...]
    transport: Transport


def parse_offer(body: bytes) -> Offer:
    """BadOffer for whatever is not an offer that ICE-lite, DTLS as the server and one bundle can answer."""
    return _read(body, ("actpass", "active"))


def parse_answer(body: bytes) -> Offer:
    """BadOffer for whatever does not answer an offer of ours, in one bundle and as the server of the handshake."""
    return _read(body, ("passive",))


def _read(body: bytes, setups: tuple[str, ...]) -> Offer:
    session, *media = _blocks(_lines(body))
    sections = tuple(_section(lines, _attributes(session)) for lines in media)
    mids = [section.mid for section in sections if section.mid is not None]
    if len(set(mids)) < len(mids):
        raise _malformed("two sections have one mid")
    bundle = _bundle(_attributes(session))
    first = next((at for at, section in enumerate(sections) if section.mid == bundle[0]), None)
    if first is None:
        raise BadOffer(Fault.NO_BUNDLE, "the BUNDLE group begins with a mid that no section has")
    return Offer(sections, bundle, _transport(_attributes(session) | _attributes(media[first]), setups))


_Attributes = dict[str, list[str]]


def _lines(body: bytes) -> list[str]:
    if len(body) > MAX_BYTES:
        raise BadOffer(Fault.TOO_LARGE, f"an offer has at most {MAX_BYTES} bytes")
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise _malformed("an offer is UTF-8") from None
    lines = [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")]
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_LINE:
            raise BadOffer(Fault.TOO_LARGE, f"line {number} has more than {MAX_LINE} characters")
        if len(line) < 2 or line[1] != "=" or not ("a" <= line[0] <= "z") or not line.isprintable():
            raise _malformed(f"line {number} is not of the form x=value")
    if lines[0] != "v=0":
        raise _malformed("an offer begins with v=0")
    return lines


def _blocks(lines: list[str]) -> list[list[str]]:
    """The session's lines, then each section's, which begin with their m-line."""
    starts = [at for at, line in enumerate(lines) if line.startswith("m=")]
    if not starts:
        raise _malformed("an offer has at least one m-line")
    if len(starts) > MAX_SECTIONS:
        raise BadOffer(Fault.TOO_MANY_SECTIONS, f"{len(starts)} m-lines; at most {MAX_SECTIONS} are read")
    return [lines[start:end] for start, end in zip([0, *starts], [*starts, len(lines)], strict=True)]


def _attributes(lines: list[str]) -> _Attributes:
    found: _Attributes = {}
    for line in lines:
        if line.startswith("a="):
            name, _, value = line[2:].partition(":")
            found.setdefault(name, []).append(value.strip())
    return found


def _section(lines: list[str], session: _Attributes) -> Section:
    media = _MEDIA.fullmatch(lines[0][2:])
    if media is None or int(media[2]) > 0xFFFF:
        raise _malformed("an m-line is not kind, port, protocol and formats")
    own = _attributes(lines)
    formats = tuple(media[4].split())
    is_media = media[3] in MEDIA_PROTOCOLS
    if is_media and not all(re.fullmatch("[0-9]{1,3}", word) and int(word) < 128 for word in formats):
        raise _malformed("a payload type is a number below 128")
    return Section(
        kind=media[1],
        disabled=int(media[2]) == 0 and "bundle-only" not in own,
        protocol=media[3],
        formats=formats,
        mid=_one(own, "mid", _TOKEN),
        direction=next((word for level in (own, session) for word in _DIRECTIONS if word in level), "sendrecv"),
        muxed="rtcp-mux" in own,
        reduced_size="rtcp-rsize" in own,
        asks_round_trips=any("rcvr-rtt=all" in value.split() for value in own.get("rtcp-xr", ())),
        codecs=_codecs(own, formats) if is_media else (),
        extensions={match[2]: int(match[1]) for match in _each(own, "extmap", _EXTMAP)},
        ssrcs=tuple(dict.fromkeys(_ssrc(match[1]) for match in _each(own, "ssrc", _SSRC))),
        repairs=_repairs(own),
        rids=_rids(own),
    )


def _codecs(own: _Attributes, formats: tuple[str, ...]) -> tuple[Codec, ...]:
    """In the order of the m-line, which is the peer's preference."""
    maps = {match[1]: match for match in _each(own, "rtpmap", _RTPMAP)}
    parameters = {match[1]: _parameters(match[2]) for match in _each(own, "fmtp", _BY_PAYLOAD_TYPE)}
    feedback: dict[str, set[str]] = {}
    for match in _each(own, "rtcp-fb", _BY_PAYLOAD_TYPE):
        feedback.setdefault(match[1], set()).add(match[2])
    return tuple(
        Codec(
            payload_type=int(word),
            name=maps[word][2],
            clock=int(maps[word][3]),
            channels=int(maps[word][4] or 1),
            parameters=parameters.get(word, {}),
            feedback=frozenset(feedback.get(word, set()) | feedback.get("*", set())),
        )
        for word in dict.fromkeys(formats)
        if word in maps and int(word) not in _RTCP_PAYLOAD_TYPES
    )


def _parameters(text: str) -> dict[str, str]:
    """`a=1;b=2` as a dict; a word without a value is none of those we read."""
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): value.strip() for name, sign, value in pairs if sign}


def _repairs(own: _Attributes) -> dict[int, int]:
    groups = [match[2].split() for match in _each(own, "ssrc-group", _SSRC_GROUP) if match[1] == "FID"]
    if any(len(group) != 2 for group in groups):
        raise _malformed("an FID group is a source and its retransmissions")
    return {_ssrc(source): _ssrc(repair) for source, repair in groups}


def _rids(own: _Attributes) -> tuple[str, ...]:
    """Of alternatives the first; of paused ones too, since they may start."""
    sendable = {match[1] for match in _each(own, "rid", _RID) if match[2] == "send"}
    line = next((match for value in own.get("simulcast", ()) if (match := _SIMULCAST_SEND.fullmatch(value))), None)
    if line is None:
        return ()
    named = [alternatives.split(",")[0].removeprefix("~") for alternatives in line[1].split(";")]
    if not sendable.issuperset(named):
        raise _malformed("simulcast names a rid that is not declared")
    return tuple(dict.fromkeys(named))


def _bundle(session: _Attributes) -> tuple[str, ...]:
    for value in session.get("group", ()):
        semantics, *mids = value.split()[: MAX_SECTIONS + 1] or [""]
        if semantics == "BUNDLE" and mids:
            return tuple(mids)
    raise BadOffer(Fault.NO_BUNDLE, "all media go over one transport: the offer needs a=group:BUNDLE")


def _transport(own: _Attributes, setups: tuple[str, ...]) -> Transport:
    ufrag, pwd = _one(own, "ice-ufrag", _UFRAG), _one(own, "ice-pwd", _PWD)
    if ufrag is None or pwd is None:
        raise BadOffer(Fault.NO_ICE, "the offer needs a=ice-ufrag and a=ice-pwd")
    fingerprints = tuple(_fingerprints(own.get("fingerprint", [])))
    if not fingerprints:
        raise BadOffer(Fault.NO_FINGERPRINT, f"the offer needs a=fingerprint of {', '.join(_FINGERPRINT_BYTES)}")
    setup = own.get("setup", [""])[0]
    if setup not in setups:
        raise BadOffer(Fault.SETUP, f"who is asked waits for the handshake: a=setup is {' or '.join(setups)}")
    return Transport(ufrag, pwd, fingerprints)


def _fingerprints(values: list[str]) -> list[Fingerprint]:
    """Of the digests that are strong; others are skipped."""
    found = []
    for value in values:
        algorithm, _, digest = value.partition(" ")
        length = _FINGERPRINT_BYTES.get(algorithm.lower())
        if length is None:
            continue
        if _HEX_PAIRS.fullmatch(digest.upper()) is None or len(digest) != 3 * length - 1:
            raise _malformed("a fingerprint is pairs of hexadecimal digits, as many as its digest has")
        found.append(Fingerprint(algorithm.lower(), digest.upper()))
    return found


def _one(own: _Attributes, name: str, shape: re.Pattern[str]) -> str | None:
    values = own.get(name)
    if values is None:
        return None
    if shape.fullmatch(values[0]) is None:
        raise _malformed(f"a={name} has not the form it should")
    return values[0]


def _each(own: _Attributes, name: str, shape: re.Pattern[str]) -> list[re.Match[str]]:
    matches = [shape.fullmatch(value) for value in own.get(name, ())]
    if None in matches:
        raise _malformed(f"a={name} has not the form it should")
    return [match for match in matches if match is not None]


def _ssrc(digits: str) -> int:
    number = int(digits)
    if number > 0xFFFF_FFFF:
        raise _malformed("an SSRC has 32 bits")
    return number


def _malformed(detail: str) -> BadOffer:
    return BadOffer(Fault.MALFORMED, detail)
