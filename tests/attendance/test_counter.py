"""Every scan is in the journal exactly once, whatever the journal does meanwhile."""

import asyncio
import tempfile
from collections import Counter as Sums
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.attendance import counter as of
from server.attendance.counter import MINUTE, Counter
from server.db import make_engine, metadata
from server.journal import Journal
from server.journal.store import Turn
from server.live.conferences import Conferences, LiveSettings
from server.protocol.commands import AddPoints, CreateConference
from server.protocol.events import ScansCounted
from tests.conference.given import ADMIN, POINTS, T0, UNITS

CONFERENCE = "hn2026"


class Moody(Journal):
    """A real journal over a line that fails: `fine`; `away`: nothing arrives; `unsure`: what arrived is not told."""

    mood = "fine"

    @asynccontextmanager
    async def turn(self, conference: str) -> AsyncIterator[Turn]:
        async with super().turn(conference) as turn:
            yield turn
            if self.mood == "away":
                raise ConnectionError
        if self.mood == "unsure":
            self.mood = "fine"
            raise ConnectionError


@asynccontextmanager
async def counting() -> AsyncIterator[tuple[Counter, Moody, Callable[[], Awaitable[Sums[Any]]]]]:
    """A counter, its journal, and what the journal holds: (minute, point, document, kind) -> how often."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite+aiosqlite:///{Path(folder) / 'test.db'}")
        async with engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
        journal = Moody(engine)
        conferences = Conferences(journal, LiveSettings(pace_ms=0), lambda: T0)
        await journal.create(CONFERENCE, "epoch")
        live = await conferences.get(CONFERENCE)
        assert live is not None
        for command in (CreateConference("Hội nghị", T0), AddPoints(UNITS, POINTS)):
            await live.conductor.submit(command, ADMIN)

        async def recorded() -> Sums[Any]:
            found: Sums[Any] = Sums()
            async for lot in journal.read(CONFERENCE, 0):
                for body in (event.body for event in lot):
                    if isinstance(body, ScansCounted):
                        found.update({(body.minute, r.point, r.document, r.kind): r.count for r in body.rows})
            return found

        try:
            yield Counter(conferences), journal, recorded
        finally:
            journal.mood = "fine"
            await conferences.stop()
            await engine.dispose()


SCAN = st.tuples(st.integers(0, 4), st.integers(0, 3), st.sampled_from(["scan", "open"]), st.integers(0, 2))
STEPS = st.one_of(
    st.lists(SCAN, min_size=1, max_size=30),
    st.sampled_from(["flush", "flush amid scans", "fine", "away", "unsure"]),
)


@settings(max_examples=40)
@given(steps=st.lists(STEPS, max_size=25))
def test_exactly_once_in_any_order_of_scans_flushes_and_failures(steps: list[Any]) -> None:
    asyncio.run(_exactly_once(steps))


async def _exactly_once(steps: list[Any]) -> None:
    async with counting() as (counter, journal, recorded):
        given_in: Sums[Any] = Sums()

        def scan(point: int, document: int, kind: Any, minute: int) -> None:
            counter.add(CONFERENCE, point, document, kind, T0 + minute * MINUTE)
            given_in[((T0 // MINUTE + minute) * MINUTE, point, document, kind)] += 1

        for step in steps:
            if isinstance(step, list):
                for row in step:
                    scan(*row)
            elif step == "flush":
                await counter.flush()
            elif step == "flush amid scans":
                async with asyncio.TaskGroup() as group:
                    flushing = group.create_task(counter.flush())
                    while not flushing.done():
                        scan(1, 0, "scan", 0)
                        await asyncio.sleep(0)
            else:
                journal.mood = step
        journal.mood = "fine"
        await counter.close()
        assert await recorded() == given_in
        assert counter._held == 0


async def test_a_morning_of_scans_is_counted_to_the_last_one() -> None:
    """52,000 in a burst over rooms and two minutes, while flushes go on: few events, no scan more or less."""
    async with counting() as (counter, _, recorded):
        for n in range(52_000):
            counter.add(CONFERENCE, n % 5, 0, "scan", T0 + (n // 30_000) * MINUTE)
            if n % 5_000 == 0:
                await asyncio.sleep(0)
        await counter.close()
        found = await recorded()
        assert sum(found.values()) == 52_000
        assert len(found) == 10


async def test_many_rooms_at_once_are_lots_of_a_bounded_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of, "MAX_ROWS", 3)
    async with counting() as (counter, journal, recorded):
        for n in range(8):
            counter.add(CONFERENCE, 1, n, "open", T0)
        await counter.close()
        assert sum((await recorded()).values()) == 8
        events = await journal.page(CONFERENCE, types=["scans_counted"], limit=100)
        sizes = sorted(len(e.body.rows) for e in events if isinstance(e.body, ScansCounted))
        assert sizes == [2, 3, 3]


async def test_without_a_journal_the_memory_is_bounded_and_known_rows_still_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(of, "MAX_PENDING", 3)
    async with counting() as (counter, journal, recorded):
        journal.mood = "away"
        for document in (1, 2):
            counter.add(CONFERENCE, 1, document, "open", T0)
        assert not await counter.flush()
        counter.add(CONFERENCE, 1, 3, "open", T0)
        counter.add(CONFERENCE, 1, 4, "open", T0)
        counter.add(CONFERENCE, 1, 3, "open", T0)
        journal.mood = "fine"
        await counter.close()
        assert {key[2]: n for key, n in (await recorded()).items()} == {1: 1, 2: 1, 3: 2}
        counter.add(CONFERENCE, 1, 4, "open", T0)
        await counter.close()
        assert sum((await recorded()).values()) == 5


async def test_scans_reach_the_journal_by_themselves() -> None:
    async with counting() as (counter, _, recorded):
        told = asyncio.Event()
        live = await counter._conferences.get(CONFERENCE)
        assert live is not None
        live.listeners.append(lambda state, events: told.set())
        for n in (1, 2):  # and again after a pause
            counter.add(CONFERENCE, 1, 0, "scan", T0)
            async with asyncio.timeout(10):
                await told.wait()
            told.clear()
            assert sum((await recorded()).values()) == n
        await counter.close()
