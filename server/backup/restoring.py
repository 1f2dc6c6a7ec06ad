"""Restoring a backup: checked whole before anything is touched, then put in place whole or not at all."""

import asyncio
import secrets
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Table, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from server.config import Config
from server.db import upgrade
from server.documents.storage import Storage

from . import key
from .reading import Backup, BadBackup
from .schema import names_at, tables
from .source import sequence_of
from .steps import Steps
from .targets import CannotRestore, Found, target_of

LOT = 1_000  # rows handed to the driver at once
FOREVER = 2**53  # later than any time a store gives


class Plan(Struct, frozen=True):
    """`found`: what stands in the target now. `key`: what becomes of the server's key there."""

    found: Found
    key: str


class Restored(Struct, frozen=True):
    rows: dict[str, int]
    documents: int
    lost: list[str]
    key: str


async def plan(config: Config, backup: Backup, keep_key: bool, steps: Steps) -> Plan:
    """Checks the whole file and the target; changes nothing. `BadBackup`, `CannotRestore`, `UnknownSchema`."""
    if bad := backup.check(steps("checking", sum(p.size for p in backup.manifest.parts))):
        raise BadBackup("; ".join(bad))
    names_at(backup.manifest.schema)
    return Plan(await target_of(config).look(), _key_plan(config, backup, keep_key))


def _key_plan(config: Config, backup: Backup, keep_key: bool) -> str:
    """`same`: nothing to do. `write`: from the backup. `kept`: the target's other key stays, as was asked for.
    `missing`: neither has it. `none`: the server of the backup had none yet."""
    here, wanted = key.current(config), backup.manifest.key
    if not wanted:
        return "none"
    if here is None:
        return "write" if backup.key() else "missing"
    if key.fingerprint(here) == wanted:
        return "same"
    if keep_key:
        return "kept"
    where = "`secret_key` of the configuration" if config.secret_key else str(key.key_file(config))
    raise CannotRestore(
        f"{where} is another key than the backup's, so every printed link and code of the backup would be dead. "
        "Put the backup's key there (tar -xOf FILE secret.key, if it was made with --with-key), "
        "or go on without those links: --keep-key"
    )


async def restore(config: Config, storage: Storage, backup: Backup, planned: Plan, steps: Steps) -> Restored:
    """After `plan`, and after somebody agreed that what was found there is replaced. On failure the target is as it
    was. `CannotRestore`, `InUse`, `StorageAway`, OSError, the driver's errors."""
    async with AsyncExitStack() as undo:
        async with target_of(config).fill() as db:
            await _documents(storage, backup, Path(config.data_dir) / "incoming", undo, steps)
            if planned.key == "write":
                written = key.keep(config, backup.key() or b"")
                undo.callback(written.unlink)
            rows = await load(db, backup, steps)
        undo.pop_all()  # it is committed: nothing is taken back
    return Restored(rows, backup.manifest.documents, backup.manifest.lost, planned.key)


async def _documents(storage: Storage, backup: Backup, incoming: Path, undo: AsyncExitStack, steps: Steps) -> None:
    """Keeps every document, also one that is there: what is there may be damaged."""
    await asyncio.to_thread(incoming.mkdir, parents=True, exist_ok=True)
    documents = backup.documents()
    advance = steps("documents", sum(size for _, size in documents))
    for hash, _ in documents:
        known = await storage.find(hash)
        with tempfile.NamedTemporaryFile(dir=incoming, delete=False) as file:
            undo.callback(Path(file.name).unlink, missing_ok=True)
            for chunk in backup.document(hash):
                file.write(chunk)
                advance(len(chunk))
        if known is None:
            undo.push_async_callback(storage.remove, hash, FOREVER)
        await storage.keep(hash, Path(file.name))


async def load(db: AsyncConnection, backup: Backup, steps: Steps) -> dict[str, int]:
    """Every row into an empty database, which is then brought to this program's schema."""
    manifest = backup.manifest
    await db.run_sync(upgrade, manifest.schema)
    made = {t.name: t for t in await db.run_sync(tables, manifest.schema)}
    for facts in manifest.tables:
        if facts.name not in made or {c.name for c in made[facts.name].columns} != set(facts.columns):
            raise BadBackup(f"its table {facts.name} is not that of schema {manifest.schema}")
    for facts in manifest.tables:
        table, advance = made[facts.name], steps(facts.name, facts.rows)
        for part in backup.rows(facts.name):
            for i in range(0, len(part), LOT):
                rows = [dict(zip(facts.columns, row, strict=True)) for row in part[i : i + LOT]]
                await db.execute(insert(table), [_anew(row) for row in rows] if table.name == "journals" else rows)
                advance(len(rows))
    await db.run_sync(_count_on, made, manifest.counters)
    await db.run_sync(upgrade)
    return {facts.name: facts.rows for facts in manifest.tables}


def _anew(row: dict[str, Any]) -> dict[str, Any]:
    """Another epoch: clients that saw what came after the backup must not go on from there."""
    return {**row, "epoch": secrets.token_hex(8)}


def _count_on(db: Connection, made: dict[str, Table], counters: dict[str, int]) -> None:
    """Numbers of what was deleted before the backup are not given again either: journals name them."""
    for name, last in counters.items():
        if name not in made or not last:
            continue
        if db.dialect.name == "sqlite":
            values = {"name": name, "last": last}
            if not db.execute(text("UPDATE sqlite_sequence SET seq = :last WHERE name = :name"), values).rowcount:
                db.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), values)
        elif sequence := sequence_of(db, made[name]):
            db.execute(select(func.setval(sequence, last)))
