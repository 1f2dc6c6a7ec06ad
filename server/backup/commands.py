"""`nhipcau backup | restore | verify`."""

from collections.abc import Coroutine
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any, TypeVar

import asyncpg
import msgspec
import typer
import uvloop
from sqlalchemy.exc import SQLAlchemyError

from server import log
from server.app import storage_of
from server.command_line import AsJson, ConfigPath, acting_on, configuration, fail, words
from server.config import Config
from server.documents.storage import StorageAway
from server.lock import InUse

from . import key
from .contents import verify_documents, verify_kept_documents
from .making import Made, NoKey, make
from .noted import note
from .reading import Backup, BadBackup, opened
from .report import Report
from .restoring import Plan, Restored, plan, restore
from .schema import UnknownSchema
from .source import NoDatabase
from .steps import Steps, shown
from .targets import CannotRestore
from .verifying import Kept, verify_database, verify_source

FAILURES = (
    BadBackup, CannotRestore, InUse, NoDatabase, NoKey, StorageAway, UnknownSchema,
    OSError, SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError,
)  # fmt: skip
T = TypeVar("T")

backup = typer.Typer()
BackupFile = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="What `nhipcau backup` wrote.")]


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Foreseen failures are one line; whatever else is a mistake of ours and shows where."""
    log.set_up("warning", "text")
    try:
        return uvloop.run(work)
    except FAILURES as error:
        fail(_plain(error))


def _plain(error: Exception) -> Exception:
    """The first line of what the driver said, without the statement; what the others mean, said whole."""
    if isinstance(error, InUse):
        return CannotRestore(f"a server is running over {error}: stop it first")
    if isinstance(error, StorageAway):
        return CannotRestore("the documents' store cannot be reached")
    if isinstance(error, BlockingIOError):
        return CannotRestore("another backup is writing this file")
    if isinstance(error, OSError):
        return CannotRestore(words(error))
    text = str(getattr(error, "orig", None) or error)
    return CannotRestore(text.splitlines()[0] if text else repr(error))


@backup.command("backup")
def make_backup(
    target: Annotated[Path, typer.Argument(help="A file that does not exist yet, or a folder: it gets a dated file.")],
    config: ConfigPath = None,
    with_key: Annotated[bool, typer.Option("--with-key", help="Put the server's key in as well.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write the database and the documents into one file, while the server runs.

    The file is the same for SQLite and PostgreSQL, carries a checksum of every part, and appears only when it is whole
    and on the disk. It holds people's names and telephone numbers: only its owner may read it, keep it so.

    Printed links, QR codes and enrolled phones depend on the server's key, which is NOT in the file: keep a copy of
    `secret.key` (or of `secret_key` in the configuration) apart from it. With --with-key it is in the file, and
    whoever holds the file can then open every room.

    Exit status 1 when it failed, or when documents or events were missing already: then the file is written, and what
    is missing is named.
    """
    settings = configuration(config)
    with acting_on(settings):
        with shown(not as_json) as steps:
            made = _run(make(settings, storage_of(settings, Path(settings.data_dir)), target, with_key, steps))
        note(settings, made.at, made.file)
        if as_json:
            typer.echo(msgspec.json.encode(made).decode())
        else:
            _tell_made(made, settings)
    if made.lost or made.gaps:
        raise typer.Exit(1)


def _tell_made(made: Made, config: Config) -> None:
    typer.echo(f"Written: {made.file} ({_bytes(made.size)})")
    typer.echo(f"  {_content(made.rows, made.documents)}")
    typer.echo(f"  sha256 {made.sha256}")
    for hash in made.lost:
        typer.echo(f"  NOT in it: document {hash} is missing or damaged in the store", err=True)
    for id in made.gaps:
        typer.echo(
            f"  NOT whole: events of conference {id} are missing in the database; `nhipcau verify` says which", err=True
        )
    where = "`secret_key` in the configuration" if config.secret_key else str(key.key_file(config))
    if made.with_key:
        typer.echo("  The server's key is in it: whoever holds this file can open every room. Guard it like the key.")
    elif made.has_key:
        typer.echo(f"  The server's key is not in it. Keep a copy of {where} elsewhere: without it every")
        typer.echo("  printed link and QR code is dead after a restore.")


@backup.command("restore")
def restore_backup(
    file: BackupFile,
    config: ConfigPath = None,
    replace: Annotated[bool, typer.Option("--replace", help="Put it in place of what is there, for good.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
    keep_key: Annotated[
        bool, typer.Option("--keep-key", help="Go on with this server's other key: the backup's links die.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring a backup back, also into the other kind of database or store.

    Stop every server first. The configuration says where to: SQLite or PostgreSQL, a folder or S3. The file is checked
    whole before anything is touched; then all of it is put in place, or nothing is changed. Backups of older versions
    are brought up to this one. Clients notice by themselves: they are shown what the restored conference holds.

    A database that is not empty is left alone, unless --replace says otherwise and you confirm it.
    """
    settings = configuration(config)
    storage = storage_of(settings, Path(settings.data_dir))

    async def work(held: Backup, planned: Plan, steps: Steps) -> Restored:
        return await restore(settings, storage, held, planned, steps)

    try:
        with acting_on(settings), opened(file) as held:
            with shown(not as_json) as steps:
                planned = _run(plan(settings, held, keep_key, steps))
            _agree(planned, replace, yes)
            with shown(not as_json) as steps:
                restored = _run(work(held, planned, steps))
            typer.echo(msgspec.json.encode(restored).decode() if as_json else _restored(restored, settings))
    except (BadBackup, CannotRestore, OSError) as error:
        fail(error)


def _agree(planned: Plan, replace: bool, yes: bool) -> None:
    if planned.found.empty:
        return
    if not replace:
        raise CannotRestore(f"the database is not empty ({planned.found}); --replace puts the backup in its place")
    if not yes:
        typer.confirm(f"Replace {planned.found} for good?", abort=True, err=True)


def _restored(restored: Restored, config: Config) -> str:
    lines = ["Restored.", f"  {_content(restored.rows, restored.documents)}"]
    lines += [f"  Document {hash} was lost already when the backup was made." for hash in restored.lost]
    told = {
        "write": f"  The server's key was in it and is now {key.key_file(config)}.",
        "missing": f"  The server's key is NOT here. Before the first start put the old server's key at\n"
        f"  {key.key_file(config)}, or in `secret_key`: else every printed link and QR code is dead.",
        "kept": "  This server's own key stays: links and codes printed from the backup's server are dead.",
    }
    lines += [told[restored.key]] if restored.key in told else []
    return "\n".join([*lines, "  `nhipcau verify` holds every table and document against the journals."])


@backup.command("verify")
def verify(
    config: ConfigPath = None,
    file: Annotated[
        Path | None, typer.Option("--backup", exists=True, dir_okay=False, help="A backup's file instead.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Fold every journal from its first event and hold everything else against it. Changes nothing.

    Told are gaps and events that cannot be read, snapshots and lists that say something else than their journal, codes
    that lead nowhere, documents that are missing or changed. May run beside the server. With --backup a file is
    verified alone: first the checksum of every part, then the same.

    Exit status 1 when there is a difference.
    """
    with nullcontext() if file else acting_on(configuration(config)):
        with shown(not as_json) as steps:
            report = _verify_file(file, steps) if file else _run(_verify(configuration(config), steps))
        typer.echo(msgspec.json.encode(report).decode() if as_json else _verdict(report))
    if not report.ok:
        raise typer.Exit(1)


async def _verify(config: Config, steps: Steps) -> Report:
    report = Report("database")
    known = await verify_database(config, report, steps)
    await verify_documents(storage_of(config, Path(config.data_dir)), known.documents, report, steps)
    return report


def _verify_file(file: Path, steps: Steps) -> Report:
    report = Report(str(file))
    try:
        with opened(file) as held:
            bad = held.check(steps("checking", sum(p.size for p in held.manifest.parts)))
            for line in bad:
                report.differs(str(file), line)
            if not bad:
                known = _run(verify_source(Kept(held), report, steps))
                verify_kept_documents(held, known.documents, report)
    except BadBackup as error:
        report.differs(str(file), str(error))
    except OSError as error:
        fail(error)
    return report


def _verdict(report: Report) -> str:
    lines = [f"  {d.place}: {d.problem}" for d in report.differences]
    if report.found > len(report.differences):
        lines.append(f"  … and {report.found - len(report.differences):,} more")
    lines += [f"  not compared: {line}" for line in report.not_compared]
    lines.append(
        f"journals: {report.journals:,}, events: {report.events:,}, snapshots: {report.snapshots:,}, "
        f"documents: {report.documents:,} ({_bytes(report.document_bytes)}), schema: {report.schema or '?'}"
    )
    if report.orphans:
        lines.append(
            f"documents that no journal names: {report.orphans:,} ({_bytes(report.orphan_bytes)}), swept daily"
        )
    lines.append("No difference." if report.ok else f"Differences: {report.found:,}")
    return "\n".join(lines)


def _content(rows: dict[str, int], documents: int) -> str:
    counts = {"conferences": rows["journals"], "events": rows["events"], "accounts": rows["accounts"]}
    return ", ".join(f"{name}: {n:,}" for name, n in {**counts, "documents": documents}.items())


def _bytes(n: float) -> str:
    for unit in ("bytes", "kB", "MB"):
        if n < 1_000:
            return f"{n:,.0f} {unit}" if unit == "bytes" else f"{n:,.1f} {unit}"
        n /= 1_000
    return f"{n:,.1f} GB"
