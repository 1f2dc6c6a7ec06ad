"""The slate at Janus: sent as plain RTP to each mountpoint of a programme that nothing is forwarded to."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from socket import AF_INET, AF_INET6, SOCK_DGRAM, socket

import structlog

from bridge.orders import Kind
from bridge.relay.lane import CLOCK_RATES
from bridge.slate.feeder import BEAT_SECONDS, BEATS_A_PICTURE, SILENCE, CannotMake, make, payloads
from bridge.slate.still import VideoCodec
from bridge.wire import rtp

from .mountpoints import Mountpoint

log = structlog.get_logger()

PAYLOAD_TYPE = 96  # any: a mountpoint puts its own in its place


class Slate:
    """`targets`: those that show it now."""

    def __init__(self, address: str, codec: VideoCodec, targets: Callable[[], Iterable[Mountpoint]]) -> None:
        self._address, self._codec, self._targets = address, codec, targets
        self._picture: list[bytes] = []
        self._socket = socket(AF_INET6 if ip_address(address).version == 6 else AF_INET, SOCK_DGRAM)
        self._socket.setblocking(False)

    async def keep(self) -> None:
        """Until cancelled. Without a picture the programme has no slate, and everything else goes on."""
        try:
            self._picture = payloads(self._codec, (await make()).frames[self._codec])
        except CannotMake as error:
            log.error("slate_not_made", reason=str(error))
            return
        beats = 0
        while True:
            for target in self._targets():
                self._send(target, "audio", [SILENCE])
                if beats % BEATS_A_PICTURE == 0:
                    self.show(target)
            beats += 1
            await asyncio.sleep(BEAT_SECONDS)

    def show(self, target: Mountpoint) -> None:
        """Its picture, at once."""
        self._send(target, "video", self._picture)

    def _send(self, target: Mountpoint, kind: Kind, packets: list[bytes]) -> None:
        port = next((one.rtp for one in target.ports if one.kind == kind), None)
        if port is None:
            return
        timestamp = round(time.monotonic() * CLOCK_RATES[kind]) & 0xFFFF_FFFF
        for n, payload in enumerate(packets, 1):
            number = target.sequences[kind] = target.sequences[kind] + 1 & 0xFFFF
            data = rtp.build(PAYLOAD_TYPE, number, timestamp, target.ssrc, payload, marker=n == len(packets))
            with contextlib.suppress(OSError):  # the next picture comes in a second
                self._socket.sendto(data, (self._address, port))

    def close(self) -> None:
        self._socket.close()
