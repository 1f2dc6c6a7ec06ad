"""What a whole hall fetches at once is held in memory: every phone gets slices of the same bytes.

Half the work for the processor, no memory for a slow phone, and one read of the store instead of thousands.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from pathlib import Path

from .storage import Blob, Chunk, Storage

MAX_FILE = 16 * 1024 * 1024  # bytes; larger files are films, which few fetch at once, and stream from the store
MAX_HELD = 128 * 1024 * 1024  # bytes of all held files; the papers of several conferences
LOADS = 4  # files read from the store at once: they stand in memory beside those that are held
SLICE = 256 * 1024  # bytes handed to the line at once


class Hot:
    """The storage port over another one. The longest unread file is let go first."""

    def __init__(self, storage: Storage, held: int = MAX_HELD) -> None:
        self._storage, self._limit = storage, held
        self._files: OrderedDict[str, tuple[Blob, memoryview]] = OrderedDict()
        self._size = 0
        self._loading: dict[str, asyncio.Lock] = {}
        self._places = asyncio.Semaphore(LOADS)

    async def keep(self, hash: str, file: Path) -> None:
        await self._storage.keep(hash, file)

    async def find(self, hash: str) -> Blob | None:
        if held := self._files.get(hash):
            return held[0]
        return await self._storage.find(hash)

    async def read(self, hash: str, start: int, stop: int) -> AsyncIterator[Chunk]:
        content = await self._content(hash)
        if content is None:
            async for chunk in self._storage.read(hash, start, stop):
                yield chunk
            return
        for at in range(start, stop, SLICE):
            yield content[at : min(stop, at + SLICE)]

    def blobs(self) -> AsyncIterator[Blob]:
        return self._storage.blobs()

    async def remove(self, hash: str, before: int) -> bool:
        removed = await self._storage.remove(hash, before)
        if removed and (held := self._files.pop(hash, None)):
            self._size -= held[0].size
        return removed

    async def _content(self, hash: str) -> memoryview | None:
        """None: too large to be held, or not there."""
        if held := self._files.get(hash):
            self._files.move_to_end(hash)
            return held[1]
        lock = self._loading.setdefault(hash, asyncio.Lock())
        try:
            async with lock:  # who comes while it is read waits for the same bytes
                return self._files[hash][1] if hash in self._files else await self._load(hash)
        finally:
            if not lock.locked():
                self._loading.pop(hash, None)

    async def _load(self, hash: str) -> memoryview | None:
        blob = await self._storage.find(hash)
        if blob is None or blob.size > min(MAX_FILE, self._limit):
            return None
        async with self._places:
            content = b"".join([chunk async for chunk in self._storage.read(hash, 0, blob.size)])
        if len(content) != blob.size:
            raise OSError(f"{hash} has {len(content)} bytes instead of {blob.size}")
        self._files[hash] = (blob, memoryview(content))
        self._size += blob.size
        while self._size > self._limit:
            _, (gone, _) = self._files.popitem(last=False)
            self._size -= gone.size
        return memoryview(content)
