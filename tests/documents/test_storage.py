"""One contract, every store: a folder, an S3 store over the wire, and the other stores that obstore knows."""

import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from obstore.store import LocalStore, MemoryStore

from server.documents import objects
from server.documents.objects import PART, Objects, s3
from server.documents.storage import CHUNK, Folder, Storage, StorageAway, key_of

from .files import noise
from .s3 import FakeS3

FUTURE = 2**53
SMALL, LARGE = b"Ngh\xe1\xbb\x8b quy\xe1\xba\xbft", noise(PART + PART // 2)


@pytest.fixture
async def wire() -> AsyncIterator[FakeS3]:
    store = FakeS3()
    yield store
    await store.stop()


@pytest.fixture(params=["folder", "local", "memory", "s3"])
async def storage(request: pytest.FixtureRequest, tmp_path: Path, wire: FakeS3) -> Folder | Objects:
    (tmp_path / "store").mkdir()
    if request.param == "folder":
        return Folder(tmp_path / "store")
    if request.param == "local":
        return Objects(LocalStore(tmp_path / "store"))
    if request.param == "memory":
        return Objects(MemoryStore())
    return Objects(s3("s3://bucket/folder", await wire.start(), "us-east-1", "key", "secret"))


async def given(storage: Storage, tmp_path: Path, content: bytes) -> str:
    hash = hashlib.sha256(content).hexdigest()
    file = tmp_path / "incoming"
    file.write_bytes(content)
    await storage.keep(hash, file)
    assert not file.exists(), "the store took it over"
    return hash


async def read(storage: Storage, hash: str, start: int, stop: int) -> bytes:
    return b"".join([chunk async for chunk in storage.read(hash, start, stop)])


@pytest.mark.parametrize("content", [SMALL, LARGE], ids=["small", "large"])
async def test_what_was_kept_is_read(storage: Storage, tmp_path: Path, content: bytes) -> None:
    hash = await given(storage, tmp_path, content)
    found = await storage.find(hash)
    assert found
    assert (found.hash, found.size) == (hash, len(content))
    assert await read(storage, hash, 0, len(content)) == content
    for start, stop in ((0, 1), (3, 9), (len(content) - 4, len(content)), (5, 5)):
        assert await read(storage, hash, start, stop) == content[start:stop]


async def test_what_was_never_kept_is_not_there(storage: Storage) -> None:
    assert await storage.find("0" * 64) is None
    assert not await storage.remove("0" * 64, FUTURE)
    with pytest.raises(FileNotFoundError):
        await read(storage, "0" * 64, 0, 1)


async def test_the_same_content_is_kept_once(storage: Storage, tmp_path: Path) -> None:
    first, second = await given(storage, tmp_path, SMALL), await given(storage, tmp_path, SMALL)
    assert first == second
    assert [b.hash async for b in storage.blobs()] == [first]
    assert await read(storage, first, 0, len(SMALL)) == SMALL


async def test_only_what_is_old_is_removed(storage: Storage, tmp_path: Path) -> None:
    hash = await given(storage, tmp_path, SMALL)
    (blob,) = [b async for b in storage.blobs()]
    assert not await storage.remove(hash, blob.modified_at)
    assert await storage.remove(hash, FUTURE)
    assert await storage.find(hash) is None


@pytest.mark.parametrize("hash", ["", "../../etc/passwd", "0" * 63, "G" * 64, "A" * 64, "0" * 64 + "\n"])
def test_only_hashes_are_keys(hash: str) -> None:
    with pytest.raises(ValueError, match="no SHA-256"):
        key_of(hash)


async def test_a_large_upload_goes_up_in_parts(tmp_path: Path, wire: FakeS3) -> None:
    storage = Objects(s3("s3://bucket/folder", await wire.start(), "us-east-1", "key", "secret"))
    hash = await given(storage, tmp_path, LARGE)
    assert wire.parts == [[PART, PART // 2]]
    assert wire.keys() == [f"folder/files/{hash[:2]}/{hash[2:4]}/{hash}"]
    assert wire.signed


async def test_a_folder_is_read_in_small_chunks(tmp_path: Path) -> None:
    storage = Folder(tmp_path / "store")
    hash = await given(storage, tmp_path, LARGE)
    assert {len(c) async for c in storage.read(hash, 0, 5 * CHUNK)} == {CHUNK}


async def test_a_folder_keeps_durably(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    real = os.fsync

    def watched(handle: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{handle}"))
        real(handle)

    monkeypatch.setattr(os, "fsync", watched)
    hash = await given(Folder(tmp_path / "store"), tmp_path, SMALL)
    place = tmp_path / "store" / key_of(hash)
    assert synced[0] == str(tmp_path / "incoming"), "the content first"
    assert str(place.parent) in synced[1:], "then the folder that names it"
    assert str(tmp_path / "store" / "files") in synced[1:], "and the folders that were made for it"


async def test_a_store_that_cannot_be_reached_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(objects._RETRY, "max_retries", 0)
    storage = Objects(s3("s3://bucket/folder", "http://127.0.0.1:9", "us-east-1", "key", "secret"))
    with pytest.raises(StorageAway):
        await storage.find("0" * 64)
    with pytest.raises(StorageAway):
        await given(storage, tmp_path, SMALL)


async def test_a_store_is_told_from_others_by_its_mark(storage: Folder | Objects) -> None:
    assert await storage.find_mark() is None
    await storage.set_mark("a" * 32)
    assert await storage.find_mark() == "a" * 32
    assert [blob async for blob in storage.blobs()] == []
