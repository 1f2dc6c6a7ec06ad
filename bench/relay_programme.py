"""The programme of a hall, from a process of its own: 1.1 Mbit/s in 172 packets a second.

`python -m bench.relay_programme GOAL`, with a `Goal` as JSON: by WHIP as any encoder, or as plain RTP to two ports. It
goes on until its standard input is closed, then says how it went (`Sent`). The first byte of a picture says whether it
is a key frame, as in VP8; the last eight of every packet when its frame began to go out.
"""

import asyncio
import contextlib
import select
import socket
import sys
import time
from collections.abc import Callable, Iterator

import aiohttp
import msgspec
from msgspec import Struct
from pylibsrtp import Error

from bridge.wire import rtcp, rtp, stun

from .relay_line import AUDIO, VIDEO, Identity, Line, own_address, remote
from .relay_read import WHOLE

FRAMES_A_SECOND = 25
GROUP = 50  # frames from one key frame to the next
KEY_PACKETS = 40
FRAME_PACKETS = (4, 4, 4, 4, 4, 5)  # of the frames between, in turn: with the key frames 122 a second
VIDEO_BYTES, LAST_BYTES, SOUND_BYTES = 1_110, 800, 120  # payloads: all of a frame but the last, the last, of sound
SOUND_SECONDS = 0.02
CHECK_SECONDS = 2.5
MOMENT = 8  # bytes
RING = 1_024
_SSRC = {AUDIO: 0x1000, VIDEO: 0x2000}
_KEY, _DELTA, _REST = bytes((0x10, 0x00)), bytes((0x10, 0x01)), bytes((0x00, 0x00))


class Goal(Struct, frozen=True):
    """`whip` and `token`, or the ports of `host` that take sound and picture as they are."""

    whip: str = ""
    token: str = ""
    host: str = "127.0.0.1"
    ports: tuple[int, int] | None = None


class Sent(Struct):
    """`late_ms`: the longest that a frame went out after its time; a gap of at least that is the load's own."""

    packets: int = 0
    octets: int = 0
    late_ms: float = 0.0
    asked_again: int = 0
    key_wishes: int = 0


def picture(number: int, key: bool, moment: bytes) -> list[bytes]:
    """The payloads of a frame of VP8: all of one size but the last."""
    count = KEY_PACKETS if key else FRAME_PACKETS[number % len(FRAME_PACKETS)]
    starts = [_KEY if key else _DELTA] + [_REST] * (count - 1)
    sizes = [VIDEO_BYTES] * (count - 1) + [LAST_BYTES]
    return [start + bytes(size - len(start) - MOMENT) + moment for start, size in zip(starts, sizes, strict=True)]


def sound(moment: bytes) -> bytes:
    return bytes((0x78,)) + bytes(SOUND_BYTES - 1 - MOMENT) + moment


class Programme:
    """`send` takes a packet in clear."""

    def __init__(self, send: Callable[[int, bytes], None]) -> None:
        self.sent = Sent()
        self.wants_key = False
        self._send = send
        self._numbers = {AUDIO: 0, VIDEO: 0}

    def play(self, idle: Callable[[float], bool]) -> None:
        """`idle` lets time go by until a moment of the monotonic clock; False ends it."""
        began = time.monotonic()
        for due, kind, number in _schedule():
            if not idle(began + due):
                return
            self.sent.late_ms = max(self.sent.late_ms, 1e3 * (time.monotonic() - began - due))
            moment = time.time_ns().to_bytes(MOMENT)
            if kind == AUDIO:
                self._packet(AUDIO, number * 960, sound(moment), marker=number == 0)
                continue
            key, self.wants_key = number % GROUP == 0 or self.wants_key, False
            payloads = picture(number, key, moment)
            for n, payload in enumerate(payloads):
                self._packet(VIDEO, number * (90_000 // FRAMES_A_SECOND), payload, marker=n == len(payloads) - 1)

    def _packet(self, kind: int, timestamp: int, payload: bytes, *, marker: bool) -> None:
        number = self._numbers[kind]
        self._numbers[kind] += 1
        data = rtp.build(kind, number & 0xFFFF, timestamp & 0xFFFF_FFFF, _SSRC[kind], payload, marker=marker)
        self.sent.packets += 1
        self.sent.octets += len(data)
        self._send(kind, data)


def _schedule() -> Iterator[tuple[float, int, int]]:
    """When what goes out: seconds since the beginning, payload type, number."""
    spoken = 0
    number = 0
    while True:
        at = number / FRAMES_A_SECOND
        yield at, VIDEO, number
        while spoken * SOUND_SECONDS < at + 1 / FRAMES_A_SECOND - 1e-9:
            yield spoken * SOUND_SECONDS, AUDIO, spoken
            spoken += 1
        number += 1


class Encoder:
    """The publisher's end of a line: sends, sends again what is asked for, gives key frames, keeps its consent."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._ring: dict[int, bytes] = {}
        self._checked_at = 0.0
        self.programme = Programme(self._out)

    def _out(self, kind: int, data: bytes) -> None:
        sealed = self._line.outbound.protect(data)
        if kind == VIDEO:
            self._ring[int.from_bytes(data[2:4]) % RING] = sealed
        self._line.send(sealed)

    def idle(self, until: float) -> bool:
        """What came is answered first."""
        if time.monotonic() - self._checked_at > CHECK_SECONDS:
            self._checked_at = time.monotonic()
            self._line.send(self._line.check)
        with contextlib.suppress(BlockingIOError, ConnectionError):
            while True:
                self._hear(self._line.socket.recv(WHOLE))
        return _idle(until)

    def _hear(self, data: bytes) -> None:
        if stun.is_stun(data):
            self._line.hear_check(data)
        elif rtcp.is_rtcp(data):
            with contextlib.suppress(Error):
                for packet in rtcp.parse(self._line.inbound.unprotect_rtcp(data)) or []:
                    self._obey(packet)

    def _obey(self, packet: rtcp.Packet) -> None:
        if isinstance(packet, rtcp.Pli):
            self.programme.wants_key = True
            self.programme.sent.key_wishes += 1
        elif isinstance(packet, rtcp.Nack):
            self.programme.sent.asked_again += len(packet.lost)
            for sequence in packet.lost:
                if again := self._ring.get(sequence % RING):
                    self._line.send(again)


async def _published(goal: Goal) -> Line:
    line = Line(Identity(), own_address())
    headers = {"Content-Type": "application/sdp", "Authorization": f"Bearer {goal.token}"}
    async with (
        aiohttp.ClientSession() as http,
        http.post(goal.whip, data=line.description("sendonly"), headers=headers) as answer,
    ):
        text = await answer.text()
        if answer.status != 201:
            raise RuntimeError(f"not let in: {answer.status} {text}")
    await line.connect(remote(text))
    return line


def _plain(goal: Goal) -> Programme:
    assert goal.ports is not None
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    to = {AUDIO: (goal.host, goal.ports[0]), VIDEO: (goal.host, goal.ports[1])}

    def send(kind: int, data: bytes) -> None:
        out.sendto(data, to[kind])

    return Programme(send)


def main(goal: Goal) -> None:
    if goal.ports:
        programme, idle = _plain(goal), _idle
    else:
        encoder = Encoder(asyncio.run(_published(goal)))
        programme, idle = encoder.programme, encoder.idle
    print("plays", flush=True)
    programme.play(idle)
    print(msgspec.json.encode(programme.sent).decode(), flush=True)


def _idle(until: float) -> bool:
    """False when standard input was closed meanwhile."""
    ended, _, _ = select.select([sys.stdin], [], [], max(0.0, until - time.monotonic()))
    return not ended


if __name__ == "__main__":
    main(msgspec.json.decode(sys.argv[1], type=Goal))
