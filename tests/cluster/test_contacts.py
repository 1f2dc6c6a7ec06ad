"""An import at one server changes first contacts while somebody writes a room's whole list at another."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from server.journal import Journal
from server.points.model import Contact
from server.points.store import ContactStore
from server.tasks import Tasks

OLD, NEW, DEPUTY = Contact("Cũ", "", "0912000001"), Contact("Mới", "", "0912000002"), Contact("Phó", "", "0912000003")
HELD_BACK = 0.3  # seconds that a writer is given to run into the import, if nothing held him back


class Importing(ContactStore):
    """Stops between what it read and what it writes."""

    def __init__(self, engine: AsyncEngine) -> None:
        super().__init__(engine)
        self.has_read, self.go = asyncio.Event(), asyncio.Event()

    async def _put(self, db: AsyncConnection, conference: str, people: Mapping[int, Sequence[Contact]]) -> None:
        self.has_read.set()
        await self.go.wait()
        await super()._put(db, conference, people)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_nobody_s_list_is_undone_by_what_was_read_before(engine: AsyncEngine) -> None:
    here, there, tasks = Importing(engine), ContactStore(engine), Tasks()
    await Journal(engine).create("hn2026", "epoch")
    await there.write("hn2026", {1: [OLD]})
    importing = tasks.start("import", here.write_first("hn2026", {1: NEW}))
    await here.has_read.wait()
    writing = tasks.start("write", there.write("hn2026", {1: [OLD, DEPUTY]}))
    done, _ = await asyncio.wait({writing}, timeout=HELD_BACK)
    assert not done, "it waits for the import"
    here.go.set()
    await asyncio.gather(importing, writing)
    assert await there.of_point("hn2026", 1) == [OLD, DEPUTY]
