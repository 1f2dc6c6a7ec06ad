"""SRTP: which index a packet has, that no key and nonce serve two packets, and that no packet is taken twice.

What makes the relay cheap is here as well: a frame is laid out once in a reusable buffer (`Frame`), and for every
viewer only the start of each header and the ciphertext are written over it (`Stream.seal`).
"""

from collections.abc import Callable, Iterable
from typing import Final

from bridge.wire.ciphers import RTCP_HEADER, RTCP_WORD, Profile, Slot, cipher_of
from bridge.wire.rtp import FIXED_HEADER, header_length
from bridge.wire.sequence import ahead16

# A publisher sends three pictures, three repair streams and a sound; the rest is for encoders that start over.
MAX_SOURCES: Final = 32
# What a repair over a slow line may come late by: a second of a rich picture.
REPLAY_WINDOW: Final = 1024
_WINDOW_BITS: Final = (1 << REPLAY_WINDOW) - 1
_RTCP_INDEXES: Final = 1 << 31
_Write = Callable[[int, int, int, list[Slot]], None]


class NonceSpent(Exception):
    """A packet would have gone out under a key and nonce that may have served another one. Nothing was written."""


class Frame:
    """Packets of one source, one behind the other in a buffer that every viewer's send reads from.

    `packets` are (number, header, payload) with growing numbers: the number is the packet's place in its source, the
    header's payload type and sequence number do not matter. The buffer holds `length` bytes for any one viewer.
    """

    __slots__ = ("first", "last", "length", "slots")

    def __init__(self, buffer: memoryview, packets: Iterable[tuple[int, bytes, bytes]], tag_length: int) -> None:
        self.slots: list[Slot] = []
        self.length = 0
        self.first = self.last = -1
        for number, header, payload in packets:
            if number <= self.last:
                raise ValueError("the packets of a frame have growing numbers")
            head = buffer[self.length : self.length + len(header)]
            head[:] = header
            body_at = self.length + len(header)
            self.length = body_at + len(payload) + tag_length
            first = (header[0] << 8) | (header[1] & 0x80)
            tail = int.from_bytes(header[4:FIXED_HEADER])
            self.slots.append(Slot(number, first, tail, payload, head, buffer[body_at : self.length]))
            self.first, self.last = self.slots[0].number, number


class Stream:
    """One SSRC as one viewer gets it. Its index grows from 0 over changes of source, so sequence numbers have no gap.

    Between two calls of `start`, payload type and distance to the source's numbers stand still. A source never has two
    packets of one number; so what `repeat` seals once more is what was sealed before, byte for byte.
    """

    __slots__ = ("_floor", "_highest", "_offset", "_payload_type", "_write", "ssrc")

    def __init__(self, write: _Write, ssrc: int) -> None:
        self.ssrc = ssrc
        self._write = write
        self._payload_type = self._offset = self._floor = 0
        self._highest = -1

    def start(self, number: int, payload_type: int) -> None:
        """From now on a source whose packet `number` takes the next index; packets before it are out of reach."""
        self._floor = self._highest + 1
        self._offset = number - self._floor
        self._payload_type = payload_type

    def seal(self, frame: Frame) -> None:
        """Write the frame into its buffer as this viewer gets it. NonceSpent unless it is newer than all before."""
        if frame.first - self._offset <= self._highest:
            raise NonceSpent(self.ssrc, frame.first - self._offset)
        self._highest = frame.last - self._offset
        self._write(self.ssrc, self._payload_type, self._offset, frame.slots)

    def repeat(self, frame: Frame) -> None:
        """Write packets that were sent, or left out, since `start`. NonceSpent if they are newer or older than that."""
        if not (self.reaches(frame.first) and self.reaches(frame.last)):
            raise NonceSpent(self.ssrc, frame.first - self._offset)
        self._write(self.ssrc, self._payload_type, self._offset, frame.slots)

    def number(self, sequence: int) -> int | None:
        """The source's number of what this viewer knows as `sequence`; None if that was before `start`."""
        index = self._highest - ((self._highest - sequence) & 0xFFFF)
        return index + self._offset if index >= self._floor else None

    def reaches(self, number: int) -> bool:
        """Whether `repeat` would write the source's packet `number`."""
        return self._floor <= number - self._offset <= self._highest

    def sequence(self, number: int) -> int:
        """What this viewer knows the source's packet `number` as."""
        return (number - self._offset) & 0xFFFF

    def take(self, sequence: int) -> int:
        """The index of one more packet that was not laid out in a frame; NonceSpent unless it is newer than all."""
        index = sequence if self._highest < 0 else estimate(self._highest, sequence)
        if index <= self._highest:
            raise NonceSpent(self.ssrc, index)
        self._highest = index
        self._floor = index + 1
        return index


class Sender:
    """Protects what goes to one peer. One per handshake: `master` is its exported key and salt, and serves no other."""

    def __init__(self, profile: Profile, master: bytes) -> None:
        self._cipher = cipher_of(profile, master)
        self._streams: dict[int, Stream] = {}
        self._rtcp: dict[int, int] = {}

    @property
    def tag_length(self) -> int:
        return self._cipher.tag_length

    def stream(self, ssrc: int) -> Stream:
        """The one stream of this SSRC."""
        return self._streams.setdefault(ssrc, Stream(self._cipher.write, ssrc))

    def rtp(self, header: bytes, payload: bytes) -> bytes:
        """One packet by itself. NonceSpent unless its sequence number is newer than all of its SSRC."""
        ssrc = int.from_bytes(header[8:FIXED_HEADER])
        index = self.stream(ssrc).take(int.from_bytes(header[2:4]))
        return header + self._cipher.seal(ssrc, index, header, payload)

    def rtcp(self, packet: bytes) -> bytes:
        """A compound in clear, its first sender's SSRC in bytes 4 to 8. NonceSpent after 2^31 of them."""
        ssrc = int.from_bytes(packet[4:RTCP_HEADER])
        index = self._rtcp.get(ssrc, 0)
        if index >= _RTCP_INDEXES:
            raise NonceSpent(ssrc, index)
        self._rtcp[ssrc] = index + 1
        return self._cipher.seal_rtcp(ssrc, index, packet)


class Receiver:
    """Opens what comes from one peer. Only packets that prove themselves leave a trace, of MAX_SOURCES at most."""

    def __init__(self, profile: Profile, master: bytes) -> None:
        self._cipher = cipher_of(profile, master)
        self._rtp: dict[int, _Window] = {}
        self._rtcp: dict[int, _Window] = {}

    def rtp(self, data: bytes) -> bytes | None:
        """The packet in clear; None if it is malformed, forged, seen before, too old or of one SSRC too many."""
        header = header_length(data)
        if header is None or len(data) < header + self._cipher.tag_length:
            return None
        ssrc, sequence = int.from_bytes(data[8:FIXED_HEADER]), int.from_bytes(data[2:4])
        window = _window(self._rtp, ssrc)
        if window is None:
            return None
        index = sequence if window.highest < 0 else estimate(window.highest, sequence)
        if not window.fresh(index):
            return None
        payload = self._cipher.open(ssrc, index, data[:header], data[header:])
        if payload is None:
            return None
        window.add(index)
        self._rtp[ssrc] = window
        return data[:header] + payload

    def rtcp(self, data: bytes) -> bytes | None:
        """The compound in clear; None as above, and for what claims to need no encryption."""
        if len(data) < RTCP_HEADER + RTCP_WORD + self._cipher.tag_length or data[0] >> 6 != 2:
            return None
        ssrc, at = int.from_bytes(data[4:RTCP_HEADER]), len(data) - self._cipher.word_from_end
        index = int.from_bytes(data[at : at + RTCP_WORD]) - _RTCP_INDEXES  # negative without the flag of encryption
        window = _window(self._rtcp, ssrc)
        if window is None or not window.fresh(index):
            return None
        packet = self._cipher.open_rtcp(ssrc, index, data)
        if packet is not None:
            window.add(index)
            self._rtcp[ssrc] = window
        return packet


def estimate(highest: int, sequence: int) -> int:
    """The index a sequence number stands for: the one nearest the highest so far (RFC 3711, 3.3.1), or below 0."""
    return highest + ahead16(sequence, highest)


class _Window:
    """The indexes that were taken: bit n of `seen` is the index `highest - n`."""

    __slots__ = ("highest", "seen")

    def __init__(self) -> None:
        self.highest = -1
        self.seen = 0

    def fresh(self, index: int) -> bool:
        behind = self.highest - index
        return index >= 0 and (behind < 0 or (behind < REPLAY_WINDOW and not self.seen >> behind & 1))

    def add(self, index: int) -> None:
        ahead = index - self.highest
        if ahead > 0:
            # A leap over the whole window forgets it; shifting by its size would only move zeros about.
            self.seen = (self.seen << ahead & _WINDOW_BITS | 1) if ahead < REPLAY_WINDOW else 1
            self.highest = index
        else:
            self.seen |= 1 << -ahead


def _window(windows: dict[int, _Window], ssrc: int) -> _Window | None:
    """This SSRC's window, or a new one that nobody keeps yet; None if there are too many."""
    return windows.get(ssrc) or (_Window() if len(windows) < MAX_SOURCES else None)
