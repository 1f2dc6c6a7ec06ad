"""One viewer: how he comes to the picture, what his line carries, what he is told and asks for."""

from collections.abc import Callable
from typing import Literal

from bridge.orders import Viewing, Watch
from bridge.wire import rtcp
from bridge.wire.srtp import Receiver, Sender

from .lane import Lane, Seat
from .output import Output, nearest
from .port import Address

CATCH_UP = 48  # packets sent past at once, of the group that he begins with: a key frame, as those who watch get it
REPEATS_A_SECOND = 200  # packets sent again to one viewer; beyond it his line is what is wrong
KEY_SECONDS = 0.5  # between two wishes of one viewer that are listened to
ASKERS = 4  # a browser asks for sound and for picture
CNAME = "nhipcau"
BAD_LOSS, GOOD_LOSS = 0.10, 0.02  # of packets, as his reports say: a lower quality, a higher one
SOUND_LOSS = 0.25  # the picture goes only where repeats do not save it: a report speaks of few packets, chance of many
BAD_REPORTS = 2  # in a row before he gets less
UP_SECONDS, UP_LONGEST = 10.0, 120.0  # of good reports before he gets more; twice as long after each attempt in vain
SOUND: Literal["sound"] = "sound"

Quality = int | Literal["sound"]


class Viewer:
    """`comes` is told when a group is to be sent past: `catches_up` wants to be called then."""

    def __init__(
        self,
        session: int,
        role: Watch,
        output: Output,
        sender: Sender,
        receiver: Receiver,
        address: Address,
        comes: Callable[["Viewer"], None],
    ) -> None:
        self.session, self.output, self.receiver = session, output, receiver
        self._sender, self._address, self._comes = sender, address, comes
        self._audio = self._seat("audio", role)
        self._video = self._seat("video", role)
        self._lane: Lane | None = None  # of the picture: where he is, or goes
        self._past: int | None = None  # the next number of the group that he begins with; None: he is there
        self._by_hand: Quality | None = None
        self._wish: Quality = 0
        self._bad = 0
        self._good_since: float | None = None
        self._up_after = UP_SECONDS
        self._repeats = REPEATS_A_SECOND
        self._repeated = 0
        self._asked_key_at = float("-inf")
        self._baseline: dict[Lane, tuple[int, int]] = {}
        self._reported: dict[int, float] = {}  # middle bits of a sender report's time -> when it went
        self._asked: dict[int, tuple[int, float]] = {}  # who asks how far we are -> his time, and when it came
        self._loss = 0.0
        self._rtt: int | None = None

    def _seat(self, kind: str, role: Watch) -> Seat | None:
        line = next((each for each in role.lines if each.kind == kind), None)
        if line is None:
            return None
        stream = self._sender.stream(line.ssrc)
        return Seat(stream, self._sender.tag_length, self._address, line.payload_types)

    # --- coming and going

    def join(self, now: float) -> None:
        audio = self.output.audio
        if self._audio and audio and self._audio.start(audio.edge, audio):
            self._baseline[audio] = (audio.packets, audio.octets)
            audio.sit(self._audio)
        self.output.watchers.append(self)
        self.settle(now)

    def settle(self, now: float) -> None:
        """The one place that says which picture he gets: of those that live and that he decodes the nearest to his
        wish. While he sits somewhere he goes over at a key frame."""
        seat, lanes = self._video, self.output.video
        if seat is None or not lanes:
            return
        lane = None if self._wish == SOUND else lanes[nearest(self._wish, self._within_reach())]
        if lane is self._lane:
            return
        at = next((each for each in lanes if each.holds(seat)), None)
        for each in lanes:
            if each is not at or lane is None:
                each.rise(seat)
        self._lane, self._past = lane, None
        if lane is None or lane is at:
            return
        if at is None:
            self._enter(lane, now)
            return
        self._baseline.setdefault(lane, (lane.packets, lane.octets))
        lane.await_key(seat)
        self.output.want_key(lane, now)

    def _within_reach(self) -> list[int]:
        """The best first; where he decodes none, all that live."""
        decoded = self._video.payload_types if self._video else {}
        live = self.output.live
        return [quality for quality in live if self.output.video[quality].codec in decoded] or [*live]

    def _enter(self, lane: Lane, now: float) -> None:
        """With the last key frame and all after it where that is at hand, else with the next one."""
        assert self._video is not None
        self._baseline.setdefault(lane, (lane.packets, lane.octets))
        group = lane.group()
        if group is not None and self._video.start(group, lane):
            self._past = group
            self._comes(self)
        else:
            self._past = None
            lane.await_key(self._video)
            self.output.want_key(lane, now)

    def catches_up(self, now: float) -> int:
        """Sends a part of the group that he begins with; packets sent. While more is left he comes again."""
        lane, past = self._lane, self._past
        if lane is None or past is None or self._video is None:
            return 0
        group = lane.group()
        if group is None:  # another source meanwhile, or one whose key frames are too far apart
            self._enter(lane, now)
            return 0
        if group > past:  # a newer key frame: what lies before it is of no use to him
            self._video.start(group, lane)
            past = group
        self._past = lane.send_past(self._video, past, CATCH_UP)
        sent = self._past - past
        if self._past >= lane.edge:
            self._past = None
            lane.sit(self._video)
        return sent

    @property
    def is_coming(self) -> bool:
        """Whether more is to be sent past before he is where the others are."""
        return self._past is not None

    def leave(self) -> None:
        self._lane, self._past = None, None
        self.output.watchers.remove(self)
        for lane in self.output.lanes():
            for seat in (self._audio, self._video):
                if seat:
                    lane.rise(seat)

    def moved(self, address: Address) -> None:
        """His line has another address, which has proven itself."""
        self._address = address
        for seat in (self._audio, self._video):
            if seat:
                seat.address = address

    # --- what he asks for

    def hear(self, packets: list[rtcp.Packet], now: float) -> bool:
        """Takes his feedback; False when he says goodbye."""
        for packet in packets:
            match packet:
                case rtcp.ReceiverReport(_, blocks) | rtcp.SenderReport(_, _, _, _, _, blocks):
                    self._judge(blocks, now)
                case rtcp.Nack(_, media, lost):
                    self._repeat(media, lost)
                case rtcp.Pli() | rtcp.Fir():
                    self._want_key(now)
                case rtcp.TripAsked(asker, ntp) if asker in self._asked or len(self._asked) < ASKERS:
                    self._asked[asker] = ntp, now
                case rtcp.Bye():
                    return False
        return True

    def _repeat(self, media: int, lost: tuple[int, ...]) -> None:
        for seat in (self._audio, self._video):
            if seat is None or seat.lane is None or seat.stream.ssrc != media:
                continue
            for sequence in lost:
                if self._repeats <= 0:
                    return
                if seat.lane.repeat(seat, sequence):
                    self._repeats -= 1
                    self._repeated += 1

    def _want_key(self, now: float) -> None:
        if self._lane and now - self._asked_key_at >= KEY_SECONDS:
            self._asked_key_at = now
            self.output.want_key(self._lane, now)

    # --- what his line carries

    def _judge(self, blocks: tuple[rtcp.Block, ...], now: float) -> None:
        ours = [b for b in blocks if self._video and b.ssrc == self._video.stream.ssrc] or list(blocks)
        for block in ours[:1]:
            self._loss = block.fraction_lost / 256
            if (sent := self._reported.get(block.last_report)) is not None:
                self._rtt = max(0, round((now - sent - block.delay / 65_536) * 1_000))
            self._adapt(now)

    def _adapt(self, now: float) -> None:
        """A lower quality after bad reports in a row, a higher one after good ones; each attempt in vain waits longer
        for the next."""
        if self._by_hand is not None or self._video is None:
            return
        gets = self._gets()
        less = [] if gets == SOUND else [quality for quality in self._within_reach() if quality > gets]
        self._bad = self._bad + 1 if self._loss > (BAD_LOSS if less else SOUND_LOSS) else 0
        if self._loss > GOOD_LOSS:
            self._good_since = None
        elif self._good_since is None:
            self._good_since = now
        if self._bad >= BAD_REPORTS and self._wish != SOUND:
            self._bad, self._good_since = 0, None
            self._up_after = min(self._up_after * 2, UP_LONGEST)
            self._go(less[0] if less else SOUND, now)
        elif self._wish != 0 and self._good_since is not None and now - self._good_since >= self._up_after:
            self._good_since = None
            self._go(self._within_reach()[-1] if self._wish == SOUND else self._wish - 1, now)

    def choose(self, quality: Quality | None, now: float) -> None:
        """By hand, or None: by what the line carries, of which nothing is known until the best is tried."""
        let_go = quality is None and self._by_hand is not None
        self._by_hand = quality
        if quality is not None or let_go:
            self._go(quality or 0, now)

    def _go(self, wish: Quality, now: float) -> None:
        self._wish = wish
        self.settle(now)

    def _gets(self) -> Quality:
        """The quality whose packets he has now, or that he comes to."""
        lane = self._picture
        return SOUND if lane is None else self.output.video.index(lane)

    @property
    def _picture(self) -> Lane | None:
        return (self._video.lane or self._lane) if self._video and self._lane else None

    # --- what he is told

    def report(self, now: float) -> bytes | None:
        """A sender report for each stream: which moment of the wall clock its media time is, so that he keeps sound
        and picture together."""
        lanes = [lane for lane in (self._audio and self._audio.lane, self._picture) if lane]
        clocks = self.output.clocks(lanes, now)
        if not lanes or clocks is None:
            return None
        packets: list[rtcp.Packet] = []
        for lane, (ntp, timestamp) in zip(lanes, clocks, strict=True):
            before = self._baseline.get(lane, (0, 0))
            count, octets = lane.packets - before[0], lane.octets - before[1]
            packets.append(rtcp.SenderReport(lane.ssrc, ntp, timestamp, count & _WORD, octets & _WORD))
        packets.append(rtcp.Names(tuple((lane.ssrc, CNAME) for lane in lanes)))
        packets += self._round_trips(lanes[0].ssrc, now)
        self._reported = dict([*self._reported.items(), (clocks[0][0] >> 16 & _WORD, now)][-4:])
        return self._sender.rtcp(rtcp.build(packets))

    def _round_trips(self, ours: int, now: float) -> list[rtcp.Packet]:
        """Who only receives hears of the round trip from us alone, and asks again for a packet when so much time went
        by. Until he knows better he believes in a tenth of a second, which is a freeze where two repeats got lost."""
        asked, self._asked = self._asked, {}
        return [
            rtcp.TripAnswered(ours, asker, ntp >> 16 & _WORD, round((now - at) * 65_536) & _WORD)
            for asker, (ntp, at) in asked.items()
        ]

    def viewing(self) -> Viewing:
        """How he fared since the last call, which is to be made every second."""
        repeated, self._repeated, self._repeats = self._repeated, 0, REPEATS_A_SECOND
        waiting = self._video is not None and self._lane is not None and not self._lane.packets
        return Viewing(self.session, self._loss, self._rtt, self._gets(), repeated, waiting)


_WORD = 0xFFFF_FFFF
