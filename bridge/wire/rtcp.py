"""RTCP: reports of senders and receivers, names, goodbyes (RFC 3550 section 6), the round trip of who only receives
(RFC 3611), and feedback: NACK, PLI (RFC 4585), FIR (RFC 5104), REMB (draft-alvestrand-rmcat-remb). `build` and `parse`
undo each other."""

from collections.abc import Iterable, Sequence
from struct import Struct
from typing import NamedTuple

from msgspec import Struct as Record

MAX_PACKETS = 32  # in one datagram; browsers send five at most
MAX_NACK_BLOCKS = 128  # names 2,176 packets, more than a relay keeps; blocks beyond it are not read

_HEADER = 4
_VERSION = 0x80
_PADDED = 0x20
_COUNT = 0x1F

_SR, _RR, _SDES, _BYE, _RTPFB, _PSFB, _XR = 200, 201, 202, 203, 205, 206, 207
_FEEDBACK = (_RTPFB, _PSFB)
_NACK = 1
_PLI, _FIR, _AFB = 1, 4, 15
_CNAME = 1
_ASKED, _ANSWERED = bytes((4, 0, 0, 2)), bytes((5, 0, 0, 3))  # blocks of RFC 3611, sections 4.4 and 4.5
_REMB = b"REMB"
_REMB_MANTISSA = 18  # bits

_SENDER = Struct("!IQIII")
_BLOCK = Struct("!IIIIII")
_WORD = Struct("!I")
_PAIR = Struct("!II")
_LOST = Struct("!HH")
_FIR_ENTRY = Struct("!IB3x")
_TRIP_ASKED = Struct("!I4sQ")
_TRIP_ANSWERED = Struct("!I4sIII")


class Block(NamedTuple):
    """What a receiver says of one stream (RFC 3550 section 6.4.1)."""

    ssrc: int
    fraction_lost: int  # of 256, since the report before
    lost: int  # since the beginning, signed: duplicates count against it
    highest: int  # sequence number received, with the count of its wrap-arounds above the low 16 bits
    jitter: int  # in units of the stream's clock
    last_report: int  # the middle 32 bits of the last sender report's NTP time; 0: none came yet
    delay: int  # since it came, in 1/65,536 s


class SenderReport(Record, frozen=True):
    """RFC 3550 section 6.4.1. `ntp` is seconds since 1900 in 32.32 bits, `timestamp` the same moment as media time."""

    ssrc: int
    ntp: int
    timestamp: int
    packets: int
    octets: int
    blocks: tuple[Block, ...] = ()


class ReceiverReport(Record, frozen=True):
    """RFC 3550 section 6.4.2."""

    ssrc: int
    blocks: tuple[Block, ...] = ()


class Names(Record, frozen=True):
    """Sources and their CNAME (RFC 3550 section 6.5); empty where a source gave none."""

    cnames: tuple[tuple[int, str], ...]


class Bye(Record, frozen=True):
    """Sources that end (RFC 3550 section 6.6)."""

    ssrcs: tuple[int, ...]


class Nack(Record, frozen=True):
    """Sequence numbers of `media` that did not arrive (RFC 4585 section 6.2.1)."""

    sender: int
    media: int
    lost: tuple[int, ...]


class Pli(Record, frozen=True):
    """The picture is lost, a key frame is wanted (RFC 4585 section 6.3.1)."""

    sender: int
    media: int


class Fir(Record, frozen=True):
    """A key frame is wanted of each source; the number tells a new wish from a repeat (RFC 5104 section 4.3.1)."""

    sender: int
    requests: tuple[tuple[int, int], ...]


class Remb(Record, frozen=True):
    """What the receiver's line carries, in bit/s, over all `ssrcs`."""

    sender: int
    bitrate: int
    ssrcs: tuple[int, ...]


class TripAsked(Record, frozen=True):
    """Who only receives tells the time by his clock, to hear of it again (RFC 3611 section 4.4)."""

    sender: int
    ntp: int


class TripAnswered(Record, frozen=True):
    """The middle of the time that `asker` told, and how long ago it came, in 1/65,536 s (RFC 3611 section 4.5)."""

    sender: int
    asker: int
    told: int
    delay: int


Packet = SenderReport | ReceiverReport | Names | Bye | Nack | Pli | Fir | Remb | TripAsked | TripAnswered


def is_rtcp(data: bytes) -> bool:
    """Whether a datagram of media is RTCP and not RTP (RFC 5761 section 4)."""
    return len(data) >= 8 and data[0] & 0xC0 == _VERSION and 192 <= data[1] <= 223


def parse(data: bytes) -> list[Packet] | None:
    """Reads a datagram in clear by the checks of RFC 3550 appendix A.2: version 2 throughout, padding at the very end
    only, lengths that add up. It may begin with any type (RFC 5506). Types that we do not know are passed over; None
    when one that we know is malformed, or with more than `MAX_PACKETS`."""
    size = len(data)
    if not is_rtcp(data):
        return None
    packets: list[Packet] = []
    at = 0
    for _ in range(MAX_PACKETS):
        if at + _HEADER > size or data[at] & 0xC0 != _VERSION:
            return None
        end = at + _HEADER + 4 * (data[at + 2] << 8 | data[at + 3])
        stop = _without_padding(data, at, end) if data[at] & _PADDED else end
        if end > size or stop is None:
            return None
        body = data[at + _HEADER : stop]
        if _is_known(data[at + 1], data[at] & _COUNT, body):
            packet = _read(data[at + 1], data[at] & _COUNT, body)
            if packet is None:
                return None
            packets.append(packet)
        if end == size:
            return packets
        at = end
    return None


def _without_padding(data: bytes, at: int, end: int) -> int | None:
    """Where a padded packet's content ends; only the last of a datagram may be padded, by whole words."""
    if end != len(data):
        return None
    padding = data[-1]
    return end - padding if padding and not padding % 4 and padding <= end - at - _HEADER else None


def _is_known(kind: int, form: int, body: bytes) -> bool:
    if kind == _PSFB:
        return form in (_PLI, _FIR) or (form == _AFB and body[8:12] == _REMB)
    if kind == _XR:
        return (body[4:8], len(body)) in ((_ASKED, _TRIP_ASKED.size), (_ANSWERED, _TRIP_ANSWERED.size))
    return kind in (_SR, _RR, _SDES, _BYE) or (kind == _RTPFB and form == _NACK)


def _read(kind: int, count: int, body: bytes) -> Packet | None:
    """One packet; `count` is the header's, for feedback its form."""
    if kind in _FEEDBACK:
        return _feedback(kind, count, body)
    if kind == _XR:
        sender, _, *rest = (_TRIP_ASKED if len(body) == _TRIP_ASKED.size else _TRIP_ANSWERED).unpack(body)
        return TripAsked(sender, *rest) if len(rest) == 1 else TripAnswered(sender, *rest)
    if kind == _SDES:
        return _names(body, count)
    if kind == _BYE:
        return Bye(_words(body, 0, count)) if len(body) >= 4 * count else None
    fixed = _SENDER.size if kind == _SR else _WORD.size
    end = fixed + _BLOCK.size * count
    if len(body) < end:  # longer is right: profiles add to reports
        return None
    blocks = tuple(map(_block, _BLOCK.iter_unpack(body[fixed:end])))
    if kind == _SR:
        ssrc, ntp, timestamp, packets, octets = _SENDER.unpack_from(body)
        return SenderReport(ssrc, ntp, timestamp, packets, octets, blocks)
    (ssrc,) = _WORD.unpack_from(body)
    return ReceiverReport(ssrc, blocks)


def _block(fields: tuple[int, ...]) -> Block:
    ssrc, loss, highest, jitter, last_report, delay = fields
    lost = loss & 0xFF_FFFF
    return Block(ssrc, loss >> 24, lost - (lost >> 23 << 24), highest, jitter, last_report, delay)


def _words(body: bytes, at: int, count: int) -> tuple[int, ...]:
    return tuple(word for (word,) in _WORD.iter_unpack(body[at : at + 4 * count]))


def _names(body: bytes, count: int) -> Names | None:
    """RFC 3550 section 6.5: chunks of a source and its items, each ended by a zero and filled up to a word."""
    cnames: list[tuple[int, str]] = []
    at = 0
    for _ in range(count):
        if at + 4 >= len(body):
            return None
        (ssrc,) = _WORD.unpack_from(body, at)
        at += 4
        cname = ""
        while at < len(body) and body[at]:
            start = at + 2
            if start > len(body) or start + body[at + 1] > len(body):
                return None
            after = start + body[at + 1]
            if body[at] == _CNAME:
                cname = body[start:after].decode("utf-8", "replace")
            at = after
        if at >= len(body):
            return None
        cnames.append((ssrc, cname))
        at += 4 - at % 4
    return Names(tuple(cnames))


def _feedback(kind: int, form: int, body: bytes) -> Packet | None:
    """RFC 4585 section 6.1: who speaks, of which stream, and what the form adds."""
    if len(body) < _PAIR.size:
        return None
    sender, media = _PAIR.unpack_from(body)
    details = body[_PAIR.size :]
    if kind == _RTPFB:
        return Nack(sender, media, _lost(details)) if details else None
    if form == _PLI:
        return Pli(sender, media)
    if form == _AFB:
        return _remb(sender, details)
    if not details or len(details) % _FIR_ENTRY.size:
        return None
    return Fir(sender, tuple(_FIR_ENTRY.iter_unpack(details)))


def _lost(blocks: bytes) -> tuple[int, ...]:
    """RFC 4585 section 6.2.1: a sequence number and a bit for each of the 16 after it."""
    lost: list[int] = []
    for first, after in _LOST.iter_unpack(blocks[: MAX_NACK_BLOCKS * _LOST.size]):
        lost.append(first)
        number = first
        while after:
            number = (number + 1) & 0xFFFF
            if after & 1:
                lost.append(number)
            after >>= 1
    return tuple(lost)


def _remb(sender: int, details: bytes) -> Remb | None:
    """ "REMB", the count of sources, six bits of exponent, eighteen of mantissa, the sources."""
    if len(details) < 8 or len(details) != 8 + 4 * details[4]:
        return None
    rate = int.from_bytes(details[5:8], "big")
    bitrate = (rate & (1 << _REMB_MANTISSA) - 1) << (rate >> _REMB_MANTISSA)
    return Remb(sender, bitrate, _words(details, 8, details[4]))


# --- building


def build(packets: Iterable[Packet]) -> bytes:
    """One datagram of these packets, in this order. ValueError, OverflowError or struct.error when a field does not
    fit its place: then the caller is wrong."""
    return b"".join(_written(packet) for packet in packets)


def _written(packet: Packet) -> bytes:
    match packet:
        case SenderReport(ssrc, ntp, timestamp, sent, octets, blocks):
            return _packed(_SR, len(blocks), _SENDER.pack(ssrc, ntp, timestamp, sent, octets) + _pack_blocks(blocks))
        case ReceiverReport(ssrc, blocks):
            return _packed(_RR, len(blocks), _WORD.pack(ssrc) + _pack_blocks(blocks))
        case Names(cnames):
            return _packed(_SDES, len(cnames), b"".join(_chunk(ssrc, cname) for ssrc, cname in cnames))
        case Bye(ssrcs):
            return _packed(_BYE, len(ssrcs), _pack_words(ssrcs))
        case Nack(sender, media, lost):
            return _packed(_RTPFB, _NACK, _PAIR.pack(sender, media) + _nack_blocks(lost))
        case Pli(sender, media):
            return _packed(_PSFB, _PLI, _PAIR.pack(sender, media))
        case Fir(sender, requests):
            entries = b"".join(_FIR_ENTRY.pack(ssrc, number) for ssrc, number in requests)
            return _packed(_PSFB, _FIR, _PAIR.pack(sender, 0) + entries)
        case TripAsked(sender, ntp):
            return _packed(_XR, 0, _TRIP_ASKED.pack(sender, _ASKED, ntp))
        case TripAnswered(sender, asker, told, delay):
            return _packed(_XR, 0, _TRIP_ANSWERED.pack(sender, _ANSWERED, asker, told, delay))
        case Remb(sender, bitrate, ssrcs):
            return _packed(_PSFB, _AFB, _PAIR.pack(sender, 0) + _remb_details(bitrate, ssrcs))


def _packed(kind: int, count: int, body: bytes) -> bytes:
    if count > _COUNT:
        raise ValueError("more than 31 blocks need a second packet")
    return bytes((_VERSION | count, kind)) + (len(body) // 4).to_bytes(2, "big") + body


def _pack_blocks(blocks: Sequence[Block]) -> bytes:
    return b"".join(
        _BLOCK.pack(ssrc, fraction << 24 | lost & 0xFF_FFFF, highest, jitter, last_report, delay)
        for ssrc, fraction, lost, highest, jitter, last_report, delay in blocks
    )


def _pack_words(words: Sequence[int]) -> bytes:
    return b"".join(map(_WORD.pack, words))


def _chunk(ssrc: int, cname: str) -> bytes:
    name = cname.encode()
    chunk = _WORD.pack(ssrc) + (bytes((_CNAME, len(name))) + name if name else b"")
    return chunk + bytes(4 - len(chunk) % 4)


def _nack_blocks(lost: Sequence[int]) -> bytes:
    """As few blocks as the numbers need, when they come in rising order around the ring."""
    blocks: list[tuple[int, int]] = []
    for number in lost:
        after = (number - blocks[-1][0]) & 0xFFFF if blocks else 0
        if 1 <= after <= 16:
            blocks[-1] = (blocks[-1][0], blocks[-1][1] | 1 << (after - 1))
        else:
            blocks.append((number, 0))
    return b"".join(_LOST.pack(*block) for block in blocks)


def _remb_details(bitrate: int, ssrcs: Sequence[int]) -> bytes:
    """Rounded down to the 18 bits that count."""
    exponent = max(0, bitrate.bit_length() - _REMB_MANTISSA)
    rate = exponent << _REMB_MANTISSA | bitrate >> exponent
    return _REMB + bytes((len(ssrcs),)) + rate.to_bytes(3, "big") + _pack_words(ssrcs)
