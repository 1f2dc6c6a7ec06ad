"""Every difference is found and told with its place; what is whole is said to be whole."""

import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from server.accounts.tables import kiosks
from server.attendance.tables import codes
from server.backup.contents import verify_kept_documents
from server.backup.reading import opened
from server.backup.report import MAX_TOLD, Report
from server.backup.steps import silent
from server.backup.verifying import Kept, verify_source
from server.conference.state import STATE_VERSION, State
from server.config import Config
from server.db import make_engine
from server.journal.store import proof
from server.journal.tables import answers, events, journals, snapshots

from .house import FILM, PAPER, back_up, config_of, documents, fill, keep, places, report_on, store_of

Damage = Callable[[AsyncConnection], Awaitable[None]]
MINE = events.c.conference == "hoinghi1"


async def in_kept(file: Path) -> Report:
    """A backup verified alone."""
    report = Report("file")
    with opened(file) as held:
        assert held.check(lambda n: None) == []
        known = await verify_source(Kept(held), report, silent)
        verify_kept_documents(held, known.documents, report)
    return report


async def test_what_is_whole_is_said_to_be_whole(filled: Config, tmp_path: Path) -> None:
    report = await report_on(filled)
    assert (report.ok, report.differences, report.not_compared) == (True, [], [])
    assert (report.journals, report.events, report.snapshots) == (3, 32, 2)
    assert (report.documents, report.document_bytes) == (2, len(PAPER) + len(FILM))
    assert (report.orphans, report.spare_codes) == (0, 1)

    await back_up(filled, tmp_path / "kept.tar")
    kept = await in_kept(tmp_path / "kept.tar")
    assert msgspec.structs.replace(kept, source="database") == report


# --- each kind of damage, on the database and in a backup made of it


async def _gap(db: AsyncConnection) -> None:
    await db.execute(delete(events).where(MINE, events.c.seq == 9))


async def _last_gone(db: AsyncConnection) -> None:
    last = select(journals.c.seq).where(journals.c.id == "hoinghi1").scalar_subquery()
    await db.execute(delete(events).where(MINE, events.c.seq == last))


async def _body(db: AsyncConnection) -> None:
    await db.execute(update(events).where(MINE, events.c.seq == 9).values(body=b'{"type":"checked_in","point":'))


async def _newer(db: AsyncConnection) -> None:
    await db.execute(update(events).where(MINE, events.c.seq == 9).values(version=99))


async def _type(db: AsyncConnection) -> None:
    await db.execute(update(events).where(MINE, events.c.seq == 9).values(type="checked_in"))


async def _point(db: AsyncConnection) -> None:
    await db.execute(update(events).where(MINE, events.c.seq == 9).values(point=2))


async def _impossible(db: AsyncConnection) -> None:
    body = b'{"type":"checked_in","point":77}'
    await db.execute(update(events).where(MINE, events.c.seq == 5).values(body=body, point=77))


async def _half_answer(db: AsyncConnection) -> None:
    await db.execute(update(events).where(MINE, events.c.seq == 9).values(command_id=None))


async def _long_span(db: AsyncConnection) -> None:
    await db.execute(update(events).where(MINE, events.c.seq == 9).values(span=3))


async def _head(db: AsyncConnection) -> None:
    await db.execute(update(journals).where(journals.c.id == "hoinghi1").values(seq=journals.c.seq + 1))


async def _title(db: AsyncConnection) -> None:
    await db.execute(update(journals).where(journals.c.id == "hoinghi1").values(title="Khác"))


async def _points(db: AsyncConnection) -> None:
    await db.execute(update(journals).where(journals.c.id == "hoinghi1").values(points=5))


async def _no_journal(db: AsyncConnection) -> None:
    await db.execute(delete(journals).where(journals.c.id == "hoinghi2"))


async def _snapshot_flipped(db: AsyncConnection) -> None:
    state = await db.scalar(select(snapshots.c.state).where(snapshots.c.conference == "hoinghi1"))
    changed = (state or b"").replace(b"Ph\xc3\xb2ng", b"Ph\xc3\xb3ng")
    await db.execute(update(snapshots).where(snapshots.c.conference == "hoinghi1").values(state=changed))


async def _snapshot_untrue(db: AsyncConnection) -> None:
    """Written by a program that was wrong: its digest is right."""
    row = (await db.execute(select(snapshots).where(snapshots.c.conference == "hoinghi1"))).one()
    state = msgspec.msgpack.decode(row.state, type=State)
    state.points[2].seats = 41
    changed = msgspec.msgpack.encode(state)
    digest = proof("hoinghi1", row.seq, STATE_VERSION, changed)
    mine = snapshots.c.conference == "hoinghi1"
    await db.execute(update(snapshots).where(mine).values(state=changed, digest=digest))


async def _code(db: AsyncConnection) -> None:
    await db.execute(delete(codes).where(codes.c.code == "CODE3"))


async def _code_elsewhere(db: AsyncConnection) -> None:
    await db.execute(update(codes).where(codes.c.code == "ALL").values(conference="hoinghi2"))


async def _answer(db: AsyncConnection) -> None:
    await db.execute(update(answers).values(seq=1_000))


async def _contact(db: AsyncConnection) -> None:
    await db.execute(text("UPDATE contacts SET point = 50"))


async def _kiosk(db: AsyncConnection) -> None:
    await db.execute(update(kiosks).values(conference="never"))


async def _place_gone(db: AsyncConnection) -> None:
    await db.execute(text("DELETE FROM places WHERE unit = '271' AND conference = 'hoinghi1'"))


async def _place_too_many(db: AsyncConnection) -> None:
    await db.execute(text("INSERT INTO places (unit, conference) VALUES ('nowhere', 'hoinghi1')"))


DAMAGES: list[tuple[Damage, str, str]] = [
    (_gap, "events/hoinghi1/10", "not gapless"),
    (_last_gone, "journals/hoinghi1", "events, there are"),
    (_body, "events/hoinghi1/9", "cannot be read"),
    (_newer, "events/hoinghi1/9", "newer program"),
    (_type, "events/hoinghi1/9", "is filed as checked_in"),
    (_point, "events/hoinghi1/9", "is filed under point 2"),
    (_impossible, "events/hoinghi1/5", "cannot have happened"),
    (_half_answer, "events/hoinghi1/9", "without its id"),
    (_long_span, "events/hoinghi1/10", "2 events of an earlier command"),
    (_head, "journals/hoinghi1", "events, there are"),
    (_title, "journals/hoinghi1", "title: 'Hội nghị' by the journal, 'Khác' there"),
    (_points, "journals/hoinghi1", "points: 4 by the journal, 5 there"),
    (_no_journal, "events/hoinghi2", "are of no journal"),
    (_snapshot_flipped, "snapshots/hoinghi1", "changed since it was written"),
    (_snapshot_untrue, "snapshots/hoinghi1", "points.2.seats: 40 by the journal, 41 there"),
    (_code, "events/hoinghi1/3", "code CODE3"),
    (_code_elsewhere, "events/hoinghi1/1", "code ALL"),
    (_answer, "answers/hoinghi1", "was given at event 1000"),
    (_contact, "contacts/hoinghi1/50", "a point that is not there"),
    (_kiosk, "kiosks/k1", "of no journal"),
    (_place_gone, "places/271/hoinghi1", "is missing"),
    (_place_too_many, "places/nowhere/hoinghi1", "no such unit"),
]


async def inflict(config: Config, *damages: Damage) -> None:
    engine = make_engine(config.database_url())
    async with engine.begin() as db:
        if engine.dialect.name == "postgresql":  # as after a repair by hand that went wrong
            await db.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for damage in damages:
            await damage(db)
    await engine.dispose()


def tells(report: Report, place: str, problem: str) -> bool:
    return any(d.place.startswith(place) and problem in d.problem for d in report.differences)


@pytest.mark.parametrize(("damage", "place", "problem"), DAMAGES, ids=[d.__name__ for d, _, _ in DAMAGES])
async def test_damage_is_found_at_its_place(tmp_path: Path, damage: Damage, place: str, problem: str) -> None:
    config = config_of(tmp_path / "data")
    await fill(config)
    await inflict(config, damage)

    report = await report_on(config)
    assert tells(report, place, problem), report.differences

    await back_up(config, tmp_path / "kept.tar")
    kept = await in_kept(tmp_path / "kept.tar")
    assert [d for d in kept.differences if d not in report.differences] == []
    assert tells(kept, place, problem), "in a backup as well"


async def test_damages_are_found_together(filled: Config) -> None:
    """Those that do not hide each other, on every database."""
    together = [_half_answer, _title, _snapshot_untrue, _code, _answer, _contact, _kiosk, _place_gone]
    await inflict(filled, *together)
    report = await report_on(filled)
    assert [d.__name__ for d, place, problem in DAMAGES if d in together and not tells(report, place, problem)] == []
    await inflict(filled, _gap)
    assert tells(await report_on(filled), "events/hoinghi1/10", "not gapless")


# --- documents


async def test_documents_are_held_against_the_journals(tmp_path: Path) -> None:
    config = config_of(tmp_path / "data")
    await fill(config)
    await keep(config, b"nobody names it")
    gone, changed = (hashlib.sha256(d).hexdigest() for d in (PAPER, FILM))
    files = {p.name: p for p in (tmp_path / "data" / "documents").rglob("*") if p.is_file()}
    files[gone].unlink()
    files[changed].write_bytes(b"F" + FILM[1:])

    report = await report_on(config)

    assert {(d.place, d.problem) for d in report.differences} == {
        (f"documents/{gone}", "is not in the store"),
        (f"documents/{changed}", "its content was changed"),
    }
    assert (report.orphans, report.orphan_bytes) == (1, len(b"nobody names it"))

    files[changed].write_bytes(FILM[:-1])
    (difference,) = [d for d in (await report_on(config)).differences if changed in d.place]
    assert difference.problem == f"has {len(FILM) - 1} bytes instead of {len(FILM)}"


async def test_a_backup_that_lacks_a_document_says_so(tmp_path: Path) -> None:
    config = config_of(tmp_path / "data")
    await fill(config)
    gone = hashlib.sha256(PAPER).hexdigest()
    await store_of(config).remove(gone, 2**53)
    await back_up(config, tmp_path / "kept.tar")

    report = await in_kept(tmp_path / "kept.tar")

    assert [(d.place, d.problem) for d in report.differences] == [
        (f"files/{gone}", "was lost when the backup was made")
    ]


# --- what the database itself can say


async def test_pages_that_changed_on_the_disk_are_found(tmp_path: Path) -> None:
    config = config_of(tmp_path / "data")
    await fill(config)
    file = tmp_path / "data" / "nhipcau.db"
    whole = file.read_bytes()
    page = 4096
    found = 0
    for at in range(page, len(whole), page):
        file.write_bytes(whole[:at] + bytes(64) + whole[at + 64 :])
        found += not (await report_on(config)).ok
    assert found >= (len(whole) // page - 1) * 0.9, "a page may be empty; every other one matters"


async def test_references_that_lead_nowhere_are_found(tmp_path: Path) -> None:
    config = config_of(tmp_path / "data")
    await fill(config)
    engine = make_engine(config.database_url())
    async with engine.connect() as db:
        await db.exec_driver_sql("PRAGMA foreign_keys=OFF")
        await db.execute(text("UPDATE sessions SET account = 77"))
        await db.commit()
    await engine.dispose()
    assert "not in accounts" in (await report_on(config)).differences[0].problem


async def test_no_end_of_differences_does_not_fill_the_memory() -> None:
    report = Report("database")
    for n in range(MAX_TOLD * 3):
        report.differs(f"events/c/{n}", "is odd")
    assert (len(report.differences), report.found) == (MAX_TOLD, MAX_TOLD * 3)


async def test_a_snapshot_of_another_shape_is_no_difference(filled: Config) -> None:
    engine = make_engine(filled.database_url())
    async with engine.begin() as db:
        await db.execute(update(snapshots).values(state_version=1, digest=None, state=b"other"))
    await engine.dispose()
    report = await report_on(filled)
    assert report.ok
    assert len(report.not_compared) == 2


async def test_a_long_journal_is_verified_in_lots(tmp_path: Path) -> None:
    """Conferences follow each other without mixing: places of both are told."""
    config = config_of(tmp_path / "data")
    await fill(config)
    engine = make_engine(config.database_url())
    async with engine.begin() as db:
        row = dict((await db.execute(select(events).where(MINE, events.c.seq == 9))).mappings().one())
        more = [{**row, "seq": 100 + n, "command_id": None, "command_hash": None, "span": None} for n in range(2_500)]
        await db.execute(insert(events), more)
        await db.execute(update(journals).where(journals.c.id == "hoinghi2").values(title="Khác"))
    await engine.dispose()
    report = await report_on(config)
    assert report.events == 2_532
    assert places(report) == ["events/hoinghi1/100", "journals/hoinghi1", "journals/hoinghi2"]
    assert len(await documents(config)) == 2
