"""One receiver of frames: a socket's transport, written to without a task or a queue of its own.

A frame is built once (`text_frame`) and the same bytes go to every transport. The transport's own
buffer is the outbox; it is bounded by `MAX_OUTBOX`, and who cannot keep up is closed and comes back
to a fresh snapshot, which is cheaper than his backlog.
"""

import asyncio
import struct

from server.protocol.errors import Close
from server.protocol.messages import ByeMessage, Retry

from .wire import encode

# Bytes that the kernel has not taken yet, before another frame is added: seconds of frames of the largest
# conference. One snapshot may stand above it, else nobody with a weak line could ever get one.
MAX_OUTBOX = 4 * 1024 * 1024


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


class Outlet:
    """Writes frames to one socket. After `end` nothing more is written."""

    __slots__ = ("_transport", "ended", "seen")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self.ended: int | None = None
        self.seen = 0  # the point's change this receiver was told of already, with its own answer

    def send(self, frame: bytes) -> bool:
        """False when the receiver is gone or could not keep up and was ended."""
        if self.ended is not None or self._transport.is_closing():
            return False
        if self._transport.get_write_buffer_size() > MAX_OUTBOX:
            self.abort(Close.TOO_SLOW)
            return False
        self._transport.write(frame)
        return True

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
