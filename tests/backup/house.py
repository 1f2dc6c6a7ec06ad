"""Databases with a morning in them, without a server around: small, quick, the same on every database."""

import asyncio
import hashlib
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, select
from sqlalchemy.ext.asyncio import AsyncEngine

from server.accounts.tables import account_log, accounts, kiosks, sessions
from server.app import storage_of
from server.attendance.tables import codes
from server.backup.contents import verify_documents
from server.backup.making import Made, make
from server.backup.reading import opened
from server.backup.report import Report
from server.backup.restoring import Restored, plan, restore
from server.backup.steps import silent
from server.backup.verifying import verify_database
from server.config import Config
from server.db import make_engine, migrate
from server.documents.storage import Storage
from server.journal import Journal
from server.live.conductor import Conductor
from server.points.tables import contacts
from server.protocol.commands import (
    AddDocument,
    AddPoints,
    AskHelp,
    CheckIn,
    Command,
    CreateConference,
    FileFacts,
    NewPoint,
    ReportHeadcount,
    SetPhase,
)
from server.secret_key import load_key
from server.units.model import Unit
from server.units.store import UnitStore
from tests.conference.given import ADMIN, POINTS, T0, UNITS

PASSING = {"servers", "bridges", "tries", "incoming_files", "alembic_version"}
PAPER, FILM = "Nghị quyết\n".encode() * 50, b"film" * 70_000
Tables = dict[str, list[tuple[Any, ...]]]


def config_of(folder: Path, database: str = "", **settings: Any) -> Config:
    return Config(data_dir=str(folder), database=database, **settings)


def store_of(config: Config) -> Storage:
    return storage_of(config, Path(config.data_dir))


async def keep(config: Config, content: bytes) -> FileFacts:
    """A document in the store."""
    folder, hash = Path(config.data_dir), hashlib.sha256(content).hexdigest()
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        file.write(content)
    await store_of(config).keep(hash, Path(file.name))
    return FileFacts(hash, len(content), "text/plain", "tai-lieu.txt")


async def conduct(engine: AsyncEngine, conference: str, *commands: Command, create: bool = False, lot: int = 0) -> None:
    """Commands as a server takes them: with ids (others in each `lot`), and a snapshot at the end."""
    journal = Journal(engine)
    if create:
        await journal.create(conference, "epoch-" + conference)
    conductor = Conductor(conference, journal, lambda state, events: None, 0.0, lambda: T0)
    await conductor.start()
    done = (conductor.submit(c, ADMIN, id=f"{conference}{lot:05d}{n:010d}") for n, c in enumerate(commands))
    await asyncio.gather(*done)
    await conductor.stop()


async def fill(config: Config) -> None:
    """Two conferences, documents, people, refused commands: something in every table."""
    engine = make_engine(config.database_url())
    load_key(config.secret_key, Path(config.data_dir))
    await migrate(engine)
    await UnitStore(engine).apply([Unit(u.code, u.name, u.kind, u.parent, order=u.order) for u in UNITS], 0)
    paper, film = await keep(config, PAPER), await keep(config, FILM)
    async with engine.begin() as db:
        index = [{"code": p.code, "conference": "hoinghi1"} for p in POINTS]
        index += [{"code": "ALL", "conference": "hoinghi1"}, {"code": "SPARE", "conference": "never"}]
        await db.execute(codes.insert(), index)
    morning: list[Command] = [
        CreateConference("Hội nghị", T0, code="ALL"),
        AddPoints(UNITS, POINTS),
        SetPhase("live"),
        CheckIn(1),
        AddDocument("Nghị quyết", paper),
        AddDocument("Phim", film),
        *(ReportHeadcount(1, n) for n in range(20)),
        AskHelp(2, "no_sound", "mất tiếng"),
        CheckIn(99),  # refused: an answer without an event
    ]
    await conduct(engine, "hoinghi1", *morning, create=True)
    again: list[Command] = [CreateConference("Tập dượt", T0), AddPoints(UNITS[:4], [NewPoint("09619", "")])]
    await conduct(engine, "hoinghi2", *again, AddDocument("Nghị quyết", paper), create=True)
    await Journal(engine).create("empty", "epoch-empty")
    await _people(engine)
    await engine.dispose()


async def _people(engine: AsyncEngine) -> None:
    person = {"name": "Trần Thu Hà", "password_hash": "x", "role": "administrator", "disabled": False}
    person |= {"generation": 1, "created_at": T0, "unit": None, "last_seen_at": None}
    async with engine.begin() as db:
        await db.execute(accounts.insert(), [{**person, "login": f"thu.ha{n}"} for n in range(3)])
        last = (await db.execute(select(accounts.c.id).order_by(accounts.c.id.desc()))).scalars().first()
        await db.execute(accounts.delete().where(accounts.c.id == last))  # its number must not come again
        first = (await db.execute(select(accounts.c.id).order_by(accounts.c.id))).scalars().first()
        times = {"created_at": T0, "last_seen_at": T0, "expires_at": 2**52}
        session = {"id": "s1", "account": first, "generation": 1, "secret_hash": b"\x00\x01", **times}
        await db.execute(sessions.insert(), {**session, "user_agent": "Điện thoại", "address": "::1"})
        kiosk = {"id": "k1", "conference": "hoinghi1", "unit": None, "secret_hash": b"\xff", "name": "Hành lang"}
        await db.execute(kiosks.insert(), {**kiosk, "created_at": T0, "expires_at": None})
        note = {"at": T0, "actor": "system", "actor_name": "", "action": "made", "subject": "account:1"}
        await db.execute(account_log.insert(), {**note, "subject_name": "Hà"})
        people = '[{"name":"Nguyễn Văn An","phone":"0912345678"}]'
        await db.execute(contacts.insert(), {"conference": "hoinghi1", "point": 1, "people": people})


async def everything(config: Config, *, epochs: bool = True) -> Tables:
    """Every row of every table, as the database has it. A restored journal's epoch is another one."""
    engine, found = make_engine(config.database_url()), MetaData()
    async with engine.connect() as db:
        await db.run_sync(found.reflect)
        tables: Tables = {}
        for table in found.sorted_tables:
            if table.name not in PASSING:
                hidden = () if epochs else ("epoch",)
                columns = sorted((c for c in table.columns if c.name not in hidden), key=lambda c: c.name)
                tables[table.name] = sorted((tuple(r) for r in await db.execute(select(*columns))), key=repr)
    await engine.dispose()
    return tables


async def documents(config: Config) -> dict[str, bytes]:
    store = store_of(config)
    blobs = [blob async for blob in store.blobs()]
    return {b.hash: b"".join([bytes(c) async for c in store.read(b.hash, 0, b.size)]) for b in blobs}


async def back_up(config: Config, target: Path, with_key: bool = False) -> Made:
    return await make(config, store_of(config), target, with_key, silent)


async def bring_back(config: Config, file: Path, keep_key: bool = False) -> Restored:
    """Whatever stands there is replaced."""
    with opened(file) as held:
        return await restore(config, store_of(config), held, await plan(config, held, keep_key, silent), silent)


async def report_on(config: Config) -> Report:
    report = Report("database")
    known = await verify_database(config, report, silent)
    await verify_documents(store_of(config), known.documents, report, silent)
    return report


def places(report: Report) -> list[str]:
    return [d.place for d in report.differences]
