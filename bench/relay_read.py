"""Many datagrams in one call, each with the moment that the kernel took it: what lets one core be hundreds of viewers.

The moment is the kernel's and not that of the reading, so a reader that is late measures no gaps of its own.
"""

import ctypes
import socket
from collections.abc import Sequence
from pathlib import Path
from struct import Struct

LOT = 64  # datagrams of one call
HEAD = 256  # bytes kept of a datagram: a connectivity check and a report are whole, of media more than the header
WHOLE = 2_048
RECEIVE_BUFFER = 4 << 20  # bytes, of each viewer: seconds of the programme
SO_RCVBUFFORCE, SO_TIMESTAMPNS, SO_MEMINFO = 33, 35, 55  # asm-generic/socket.h; Python has no names for these
_MEMINFO = Struct("9I")
_STAMP = Struct("=16xqq")  # after the header of the control message: seconds and nanoseconds of the wall clock
Header = tuple[int, int, int, int, int]  # the first two bytes, sequence number, timestamp, SSRC


class _Part(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class _Header(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_void_p), ("name_length", ctypes.c_uint32),
        ("parts", ctypes.c_void_p), ("part_count", ctypes.c_size_t),
        ("control", ctypes.c_void_p), ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    )  # fmt: skip


class _Message(ctypes.Structure):
    _fields_ = (("header", _Header), ("length", ctypes.c_uint32))


class Reader:
    """Of many sockets in turn; what a call brought is there until the next one. `size`: bytes kept of a datagram."""

    def __init__(self, size: int = HEAD) -> None:
        self._size, self._header = size, Struct(f"!BBHII{size - 12}x")
        self._data = memoryview(bytearray(LOT * size))
        self._control = memoryview(bytearray(LOT * _STAMP.size))
        data, control = _address(self._data), _address(self._control)
        self._parts = (_Part * LOT)(*(_Part(data + n * size, size) for n in range(LOT)))
        parts, each = ctypes.addressof(self._parts), ctypes.sizeof(_Part)
        self._messages = (_Message * LOT)(
            *(
                _Message(_Header(None, 0, parts + n * each, 1, control + n * _STAMP.size, _STAMP.size, 0), 0)
                for n in range(LOT)
            )
        )
        self._receive = ctypes.CDLL(None, use_errno=True).recvmmsg
        self._receive.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_void_p)

    def read(self, fd: int) -> int:
        """How many came: fewer than `LOT` when there are no more."""
        return max(0, int(self._receive(fd, ctypes.byref(self._messages), LOT, socket.MSG_DONTWAIT, None)))

    def headers(self, count: int) -> Sequence[Header]:
        return list(self._header.iter_unpack(self._data[: count * self._size]))

    def moments(self, count: int) -> Sequence[tuple[int, int]]:
        return list(_STAMP.iter_unpack(self._control[: count * _STAMP.size]))

    def data(self, number: int) -> bytes:
        start = number * self._size
        return bytes(self._data[start : start + min(self._size, self._messages[number].length)])


def _address(of: memoryview) -> int:
    return ctypes.addressof(ctypes.c_char.from_buffer(of))


def listening_socket() -> socket.socket:
    """Of one viewer, at any of this machine's addresses."""
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setblocking(False)
    try:
        made.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER)
    except PermissionError:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
    made.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    return made


def overflown(of: socket.socket) -> int:
    """Datagrams that reached the socket and found its buffer full: lost by the load, not by whom it measures."""
    return int(_MEMINFO.unpack(of.getsockopt(socket.SOL_SOCKET, SO_MEMINFO, _MEMINFO.size))[8])


def loopback_drops() -> int:
    """What the kernel dropped between sender and receiver since it started, for it was behind (`softnet_stat`): lost by
    a machine that is busy with other work, not by whom it carries for."""
    rows = Path("/proc/net/softnet_stat").read_text().splitlines()
    return sum(int(row.split()[1], 16) for row in rows)
