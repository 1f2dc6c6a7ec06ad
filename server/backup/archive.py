"""The file of a backup: an ordinary tar, written in one go, of which every byte is accounted for.

    tables/units/000001        rows of a table: a msgpack array of rows, gzipped; a row is an array in the manifest's
    …                          order of columns. Parents come before what refers to them
    files/<sha256>             a document
    secret.key                 the server's key, only if it was asked for
    manifest.json              `Manifest`: every part above with its size and SHA-256
    sha256                     of every byte before it, and where the manifest stands with a SHA-256 of its own

Headers hold nothing but name and size, so a reader can tell every one of them beforehand.
"""

import errno
import fcntl
import gzip
import hashlib
import os
import tarfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import msgspec
from msgspec import Struct

from server.documents.storage import sync_folder

FORMAT = 1
MANIFEST, KEY, TRAILER = "manifest.json", "secret.key", "sha256"
BLOCK = 512  # bytes: everything in a tar begins at a multiple of it
ROWS_BYTES = 8 * 1024 * 1024  # of rows in one part before it is packed: what stands in memory
ROWS_COUNT = 10_000  # rows in one part: what a reader decodes at once
GZIP_LEVEL = 5  # beyond it twice the time buys one per cent

_pack = msgspec.msgpack.Encoder().encode


class Part(Struct, frozen=True):
    """`rows` of a table, 0 for anything else."""

    name: str
    size: int
    sha256: str
    rows: int = 0


class TableFacts(Struct, frozen=True):
    name: str
    columns: list[str]
    rows: int


class Manifest(Struct, frozen=True):
    """What a backup holds. `made_at` in milliseconds; `schema` is the revision of the database's schema.

    `counters` are numbers that must not be given again. `key` tells the server's key from another one. `lost` are
    documents that journals name and that could not be read whole when the backup was made.
    """

    format: int
    made_at: int
    program: str
    database: str
    schema: str
    tables: list[TableFacts]
    counters: dict[str, int]
    documents: int
    lost: list[str]
    key: str
    parts: list[Part]


def header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.GNU_FORMAT)


def padding(size: int) -> int:
    """Zero bytes after content of `size` bytes."""
    return -size % BLOCK


def trailer(digest: str, manifest_at: int, manifest_digest: str) -> bytes:
    """Always of the same length, so that it is found from the end."""
    text = f"sha256 {digest}\nmanifest {manifest_at:020d} {manifest_digest}\n".encode()
    return header(TRAILER, len(text)) + text + bytes(padding(len(text)) + 2 * BLOCK)


TRAILER_SIZE = len(trailer("0" * 64, 0, "0" * 64))


class Unreadable(Exception):
    """A document could not be read to its end."""


class Archive:
    """Writes a backup, part after part. Memory is bounded by one part of a table or one chunk of a document."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._digest, self._at = file, hashlib.sha256(), 0
        self.parts: list[Part] = []

    def _write(self, data: bytes | memoryview) -> None:
        self._file.write(data)
        self._digest.update(data)
        self._at += len(data)

    def add(self, name: str, data: bytes, rows: int = 0) -> None:
        self._write(header(name, len(data)))
        self._write(data)
        self._write(bytes(padding(len(data))))
        self.parts.append(Part(name, len(data), hashlib.sha256(data).hexdigest(), rows))

    async def add_document(self, hash: str, size: int, chunks: AsyncIterator[bytes | memoryview]) -> bool:
        """False when the chunks are not what `hash` and `size` say, or end in `Unreadable`; the file is then as if
        nobody had asked."""
        began, digest, content = self._at, self._digest.copy(), hashlib.sha256()
        name = f"files/{hash}"
        self._write(header(name, size))
        try:
            async for chunk in chunks:
                self._write(chunk)
                content.update(chunk)
            whole = content.hexdigest() == hash and self._at - began - BLOCK == size
        except Unreadable:
            whole = False
        if not whole:
            self._file.seek(began)
            self._file.truncate()
            self._at, self._digest = began, digest
            return False
        self._write(bytes(padding(size)))
        self.parts.append(Part(name, size, hash))
        return True

    def finish(self, manifest: Manifest) -> str:
        """Closes the archive with its manifest; gives the checksum of the whole."""
        data, at = msgspec.json.format(msgspec.json.encode(manifest)), self._at
        self.add(MANIFEST, data)
        whole = self._digest.hexdigest()
        self._file.write(trailer(whole, at, self.parts.pop().sha256))
        return whole


class Rows:
    """The rows of one table on their way into parts."""

    def __init__(self, archive: Archive, table: str) -> None:
        self._archive, self._table = archive, table
        self._held: list[bytes] = []
        self._bytes = self._parts = self.rows = 0

    def add(self, row: Sequence[Any]) -> None:
        packed = _pack(row)
        self._held.append(packed)
        self._bytes += len(packed)
        if self._bytes >= ROWS_BYTES or len(self._held) >= ROWS_COUNT:
            self.close()

    def close(self) -> None:
        if not self._held:
            return
        n = len(self._held)
        # A msgpack array of 32-bit length, put together from rows that were packed one by one.
        data = b"\xdd" + n.to_bytes(4, "big") + b"".join(self._held)
        self._parts += 1
        self.rows += n
        self._archive.add(f"tables/{self._table}/{self._parts:06d}", gzip.compress(data, GZIP_LEVEL, mtime=0), rows=n)
        self._held, self._bytes = [], 0


@contextmanager
def emerging(path: Path) -> Iterator[IO[bytes]]:
    """A file that appears under its name only when it is whole and on the disk; readable by its owner alone.

    Until then it is `<name>.part`, which is removed on failure, or by the next attempt after a crash. FileExistsError
    when the name is taken, BlockingIOError when somebody is writing it now, OSError.
    """
    if path.exists():
        raise FileExistsError(errno.EEXIST, "is there already", str(path))
    partial = path.with_name(path.name + ".part")
    with open(os.open(partial, os.O_RDWR | os.O_CREAT, 0o600), "wb", buffering=1024 * 1024) as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        try:
            file.truncate(0)
            os.fchmod(file.fileno(), 0o600)
            yield file
            file.flush()
            os.fsync(file.fileno())
            partial.replace(path)
        except BaseException:
            partial.unlink(missing_ok=True)
            _forget(file)
            raise
    sync_folder(path.parent)


def clear(folder: Path, pattern: str) -> None:
    """Removes what attempts that crashed left there; not what somebody is writing now."""
    for partial in folder.glob(pattern + ".part"):
        with partial.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            partial.unlink(missing_ok=True)


def _forget(file: IO[bytes]) -> None:
    """What is still buffered goes nowhere: closing would try to write it to a disk that is full."""
    raw = getattr(file, "raw", None)
    if raw is not None:
        raw.close()
