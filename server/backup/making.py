"""Making a backup: the database as of one moment, then every document its journals name.

Documents need no moment: they are kept under the hash of their content, and none that a journal names is ever removed.
"""

import importlib.metadata
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from server.config import Config
from server.documents.storage import Chunk, Storage
from server.journal.upcast import decode_body
from server.live.conductor import now_ms
from server.protocol.events import DocumentAdded, VersionAdded

from . import key
from .archive import FORMAT, KEY, Archive, Manifest, Rows, TableFacts, Unreadable, clear, emerging
from .source import Moment, moment
from .steps import Steps

NAME = "nhipcau-{:%Y%m%d-%H%M%S}.tar"  # UTC, so that names sort by age
NAMES = "nhipcau-*.tar"
NAMING_TYPES = frozenset({"document_added", "version_added"})


class Made(Struct, frozen=True):
    """`at` in milliseconds. `lost`: documents that are named and could not be read whole. `gaps`: conferences some of
    whose events are missing; the rest is written as it is.

    `with_key`: the server's key is in the file."""

    at: int
    file: str
    size: int
    sha256: str
    rows: dict[str, int]
    documents: int
    lost: list[str]
    with_key: bool
    has_key: bool
    gaps: list[str] = []


class Noted(Struct):
    """What passes by on the way into the file: documents by hash and size, and by conference how many events there are
    and how many its journal says."""

    documents: dict[str, int] = {}
    events: dict[str, int] = {}
    heads: dict[str, int] = {}

    def gaps(self) -> list[str]:
        return sorted(id for id, seq in self.heads.items() if self.events.get(id, 0) != seq)


class NoKey(Exception):
    """The key was asked for, and there is none."""


def place(target: Path, now: datetime) -> Path:
    """A folder gets a file named by the time; what attempts that crashed left in it is removed there."""
    if not target.is_dir():
        return target
    clear(target, NAMES)
    return target / NAME.format(now.astimezone(UTC))


async def make(config: Config, storage: Storage, target: Path, with_key: bool, steps: Steps) -> Made:
    """Writes the backup; nothing is left of one that fails. `NoDatabase`, `UnknownSchema`, `NoKey`, `StorageAway`,
    OSError of the disk, the driver's errors of the database."""
    secret = key.current(config)
    if with_key and secret is None:
        raise NoKey(f"there is no key at {key.key_file(config)} to put in")
    now = now_ms()
    path = place(target, datetime.fromtimestamp(now / 1000, UTC))
    with emerging(path) as file:
        archive = Archive(file)
        noted = Noted()
        async with moment(config) as source:
            facts = [await _table(archive, source, name, noted, steps) for name in source.tables]
            kind, schema, counters = source.kind, source.revision, await source.counters()
        lost = await _documents(archive, storage, noted.documents, steps)
        if with_key and secret:
            archive.add(KEY, secret)
        manifest = Manifest(
            FORMAT,
            now,
            importlib.metadata.version("nhipcau"),
            kind,
            schema,
            facts,
            counters,
            len(noted.documents) - len(lost),
            lost,
            key.fingerprint(secret),
            archive.parts,
        )
        whole = archive.finish(manifest)
    rows = {t.name: t.rows for t in facts}
    size, has_key = path.stat().st_size, secret is not None
    return Made(now, str(path), size, whole, rows, manifest.documents, lost, with_key, has_key, noted.gaps())


async def _table(archive: Archive, source: Moment, name: str, noted: Noted, steps: Steps) -> TableFacts:
    advance = steps(name, await source.count(name))
    rows, columns = Rows(archive, name), source.columns[name]
    async for lot in source.lots(name):
        for row in lot:
            rows.add(tuple(row))
            _note(name, dict(zip(columns, row, strict=True)), noted)
        advance(len(lot))
    rows.close()
    return TableFacts(name, columns, rows.rows)


def _note(table: str, row: dict[str, Any], noted: Noted) -> None:
    if table == "journals":
        noted.heads[row["id"]] = row["seq"]
    elif table == "events":
        noted.events[row["conference"]] = noted.events.get(row["conference"], 0) + 1
        _note_document(row, noted.documents)


def _note_document(event: dict[str, Any], named: dict[str, int]) -> None:
    """Which document an event names, whether or not it was withdrawn since."""
    if event["type"] not in NAMING_TYPES:
        return
    try:
        body = decode_body(event["type"], event["version"], event["body"])
    except (ValueError, msgspec.DecodeError):
        return  # a body that cannot be read is copied as it is; `verify` tells of it
    if isinstance(body, DocumentAdded | VersionAdded):
        named[body.file.hash] = body.file.size


async def _documents(archive: Archive, storage: Storage, named: dict[str, int], steps: Steps) -> list[str]:
    """Copies them; gives those that are not there or not what their name says."""
    advance, lost = steps("documents", sum(named.values())), []
    for hash, size in named.items():
        found = await storage.find(hash)
        if found is None or not await archive.add_document(hash, found.size, _read(storage, hash, found.size)):
            lost.append(hash)
        advance(size)
    return lost


async def _read(storage: Storage, hash: str, size: int) -> AsyncIterator[Chunk]:
    try:
        async for chunk in storage.read(hash, 0, size):
            yield chunk
    except OSError as error:  # of this document; the disk that is written to fails elsewhere
        raise Unreadable(hash) from error
