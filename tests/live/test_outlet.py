"""What one receiver may leave unread."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.live.outlet import MAX_OUTBOX, Outlet, text_frame
from server.protocol.errors import Close

SNAPSHOT = text_frame(b"s" * 3 * MAX_OUTBOX)
ANSWER = text_frame(b"a" * 64)


@asynccontextmanager
async def unread() -> AsyncIterator[Outlet]:
    """An outlet whose receiver reads nothing."""
    ours, theirs = socket.socketpair()
    with theirs:
        transport, _ = await asyncio.get_running_loop().create_connection(asyncio.Protocol, sock=ours)
        yield Outlet(transport)
        transport.abort()


async def test_who_was_sent_a_large_snapshot_is_answered_before_he_has_read_it() -> None:
    async with unread() as outlet:
        assert outlet.send(SNAPSHOT)
        assert outlet.send(ANSWER)
        assert outlet.ended is None


async def test_who_leaves_more_than_that_unread_is_ended() -> None:
    async with unread() as outlet:
        assert outlet.send(SNAPSHOT)
        assert outlet.send(SNAPSHOT)
        assert not outlet.send(ANSWER)
        assert outlet.ended is Close.TOO_SLOW
