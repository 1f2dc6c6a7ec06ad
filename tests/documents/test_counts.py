"""Counts are exact whenever somebody begins to ask, on both databases, also while a hall is scanning."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from server.documents import counts
from server.documents.counts import ScanCounts
from server.protocol.commands import CountScans, ScanRow
from server.protocol.events import Event
from tests.conference.given import T0

from .site import Site

MINUTE = 60_000
FIRST = T0 // MINUTE * MINUTE


@pytest.fixture(autouse=True)
def small_lots(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short journal is read in several lots."""
    monkeypatch.setattr(counts, "LOT", 3)


@pytest.fixture
async def both(engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[Site]:
    async with Site(engine, tmp_path / "documents") as site:
        yield site


async def scan(site: Site, minute: int, point: int = 1, count: int = 1, document: int = 0) -> None:
    kind: Any = "open" if document else "scan"
    await site.do(CountScans(FIRST + minute * MINUTE, [ScanRow(point, document, kind, count)]))


async def test_what_was_before_the_question_is_counted(both: Site) -> None:
    for n in range(10):
        await scan(both, n // 4, count=n)
    await scan(both, 1, document=2, count=5)
    sums = await ScanCounts(both.journal).of(await both.live(), None)
    assert sums.last_minutes() == [(FIRST, 6, 0), (FIRST + MINUTE, 22, 5), (FIRST + 2 * MINUTE, 17, 0)]
    assert sums.opens == {2: 5}


async def test_what_comes_while_it_is_read_is_counted_once(both: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(7):
        await scan(both, 0)
    real, live = both.journal.page, await both.live()

    async def meanwhile(*args: Any, **options: Any) -> list[Event]:
        await scan(both, 0)
        return await real(*args, **options)

    asked = ScanCounts(both.journal)
    monkeypatch.setattr(both.journal, "page", meanwhile)
    sums = await asked.of(live, None)
    assert sums.last_minutes() == [(FIRST, 7 + 3, 0)], "three lots were read, one scan came with each"
    assert await asked.of(live, None) is sums
    await scan(both, 1)
    assert sums.last_minutes()[-1] == (FIRST + MINUTE, 1, 0)


async def test_a_reading_that_failed_is_forgotten(both: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        await scan(both, 0)
    asked, live = ScanCounts(both.journal), await both.live()

    async def broken(*args: Any, **options: Any) -> list[Event]:
        raise OSError("the database is away")

    with monkeypatch.context() as patch:
        patch.setattr(both.journal, "page", broken)
        with pytest.raises(OSError, match="away"):
            await asked.of(live, None)
    assert (await asked.of(live, None)).last_minutes() == [(FIRST, 5, 0)]


async def test_each_part_has_its_own_sums(both: Site) -> None:
    asked, live = ScanCounts(both.journal), await both.live()
    await scan(both, 0, point=1)
    await scan(both, 0, point=4)
    whole, part = await asked.of(live, None), await asked.of(live, "001")
    await scan(both, 0, point=4)
    await scan(both, 0, point=0)
    assert whole.last_minutes() == [(FIRST, 4, 0)]
    assert part.last_minutes() == [(FIRST, 2, 0)]
