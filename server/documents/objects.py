"""Files in an S3-compatible store. Uploads go up in parts, so memory stays small whatever the size."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from obstore import delete_async, get_async, head_async, put_async
from obstore import list as list_objects
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, S3Store

from .storage import CHUNK, HASH, MARK, Blob, Chunk, StorageAway, key_of

if TYPE_CHECKING:
    from obstore import ObjectMeta  # these exist for type checkers only
    from obstore.store import ClientConfig, RetryConfig, S3Config

_RETRY: "RetryConfig" = {"max_retries": 4, "retry_timeout": timedelta(seconds=15)}  # a person waits for the answer
PART = 8 * 1024 * 1024  # bytes of one part of an upload; S3 takes at most 10,000 of at least 5 MB
TOGETHER = 4  # parts under way at once: 32 MB of memory an upload


def s3(url: str, endpoint: str = "", region: str = "", access_key: str = "", secret_key: str = "") -> S3Store:
    """`url`: `s3://bucket/folder`. Without keys, those of the machine's surroundings are used."""
    config: S3Config = {}
    if endpoint:
        config["endpoint"] = endpoint
    if region:
        config["region"] = region
    if access_key:
        config["access_key_id"], config["secret_access_key"] = access_key, secret_key
    # Only a store inside the house is spoken to without encryption, and only if its address says so.
    options: ClientConfig = {"allow_http": endpoint.startswith("http://")}
    return S3Store.from_url(url, config=config, client_options=options, retry_config=_RETRY)


@contextmanager
def _reached(hash: str) -> Iterator[None]:
    """What the store says is "not there" or "not now"; nobody above knows whose store it is."""
    try:
        yield
    except FileNotFoundError:
        raise
    except BaseError as error:
        raise StorageAway(hash) from error


class Objects:
    """The storage port over any store that obstore speaks to."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def keep(self, hash: str, file: Path) -> None:
        # Put again even when it is there: its age starts anew, so no sweep takes it away under a new document.
        with _reached(hash):
            await put_async(self._store, key_of(hash), file, chunk_size=PART, max_concurrency=TOGETHER)
        await asyncio.to_thread(file.unlink)

    async def find(self, hash: str) -> Blob | None:
        try:
            with _reached(hash):
                return _blob(await head_async(self._store, key_of(hash)))
        except FileNotFoundError:
            return None

    async def read(self, hash: str, start: int, stop: int) -> AsyncIterator[Chunk]:
        if start >= stop:
            return
        with _reached(hash):
            found = await get_async(self._store, key_of(hash), options={"range": (start, stop)})
            async for chunk in found.stream(min_chunk_size=CHUNK):
                yield bytes(chunk)

    async def blobs(self) -> AsyncIterator[Blob]:
        with _reached("files"):
            async for lot in list_objects(self._store, "files"):
                for meta in lot:
                    if HASH.fullmatch(meta["path"].rsplit("/", 1)[-1]):
                        yield _blob(meta)

    async def remove(self, hash: str, before: int) -> bool:
        blob = await self.find(hash)
        if blob is None or blob.modified_at >= before:
            return False
        with _reached(hash):
            await delete_async(self._store, key_of(hash))
        return True

    async def find_mark(self) -> str | None:
        try:
            with _reached(MARK):
                found = await get_async(self._store, MARK)
                return bytes(await found.bytes_async()).decode()
        except FileNotFoundError:
            return None

    async def set_mark(self, mark: str) -> None:
        with _reached(MARK):
            await put_async(self._store, MARK, mark.encode())


def _blob(meta: "ObjectMeta") -> Blob:
    return Blob(meta["path"].rsplit("/", 1)[-1], meta["size"], int(meta["last_modified"].timestamp() * 1000))
