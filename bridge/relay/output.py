"""What viewers see under one name: the lanes of sound and picture, and the source that feeds them now.

A change of source is no break for anybody: the old one is shown until the new one's key frame, then numbers and media
time go on from where they are.
"""

from bridge.orders import CodecName
from bridge.wire.codecs import unnumbered
from bridge.wire.rtp import Rtp

from .lane import Lane, Piece
from .port import Port
from .source import Source, Track

AWAIT_SECONDS = 3.0  # for a new source's key frame, when the old one is silent: then its sound begins alone
SILENT_SECONDS = 1.0
NTP_UNITS = 1 << 32  # a second


class Feed:
    """From a track to a lane: begins with a key frame, where the lane is."""

    def __init__(self, output: "Output", track: Track, lane: Lane) -> None:
        self._output, self.track, self.lane = output, track, lane
        self._from = self._numbers = self._time = 0
        self.begun = False
        track.followers.append(self)

    def take(self, packet: Rtp, number: int, key: bool, now: float) -> None:
        if not self.begun:
            if not key and self.track.kind == "video":
                self.track.want_key(now)
                return
            if self.track.kind == "audio" and not self._output.may_sound(self, now):
                return
            self._begin(packet, number, now)
        at, timestamp = number + self._numbers, (packet.timestamp + self._time) & 0xFFFF_FFFF
        if at < self._from:
            return  # of before the beginning, late
        second = 0x80 if packet.marker else 0
        header = bytes((0x80, second, 0, 0)) + (timestamp << 32 | self.lane.ssrc).to_bytes(8)
        payload = unnumbered(self.track.codec, packet.payload)
        self.lane.take(Piece(at, header, payload), timestamp, packet.marker, key, now)

    def _begin(self, packet: Rtp, number: int, now: float) -> None:
        self.begun = True
        self._output.on_begin(self, self.track.codec)
        self._from = self.lane.next
        self._numbers = self._from - number
        self._time = self.lane.timestamp_at(now) - packet.timestamp

    def end(self) -> None:
        if self in self.track.followers:
            self.track.followers.remove(self)

    def clock(self, now: float) -> tuple[int, int] | None:
        """The publisher's wall clock now (NTP, 32.32 bits) and this lane's media time; None before it told them."""
        told = self.track.told
        if told is None or not self.begun:
            return None
        since = now - told.at
        media = told.timestamp + self._time + round(since * self.lane.clock_rate)
        return (told.ntp + round(since * NTP_UNITS)) & 0xFFFF_FFFF_FFFF_FFFF, media & 0xFFFF_FFFF


class Output:
    """`wanted`: the source it is to show. SSRCs are the same for all qualities of a kind: viewers go from one to the
    other without noticing."""

    def __init__(self, name: str, port: Port, now: float) -> None:
        self.name, self.wanted = name, name
        self.audio: Lane | None = None
        self.video: list[Lane] = []
        self.showing: str | None = None
        self.watched_by = 0  # viewers
        self._port, self._epoch = port, now
        self._feeds: dict[Lane, Feed] = {}
        self._coming: list[Feed] = []
        self._coming_from: Source | None = None
        self._coming_since = now

    def prepare(self, audio_ssrc: int | None, video_ssrc: int | None) -> None:
        """The lanes that a first viewer needs; later ones find them."""
        if audio_ssrc is not None and self.audio is None:
            self.audio = Lane("audio", audio_ssrc, self._port, self._epoch)
        if video_ssrc is not None and not self.video:
            self.video = [Lane("video", video_ssrc, self._port, self._epoch)]

    def lanes(self) -> list[Lane]:
        return [*([self.audio] if self.audio else []), *self.video]

    # --- which source

    def follow(self, source: Source, now: float) -> None:
        """Goes over to `source` at its next key frame. Called again when its lanes or tracks became more."""
        self._drop_coming()
        self._coming_from, self._coming_since = source, now
        while self.video and len(self.video) < len(source.video):
            self.video.append(Lane("video", self.video[0].ssrc, self._port, self._epoch))
        lowest = len(source.video) - 1
        pairs = [(source.video[min(q, lowest)], lane) for q, lane in enumerate(self.video) if source.video]
        if source.audio and self.audio:
            pairs.append((source.audio, self.audio))
        for track, lane in pairs:
            if lane not in self._feeds or self._feeds[lane].track is not track:
                self._coming.append(Feed(self, track, lane))
                track.want_key(now)

    def leave(self, source: Source) -> None:
        """The source is gone; what was shown stays the last picture until another one comes."""
        for lane, feed in tuple(self._feeds.items()):
            if feed.track in source.tracks():
                feed.end()
                del self._feeds[lane]
        if self._coming_from is source:
            self._drop_coming()
        if self.showing == source.name and not self._feeds:
            self.showing = None

    def close(self) -> None:
        self._drop_coming()
        for feed in self._feeds.values():
            feed.end()

    def _drop_coming(self) -> None:
        for feed in self._coming:
            feed.end()
        self._coming, self._coming_from = [], None

    def may_sound(self, feed: Feed, now: float) -> bool:
        """A new source's sound begins with its picture; before it only when it has none to wait for."""
        source = self._coming_from
        if source is None or not source.video or not self.video or self.showing == source.name:
            return True
        old = self._feeds.get(feed.lane)
        silent = old is None or now - old.track.heard_at > SILENT_SECONDS
        return silent and now - self._coming_since > AWAIT_SECONDS

    def on_begin(self, feed: Feed, codec: CodecName) -> None:
        if feed in self._coming:
            self._coming.remove(feed)
        if old := self._feeds.get(feed.lane):
            old.end()
        self._feeds[feed.lane] = feed
        feed.lane.begin(codec)
        if self._coming_from:
            self.showing = self._coming_from.name

    # --- what viewers ask of it

    def want_key(self, lane: Lane, now: float) -> None:
        feed = self._feeds.get(lane)
        for each in [*([feed] if feed else []), *(f for f in self._coming if f.lane is lane)]:
            each.track.want_key(now)

    def clocks(self, lanes: list[Lane], now: float) -> list[tuple[int, int]] | None:
        """For each lane the source's wall clock and media time; None unless all are known: a report of one alone
        would put sound and picture apart."""
        found = [feed.clock(now) if (feed := self._feeds.get(lane)) else None for lane in lanes]
        return [clock for clock in found if clock] if all(found) else None

    def tick(self, now: float) -> None:
        for lane in self.lanes():
            lane.flush_overdue(now)
