"""A snapshot only saves time: one that changed on the disk is never believed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from server.conference.state import STATE_VERSION, State
from server.db import make_engine, migrate
from server.http.assembly import problem_of
from server.journal import Gap, Journal
from server.journal.tables import events, snapshots
from server.live.conductor import Conductor
from server.live.conferences import Conferences, LiveSettings
from server.protocol.commands import AddPoints, CheckIn, Command, CreateConference, ReportHeadcount, SetPhase
from tests.conference.given import ADMIN, POINTS, T0, UNITS

COMMANDS: list[Command] = [
    CreateConference("Hội nghị", T0),
    AddPoints(UNITS, POINTS),
    SetPhase("live"),
    CheckIn(1),
    ReportHeadcount(1, 66),
]
Damage = Callable[[dict[str, Any]], dict[str, Any]]


def _another_count(row: dict[str, Any]) -> dict[str, Any]:
    state = msgspec.msgpack.decode(row["state"], type=State)
    headcount = state.points[1].headcount
    assert headcount
    state.points[1].headcount = msgspec.structs.replace(headcount, in_room=65)
    return {"state": msgspec.msgpack.encode(state)}


def _flipped(row: dict[str, Any]) -> dict[str, Any]:
    at = row["state"].index("Hội nghị".encode()) + 1
    return {"state": row["state"][:at] + bytes([row["state"][at] ^ 1]) + row["state"][at + 1 :]}


DAMAGES: dict[str, Damage] = {
    "another count": _another_count,
    "a flipped letter": _flipped,
    "cut short": lambda row: {"state": row["state"][:-7]},
    "an older place": lambda row: {"seq": row["seq"] - 1},
    "a place yet to come": lambda row: {"seq": row["seq"] + 1_000_000},
    "no digest": lambda row: {"digest": None},
    "another digest": lambda row: {"digest": bytes(16)},
}


async def conducted(journal: Journal, *commands: Command) -> bytes:
    """A start, some work, a stop that keeps a snapshot; gives the state at the end."""
    conductor = Conductor("c", journal, lambda state, events: None, 0.0, lambda: T0)
    await conductor.start()
    for command in commands:
        assert (await conductor.submit(command, ADMIN)).refusal is None
    state = await conductor.at_rest(msgspec.msgpack.encode)
    await conductor.stop()
    return state


async def _row(engine: AsyncEngine) -> dict[str, Any] | None:
    async with engine.connect() as db:
        found = (await db.execute(select(snapshots))).mappings().first()
    return dict(found) if found else None


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
async def test_a_damaged_snapshot_is_not_believed(engine: AsyncEngine, damage: Damage) -> None:
    journal = Journal(engine)
    await journal.create("c", "epoch")
    before = await conducted(journal, *COMMANDS)
    kept = await _row(engine)
    assert kept
    async with engine.begin() as db:
        await db.execute(update(snapshots).values(damage(kept)))

    assert await conducted(journal) == before, "the journal was folded from its start"
    assert await conducted(journal, ReportHeadcount(1, 70)) != before
    mended = await journal.load_snapshot("c", STATE_VERSION)
    assert mended, "the next one takes its place"
    assert mended.seq == kept["seq"] + 1


@pytest.mark.parametrize("state", ["CAST(state AS TEXT)", "'text'"])
async def test_a_snapshot_that_is_no_row_any_more_is_not_believed(tmp_path: Path, state: str) -> None:
    """SQLite writes beside every value what kind it is; that can change as well."""
    engine = make_engine(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    await migrate(engine)
    journal = Journal(engine)
    await journal.create("c", "epoch")
    before = await conducted(journal, *COMMANDS)
    async with engine.begin() as db:
        await db.exec_driver_sql(f"UPDATE snapshots SET state = {state}")

    assert await conducted(journal) == before
    assert await journal.load_snapshot("c", STATE_VERSION), "the next one takes its place"
    await engine.dispose()


async def test_a_snapshot_that_is_whole_is_believed(engine: AsyncEngine) -> None:
    journal = Journal(engine)
    await journal.create("c", "epoch")
    before = await conducted(journal, *COMMANDS)
    kept = await _row(engine)

    assert await conducted(journal) == before
    assert await _row(engine) == kept


async def test_a_snapshot_of_another_conference_is_not_believed(engine: AsyncEngine) -> None:
    journal = Journal(engine)
    for id in ("c", "d"):
        await journal.create(id, "epoch")
        await journal.save_snapshot(id, 1, STATE_VERSION, id.encode())
    async with engine.begin() as db:
        of_d = (await db.execute(select(snapshots).where(snapshots.c.conference == "d"))).mappings().one()
        values = {k: v for k, v in of_d.items() if k != "conference"}
        await db.execute(update(snapshots).where(snapshots.c.conference == "c").values(values))

    assert await journal.load_snapshot("d", STATE_VERSION)
    assert await journal.load_snapshot("c", STATE_VERSION) is None


@pytest.mark.parametrize("seq", [2, 5], ids=["in the middle", "the last one"])
async def test_a_journal_that_lacks_an_event_is_not_served_and_the_others_are(
    engine: AsyncEngine, seq: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given no snapshot that would stand for what is missing."""
    journal = Journal(engine)
    for id in ("c", "d"):
        await journal.create(id, "epoch")
    await conducted(journal, *COMMANDS)
    async with engine.begin() as db:
        await db.execute(delete(snapshots))
        await db.execute(delete(events).where(events.c.conference == "c", events.c.seq == seq))

    conferences = Conferences(journal, LiveSettings())
    with pytest.raises(Gap, match=f"event {seq} is missing") as refused:
        await conferences.get("c")
    assert problem_of(refused.value).text == "journal_gap", "people are told"
    assert conferences.broken()
    assert conferences.fit(), "what is whole goes on"
    assert await conferences.get("d")
    assert "journal_gap" in capsys.readouterr().out
    await conferences.stop()
