"""One publisher's line: opens what comes, finds the track it belongs to, and tells the publisher how it arrives."""

from collections.abc import Callable

from bridge.orders import Feeding, Incoming, Publish
from bridge.wire import rtcp, rtp
from bridge.wire.srtp import Receiver, Sender

from .source import Source, Track

OURS = 1  # our SSRC in feedback: we send no media of our own on this line
MAX_BIT_RATE = 12_000_000  # three qualities of a rich picture; a publisher that sends more fills everybody's line
MAX_STRIKES = 3  # seconds above it in a row
BEGIN_BIT_RATE = 4_000_000  # what a publisher is told that he may send, before his line has shown what it carries
LEAST_BIT_RATE = 150_000
BAD_LOSS = 0.10
CLIMB, FALL = 1.08, 0.85  # a second


class Publisher:
    """`send` takes a datagram that is ready to go to him."""

    def __init__(
        self, session: int, role: Publish, sender: Sender, receiver: Receiver, send: Callable[[bytes], None]
    ) -> None:
        self.session, self.role = session, role
        self._sender, self._receiver, self._send = sender, receiver, send
        audio = next((line for line in role.lines if line.kind == "audio"), None)
        video = next((line for line in role.lines if line.kind == "video"), None)
        self.source = Source(
            role.source,
            self._track(audio, 0) if audio else None,
            [self._track(video, n) for n in range(max(1, len(video.rids)))] if video else [],
        )
        self._known: dict[int, tuple[Track, Incoming, bool]] = {}  # by SSRC; whether it carries repairs
        self._octets = self._strikes = 0
        self._allowed = float(BEGIN_BIT_RATE)
        self._loss = 0.0
        self._bit_rate = 0

    def _track(self, line: Incoming, quality: int) -> Track:
        return Track(line.kind, line.codec, quality, self._tell, OURS)

    # --- media

    def take(self, datagram: bytes, now: float) -> None:
        data = self._receiver.rtp(datagram)
        packet = rtp.parse(data) if data is not None else None
        if packet is None:
            return
        self._octets += len(datagram)
        self.sort(packet, now)

    def sort(self, packet: rtp.Rtp, now: float) -> None:
        """To the track that it is of, if any."""
        known = self._known.get(packet.ssrc) or self._recognise(packet)
        if known is None:
            return
        track, line, repairs = known
        if not repairs:
            if packet.payload_type == line.payload_type:
                track.take(packet, now)
        elif track.ssrc is not None:
            lost = rtp.unwrap_rtx(packet, line.payload_type, track.ssrc)
            if lost is not None:
                track.take(lost, now, repaired=True)

    def _recognise(self, packet: rtp.Rtp) -> tuple[Track, Incoming, bool] | None:
        """By the SSRC that the offer named, else by what the header says; remembered, as it says it only at first."""
        line = next((each for each in self.role.lines if self._is_of(packet, each)), None)
        if line is None:
            return None
        repairs = packet.payload_type == line.repair
        track = self._of_quality(packet, line, repairs)
        if track is None:
            return None
        self._known[packet.ssrc] = (track, line, repairs)
        return self._known[packet.ssrc]

    def _is_of(self, packet: rtp.Rtp, line: Incoming) -> bool:
        if packet.payload_type not in (line.payload_type, line.repair):
            return False
        mid = rtp.identifier(packet, line.mid_id) if line.mid_id else None
        return mid is None or mid == line.mid

    def _of_quality(self, packet: rtp.Rtp, line: Incoming, repairs: bool) -> Track | None:
        if line.kind == "audio":
            return self.source.audio
        if not line.rids:
            return self.source.video[0]
        id = line.repaired_rid_id if repairs else line.rid_id
        rid = rtp.identifier(packet, id) if id else None
        return self.source.video[line.rids.index(rid)] if rid in line.rids else None

    # --- reports

    def hear(self, datagram: bytes, now: float) -> bool:
        """His reports; False when he says goodbye."""
        data = self._receiver.rtcp(datagram)
        for packet in (rtcp.parse(data) or []) if data is not None else []:
            if isinstance(packet, rtcp.SenderReport):
                for track in self.source.tracks():
                    if track.ssrc == packet.ssrc:
                        track.hear(packet, now)
            elif isinstance(packet, rtcp.Bye) and {*packet.ssrcs} >= {t.ssrc for t in self.source.tracks() if t.ssrc}:
                return False
        return True

    def _tell(self, *packets: rtcp.Packet) -> None:
        """Feedback by itself begins with a report without blocks: not everybody takes reduced compounds."""
        self._send(self._sender.rtcp(rtcp.build([rtcp.ReceiverReport(OURS), *packets])))

    def report(self, now: float) -> bool:
        """To be called every second. False when he sends more than anybody may."""
        found = [block for track in self.source.tracks() if (block := track.block(now))]
        self._bit_rate, self._octets = self._octets * 8, 0
        self._strikes = self._strikes + 1 if self._bit_rate > MAX_BIT_RATE else 0
        self._loss = max((share for _, share in found), default=0.0)
        factor = FALL if self._loss > BAD_LOSS else CLIMB
        self._allowed = min(MAX_BIT_RATE, max(LEAST_BIT_RATE, self._allowed * factor))
        blocks = tuple(block for block, _ in found)
        remb = rtcp.Remb(OURS, int(self._allowed), tuple(b.ssrc for b in blocks))
        self._send(self._sender.rtcp(rtcp.build([rtcp.ReceiverReport(OURS, blocks), remb])))
        return self._strikes < MAX_STRIKES

    def tick(self, now: float) -> None:
        for track in self.source.tracks():
            track.ask_missing(now)

    def feeding(self, now: float) -> Feeding:
        video = self.source.video
        key_at = max((t.key_at for t in video), default=0.0)
        return Feeding(
            self.session,
            self.role.source,
            self._bit_rate,
            self._loss,
            sum(now - t.heard_at < 1.0 for t in video),
            round((now - key_at) * 1_000) if key_at else None,
        )
