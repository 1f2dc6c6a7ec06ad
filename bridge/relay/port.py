"""One UDP port: many packets of one frame in one call where the kernel can cut them apart, one by one where not."""

import contextlib
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from struct import Struct as Layout
from typing import NamedTuple

from bridge.wire.srtp import Frame

Address = tuple[str, int] | tuple[str, int, int, int]

UDP_SEGMENT = 103  # linux/udp.h, since Linux 4.18; Python has no names for these
SO_SNDBUFFORCE, SO_RCVBUFFORCE, SO_TIMESTAMPNS = 32, 33, 35  # asm-generic/socket.h
MAX_SEGMENTS = 64  # of one call, in every kernel that has segments
MAX_BYTES = 65_000  # of one call: the length of a datagram counts in 16 bits, with its headers
SEND_BYTES = 8 * 1024 * 1024  # a key frame to a thousand viewers; the kernel may give less
RECEIVE_BYTES = 2 * 1024 * 1024  # a thousand packets: all that comes in a second; what waits longer is of no use
BEHIND_SECONDS = 0.25  # that a datagram may have waited for us; a longer delay is seen by everybody who watches
LOT = 64  # datagrams read in one go, before anything else has its turn
LARGEST = 2_048  # of a datagram; media and handshakes stay below 1,500


_STAMP = Layout("@ll")  # seconds and nanoseconds
_STAMP_SPACE = socket.CMSG_SPACE(_STAMP.size)


class Run(NamedTuple):
    """Packets of one size but the last, which may be smaller, one behind the other. `cut`: how the kernel is told."""

    data: memoryview
    cut: list[tuple[int, int, bytes]]
    packets: int


class Port:
    """Counts what it sent, what the kernel did not take (that is lost, as on any line), and what others `shed`, packets
    that were not even tried. `behind`: what comes has waited for us for too long, and more of it is waiting."""

    def __init__(self, host: str, port: int, clock: Callable[[], float] = time.time) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        if family == socket.AF_INET6:
            self._socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)  # `::` serves IPv4 as well
        _size(self._socket, socket.SO_SNDBUF, SO_SNDBUFFORCE, SEND_BYTES)
        _size(self._socket, socket.SO_RCVBUF, SO_RCVBUFFORCE, RECEIVE_BYTES)
        with contextlib.suppress(OSError):  # without it nothing is ever late
            self._socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self._socket.bind((host, port))
        self._socket.setblocking(False)
        self.can_cut = _can_cut(family)
        self.clock = clock  # the one that the kernel stamps what comes with
        self.sent = self.dropped = self.shed = 0
        self.behind = False

    def fileno(self) -> int:
        return self._socket.fileno()

    @property
    def number(self) -> int:
        return int(self._socket.getsockname()[1])

    def address(self, host: str, port: int) -> Address | None:
        """As this socket names it; None when there is no way there."""
        if self._socket.family == socket.AF_INET:
            return None if ":" in host else (host, port)
        return (host if ":" in host else f"::ffff:{host}", port, 0, 0)

    def close(self) -> None:
        self._socket.close()

    def receive(self) -> Iterator[tuple[bytes, Address]]:
        """What has arrived, at most `LOT` datagrams."""
        for _ in range(LOT):
            try:
                data, told, _, address = self._socket.recvmsg(LARGEST, _STAMP_SPACE)
            except BlockingIOError:
                self.behind = False
                return
            except ConnectionError:
                continue  # somebody we sent to is not there any more
            if told and self._waited(told[0][2]) > BEHIND_SECONDS:
                self.behind = True
            yield data, address

    def _waited(self, stamp: bytes) -> float:
        seconds, nanoseconds = _STAMP.unpack(stamp)
        return float(self.clock() - seconds - nanoseconds * 1e-9)

    def send(self, data: bytes | memoryview, to: Address) -> None:
        try:
            self._socket.sendto(data, to)
            self.sent += 1
        except OSError:  # full, or no way there
            self.dropped += 1

    def send_runs(self, runs: Sequence[Run], to: Address) -> None:
        """The inner loop of the relay, after sealing."""
        for data, cut, packets in runs:
            try:
                if cut:
                    self._socket.sendmsg((data,), cut, 0, to)
                else:
                    self._socket.sendto(data, to)
                self.sent += packets
            except OSError:  # full, or no way there
                self.dropped += packets

    def runs(self, frame: Frame, buffer: memoryview) -> list[Run]:
        """How a frame laid out in `buffer` is sent."""
        found: list[Run] = []
        start = end = size = count = 0
        for slot in frame.slots:
            length = len(slot.head) + len(slot.body)
            fits = self.can_cut and count and length <= size and (end - start) == count * size
            if not (fits and count < MAX_SEGMENTS and end - start + length <= MAX_BYTES):
                if count:
                    found.append(_run(buffer[start:end], size, count))
                start, size, count = end, length, 0
            end += length
            count += 1
        if count:
            found.append(_run(buffer[start:end], size, count))
        return found


def readable(address: Address) -> str:
    host = str(address[0]).removeprefix("::ffff:")
    return f"[{host}]:{address[1]}" if ":" in host else f"{host}:{address[1]}"


def _run(data: memoryview, size: int, count: int) -> Run:
    cut = [(socket.SOL_UDP, UDP_SEGMENT, size.to_bytes(2, sys.byteorder))] if count > 1 else []
    return Run(data, cut, count)


def _size(of: socket.socket, option: int, beyond: int, size: int) -> None:
    """Beyond the machine's limit where this process may; else as far as the limit."""
    try:
        of.setsockopt(socket.SOL_SOCKET, beyond, size)
    except PermissionError:
        of.setsockopt(socket.SOL_SOCKET, option, size)


def _can_cut(family: int) -> bool:
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.setsockopt(socket.SOL_UDP, UDP_SEGMENT, 1_200)
        except OSError:
            return False
        return True
