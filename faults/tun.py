"""A network that loses, delays, overtakes and holds back packets: real ones, under the kernel's own TCP.

A tun device in a network of our own carries them; this program is the line between its two ends. Whoever connects to
`FAR` is answered by this machine at `NEAR`: the two addresses of every packet change places, which leaves both
checksums as they are.
"""

import asyncio
import contextlib
import fcntl
import heapq
import itertools
import os
import random
import struct
import subprocess
from collections.abc import Iterator

from msgspec import Struct

NEAR, FAR = "10.77.0.1", "10.77.0.2"
DEVICE = "tun0"
_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
MTU = 1_400  # bytes; without segmentation by the device, so that what is lost is what a radio would lose
QUEUE_SECONDS = 2.0  # what waits longer for a thin line is dropped, as a router's buffer drops it
_ADDRESSES = slice(12, 20)  # of an IPv4 packet: from whom, to whom
_PORTS = slice(20, 24)


class Weather(Struct):
    """Of each direction. `loss` and `overtaken`: shares of packets. `delay` in seconds, `rate` in bytes a second for
    each connection (0: no bound)."""

    loss: float = 0.0
    delay: float = 0.0
    overtaken: float = 0.0
    rate: float = 0.0


class Counted(Struct):
    carried: int = 0
    lost: int = 0
    overtaken: int = 0


class Tunnel:
    """Needs to administer the network that it runs in: see `apart`."""

    def __init__(self) -> None:
        self.weather, self.counted = Weather(), Counted()
        self._device = -1
        self._due: list[tuple[float, int, bytes]] = []
        self._numbers = itertools.count()
        self._free: dict[bytes, float] = {}  # when the line of a connection's direction has carried what it got
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        self._device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(self._device, _TUNSETIFF, struct.pack("16sH", DEVICE.encode(), _IFF_TUN | _IFF_NO_PI))
        for command in (f"addr add {NEAR}/24 dev {DEVICE}", f"link set {DEVICE} mtu {MTU} up"):
            subprocess.run(["ip", *command.split()], check=True)
        asyncio.get_running_loop().add_reader(self._device, self._read)

    def stop(self) -> None:
        """The device goes with its last user."""
        asyncio.get_running_loop().remove_reader(self._device)
        if self._timer:
            self._timer.cancel()
        os.close(self._device)

    def _read(self) -> None:
        for packet in _packets(self._device):
            self._take(packet, asyncio.get_running_loop().time())
        self._send()

    def _take(self, packet: bytes, now: float) -> None:
        weather = self.weather
        if random.random() < weather.loss:
            self.counted.lost += 1
            return
        due = self._thin(packet, now) + weather.delay
        if due - now > QUEUE_SECONDS + weather.delay:
            self.counted.lost += 1
            return
        if random.random() < weather.overtaken:
            self.counted.overtaken += 1
            due += 0.05 + weather.delay * random.random()
        self.counted.carried += 1
        heapq.heappush(self._due, (due, next(self._numbers), packet[:12] + packet[16:20] + packet[12:16] + packet[20:]))

    def _thin(self, packet: bytes, now: float) -> float:
        """When the line of its connection has carried it, or when it would have."""
        if not self.weather.rate:
            return now
        way = packet[_ADDRESSES] + packet[_PORTS]
        carried = max(now, self._free.get(way, 0.0)) + len(packet) / self.weather.rate
        if carried - now <= QUEUE_SECONDS:
            self._free[way] = carried
        return carried

    def _send(self) -> None:
        loop = asyncio.get_running_loop()
        while self._due and self._due[0][0] <= loop.time():
            with contextlib.suppress(BlockingIOError, OSError):  # the kernel has no room: one more is lost
                os.write(self._device, heapq.heappop(self._due)[2])
        if self._timer:
            self._timer.cancel()
        self._timer = loop.call_at(self._due[0][0], self._send) if self._due else None


def _packets(device: int) -> Iterator[bytes]:
    """IPv4 alone."""
    with contextlib.suppress(BlockingIOError):
        while True:
            packet = os.read(device, 65_536)
            if packet[0] >> 4 == 4:
                yield packet
