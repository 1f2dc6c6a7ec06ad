"""Reading a backup: first every byte is checked, then what it holds is given, part by part."""

import gzip
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import msgspec
from msgspec import Struct

from .archive import BLOCK, FORMAT, KEY, MANIFEST, TRAILER, TRAILER_SIZE, Manifest, Part, header, padding, trailer

CHUNK = 1024 * 1024  # bytes read at once
MAX_MANIFEST = 512 * 1024 * 1024  # bytes: three million parts; a larger one is none of ours
SHOWN = 20  # damaged parts named one by one; a file that is all wrong need not fill the screen

_END = re.compile(rb"sha256 ([0-9a-f]{64})\nmanifest (\d{20}) ([0-9a-f]{64})\n")
_rows: msgspec.msgpack.Decoder[list[list[Any]]] = msgspec.msgpack.Decoder(list[list[Any]])
_manifest = msgspec.json.Decoder(Manifest)
Advance = Callable[[int], None]


class BadBackup(Exception):
    """The file cannot be used: no backup, cut short, changed since it was made, or of a newer program."""


class _End(Struct):
    digest: str
    manifest_at: int
    manifest_digest: str


class Backup:
    """A backup whose end and manifest are in order; `check` tells of the rest.

    Blocks while it reads. Memory is bounded by one part of a table.
    """

    def __init__(self, file: IO[bytes], size: int, end: _End, manifest: Manifest) -> None:
        self._file, self._end, self.size, self.manifest = file, end, size, manifest
        self._places: dict[str, tuple[Part, int]] = {}
        at = 0
        for part in manifest.parts:
            self._places[part.name] = part, at
            at += BLOCK + part.size + padding(part.size)
        if at != end.manifest_at or len(self._places) != len(manifest.parts):
            raise BadBackup("its parts are not where its manifest says")

    def check(self, advance: Advance) -> list[str]:
        """Reads everything once; names each part that is not what it was. Empty: the file is whole."""
        whole = hashlib.sha256()
        self._file.seek(0)
        found = [(part.name, self._check(part, whole, advance)) for part in self.manifest.parts]
        bad = [f"{name}: {reason}" for name, reason in found if reason]
        rest = self._file.read(self.size - TRAILER_SIZE - self._end.manifest_at)
        whole.update(rest)
        if not bad and whole.hexdigest() != self._end.digest:
            bad.append(f"{TRAILER}: is not that of the whole")
        return bad if len(bad) <= SHOWN else [*bad[:SHOWN], f"and {len(bad) - SHOWN} more"]

    def _check(self, part: Part, whole: "hashlib._Hash", advance: Advance) -> str:
        head, content, left = self._file.read(BLOCK), hashlib.sha256(), part.size
        whole.update(head)
        while left:
            chunk = self._file.read(min(CHUNK, left))
            if not chunk:
                return "is cut short"
            whole.update(chunk)
            content.update(chunk)
            left -= len(chunk)
            advance(len(chunk))
        pad = self._file.read(padding(part.size))
        whole.update(pad)
        if content.hexdigest() != part.sha256:
            return "its content was changed"
        return "its frame was changed" if head != header(part.name, part.size) or any(pad) else ""

    def rows(self, table: str) -> Iterator[list[list[Any]]]:
        """The rows of a table as they were read from the database, a part at a time. `BadBackup`."""
        for part in self.manifest.parts:
            if part.name.startswith(f"tables/{table}/"):
                try:
                    rows = _rows.decode(gzip.decompress(b"".join(self._content(part.name))))
                except (OSError, EOFError, msgspec.DecodeError) as error:
                    raise BadBackup(f"{part.name}: {error}") from error
                if len(rows) != part.rows:
                    raise BadBackup(f"{part.name}: has {len(rows)} rows instead of {part.rows}")
                yield rows

    def documents(self) -> list[tuple[str, int]]:
        """Hash and size of every document in it."""
        return [(p.name.removeprefix("files/"), p.size) for p in self.manifest.parts if p.name.startswith("files/")]

    def document(self, hash: str) -> Iterator[bytes]:
        return self._content(f"files/{hash}")

    def key(self) -> bytes | None:
        """The server's key, if it was put in."""
        return b"".join(self._content(KEY)) if KEY in self._places else None

    def _content(self, name: str) -> Iterator[bytes]:
        part, at = self._places[name]
        at, left = at + BLOCK, part.size
        while left:
            chunk = os.pread(self._file.fileno(), min(CHUNK, left), at)
            if not chunk:
                raise BadBackup(f"{name}: is cut short")
            at, left = at + len(chunk), left - len(chunk)
            yield chunk


@contextmanager
def opened(path: Path) -> Iterator[Backup]:
    """Raises `BadBackup` when the end or the manifest is not in order, OSError when the file cannot be read."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        end = _find_end(file, size)
        yield Backup(file, size, end, _read_manifest(file, size, end))


def _find_end(file: IO[bytes], size: int) -> _End:
    file.seek(max(0, size - TRAILER_SIZE))
    last = file.read(TRAILER_SIZE)
    found = _END.match(last, BLOCK)
    if not found:
        raise BadBackup("it does not end as a backup does: cut short, or no backup of Nhịp Cầu")
    end = _End(found[1].decode(), int(found[2]), found[3].decode())
    if last != trailer(end.digest, end.manifest_at, end.manifest_digest):
        raise BadBackup("its last part was changed")
    return end


def _read_manifest(file: IO[bytes], size: int, end: _End) -> Manifest:
    length = size - TRAILER_SIZE - end.manifest_at
    if not BLOCK < length <= MAX_MANIFEST:
        raise BadBackup("its manifest is not where its end says")
    file.seek(end.manifest_at)
    data = file.read(length)
    content = data[BLOCK:].rstrip(b"\0")
    if hashlib.sha256(content).hexdigest() != end.manifest_digest:
        raise BadBackup(f"{MANIFEST}: its content was changed")
    if data != header(MANIFEST, len(content)) + content + bytes(padding(len(content))):
        raise BadBackup(f"{MANIFEST}: its frame was changed")
    try:
        form = msgspec.json.decode(content, type=_Form).format
        if form > FORMAT:
            raise BadBackup(f"it was made by a newer program (format {form}, this one reads up to {FORMAT})")
        return _manifest.decode(content)
    except msgspec.DecodeError as error:
        raise BadBackup(f"{MANIFEST}: {error}") from error


class _Form(Struct):
    format: int
