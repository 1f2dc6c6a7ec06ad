"""What the journal promises, whichever database keeps it."""

import asyncio
import json
import re
from typing import Any

import pytest
from sqlalchemy import event as on_engine
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from server.journal import Conflict, Entry, Journal, Receipt
from server.journal.tables import events as table
from server.protocol.commands import UnitNode
from server.protocol.events import CheckedIn, Event, EventBody, HeadcountReported, PointsMerged, UnitsPlaced
from server.protocol.views import Summary


def entry(seq: int, body: EventBody, command: str | None = None, more: int = 0) -> Entry:
    receipt = Receipt(command, b"digest", 5, seq + more) if command else None
    return Entry([Event(seq + n, 5, "device:1.1", body, 4, 3) for n in range(more + 1)], receipt)


@pytest.fixture
async def journal(engine: AsyncEngine) -> Journal:
    journal = Journal(engine)
    await journal.create("c", "epoch")
    return journal


async def append(
    journal: Journal, conference: str, expected: int, entries: list[Entry], summary: Summary | None = None
) -> None:
    async with journal.turn(conference) as turn:
        await turn.append(expected, entries, summary)


async def receipts(journal: Journal, ids: list[str]) -> dict[str, Receipt]:
    async with journal.turn("c") as turn:
        return await turn.receipts(ids)


async def everything(journal: Journal, after: int = 0) -> list[Event]:
    return [e async for lot in journal.read("c", after) for e in lot]


async def test_what_was_appended_is_read_in_order(journal: Journal) -> None:
    await append(journal, "c", 0, [entry(1, CheckedIn(1)), entry(2, HeadcountReported(1, 66), "a" * 26)])
    await append(journal, "c", 2, [entry(3, CheckedIn(2))])
    read = await everything(journal)
    assert [e.seq for e in read] == [1, 2, 3]
    assert read[1] == Event(2, 5, "device:1.1", HeadcountReported(1, 66), 4, 3)
    assert [e.seq for e in await everything(journal, after=2)] == [3]
    head = await journal.head("c")
    assert head is not None
    assert (head.epoch.partition(".")[0], head.seq) == ("epoch", 3), "PostgreSQL's timeline is part of it"


async def test_who_lost_the_race_writes_nothing(journal: Journal) -> None:
    await append(journal, "c", 0, [entry(1, CheckedIn(1))])
    with pytest.raises(Conflict):
        await append(journal, "c", 0, [entry(1, CheckedIn(2))])
    with pytest.raises(Conflict):
        await append(journal, "c", 5, [entry(6, CheckedIn(2))])
    assert [e.body for e in await everything(journal)] == [CheckedIn(1)]


async def test_of_many_writers_at_once_exactly_one_wins_each_place(journal: Journal) -> None:
    async def write(n: int) -> bool:
        try:
            await append(journal, "c", 0, [entry(1, CheckedIn(n), more=2)])
        except Conflict:
            return False
        return True

    won = await asyncio.gather(*(write(n) for n in range(1, 9)))
    assert sum(won) == 1
    assert [e.seq for e in await everything(journal)] == [1, 2, 3]


async def test_where_servers_share_a_journal_a_turn_misses_nothing_and_loses_no_race(journal: Journal) -> None:
    """SQLite serves one server: there a turn does not know where the journal stands, and `append` checks it."""

    async def write(n: int) -> None:
        async with journal.turn("c") as turn:
            if turn.head is None:
                return
            assert [e.seq for e in await turn.missed(0)] == list(range(1, turn.head.seq + 1))
            await turn.append(turn.head.seq, [entry(turn.head.seq + 1, CheckedIn(n))])

    await asyncio.gather(*(write(n) for n in range(1, 6)))
    head = (await journal.heads(["c", "unknown"]))["c"]
    assert head.seq == len(await everything(journal)) == (5 if journal.shared else 0)


async def test_a_command_id_is_written_once_and_all_or_nothing(journal: Journal) -> None:
    await append(journal, "c", 0, [entry(1, CheckedIn(1), "a" * 26)])
    with pytest.raises(Conflict):
        await append(journal, "c", 1, [entry(2, CheckedIn(2), "b" * 26), entry(3, CheckedIn(3), "a" * 26)])
    assert len(await everything(journal)) == 1
    assert await receipts(journal, ["b" * 26]) == {}


async def test_answers_are_found_again_with_and_without_events(journal: Journal) -> None:
    refused = Receipt("r" * 26, b"other", 7, 3, b'["point_closed",null,{}]')
    await append(journal, "c", 0, [entry(1, CheckedIn(1), "a" * 26, more=2), Entry([], refused)])
    found = await receipts(journal, ["a" * 26, "r" * 26, "x" * 26])
    assert found == {"a" * 26: Receipt("a" * 26, b"digest", 5, 3), "r" * 26: refused}
    assert await journal.recent_receipts("c", 10) == [Receipt("a" * 26, b"digest", 5, 3)]


@pytest.mark.parametrize("looked", [True, False], ids=["before the first command", "never"])
@pytest.mark.parametrize("many", [6, 250])
async def test_answers_are_looked_up_and_not_searched_for_whatever_the_database_thinks_of_its_tables(
    journal: Journal, engine: AsyncEngine, looked: bool, many: int
) -> None:
    if not journal.shared:
        return  # SQLite keeps no statistics of its own accord
    await append(journal, "c", 0, [entry(n, CheckedIn(1)) for n in range(1, 41)])
    if looked:
        async with engine.begin() as db:
            await db.execute(text("ANALYZE"))
    await append(journal, "c", 40, [entry(n, CheckedIn(1), f"{n:026d}") for n in range(41, 2_041)])

    asked: list[tuple[str, Any]] = []
    note = lambda *what: asked.append((what[2], what[3]))  # noqa: E731 - a listener
    on_engine.listen(engine.sync_engine, "before_cursor_execute", note)
    found = await receipts(journal, [f"{n:026d}" for n in range(2_038, 2_038 + many)])
    on_engine.remove(engine.sync_engine, "before_cursor_execute", note)
    assert len(found) == 3
    statement, values = asked[-1]
    async with engine.begin() as db:
        explained = await db.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values)
        plan = json.dumps(explained.scalar_one())
    assert {int(n) for n in re.findall(r'"Rows Removed by Filter": (\d+)', plan)} <= {0}


async def test_the_same_command_id_may_be_used_in_another_conference(journal: Journal) -> None:
    await journal.create("d", "other")
    await append(journal, "c", 0, [entry(1, CheckedIn(1), "a" * 26)])
    await append(journal, "d", 0, [entry(1, CheckedIn(1), "a" * 26)])


async def test_the_list_of_conferences_changes_with_the_events(journal: Journal) -> None:
    assert await journal.conferences() == []
    summary = Summary("c", "Hội nghị", 9, "live", 766)
    await append(journal, "c", 0, [entry(1, CheckedIn(1))], summary)
    assert await journal.conferences() == [summary]


async def test_a_point_s_history_newest_first(journal: Journal) -> None:
    await append(journal, "c", 0, [entry(1, CheckedIn(1)), entry(2, CheckedIn(2)), entry(3, HeadcountReported(1, 5))])
    assert [e.seq for e in await journal.page("c", point=1)] == [3, 1]
    assert [e.seq for e in await journal.page("c", types=["checked_in"])] == [2, 1]
    assert [e.seq for e in await journal.page("c", before=3, limit=1)] == [2]


async def test_events_of_some_points_and_of_no_single_one(journal: Journal) -> None:
    await append(journal, "c", 0, [entry(1, CheckedIn(1)), entry(2, CheckedIn(2)), entry(3, PointsMerged(1, [2]))])
    assert [e.seq for e in await journal.page("c", among=[2])] == [3, 2]
    assert [e.seq for e in await journal.page("c", among=[])] == [3]
    assert [e.seq for e in await journal.page("c", among=range(1, 5_001))] == [3, 2, 1]


async def test_conferences_are_found_by_the_units_they_have(journal: Journal) -> None:
    await journal.create("d", "epoch")
    hanoi, ba_vi = UnitNode("HN", "Thành phố Hà Nội"), UnitNode("271", "Huyện Ba Vì", parent="HN")
    renamed = UnitNode("271", "Ba Vì", parent="HN")
    await append(journal, "c", 0, [entry(1, UnitsPlaced([hanoi, ba_vi]))])
    await append(journal, "c", 1, [entry(2, UnitsPlaced([renamed])), entry(3, UnitsPlaced([ba_vi]))])
    await append(journal, "d", 0, [entry(1, UnitsPlaced([hanoi]))])
    assert {s.id for s in await journal.conferences("HN")} == {"c", "d"}
    assert {s.id for s in await journal.conferences("271")} == {"c"}
    assert await journal.conferences("001") == []


async def test_units_of_events_that_were_not_written_are_not_there(journal: Journal) -> None:
    placed = entry(1, UnitsPlaced([UnitNode("271", "Huyện Ba Vì")]), "k" * 26)
    await append(journal, "c", 0, [entry(1, CheckedIn(1), "k" * 26)])
    with pytest.raises(Conflict):
        await append(journal, "c", 0, [placed])
    assert await journal.conferences("271") == []


async def test_a_snapshot_replaces_the_one_before_and_another_shape_is_not_read(journal: Journal) -> None:
    await journal.save_snapshot("c", 10, 1, b"old")
    await journal.save_snapshot("c", 20, 1, b"new")
    stored = await journal.load_snapshot("c", 1)
    assert stored is not None
    assert (stored.seq, stored.state) == (20, b"new")
    assert await journal.load_snapshot("c", 2) is None


async def test_an_id_that_is_taken_is_refused(journal: Journal) -> None:
    with pytest.raises(Conflict):
        await journal.create("c", "again")


async def test_a_body_from_a_newer_program_stops_the_reading(journal: Journal, engine: AsyncEngine) -> None:
    await append(journal, "c", 0, [entry(1, CheckedIn(1))])
    async with engine.begin() as db:
        await db.execute(update(table).values(version=99))
    with pytest.raises(ValueError, match="newer program"):
        await everything(journal)
