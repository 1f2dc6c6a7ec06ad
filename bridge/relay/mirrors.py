"""A source that is published at one worker and watched at others: packets go over in clear, on sockets of this machine.

The worker that has the publisher says each second what the source's tracks are, and sends every packet on; the others
have the same source, made of what arrives, and ask back for key frames alone: between them nothing is lost but by
overload.
"""

import contextlib
import os
import socket
from collections.abc import Callable
from struct import Struct as Layout

import msgspec
from msgspec import Struct

from bridge.orders import CodecName, Kind
from bridge.wire import rtcp, rtp

from .source import Source, Told, Track

CARD_SECONDS = 1.0  # between two tellings of what a source is
FORGET_SECONDS = 5.0  # without one: the source is gone from here
LARGEST = 65_536
LOT = 128  # datagrams read in one go
BUFFER_BYTES = 4 * 1024 * 1024

_HEAD = Layout("!cIB")  # what follows, the session that publishes, which of its tracks
_PACKETS, _CARD, _KEY = b"p", b"c", b"k"


class TrackCard(Struct, frozen=True, array_like=True):
    """`told`: the last sender report as NTP time, media time and its age in seconds."""

    kind: Kind
    codec: CodecName
    quality: int
    told: tuple[int, int, float] | None


class Card(Struct, frozen=True, array_like=True):
    """`back`: where wishes for key frames go."""

    source: str
    back: str
    tracks: tuple[TrackCard, ...]


_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(Card).decode


class _Copier:
    """Follows a track and sends its packets on, those of one picture together: the kernel holds ten datagrams of such a
    socket and no more, whatever their size."""

    def __init__(self, kind: Kind, head: bytes, send: Callable[[bytes], None]) -> None:
        self._kind, self._head, self._send = kind, head, send
        self._collected = bytearray(head)

    def take(self, packet: rtp.Rtp, number: int, key: bool, now: float) -> None:
        data = packet.data
        if len(self._collected) + 2 + len(data) > LARGEST:
            self.flush()
        self._collected += len(data).to_bytes(2) + data
        if packet.marker or self._kind == "audio":
            self.flush()

    def flush(self) -> None:
        if len(self._collected) > len(self._head):
            self._send(bytes(self._collected))
            self._collected = bytearray(self._head)


class _Shared(Struct):
    """A source of this worker that others watch."""

    session: int
    source: Source
    to: tuple[str, ...]
    copiers: list[tuple[Track, _Copier]]


class _Mirror(Struct):
    """A source of another worker."""

    source: Source
    tracks: list[Track]
    heard_at: float


class Mirrors:
    """`come` and `go` are told of sources that appear here and vanish."""

    def __init__(self, path: str, come: Callable[[Source], None], go: Callable[[Source], None]) -> None:
        self._path, self._come, self._go = path, come, go
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_BYTES)
        self.socket.bind(path)
        self.socket.setblocking(False)
        self.dropped = 0
        self._shared: dict[str, _Shared] = {}
        self._mirrors: dict[int, _Mirror] = {}
        self._told_at = 0.0

    def close(self) -> None:
        self.socket.close()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._path)

    # --- of this worker's sources

    def share(self, session: int, source: Source, to: tuple[str, ...], now: float) -> None:
        """From now on the workers at these paths have the source too; none: nobody has."""
        self.withhold(source.name)
        if not to:
            return

        def send(data: bytes) -> None:
            for path in to:
                self._send(data, path)

        shared = self._shared[source.name] = _Shared(session, source, to, [])
        for number, track in enumerate(source.tracks()):
            copier = _Copier(track.kind, _HEAD.pack(_PACKETS, session, number), send)
            track.followers.append(copier)
            shared.copiers.append((track, copier))
        self._tell(shared, now)

    def share_again(self, name: str, source: Source, now: float) -> None:
        """Its tracks are others now."""
        if shared := self._shared.get(name):
            self.share(shared.session, source, shared.to, now)

    def withhold(self, name: str) -> None:
        if shared := self._shared.pop(name, None):
            for track, copier in shared.copiers:
                track.followers.remove(copier)

    def _tell(self, shared: _Shared, now: float) -> None:
        def told(track: Track) -> tuple[int, int, float] | None:
            return (track.told.ntp, track.told.timestamp, now - track.told.at) if track.told else None

        tracks = tuple(TrackCard(t.kind, t.codec, t.quality, told(t)) for t in shared.source.tracks())
        card = _HEAD.pack(_CARD, shared.session, 0) + _pack(Card(shared.source.name, self._path, tracks))
        for path in shared.to:
            self._send(card, path)

    def _send(self, data: bytes, path: str) -> None:
        try:
            self.socket.sendto(data, path)
        except OSError:  # it does not read, or is not there: it asks for a key frame when it is
            self.dropped += 1

    # --- of others' sources

    def receive(self, now: float) -> None:
        for _ in range(LOT):
            try:
                data = self.socket.recv(LARGEST)
            except BlockingIOError:
                return
            kind, session, number = _HEAD.unpack_from(data)
            rest = data[_HEAD.size :]
            if kind == _PACKETS:
                self._take(session, number, rest, now)
            elif kind == _CARD:
                self._learn(session, _unpack(rest), now)
            else:
                self._want_key(session, number, now)

    def _take(self, session: int, number: int, data: bytes, now: float) -> None:
        mirror = self._mirrors.get(session)
        if mirror is None or number >= len(mirror.tracks):
            return
        at = 0
        while at < len(data):
            start, at = at + 2, at + 2 + int.from_bytes(data[at : at + 2])
            if packet := rtp.parse(data[start:at]):
                mirror.tracks[number].take(packet, now)

    def _learn(self, session: int, card: Card, now: float) -> None:
        mirror = self._mirrors.get(session)
        if mirror is None or [t.codec for t in mirror.tracks] != [t.codec for t in card.tracks]:
            mirror = self._mirrors[session] = self._mirror(session, card, now)
            self._come(mirror.source)
        mirror.heard_at = now
        for track, of in zip(mirror.tracks, card.tracks, strict=True):
            if of.told:
                track.told = Told(of.told[0], of.told[1], now - of.told[2])

    def _mirror(self, session: int, card: Card, now: float) -> _Mirror:
        def asker(number: int) -> Callable[[rtcp.Packet], None]:
            def ask(packet: rtcp.Packet) -> None:
                if isinstance(packet, rtcp.Pli):
                    self._send(_HEAD.pack(_KEY, session, number), card.back)

            return ask

        tracks = [Track(t.kind, t.codec, t.quality, asker(n), 0) for n, t in enumerate(card.tracks)]
        audio = next((t for t in tracks if t.kind == "audio"), None)
        source = Source(card.source, audio, [t for t in tracks if t.kind == "video"])
        return _Mirror(source, tracks, now)

    def _want_key(self, session: int, number: int, now: float) -> None:
        for shared in self._shared.values():
            if shared.session == session and number < len(shared.copiers):
                shared.copiers[number][0].want_key(now)

    def tick(self, now: float) -> None:
        """To be called every few milliseconds."""
        for shared in self._shared.values():
            for _, copier in shared.copiers:
                copier.flush()  # a picture whose last packet is lost or late
        if now - self._told_at < CARD_SECONDS:
            return
        self._told_at = now
        for shared in self._shared.values():
            self._tell(shared, now)
        for session, mirror in tuple(self._mirrors.items()):
            if now - mirror.heard_at > FORGET_SECONDS:
                del self._mirrors[session]
                self._go(mirror.source)
            for track in mirror.tracks:
                track.ask_key(now)
