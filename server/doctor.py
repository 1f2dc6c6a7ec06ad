"""`nhipcau doctor`: what is missing or unsafe, before the morning it matters. Changes nothing."""

import asyncio
import contextlib
import shutil
import tempfile
import time
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import msgspec
import nats
import nats.errors
from aiohttp import ClientError, ClientSession, ClientTimeout
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from server import open_files
from server.app import storage_of
from server.backup.noted import last
from server.backup.source import sqlite_file
from server.command_line import words
from server.config import Config
from server.db import engine_beside
from server.documents.storage import StorageAway
from server.live.register import strangers
from server.media.model import Bridge
from server.media.store import FORGET_MS, BridgeStore
from server.protocol.bridges import PROGRAMME
from server.protocol.findings import Finding, ahead, clock

FREE_GIB = 5  # below it a morning of uploads may fill the disk
FILES_WANTED = 131_072  # open files: one for each line of a national conference, and some, as the units give

BACKUP_DAYS = 2  # without one this long, a timer has stopped

BUS_SECONDS = 3.0  # for NATS to answer
BRIDGE_SECONDS = 3.0  # for a bridge's answer

STANDBY = "set synchronous_standby_names on the leader: docs/operations.md, With a replica"

Check = Callable[[Config], Finding]


async def examine(config: Config, dist: Path) -> list[Finding]:
    """Every check, whatever the others found."""
    rest: list[Check] = [_key, _public_url, _proxies, _files, _disk, _backup]
    findings = [_data(config), await _database(config), *_readers(config), await _bus(config)]
    findings += [await _documents(config), *await _media(config)]
    return [*findings, *(check(config) for check in rest), *_pages(dist)]


def _data(config: Config) -> Finding:
    """The folder, or where it would be made: a look leaves nothing behind."""
    path = Path(config.data_dir).resolve()
    at = _standing(path)
    try:
        with tempfile.TemporaryFile(dir=at) as probe:
            probe.write(b"x")
    except OSError as e:
        return Finding("data_dir", "missing", f"{at}: {words(e)}", "give the server's user write access to it")
    return Finding("data_dir", "ok", str(path) if at == path else f"{path}, made at the first start")


def _standing(path: Path) -> Path:
    """The nearest folder above that exists."""
    while not path.exists():
        path = path.parent
    return path


def _exists(file: str | None) -> bool:
    return file is not None and Path(file).exists()


async def _database(config: Config) -> Finding:
    engine = engine_beside(config.database_url(), config.timeline())
    try:
        if engine.dialect.name == "sqlite" and not _exists(engine.url.database):
            return Finding("database", "ok", "SQLite, for one server; made at the first start")
        async with engine.connect() as db:
            await db.execute(text("SELECT 1"))
            # One host is a text, several are a tuple of them.
            several = isinstance(engine.url.query.get("host"), tuple)
            if several and not await db.scalar(text("SHOW synchronous_standby_names")):
                return Finding("database", "warning", "a replica may lack what was acknowledged", STANDBY)
    except Exception as e:  # noqa: BLE001 - the driver's own words are the finding
        why = words(e) if isinstance(e, OSError) else str(e).splitlines()[0]
        return Finding("database", "missing", why, "start it, and check `database` in the file")
    finally:
        await engine.dispose()
    kind = engine.dialect.name
    return Finding("database", "ok", "SQLite, for one server" if kind == "sqlite" else "PostgreSQL")


def _readers(config: Config) -> list[Finding]:
    """SQLite's file holds digests of passwords and telephone numbers."""
    file = sqlite_file(config.database_url())
    if file is None or not file.exists() or not file.stat().st_mode & 0o077:
        return []
    return [Finding("database", "warning", f"{file} can be read by others", f"chmod 600 {file}*")]


async def _bus(config: Config) -> Finding:
    """Every address: the servers take the next one where one is away, and whoever looks wants to know of each."""
    told = [told for url in config.bus.urls if (told := await _nats(url))]
    if told:
        return Finding("bus", "missing", "; ".join(told), "start NATS, and check `bus.urls`")
    return Finding("bus", "ok", "NATS answers" if config.bus.urls else "none: one server alone")


async def _nats(url: str) -> str:
    """What stands in the way; nothing, if it answers."""
    heard: list[Exception] = []

    async def hear(error: Exception) -> None:
        heard.append(error)

    try:
        # It takes what goes wrong for passing: the number of tries and the time are bounded here.
        async with asyncio.timeout(BUS_SECONDS):
            once = {"allow_reconnect": False, "max_reconnect_attempts": 1, "reconnect_time_wait": 0}
            client = await nats.connect(url, error_cb=hear, **once)
            await client.close()
    except (TimeoutError, OSError, nats.errors.Error):
        first = heard[0] if heard else TimeoutError("no answer")
        return f"{_bare(url)}: {words(first) if isinstance(first, OSError) else first}"
    return ""


def _bare(url: str) -> str:
    """Without name and password."""
    return f"{url.partition('://')[0]}://{url.partition('://')[2].rpartition('@')[2]}"


async def _documents(config: Config) -> Finding:
    """Whether the servers that live keep their documents where this one would."""
    folder = Path(config.data_dir)
    where = config.documents.s3.url or str(folder / "documents")
    try:
        mark = await storage_of(config, folder).find_mark()
    except (StorageAway, OSError) as e:
        why = words(e) if isinstance(e, OSError) else "the store does not answer"
        return Finding("documents", "missing", f"{where}: {why}", "check `documents.s3` or `data_dir`")
    engine, others = engine_beside(config.database_url(), config.timeline()), set[str]()
    if engine.dialect.name == "postgresql":
        with contextlib.suppress(SQLAlchemyError, OSError):  # no database, or none of this version yet: nobody differs
            others = await strangers(engine, "store", mark or "")
    await engine.dispose()
    if others:
        detail = f"{len(others)} running server(s) keep them elsewhere than {where}"
        return Finding("documents", "missing", detail, "give all one shared `data_dir` or the same `documents.s3`")
    return Finding("documents", "ok", where)


async def _media(config: Config) -> list[Finding]:
    """Picture and sound, where there are any, and the bridges that carry them: one that reports has the same key."""
    media = config.media
    if not media.key:
        other = media.publish_url or media.watch_url
        return [Finding("media", "ok", f"by another server: {other}" if other else "none: no picture, no sound")]
    if media.key == config.secret_key:
        advice = "another one (openssl rand -hex 32): who runs a bridge must not be able to open every room"
        return [Finding("media", "warning", "`media.key` is the secret key of the servers", advice)]
    bridges = await _bridges(config)
    if not any(b.alive for b in bridges):
        told = "no bridge reports"
        return [Finding("media", "warning", told, "on its machine: nhipcau doctor --bridge bridge.yaml")]
    async with ClientSession(timeout=ClientTimeout(total=BRIDGE_SECONDS)) as http:
        said = await asyncio.gather(*(_bridge(http, b) for b in bridges))
    return [Finding("media", "ok", f"{sum(b.alive for b in bridges)} bridge(s) report with this key"), *chain(*said)]


async def _bridges(config: Config) -> list[Bridge]:
    engine = engine_beside(config.database_url(), config.timeline())
    try:
        if engine.dialect.name == "sqlite" and not _exists(engine.url.database):
            return []
        known = await BridgeStore(engine).all()
        return [b for b in known if b.now - b.seen_at < FORGET_MS]
    except (SQLAlchemyError, OSError):  # no database, or none of this version yet
        return []
    finally:
        await engine.dispose()


async def _bridge(http: ClientSession, bridge: Bridge) -> list[Finding]:
    """`Accept-Post` tells a bridge from whatever else may answer at its name."""
    if not bridge.alive:
        detail = f"{bridge.name}: silent for {(bridge.now - bridge.seen_at) // 60_000} min"
        return [Finding("bridge", "warning", detail, "start it; if it is gone for good, it is forgotten after a day")]
    try:
        async with http.options(f"{bridge.url}/whep/x/{PROGRAMME}") as answer:
            reached, apart = "Accept-Post" in answer.headers, ahead(answer.headers.get("Date"), time.time())
    except (ClientError, OSError):
        reached, apart = False, 0.0
    if not reached:
        advice = "rooms must reach it there: check its `service.own_url`, its name and the proxy before it"
        return [Finding("bridge", "warning", f"{bridge.name}: nothing of a bridge at {bridge.url}", advice)]
    return [Finding("bridge", "ok", f"{bridge.name}: {bridge.url}"), clock(bridge.name, apart)]


def _key(config: Config) -> Finding:
    if config.secret_key:
        return Finding("secret_key", "ok", "from the configuration")
    path = Path(config.data_dir) / "secret.key"
    if not path.exists():
        return Finding("secret_key", "ok", "will be made at the first start")
    if path.stat().st_mode & 0o077:
        return Finding("secret_key", "warning", f"{path} can be read by others", f"chmod 600 {path}")
    return Finding("secret_key", "ok", f"{path}: keep a copy, printed links depend on it")


def _public_url(config: Config) -> Finding:
    url = config.base_url()
    if not config.public_url:
        return Finding("public_url", "warning", f"not set, links say {url}", "set it before printing anything")
    if not url.startswith("https://"):
        return Finding(
            "public_url",
            "warning",
            f"{url} is not encrypted",
            "put TLS in front; without it phones cannot keep the page for offline use",
        )
    return Finding("public_url", "ok", url)


def _proxies(config: Config) -> Finding:
    if config.public_url.startswith("https://") and not config.trusted_proxies:
        advice = "name the proxy's address: else everybody seems to come from it, and one who guesses locks all out"
        return Finding("proxies", "warning", "`public_url` is https, and `trusted_proxies` is empty", advice)
    return Finding("proxies", "ok", ", ".join(config.trusted_proxies) or "none")


def _files(config: Config) -> Finding:
    """The server raises its own limit as far as the system lets it."""
    most = open_files.highest()
    if most < FILES_WANTED:
        return Finding("open_files", "warning", f"{most} at most", f"LimitNOFILE={FILES_WANTED} in the service's unit")
    return Finding("open_files", "ok", f"{most} at most")


def _disk(config: Config) -> Finding:
    at = _standing(Path(config.data_dir).resolve())
    free = shutil.disk_usage(at).free / 2**30
    if free < FREE_GIB:
        return Finding("disk", "warning", f"{free:.1f} GiB free", f"leave at least {FREE_GIB} GiB")
    return Finding("disk", "ok", f"{free:.0f} GiB free")


def _backup(config: Config) -> Finding:
    found = last(config)
    if found is None:
        return Finding("backup", "warning", "none was made", "nhipcau backup FOLDER, daily, to another disk")
    days = int((time.time() - found.at / 1_000) // 86_400)
    if days > BACKUP_DAYS:
        return Finding("backup", "warning", f"the last one {days} days ago", "nhipcau backup FOLDER, daily")
    return Finding("backup", "ok", found.file)


def _pages(dist: Path) -> list[Finding]:
    found = []
    for name, path in (("pages", dist / "console" / "index.html"), ("print_fonts", dist / "print-fonts")):
        ok = path.exists()
        found.append(Finding(name, "ok" if ok else "missing", str(path), "" if ok else "run `make web`"))
    return found


def as_json(findings: list[Finding]) -> str:
    return msgspec.json.encode(findings).decode()
