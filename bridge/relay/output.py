"""What viewers see under one name: the lanes of sound and picture, and the sources that feed them now.

A change of source is no break for anybody: the old one is shown until the new one's key frame, then numbers and media
time go on from where they are. Each quality has a lane of its own; who watches is told which of them live.
"""

from collections.abc import Collection
from typing import Protocol

from bridge.wire.codecs import unnumbered
from bridge.wire.rtp import Rtp

from .lane import Lane, Piece
from .port import Port
from .source import Source, Track

AWAIT_SECONDS = 3.0  # for a new source's key frame, when the old one is silent: then its sound begins alone
GONE_SECONDS = 5.0  # after which a picture that was there has ended; a screen may rest for a while
SILENT_SECONDS = 1.25  # without a packet: silent. The slate and screens where nothing moves send one a second
LOOK_SECONDS = 0.1  # between two looks at what lives
NTP_UNITS = 1 << 32  # a second


class Watcher(Protocol):
    def settle(self, now: float) -> None: ...


def nearest(wish: int, qualities: Collection[int]) -> int:
    """Of two as near, the lower one: every line that bears the other bears it."""
    return min(qualities, key=lambda quality: (abs(quality - wish), -quality))


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
            if self.track.kind == "audio" and not self._output.may_sound(now):
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
        self._output.on_begin(self, now)
        self.begun = True
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
    """`wanted`: the name of the source it is to show; `stand_in`: of the one whose picture stands where that has none.
    `live`: the qualities that come, the best first; while none does, those that came last. SSRCs are the same for all
    qualities of a kind: viewers go from one to the other without noticing."""

    def __init__(self, name: str, port: Port, now: float) -> None:
        self.name, self.wanted, self.stand_in = name, name, ""
        self.audio: Lane | None = None
        self.video: list[Lane] = []
        self.live: tuple[int, ...] = (0,)
        self.showing: str | None = None
        self.watchers: list[Watcher] = []
        self._port, self._epoch = port, now
        self._source: Source | None = None
        self._since = self._looked_at = now  # it is to show this source; it looked what lives
        self._spare: Source | None = None
        self._pictures: Source | None = None  # where they come from, or are to come from
        self._aims: dict[Lane, Track] = {}
        self._feeds: dict[Lane, Feed] = {}
        self._coming: dict[Lane, Feed] = {}

    def prepare(self, audio_ssrc: int | None, video_ssrc: int | None) -> None:
        """The lanes that a first viewer needs; later ones find them."""
        if audio_ssrc is not None and self.audio is None:
            self.audio = Lane("audio", audio_ssrc, self._port, self._epoch)
        if video_ssrc is not None and not self.video:
            self.video = [Lane("video", video_ssrc, self._port, self._epoch)]

    def lanes(self) -> list[Lane]:
        return [*([self.audio] if self.audio else []), *self.video]

    # --- which source

    def follow(self, source: Source, spare: Source | None, now: float) -> None:
        """Goes over to `source` at its next key frame; to `spare`'s picture when it has none. Called again when lanes
        or sources became more."""
        if source is not self._source:
            self._source, self._since = source, now
        self._spare = spare
        self._aim(now)

    def _aim(self, now: float) -> None:
        """Each lane at the track that it is to have; where it has another one, that comes."""
        assert self._source is not None
        self._pictures = self._with_picture(self._source, now)
        tracks = self._pictures.video if self._pictures else []
        while self.video and len(self.video) < len(tracks):
            self.video.append(Lane("video", self.video[0].ssrc, self._port, self._epoch))
        self._aims = dict(zip(self.video, tracks, strict=False))
        if self.audio and self._source.audio:
            self._aims[self.audio] = self._source.audio
        for lane, feed in tuple(self._coming.items()):
            if self._aims.get(lane) is not feed.track:
                feed.end()
                del self._coming[lane]
        for lane, track in self._aims.items():
            shown = self._feeds.get(lane)
            if lane not in self._coming and (shown is None or shown.track is not track):
                self._coming[lane] = Feed(self, track, lane)
                track.want_key(now)

    def _with_picture(self, source: Source, now: float) -> Source | None:
        """Whose picture it is to show: a source that sends sound alone may do so from the beginning, or stop its
        camera."""
        heard = max((track.heard_at for track in source.video), default=None)
        if heard is None:
            return self._spare
        comes = now - heard < GONE_SECONDS if heard else now - self._since < SILENT_SECONDS
        return source if comes else self._spare

    def leave(self, source: Source) -> None:
        """The source is gone; what was shown stays the last picture until another one comes."""
        for feeds in (self._feeds, self._coming):
            for lane, feed in tuple(feeds.items()):
                if feed.track in source.tracks():
                    feed.end()
                    del feeds[lane]
        if self._source is source:
            self._source = None
        if self._spare is source:
            self._spare = None
        if self.showing == source.name:
            self.showing = None

    def close(self) -> None:
        for feed in (*self._feeds.values(), *self._coming.values()):
            feed.end()

    def may_sound(self, now: float) -> bool:
        """A new source's sound begins with its picture; before it only when it has none to wait for."""
        source = self._source
        if source is None or self._pictures is not source or not self.video or self.showing == source.name:
            return True
        old = self._feeds.get(self.audio) if self.audio else None
        silent = old is None or now - old.track.heard_at > SILENT_SECONDS
        return silent and now - self._since > AWAIT_SECONDS

    def on_begin(self, feed: Feed, now: float) -> None:
        """What the new source has nothing for ends."""
        self._coming.pop(feed.lane, None)
        if old := self._feeds.get(feed.lane):
            old.end()
        self._feeds[feed.lane] = feed
        for lane in [lane for lane in self._feeds if lane not in self._aims]:
            self._feeds.pop(lane).end()
        feed.lane.begin(feed.track.codec)
        if self._source and feed.track in self._source.tracks():
            self.showing = self._source.name
        if feed.lane is not self.audio:
            self._find_live(now, feed.lane)

    # --- what lives

    def _find_live(self, now: float, begins: Lane | None = None) -> None:
        """Who watches goes elsewhere when what he watches is dead, or what is better lives again; and with the very
        key frame that a lane begins with."""
        lanes = [lane for lane in self.video if lane in self._feeds]
        found = [lane for lane in lanes if lane is begins or now - lane.heard_at < SILENT_SECONDS]
        live = tuple(map(self.video.index, found)) or self.live
        if live != self.live or begins:
            self.live = live
            for watcher in self.watchers:
                watcher.settle(now)

    def tick(self, now: float) -> None:
        for lane in self.lanes():
            lane.flush_overdue(now)
        if now - self._looked_at < LOOK_SECONDS:
            return
        self._looked_at = now
        if self._source and self._with_picture(self._source, now) is not self._pictures:
            self._aim(now)
        self._find_live(now)
        for quality, lane in enumerate(self.video):
            if lane.is_awaited and quality in self.live and not self._port.behind:
                self.want_key(lane, now)

    # --- what viewers ask of it

    def want_key(self, lane: Lane, now: float) -> None:
        """Of what is shown and what comes; not of what begins this very moment, with a key frame."""
        shown, comes = self._feeds.get(lane), self._coming.get(lane)
        for feed in (shown if shown and shown.begun else None, comes):
            if feed:
                feed.track.want_key(now)

    def clocks(self, lanes: list[Lane], now: float) -> list[tuple[int, int]] | None:
        """For each lane the source's wall clock and media time; None unless all are known: a report of one alone
        would put sound and picture apart."""
        found = [feed.clock(now) if (feed := self._feeds.get(lane)) else None for lane in lanes]
        return [clock for clock in found if clock] if all(found) else None
