"""Feeds the slate to every worker, as one worker feeds another's source: as packets in clear on this machine's sockets.

It is one source, always there, whose qualities are the codecs, so that each viewer gets what he decodes: a key frame
every second, sooner when somebody asks for one, and now and then a packet of silence.
"""

import asyncio
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import msgspec
import structlog
from aiortc.codecs.h264 import H264Encoder
from av import Packet

from bridge.orders import CodecName, Kind
from bridge.relay.lane import CLOCK_RATES
from bridge.relay.mirrors import Mirrors
from bridge.relay.source import Source, Told, Track
from bridge.wire import rtcp, rtp

from .still import Stills, VideoCodec

log = structlog.get_logger()

BEAT_SECONDS = 0.25  # between two packets of silence
BEATS_A_PICTURE = 4
MAX_PAYLOAD = 1_200  # bytes, so that no path cuts a packet apart
SILENCE = b"\xf8\xff\xfe"  # 20 ms of it in Opus
_SESSION = 0xFFFF_FFFF  # beside the sessions' numbers, which count from 1
_NTP_EPOCH = 2_208_988_800  # seconds from 1900 to 1970
_VP8_FIRST, _VP8_NEXT = b"\x10", b"\x00"  # RFC 7741, 4.2: where a frame begins, and where it goes on


class CannotMake(Exception):
    """The message is what the process that makes the slate said last."""


async def feed(folder: Path, workers: Sequence[str], name: str) -> None:
    """Until cancelled. `workers`: the paths of their sockets; the source is called `name`. Without a picture the
    programme has no slate, and everything else goes on."""
    try:
        stills = await make()
    except CannotMake as error:
        log.error("slate_not_made", reason=str(error))
        return
    mirrors = Mirrors(str(folder / "slate"), lambda source: None, lambda source: None)
    loop = asyncio.get_running_loop()
    try:
        slate = Slate(name, stills)
        mirrors.share(_SESSION, slate.source, tuple(workers), time.monotonic())
        loop.add_reader(mirrors.socket, lambda: mirrors.receive(time.monotonic()))
        while True:
            now = time.monotonic()
            mirrors.tick(now)
            slate.beat(now)
            await asyncio.sleep(BEAT_SECONDS)
    finally:
        loop.remove_reader(mirrors.socket)
        mirrors.close()


async def make() -> Stills:
    """In a process of its own. Raises `CannotMake`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bridge.slate.still", stdin=DEVNULL, stdout=PIPE, stderr=PIPE, start_new_session=True
    )
    try:
        made, said = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise CannotMake(said.decode(errors="replace").strip().rpartition("\n")[2])
    return msgspec.msgpack.decode(made, type=Stills)


class Slate:
    """A source that nobody publishes."""

    def __init__(self, name: str, stills: Stills) -> None:
        self._sound = _Line("audio", "opus", [SILENCE])
        self._pictures = [_Line("video", codec, payloads(codec, frame)) for codec, frame in stills.frames.items()]
        self.source = Source(name, self._sound.track, [line.track for line in self._pictures])
        self._beats = 0

    def beat(self, now: float) -> None:
        self._sound.send(now)
        if self._beats % BEATS_A_PICTURE == 0:
            for line in self._pictures:
                line.send(now)
        self._beats += 1


class _Line:
    """A track of ours, always the same `payloads`, numbered from 0 on; its media time is the machine's."""

    def __init__(self, kind: Kind, codec: CodecName, payloads: Sequence[bytes]) -> None:
        self.track = Track(kind, codec, 0, self._asked, 0)
        self._payloads = payloads
        self._sequence = 0

    def _asked(self, packet: rtcp.Packet) -> None:
        """A wish for a key frame is the only one there is: between here and a worker nothing has to be repeated."""
        if isinstance(packet, rtcp.Pli):
            self.send(time.monotonic())

    def send(self, now: float) -> None:
        timestamp = round(now * CLOCK_RATES[self.track.kind]) & 0xFFFF_FFFF
        self.track.told = Told(round((time.time() + _NTP_EPOCH) * (1 << 32)), timestamp, now)
        for n, payload in enumerate(self._payloads, 1):
            data = rtp.build(0, self._sequence, timestamp, 1, payload, marker=n == len(self._payloads))
            self._sequence = self._sequence + 1 & 0xFFFF
            packet = rtp.parse(data)
            assert packet is not None
            self.track.take(packet, now)


def payloads(codec: VideoCodec, frame: bytes) -> list[bytes]:
    """A frame as its packets carry it."""
    return _vp8(frame) if codec == "VP8" else _h264(frame)


def _vp8(frame: bytes) -> list[bytes]:
    starts = range(0, len(frame), MAX_PAYLOAD)
    return [(_VP8_NEXT if at else _VP8_FIRST) + frame[at : at + MAX_PAYLOAD] for at in starts]


def _h264(frame: bytes) -> list[bytes]:
    packet = Packet(frame)
    packet.pts, packet.time_base = 0, Fraction(1)
    return H264Encoder().pack(packet)[0]
