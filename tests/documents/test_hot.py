"""What many fetch is read once; memory has a bound; nothing else changes."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.documents import hot
from server.documents.hot import Hot
from server.documents.storage import Chunk, Folder

from .files import noise

FUTURE = 2**53


class Watched(Folder):
    """Remembers what was read of it."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.reads: list[tuple[str, int, int]] = []

    async def read(self, hash: str, start: int, stop: int) -> AsyncIterator[Chunk]:
        self.reads.append((hash, start, stop))
        async for chunk in super().read(hash, start, stop):
            yield chunk


@pytest.fixture
def store(tmp_path: Path) -> Watched:
    return Watched(tmp_path / "store")


async def given(store: Folder, tmp_path: Path, content: bytes) -> str:
    file = tmp_path / "incoming"
    file.write_bytes(content)
    hash = hashlib.sha256(content).hexdigest()
    await store.keep(hash, file)
    return hash


async def read(storage: Hot, hash: str, start: int, stop: int) -> bytes:
    return b"".join([chunk async for chunk in storage.read(hash, start, stop)])


async def test_a_hundred_readers_are_one_read(store: Watched, tmp_path: Path) -> None:
    content = noise(300_000)
    hash, warm = await given(store, tmp_path, content), Hot(store)
    got = await asyncio.gather(*(read(warm, hash, n, len(content) - n) for n in range(100)))
    assert all(piece == content[n : len(content) - n] for n, piece in enumerate(got))
    assert store.reads == [(hash, 0, len(content))]
    assert not warm._loading


async def test_a_large_file_is_read_in_parts(store: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hot, "MAX_FILE", 1_000)
    hash, warm = await given(store, tmp_path, noise(1_001)), Hot(store)
    assert await read(warm, hash, 5, 9) == noise(1_001)[5:9]
    assert store.reads == [(hash, 5, 9)]


async def test_memory_has_a_bound(store: Watched, tmp_path: Path) -> None:
    warm = Hot(store, held=2_500)
    hashes = [await given(store, tmp_path, noise(1_000, seed)) for seed in range(3)]
    for hash in (hashes[0], hashes[1], hashes[0], hashes[2]):
        await read(warm, hash, 0, 1)
    before = len(store.reads)
    await read(warm, hashes[0], 0, 1)
    assert len(store.reads) == before, "the one read last stays"
    await read(warm, hashes[1], 0, 1)
    assert len(store.reads) == before + 1, "the longest unread went"


async def test_what_is_removed_is_gone(store: Watched, tmp_path: Path) -> None:
    hash, warm = await given(store, tmp_path, noise(10)), Hot(store)
    assert await read(warm, hash, 0, 10) == noise(10)
    assert await warm.remove(hash, FUTURE)
    assert await warm.find(hash) is None
    with pytest.raises(FileNotFoundError):
        await read(warm, hash, 0, 1)


async def test_a_reader_that_leaves_does_not_stop_the_others(store: Watched, tmp_path: Path) -> None:
    content = noise(300_000)
    hash, warm = await given(store, tmp_path, content), Hot(store)
    async with asyncio.TaskGroup() as group:
        first = group.create_task(read(warm, hash, 0, len(content)))
        second = group.create_task(read(warm, hash, 0, len(content)))
        await asyncio.sleep(0)
        first.cancel()
    assert second.result() == content
