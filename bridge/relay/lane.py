"""One line of packets that viewers follow: numbered without a gap of ours, whatever source it comes from.

A lane keeps its last packets: for repeats, and so that who joins begins with the last key frame at once. A frame's
packets are collected and go out together; what comes late goes out by itself.
"""

from bisect import insort
from typing import NamedTuple

from bridge.orders import CodecName, Kind
from bridge.wire.sequence import ahead32
from bridge.wire.srtp import Frame, Stream

from .port import Address, Port, Run

CLOCK_RATES: dict[Kind, int] = {"audio": 48_000, "video": 90_000}  # of all codecs that we carry
RING = 2_048  # packets kept: twelve seconds of the programme, three of the richest picture we take
MAX_GROUP = 1_500  # packets since the last key frame that a new viewer is sent; of a longer group he waits for the next
MAX_FRAME = 256  # packets collected; a key frame of 300 KB goes out in two lots
FRAME_SECONDS = 0.015  # after which a frame goes out without the packet that ends it
_BUFFER = MAX_FRAME * 1_600
_MASK = RING - 1


class Piece(NamedTuple):
    """A packet on a lane. The header's payload type and sequence number are each viewer's own."""

    number: int
    header: bytes
    payload: bytes


class Seat:
    """A viewer of one kind of media. `address` is where his line is now; he decodes the codecs of `payload_types`.
    `lane`: the one whose numbers his stream has now."""

    __slots__ = ("address", "lane", "payload_types", "stream", "tag_length")

    def __init__(self, stream: Stream, tag_length: int, address: Address, payload_types: dict[CodecName, int]) -> None:
        self.stream, self.tag_length, self.address = stream, tag_length, address
        self.payload_types = payload_types
        self.lane: Lane | None = None

    def start(self, number: int, lane: "Lane") -> bool:
        """From this number of a lane on, if he can decode it."""
        payload_type = self.payload_types.get(lane.codec) if lane.codec else None
        if payload_type is not None:
            self.stream.start(number, payload_type)
            self.lane = lane
        return payload_type is not None


class Lane:
    """`heard_at`: when something came that can be seen or heard."""

    def __init__(self, kind: Kind, ssrc: int, port: Port, epoch: float) -> None:
        self.kind, self.ssrc, self.clock_rate = kind, ssrc, CLOCK_RATES[kind]
        self._epoch = epoch
        self.codec: CodecName | None = "opus" if kind == "audio" else None
        self.heard_at = float("-inf")
        self.next = 0  # the number after the highest taken
        self.last_timestamp = 0
        self.packets = self.octets = 0  # that went out, for the reports to viewers
        self._port = port
        self._ring: list[Piece | None] = [None] * RING
        self._collected: list[Piece] = []
        self._collected_at = 0.0
        self._gone = -1  # up to here everything went out, or will be late
        self._key = (-1, -1)  # number and timestamp of the last key frame's first packet
        self._seats: dict[int, list[Seat]] = {}  # by the length of their cipher's tag
        self._unable: list[Seat] = []  # seated, but this codec is none of theirs
        self._waiting: list[Seat] = []  # for a key frame; where they are until then they stay
        self._buffer = memoryview(bytearray(_BUFFER))

    # --- what comes

    def take(self, piece: Piece, timestamp: int, marker: bool, key: bool, now: float) -> None:
        """`key`: a decoder can begin with this packet. A number is taken once, and only while it can be repeated."""
        place = piece.number & _MASK
        kept = self._ring[place]
        if piece.number <= self.next - RING or (kept and kept.number >= piece.number):
            return
        self._ring[place] = piece
        if piece.payload:
            self.heard_at = now
        if key and (self._key[1] != timestamp or piece.number < self._key[0]):
            self._key = (piece.number, timestamp)
        if piece.number >= self.next:
            self.next = piece.number + 1
            self.last_timestamp = timestamp
        if piece.number <= self._gone:
            self._send_late(piece)
            return
        if self._collected and self._collected[0].header[4:8] != piece.header[4:8]:
            self.flush()  # another picture begins: the end of the last one is lost or late
            if piece.number <= self._gone:
                self._send_late(piece)
                return
        if key and self._waiting and piece.number == self._key[0]:
            self._admit(piece.number)
        if not self._collected:
            self._collected_at = now
        insort(self._collected, piece)
        if marker or self.kind == "audio" or len(self._collected) >= MAX_FRAME:
            self.flush()

    def flush_overdue(self, now: float) -> None:
        if self._collected and now - self._collected_at >= FRAME_SECONDS:
            self.flush()

    def flush(self) -> None:
        pieces, self._collected = self._collected, []
        if not pieces:
            return
        self._gone = pieces[-1].number
        self.packets += len(pieces)
        self.octets += sum(len(p.payload) for p in pieces)
        if self._port.behind and self.kind == "video":
            self._let_go(len(pieces))
            return
        for tag_length, seats in self._seats.items():
            frame, runs = self._lay(pieces, tag_length)
            send = self._port.send_runs
            for seat in seats:
                seat.stream.seal(frame)
                send(runs, seat.address)

    def _let_go(self, packets: int) -> None:
        """What is late already is sent to nobody, nor what needs it: up to a key frame when there is time again. For
        who sits here his numbers go on from there, so that he misses nothing and asks for nothing."""
        for seats in self._seats.values():
            self._waiting += seats
            seats.clear()
        self._port.shed += packets * len(self._waiting)

    def _send_late(self, piece: Piece) -> None:
        for tag_length, seats in self._seats.items():
            frame, runs = self._lay([piece], tag_length)
            for seat in seats:
                if seat.stream.reaches(piece.number):
                    seat.stream.repeat(frame)
                    self._port.send_runs(runs, seat.address)

    def _lay(self, pieces: list[Piece], tag_length: int) -> tuple[Frame, list[Run]]:
        frame = Frame(self._buffer, pieces, tag_length)
        return frame, self._port.runs(frame, self._buffer)

    # --- who follows

    def sit(self, seat: Seat) -> None:
        """From the next frame on. Its stream has been started, and sent everything up to `edge` that it is to get."""
        self._seats.setdefault(seat.tag_length, []).append(seat)

    def rise(self, seat: Seat) -> None:
        for seats in (*self._seats.values(), self._unable):
            if seat in seats:
                seats.remove(seat)
        self._waiting = [waiting for waiting in self._waiting if waiting is not seat]

    def holds(self, seat: Seat) -> bool:
        return seat in self._seats.get(seat.tag_length, ())

    def await_key(self, seat: Seat) -> None:
        """From the next key frame on; until then it stays where it sits."""
        self._waiting.append(seat)

    @property
    def is_awaited(self) -> bool:
        """Whether somebody waits for a key frame."""
        return bool(self._waiting)

    def _admit(self, number: int) -> None:
        """Those who waited begin with this packet; one of its frame that comes before it comes late."""
        waiting, self._waiting = self._waiting, []
        self._gone = max(self._gone, number - 1)
        for seat in waiting:
            if seat.lane and seat.lane is not self:
                seat.lane.rise(seat)
            if seat.start(number, self):
                self.sit(seat)
            else:
                self._unable.append(seat)

    def seats(self) -> list[Seat]:
        return [*(seat for seats in self._seats.values() for seat in seats), *self._unable]

    @property
    def edge(self) -> int:
        """The first number that has not gone out to who sits here."""
        return self._gone + 1

    def group(self) -> int | None:
        """Where a new viewer can begin: the last key frame's first packet; None when there is none within reach."""
        number = self._key[0]
        return number if number >= 0 and self.next - number <= MAX_GROUP else None

    def send_past(self, seat: Seat, first: int, count: int) -> int:
        """Sends a new viewer what went out from `first` on, at most so many packets. The number that is next."""
        end = min(first + count, self.edge)
        pieces = [p for n in range(first, end) if (p := self._ring[n & _MASK]) and p.number == n]
        if pieces:
            frame, runs = self._lay(pieces, seat.tag_length)
            seat.stream.seal(frame)
            self._port.send_runs(runs, seat.address)
        return end

    def repeat(self, seat: Seat, sequence: int) -> bool:
        """Sends once more what the viewer knows by `sequence`; whether it is still here and was his, and there is
        time."""
        number = seat.stream.number(sequence)
        piece = self._ring[number & _MASK] if number is not None else None
        if piece is None or piece.number != number or not seat.stream.reaches(number) or self._port.behind:
            return False
        frame, runs = self._lay([piece], seat.tag_length)
        seat.stream.repeat(frame)
        self._port.send_runs(runs, seat.address)
        return True

    # --- another source

    def begin(self, codec: CodecName) -> None:
        """What was collected goes out; of another codec nothing before is of use, and not everybody decodes it."""
        self.flush()
        if codec == self.codec:
            return
        self.codec, self._key = codec, (-1, -1)
        seats, self._seats, self._unable = self.seats(), {}, []
        for seat in seats:
            if seat.start(self.next, self):
                self.sit(seat)
            else:
                self._unable.append(seat)

    def timestamp_at(self, now: float) -> int:
        """Media time by the output's clock: it goes on over a change of source, and is the same for every quality."""
        time = round((now - self._epoch) * self.clock_rate) & 0xFFFF_FFFF
        if not self.next or ahead32(time, self.last_timestamp) > 0:
            return time
        return (self.last_timestamp + 1) & 0xFFFF_FFFF
