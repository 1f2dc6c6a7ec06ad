"""Where files are kept: under the SHA-256 of their content, so that a name can never mean another content."""

import asyncio
import os
import re
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

from msgspec import Struct

CHUNK = 64 * 1024  # bytes on their way to one phone; a hall of slow phones must not fill the memory
HASH = re.compile(r"[0-9a-f]{64}")
MARK = "mark"  # the name under which a store keeps what tells it from others
Chunk = bytes | memoryview


class Blob(Struct, frozen=True):
    """`modified_at` in milliseconds: when this content was last given to the store."""

    hash: str
    size: int
    modified_at: int


class StorageAway(Exception):
    """The store cannot be reached now. Nothing is known; come back."""


class Storage(Protocol):
    """Guarantees: what `keep` returned for is durable and whole; nobody ever sees half a file.

    Every method may raise `StorageAway`.
    """

    async def keep(self, hash: str, file: Path) -> None:
        """Takes over `file`, whose SHA-256 is `hash`. The same content again only counts as new. OSError."""

    async def find(self, hash: str) -> Blob | None: ...

    def read(self, hash: str, start: int, stop: int) -> AsyncIterator[Chunk]:
        """The bytes from `start` up to `stop`, in chunks. FileNotFoundError, OSError."""

    def blobs(self) -> AsyncIterator[Blob]: ...

    async def remove(self, hash: str, before: int) -> bool:
        """Removes it if it was last given before `before`; whether it did."""


def key_of(hash: str) -> str:
    """Two levels of folders, so that none holds more than some hundred entries."""
    if not HASH.fullmatch(hash):
        raise ValueError(f"{hash!r} is no SHA-256")
    return f"files/{hash[:2]}/{hash[2:4]}/{hash}"


class Folder:
    """A folder of this machine. Files appear by rename, and only after they are on the disk."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()  # a removal must not meet the same content coming again

    async def keep(self, hash: str, file: Path) -> None:
        await asyncio.to_thread(self._keep, self._root / key_of(hash), file)

    def _keep(self, place: Path, file: Path) -> None:
        with file.open("rb") as opened:
            os.fsync(opened.fileno())
        missing = [p for p in (place.parent, *place.parent.parents) if not p.exists()]
        place.parent.mkdir(parents=True, exist_ok=True)
        os.utime(file)
        with self._lock:
            file.replace(place)
        for folder in (place.parent, *(p.parent for p in missing)):
            sync_folder(folder)

    async def find(self, hash: str) -> Blob | None:
        return await asyncio.to_thread(_blob, self._root / key_of(hash))

    async def read(self, hash: str, start: int, stop: int) -> AsyncIterator[Chunk]:
        handle = await asyncio.to_thread(os.open, self._root / key_of(hash), os.O_RDONLY)
        try:
            while start < stop:
                chunk = await asyncio.to_thread(os.pread, handle, min(CHUNK, stop - start), start)
                if not chunk:
                    raise OSError(f"{hash} is shorter than it was")
                start += len(chunk)
                yield chunk
        finally:
            os.close(handle)

    async def blobs(self) -> AsyncIterator[Blob]:
        for blob in await asyncio.to_thread(self._list):
            yield blob

    def _list(self) -> list[Blob]:
        return [b for p in self._root.glob("files/??/??/*") if HASH.fullmatch(p.name) and (b := _blob(p))]

    async def remove(self, hash: str, before: int) -> bool:
        return await asyncio.to_thread(self._remove, self._root / key_of(hash), before)

    async def find_mark(self) -> str | None:
        return await asyncio.to_thread(_text, self._root / MARK)

    async def set_mark(self, mark: str) -> None:
        await asyncio.to_thread(self._set_mark, mark)

    def _set_mark(self, mark: str) -> None:
        self._root.mkdir(parents=True, exist_ok=True)
        made = self._root / f".{MARK}.{mark}"
        with made.open("x") as file:
            file.write(mark)
            file.flush()
            os.fsync(file.fileno())
        made.replace(self._root / MARK)
        sync_folder(self._root)

    def _remove(self, place: Path, before: int) -> bool:
        with self._lock:
            blob = _blob(place)
            if blob is None or blob.modified_at >= before:
                return False
            place.unlink()
            return True


def _blob(place: Path) -> Blob | None:
    try:
        facts = place.stat()
    except FileNotFoundError:
        return None
    return Blob(place.name, facts.st_size, facts.st_mtime_ns // 1_000_000)


def _text(place: Path) -> str | None:
    try:
        return place.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def sync_folder(folder: Path) -> None:
    """A rename is durable when its folder is."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
