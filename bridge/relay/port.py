"""One UDP port: many packets of one frame in one call where the kernel can cut them apart, one by one where not."""

import socket
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bridge.wire.srtp import Frame

Address = tuple[str, int] | tuple[str, int, int, int]

UDP_SEGMENT = 103  # linux/udp.h, since Linux 4.18; Python has no names for these
SO_SNDBUFFORCE, SO_RCVBUFFORCE = 32, 33  # asm-generic/socket.h
MAX_SEGMENTS = 64  # of one call, in every kernel that has segments
MAX_BYTES = 65_000  # of one call: the length of a datagram counts in 16 bits, with its headers
BUFFER_BYTES = 8 * 1024 * 1024  # a key frame to a thousand viewers; the kernel may give less
LOT = 64  # datagrams read in one go, before anything else has its turn
LARGEST = 2_048  # of a datagram; media and handshakes stay below 1,500


class Run(NamedTuple):
    """Packets of one size but the last, which may be smaller, one behind the other. `cut`: how the kernel is told."""

    data: memoryview
    cut: list[tuple[int, int, bytes]]
    packets: int


class Port:
    """Counts what it sent, and what the kernel did not take: that is lost, as on any line."""

    def __init__(self, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        if family == socket.AF_INET6:
            self._socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)  # `::` serves IPv4 as well
        for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            _widen(self._socket, option)
        self._socket.bind((host, port))
        self._socket.setblocking(False)
        self.can_cut = _can_cut(family)
        self.sent = self.dropped = 0

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
                yield self._socket.recvfrom(LARGEST)
            except BlockingIOError:
                return
            except ConnectionError:
                continue  # somebody we sent to is not there any more

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


def _run(data: memoryview, size: int, count: int) -> Run:
    cut = [(socket.SOL_UDP, UDP_SEGMENT, size.to_bytes(2, sys.byteorder))] if count > 1 else []
    return Run(data, cut, count)


def _widen(of: socket.socket, option: int) -> None:
    """Beyond the machine's limit where this process may; else as far as the limit."""
    beyond = {socket.SO_SNDBUF: SO_SNDBUFFORCE, socket.SO_RCVBUF: SO_RCVBUFFORCE}[option]
    try:
        of.setsockopt(socket.SOL_SOCKET, beyond, BUFFER_BYTES)
    except PermissionError:
        of.setsockopt(socket.SOL_SOCKET, option, BUFFER_BYTES)


def _can_cut(family: int) -> bool:
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.setsockopt(socket.SOL_UDP, UDP_SEGMENT, 1_200)
        except OSError:
            return False
        return True
