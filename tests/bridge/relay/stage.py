"""A worker with real sockets and a clock of its own, and peers that speak STUN and SRTP to it: what the door and a
browser would have settled by HTTP and a handshake is given to both sides. SRTP is libsrtp's at the peers."""

import socket
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from pylibsrtp import Error, Policy, Session

from bridge.orders import (
    Admit,
    AnySaid,
    CodecName,
    Fetch,
    Incoming,
    Keys,
    Outgoing,
    Publish,
    Report,
    Watch,
    pack,
    unpack_said,
)
from bridge.relay.port import Port
from bridge.relay.worker import Worker
from bridge.wire import rtcp, rtp, stun

VIDEO, AUDIO, REPAIR = 96, 111, 97
VIEWER_VIDEO, VIEWER_AUDIO = 120, 109
VIDEO_SSRC, AUDIO_SSRC = 0xBEEF, 0xCAFE
KEY, DELTA = bytes((0x10, 0x00)), bytes((0x10, 0x01))  # VP8: a frame starts; whether it is a key frame
PWD = "p" * 22


def gapless(numbers: list[int]) -> bool:
    return all((b - a) & 0xFFFF == 1 for a, b in pairwise(numbers))


class Stage:
    """One worker and the clock. `settle` lets it read what was sent to it."""

    def __init__(self, folder: Path, now: float = 0.0) -> None:
        self.path = str(folder / f"worker-{id(self)}")
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        theirs.setblocking(False)
        self._door = ours
        self.port = Port("127.0.0.1", 0)
        self.worker = Worker(self.port, theirs, self.path)
        self.now = now or self.worker.now
        self._next = 0
        self._peers: list[Peer] = []

    def close(self) -> None:
        for peer in self._peers:
            peer.socket.close()
        self.port.close()
        self._door.close()
        self.worker.close()

    def settle(self, seconds: float = 0.0) -> None:
        """Time goes by in the worker's steps; what stands in its socket is read first."""
        self._read()
        end = self.now + seconds
        while self.now < end:
            self.now += 0.0101  # a hair over a tick: sums of floats must not skip one
            self._read()
            self.worker.tick(self.now)

    def _read(self) -> None:
        self.worker.receive(self.now)
        self.worker.hear_others(self.now)

    def said(self) -> list[AnySaid]:
        found: list[AnySaid] = []
        while True:
            try:
                found.append(unpack_said(self._door.recv(1 << 20)))
            except BlockingIOError:
                return found

    def reports(self) -> list[Report]:
        return [said for said in self.said() if isinstance(said, Report)]

    def obey(self, order: object) -> None:
        self._door.send(pack(order))
        self.worker.take_orders(self.now)

    def peer(self, role: Publish | Watch) -> "Peer":
        self._next += 1
        peer = Peer(self, self._next, role)
        self._peers.append(peer)
        return peer

    def publisher(self, source: str = "c/main", rids: tuple[str, ...] = (), codec: str = "VP8") -> "Peer":
        video = Incoming("video", codec, VIDEO, REPAIR, rid_id=10 if rids else 0, rids=rids)  # type: ignore[arg-type]
        return self.peer(Publish(source, (Incoming("audio", "opus", AUDIO), video))).come()

    def sound(self, source: str) -> "Peer":
        """A publisher without a picture."""
        return self.peer(Publish(source, (Incoming("audio", "opus", AUDIO),))).come()

    def viewer(self, output: str = "c/main", codecs: tuple[CodecName, ...] = ("VP8", "H264")) -> "Peer":
        known: dict[CodecName, int] = {"VP8": VIEWER_VIDEO, "H264": VIEWER_VIDEO + 1}
        lines = (
            Outgoing("audio", AUDIO_SSRC, {"opus": VIEWER_AUDIO}),
            Outgoing("video", VIDEO_SSRC, {codec: known[codec] for codec in codecs}),
        )
        return self.peer(Watch(output, lines)).come()


class Peer:
    """A publisher or a viewer at its own address."""

    def __init__(self, stage: Stage, id: int, role: Publish | Watch | Fetch) -> None:
        self._stage, self.id = stage, id
        self.ufrag = f"ufrag{id}"
        self.socket = new_socket()
        self._seen: set[bytes] = set()
        self._master = id.to_bytes(28, "big"), (id + 1_000).to_bytes(28, "big")  # the worker's, the peer's
        self._out = _session(self._master[1], Policy.SSRC_ANY_OUTBOUND)
        self._in = _session(self._master[0], Policy.SSRC_ANY_INBOUND)
        stage.obey(Admit(id, self.ufrag, PWD, "theirs", PWD, role))

    def come(self) -> "Peer":
        self.check()
        self._stage.settle()
        self._stage.obey(Keys(self.id, "SRTP_AEAD_AES_128_GCM", *self._master))
        return self

    def check(self, pwd: str = PWD, nominate: bool = True) -> None:
        request = stun.request(
            bytes(12), f"{self.ufrag}:theirs", pwd.encode(), priority=1, tie_breaker=1, use_candidate=nominate
        )
        self.send(request)

    def answer_checks(self, pwd: str = PWD) -> int:
        """To the checks that came; how many."""
        asked = [
            check for data in self.datagrams() if (message := stun.parse(data)) and (check := stun.check_of(message))
        ]
        for check in asked:
            self.send(stun.success(check, "127.0.0.1", self._stage.port.number, pwd.encode()))
        self._stage.settle()
        return len(asked)

    def send(self, data: bytes) -> None:
        self.socket.sendto(data, ("127.0.0.1", self._stage.port.number))

    def move(self) -> None:
        """Another line: a new address."""
        self.socket.close()
        self.socket = new_socket()

    # --- as a publisher

    def publish(
        self, sequence: int, timestamp: int, payload: bytes, *, marker: bool = True, kind: int = VIDEO,
        ssrc: int | None = None, extensions: dict[int, bytes] | None = None,
    ) -> None:  # fmt: skip
        number = ssrc if ssrc is not None else self.id * 10 + (kind == AUDIO)
        data = rtp.build(
            kind, sequence & 0xFFFF, timestamp & 0xFFFF_FFFF, number, payload, marker=marker, extensions=extensions
        )
        self.send(self._out.protect(data))
        self._stage.settle()

    def frame(self, first: int, timestamp: int, count: int = 3, key: bool = False, size: int = 500) -> int:
        """A frame in so many packets; the next sequence number."""
        for n in range(count):
            head = (KEY if key else DELTA) if n == 0 else bytes((0x00, 0x55))
            self.publish(first + n, timestamp, head + bytes(size), marker=n == count - 1)
        return first + count

    def tell(self, *packets: rtcp.Packet) -> None:
        self.send(self._out.protect_rtcp(rtcp.build([rtcp.ReceiverReport(77), *packets])))
        self._stage.settle()

    # --- as a viewer

    def received(self) -> list[rtp.Rtp]:
        return [packet for packet in self.arrived() if isinstance(packet, rtp.Rtp)]

    def feedback(self) -> list[rtcp.Packet]:
        return [packet for packet in self.arrived() if not isinstance(packet, rtp.Rtp)]

    def video(self) -> list[rtp.Rtp]:
        return [p for p in self.received() if p.ssrc == VIDEO_SSRC]

    def datagrams(self) -> list[bytes]:
        found: list[bytes] = []
        while True:
            try:
                found.append(self.socket.recv(2_048))
            except BlockingIOError:
                return found

    def arrived(self) -> Iterable[rtp.Rtp | rtcp.Packet]:
        for data in self.datagrams():
            if stun.is_stun(data) or data in self._seen:  # what is sent again is the same, byte for byte
                continue
            self._seen.add(data)
            try:
                if rtcp.is_rtcp(data):
                    yield from rtcp.parse(self._in.unprotect_rtcp(data)) or []
                elif packet := rtp.parse(self._in.unprotect(data)):
                    yield packet
            except Error as error:
                raise AssertionError(f"libsrtp refuses what the worker sent: {error}") from error


def new_socket() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("127.0.0.1", 0))
    made.setblocking(False)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    return made


def _session(master: bytes, direction: int) -> Session:
    policy = Policy(key=master, ssrc_type=direction, srtp_profile=Policy.SRTP_PROFILE_AEAD_AES_128_GCM)
    policy.allow_repeat_tx = True
    policy.window_size = 1_024
    return Session(policy)
