"""Where pictures begin: what a relay must see of VP8 (RFC 7741) and H.264 (RFC 6184) without decoding them."""

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct as Record

Codec = Literal["H264", "VP8", "opus"]

# VP8 payload descriptor, RFC 7741 section 4.2
_X, _N, _S, _PID = 0x80, 0x20, 0x10, 0x07
_I, _L, _T, _K = 0x80, 0x40, 0x20, 0x10
_LONG_PICTURE = 0x80
_LONGEST_FIELDS = 4  # a long picture id, TL0PICIDX, layer and key index
_VP8_DELTA = 0x01  # the inverse of "key frame" in the first byte of a frame, RFC 6386 section 9.1

# H.264 NAL unit types, RFC 6184 section 5.2 and ITU-T H.264 table 7-1
_SLICE, _IDR, _SEI, _SPS, _PPS, _DELIMITER = 1, 5, 6, 7, 8, 9
_STAP_A, _FU_A = 24, 28
_TYPE = 0x1F
_FU_START = 0x80
_LEADS = frozenset((_SEI, _SPS, _PPS, _DELIMITER))
_FIRST_MACROBLOCK = 0x80  # first_mb_in_slice is 0: in Exp-Golomb a single 1 bit


class Vp8(Record, frozen=True, gc=False):
    """A VP8 payload descriptor of `length` bytes. Absent fields are None; `starts` says that a frame begins here."""

    length: int
    starts: bool
    discardable: bool
    picture: int | None  # 7 or 15 bits
    long_picture: bool
    level_zero: int | None  # TL0PICIDX, 8 bits
    layer: int | None  # temporal, 0 to 3
    sync: bool


def vp8(payload: bytes) -> Vp8 | None:
    """Reads the descriptor (RFC 7741 section 4.2); None when it is cut short or nothing follows it."""
    if len(payload) < 2:
        return None
    first = payload[0]
    flags = payload[1] if first & _X else 0
    fields = payload[2 : 2 + _LONGEST_FIELDS] + bytes(_LONGEST_FIELDS)  # room to look ahead; the end is checked below
    at = 0
    picture = level_zero = layer = None
    long = sync = False
    if flags & _I:
        long = fields[0] >= _LONG_PICTURE
        picture = (fields[0] & 0x7F) << 8 | fields[1] if long else fields[0]
        at += 1 + long
    if flags & _L:
        level_zero = fields[at]
        at += 1
    if flags & (_T | _K):
        if flags & _T:
            layer, sync = fields[at] >> 6, bool(fields[at] & 0x20)
        at += 1
    length = at + (2 if first & _X else 1)
    if length >= len(payload):
        return None
    return Vp8(length, first & (_S | _PID) == _S, bool(first & _N), picture, long, level_zero, layer, sync)


def unnumbered(codec: Codec, payload: bytes) -> bytes:
    """The payload without the numbers that its sender counts pictures by. A player takes them for what came before; of
    one quality or source after another they would go back, and its picture stand still until they caught up. Without
    them it goes by the packets' own numbers, which we keep whole."""
    if codec != "VP8" or not payload or not payload[0] & _X or (head := vp8(payload)) is None:
        return payload
    return bytes((payload[0] & ~_X,)) + payload[head.length :]


def starts_frame(codec: Codec, payload: bytes) -> bool:
    """Whether a frame may begin with this packet. A frame of H.264 may have several such packets (parameter sets, then
    a slice): the first with a new timestamp is its beginning. Sound has a frame in every packet."""
    if codec == "VP8":
        head = vp8(payload)
        return head is not None and head.starts
    if codec == "H264":
        kind, at = _first_unit(payload)
        return kind in _LEADS or (kind in (_SLICE, _IDR) and payload[at] >= _FIRST_MACROBLOCK)
    return True


def starts_key_frame(codec: Codec, payload: bytes) -> bool:
    """Whether a decoder can begin with this packet. H.264: it holds a sequence parameter set, or the first slice of an
    IDR picture; both may come in one frame, under one timestamp. Sound can begin anywhere."""
    if codec == "VP8":
        head = vp8(payload)
        return head is not None and head.starts and not payload[head.length] & _VP8_DELTA
    if codec == "H264":
        return any(
            kind == _SPS or (kind == _IDR and payload[at] >= _FIRST_MACROBLOCK) for kind, at in h264_units(payload)
        )
    return True


def h264_units(payload: bytes) -> Iterator[tuple[int, int]]:
    """The NAL units that begin in a payload (RFC 6184 section 5.4): type, and where its content begins, with a byte at
    least. Of an aggregate cut short come the units before the cut; of what is no beginning, none."""
    if payload and payload[0] & _TYPE == _STAP_A:
        yield from _aggregated(payload)
        return
    kind, at = _first_unit(payload)
    if kind:
        yield kind, at


def _first_unit(payload: bytes) -> tuple[int, int]:
    """Type and content of the first unit that begins here; type 0 when none does."""
    if len(payload) < 2:
        return 0, 0
    kind = payload[0] & _TYPE
    if kind == _STAP_A:
        return next(_aggregated(payload), (0, 0))
    if kind == _FU_A:  # RFC 6184 section 5.8: the type is in the second byte, with the bit that says "start"
        return (payload[1] & _TYPE, 2) if payload[1] & _FU_START and len(payload) > 2 else (0, 0)
    return (kind, 1) if kind < _STAP_A else (0, 0)


def _aggregated(payload: bytes) -> Iterator[tuple[int, int]]:
    """RFC 6184 section 5.7.1: units with their size before them."""
    at = 1
    size = len(payload)
    while at + 4 <= size:
        length = payload[at] << 8 | payload[at + 1]
        if length < 2 or at + 2 + length > size:
            return
        yield payload[at + 2] & _TYPE, at + 3
        at += 2 + length
