"""What one publisher sends: a track for each sound and each quality of the picture, its packets numbered on.

A track notices what is missing and asks for it again, and asks for key frames, never more often than a publisher can
bear. Who follows a track is told of every packet once.
"""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from bridge.orders import CodecName, Kind
from bridge.wire import rtcp
from bridge.wire.codecs import starts_key_frame
from bridge.wire.rtp import Rtp
from bridge.wire.sequence import Unwrapper, ahead32

from .lane import CLOCK_RATES

KEY_SECONDS = 1.0  # between two wishes for a key frame: each costs every viewer as much as a second of picture
WANTED_SECONDS = 5.0  # for so long a wish is repeated; a quality that its publisher gave up has no key frames any more
ASK_SECONDS = 0.04  # between two wishes for a packet: a round trip inside the country
MAX_ASKED = 6  # times; what has not come by then comes too late
MAX_MISSING = 256  # numbers asked for at once; of a longer gap a key frame is asked for
LATE_SECONDS = 0.005  # a packet may overtake another by so much before it counts as missing


class Follower(Protocol):
    def take(self, packet: Rtp, number: int, key: bool, now: float) -> None: ...


class Told(NamedTuple):
    """A sender report: the publisher's clock (NTP, 32.32 bits), the same moment as media time, and when it came."""

    ntp: int
    timestamp: int
    at: float


class Missing:
    __slots__ = ("asked", "due")

    def __init__(self, due: float) -> None:
        self.due, self.asked = due, 0


class Track:
    """`send` takes RTCP to the publisher. `quality`: 0 is the best."""

    def __init__(
        self, kind: Kind, codec: CodecName, quality: int, send: Callable[[rtcp.Packet], None], ours: int
    ) -> None:
        self.kind, self.codec, self.quality = kind, codec, quality
        self.ssrc: int | None = None  # the publisher's, once a packet came
        self.followers: list[Follower] = []
        self.told: Told | None = None
        self.packets = self.octets = 0
        self.heard_at = self.key_at = 0.0
        self._send, self._ours = send, ours
        self._numbers = Unwrapper()
        self._first = self._highest = -1
        self._missing: dict[int, Missing] = {}
        self._asked_key_at = self._key_wanted_until = float("-inf")
        self._jitter = 0.0
        self._transit: float | None = None
        self._reported = (0, 0)  # packets expected and received at the last report

    def take(self, packet: Rtp, now: float, repaired: bool = False) -> None:
        """A packet that has proven itself. `repaired`: sent again, maybe though the first one came."""
        number = self._numbers.unwrap(packet.sequence)
        if repaired and number not in self._missing:
            return
        if self._first < 0:
            self._first, self._highest, self.ssrc = number, number - 1, packet.ssrc
        self._note(number, packet, now)
        key = self.kind == "video" and starts_key_frame(self.codec, packet.payload)
        if key:
            self.key_at, self._key_wanted_until = now, float("-inf")
        for follower in tuple(self.followers):
            follower.take(packet, number, key, now)

    def _note(self, number: int, packet: Rtp, now: float) -> None:
        self.packets += 1
        self.octets += len(packet.data)
        self.heard_at = now
        self._missing.pop(number, None)
        if number > self._highest:
            gap = range(self._highest + 1, number)
            if len(gap) + len(self._missing) > MAX_MISSING:
                self._missing.clear()
                self.want_key(now)
            else:
                self._missing.update((n, Missing(now + LATE_SECONDS)) for n in gap)
            self._highest = number
            self._measure(packet, now)

    def _measure(self, packet: Rtp, now: float) -> None:
        """Jitter as RFC 3550, 6.4.1 defines it."""
        transit = now * CLOCK_RATES[self.kind] - packet.timestamp
        if self._transit is not None and (d := abs(transit - self._transit)) < CLOCK_RATES[self.kind]:
            self._jitter += (d - self._jitter) / 16
        self._transit = transit

    def want_key(self, now: float) -> None:
        """As soon as the publisher bears it, and again until one comes: wishes get lost, and encoders pass over those
        that come right after a key frame."""
        if self.kind == "video":
            self._key_wanted_until = now + WANTED_SECONDS
            self.ask_key(now)

    def ask_key(self, now: float) -> None:
        if now <= self._key_wanted_until and self.ssrc is not None and now - self._asked_key_at >= KEY_SECONDS:
            self._asked_key_at = now
            self._send(rtcp.Pli(self._ours, self.ssrc))

    def ask_missing(self, now: float) -> None:
        """To be called every few milliseconds."""
        self.ask_key(now)
        due = [n for n, m in self._missing.items() if m.due <= now]
        if not due or self.ssrc is None:
            return
        for n in due:
            missing = self._missing[n]
            missing.asked += 1
            missing.due = now + ASK_SECONDS
            if missing.asked > MAX_ASKED:
                del self._missing[n]
        if lost := sorted(n for n in due if n in self._missing):
            self._send(rtcp.Nack(self._ours, self.ssrc, tuple(n & 0xFFFF for n in lost)))

    def hear(self, report: rtcp.SenderReport, now: float) -> None:
        if self.told is None or ahead32(report.timestamp, self.told.timestamp) > 0:
            self.told = Told(report.ntp, report.timestamp, now)

    def block(self, now: float) -> tuple[rtcp.Block, float] | None:
        """What the publisher is told of this track, and the share lost since the last time."""
        if self.ssrc is None:
            return None
        expected, received = self._highest - self._first + 1, self.packets
        before = self._reported
        self._reported = (expected, received)
        newly = expected - before[0]
        share = min(1.0, max(0, newly - (received - before[1])) / newly) if newly > 0 else 0.0
        told = self.told
        return rtcp.Block(
            self.ssrc,
            min(255, int(share * 256)),
            max(0, min(expected - received, 0x7F_FFFF)),
            self._highest & 0xFFFF_FFFF,
            int(self._jitter) & 0xFFFF_FFFF,
            told.ntp >> 16 & 0xFFFF_FFFF if told else 0,
            min(int((now - told.at) * 65_536), 0xFFFF_FFFF) if told else 0,
        ), share


class Source:
    """The tracks of one publisher under the name that outputs follow."""

    def __init__(self, name: str, audio: Track | None, video: list[Track]) -> None:
        self.name, self.audio, self.video = name, audio, video

    def tracks(self) -> list[Track]:
        return [*([self.audio] if self.audio else []), *self.video]

    def heard_at(self) -> float:
        return max((t.heard_at for t in self.tracks()), default=0.0)
