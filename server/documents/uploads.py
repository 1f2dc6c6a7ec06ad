"""An upload on its way to the disk: hashed as it comes, bounded in size, pace and number, whole or gone."""

import asyncio
import contextlib
import errno
import hashlib
import os
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from aiohttp import ClientError, StreamReader, web
from msgspec import Struct

from server.http.problems import Problem

log = structlog.get_logger()

LOT = 256 * 1024  # bytes that go to the disk in one turn of a thread
MAX_UPLOADS = 16  # at once: each takes a thread now and then, and room on the disk
LEFT_SECONDS = 24 * 3_600  # after this, a file that a crash left behind is nobody's
_FULL = {errno.ENOSPC, errno.EDQUOT}


class Pace(Struct, frozen=True):
    """How slow a line may be: no byte for `pause` seconds, or less than `rate` bytes a second after `grace`.

    200 MB over 1 Mbit/s take half an hour, so there is no bound on the whole.
    """

    pause: float = 20
    grace: float = 20
    rate: int = 8 * 1024


PACE = Pace()


class Spooled(Struct, frozen=True):
    """A file that came whole: where it is now, its SHA-256 and its size in bytes."""

    path: Path
    hash: str
    size: int


class Uploads:
    """Receives bodies into `folder`. Nothing is left there of what did not come whole."""

    def __init__(self, folder: Path, limit: int, pace: Pace = PACE) -> None:
        self._folder, self._limit, self._pace = folder, limit, pace
        self._running = 0

    @asynccontextmanager
    async def receive(self, request: web.Request) -> AsyncIterator[Spooled]:
        """The body in a file; whoever wants it keeps it before the block ends.

        Problem 400 `cut_short` or `empty_file`, 408 `slow_request`, 413 `too_large`, 503 `busy`, 507 `storage_full`.
        """
        if self._running >= MAX_UPLOADS:
            raise Problem(503, "busy")
        self._running += 1
        path = self._folder / secrets.token_hex(16)
        try:
            yield await self._spool(request.content, path)
        except OSError as error:
            if error.errno in _FULL:
                log.error("storage_full", folder=str(self._folder))
                raise Problem(507, "storage_full") from error
            raise
        finally:
            self._running -= 1
            path.unlink(missing_ok=True)

    async def _spool(self, content: StreamReader, path: Path) -> Spooled:
        await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        handle = await asyncio.to_thread(os.open, path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            async for lot in self._lots(content):
                size += len(lot)
                if size > self._limit:
                    raise Problem(413, "too_large", limit=f"{self._limit // 2**20} MB")
                await asyncio.to_thread(_take, handle, lot, digest)
        finally:
            os.close(handle)
        if not size:
            raise Problem(400, "empty_file")
        return Spooled(path, digest.hexdigest(), size)

    async def _lots(self, content: StreamReader) -> AsyncIterator[bytes]:
        """The body in lots. The pace is measured on what the line gave, not on what the disk took."""
        held, total, began = bytearray(), 0, time.monotonic()
        while True:
            try:
                async with asyncio.timeout(self._pace.pause):
                    chunk = await content.readany()
            except TimeoutError as error:
                raise Problem(408, "slow_request") from error
            except (ClientError, ConnectionError, web.HTTPException) as error:
                raise Problem(400, "cut_short") from error
            total += len(chunk)
            held += chunk
            if (time.monotonic() - began - self._pace.grace) * self._pace.rate > total:
                raise Problem(408, "slow_request")
            if held and (len(held) >= LOT or not chunk):
                yield bytes(held)
                held.clear()
            if not chunk:
                return

    def sweep(self) -> None:
        """Removes what a crash left behind. Blocks."""
        for path in self._folder.glob("*"):
            with contextlib.suppress(FileNotFoundError):  # done meanwhile, or swept by another server
                if time.time() - path.stat().st_mtime > LEFT_SECONDS:
                    path.unlink()


def _take(handle: int, lot: bytes, digest: "hashlib._Hash") -> None:
    digest.update(lot)
    rest = memoryview(lot)
    while rest:
        rest = rest[os.write(handle, rest) :]
