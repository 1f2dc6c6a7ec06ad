"""One receiver of frames: a socket's transport, written to without a task or a queue of its own.

A frame is built once (`text_frame`) and the same bytes go to every transport. The transport's own
buffer is the outbox, and it is bounded: a wall that is slow misses frames and is told the sum of them
later; who does not read at all is closed and comes back.
"""

import asyncio
import struct
from typing import NamedTuple

from server.protocol.errors import Close
from server.protocol.messages import ByeMessage, Retry

from .wire import encode

# Bytes that the kernel has not taken yet, beside the largest message: who lets so much pile up does not read. But a
# wall that has just been sent the snapshot of a country, 11 MB, may send its beat before it has read that.
MAX_OUTBOX = 4 * 1024 * 1024
# A wall with more than this gets no frames: what it misses comes in one when it has taken what is there. So memory
# holds a snapshot and a frame for each wall at most, and nobody with a weak line is sent from snapshot to snapshot.
FULL, DRAINED = 1024 * 1024, 64 * 1024
SLOW_SECONDS = 30.0  # for taking what is there: a snapshot of the largest conference over 4 Mbit/s


def text_frame(payload: bytes) -> bytes:
    """A whole, unmasked WebSocket text frame (RFC 6455, 5.2)."""
    n = len(payload)
    if n < 126:
        return struct.pack("!BB", 0x81, n) + payload
    if n < 65_536:
        return struct.pack("!BBH", 0x81, 126, n) + payload
    return struct.pack("!BBQ", 0x81, 127, n) + payload


def close_frame(code: int) -> bytes:
    return struct.pack("!BBH", 0x88, 2, code)


def pong_frame(payload: bytes) -> bytes:
    """The answer to a ping, whose payload is 125 bytes at most."""
    return struct.pack("!BB", 0x8A, len(payload)) + payload


class Behind(NamedTuple):
    """What a slow wall has: everything up to `seq`, and presence up to `at`, ms. `since`: monotonic seconds."""

    seq: int
    at: int
    since: float


class Outlet:
    """Writes frames to one socket. After `end` nothing more is written."""

    __slots__ = ("_largest", "_transport", "behind", "ended", "seen")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._largest = 0  # bytes of one message
        self.ended: int | None = None
        self.behind: Behind | None = None
        self.seen = 0  # the point's change this receiver was told of already, with its own answer

    def send(self, frame: bytes) -> bool:
        """False when the receiver is gone or could not keep up and was ended."""
        if self.ended is not None or self._transport.is_closing():
            return False
        if self._transport.get_write_buffer_size() > MAX_OUTBOX + self._largest:
            self.abort(Close.TOO_SLOW)
            return False
        self._largest = max(self._largest, len(frame))
        self._transport.write(frame)
        return True

    def is_full(self) -> bool:
        return self._transport.get_write_buffer_size() > FULL

    def is_drained(self) -> bool:
        return self._transport.get_write_buffer_size() < DRAINED

    def end(self, code: Close, retry: Retry | None = None) -> None:
        """Says goodbye with a reason a program can act on, and closes once that is written."""
        if self.ended is None:
            self.ended = code
            if not self._transport.is_closing():
                bye = ByeMessage(int(code), code.name.lower(), retry)
                self._transport.write(text_frame(encode(bye)) + close_frame(code))
                self._transport.close()

    def close(self, code: int) -> None:
        """Ends the line without words of ours: the client closed it, or sent what no client may."""
        if not self._transport.is_closing():
            self._transport.write(close_frame(code))
            self._transport.close()

    def abort(self, code: Close) -> None:
        """Cuts at once: a receiver whose buffer is full would not read a goodbye."""
        self.ended = code
        self._transport.abort()
