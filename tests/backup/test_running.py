"""A backup beside a server that works: as of one moment, whatever comes and goes meanwhile."""

import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import pytest

from server.backup.contents import verify_kept_documents
from server.backup.making import make
from server.backup.reading import opened
from server.backup.report import Report
from server.backup.steps import silent
from server.backup.verifying import Kept, verify_source
from server.client.http import ApiError
from server.documents.storage import Blob, Storage
from server.tasks import Tasks
from tests.servers.whole import Whole, whole

from .house import back_up, bring_back, config_of, documents, report_on, store_of

BACKUPS = 6


class Load:
    """A morning at full speed: reports, documents that come and are withdrawn, refused commands, the daily sweep."""

    def __init__(self, house: Whole) -> None:
        self._house, self._tasks, self.sent = house, Tasks(), 0

    def start(self) -> None:
        for point in (1, 2, 3):
            self._tasks.start(f"room {point}", self._report(point))
        self._tasks.start("documents", self._documents())

    async def stop(self) -> None:
        await self._tasks.stop()

    async def _report(self, point: int) -> None:
        await self._house.command("check_in", point=point)
        while True:
            await self._house.command("report_headcount", point=point, in_room=random.randrange(80))
            self.sent += 1
            with pytest.raises(ApiError):  # its answer is kept as well
                await self._house.command("check_in", point=77)

    async def _documents(self) -> None:
        n, one = 0, self._house.one
        while True:
            n += 1
            content, name = f"Tờ trình số {n}\n".encode() * 2_000, {"X-File-Name": "to-trinh.txt"}
            path = f"{one}/documents?title=T%E1%BB%9D+{n}"
            made = await self._house.admin.call("POST", path, dict, data=content, **name)
            await self._house.command("withdraw_document", document=made["id"])


async def in_kept(file: Path) -> Report:
    report = Report("file")
    with opened(file) as held:
        assert held.check(lambda n: None) == []
        known = await verify_source(Kept(held), report, silent)
        verify_kept_documents(held, known.documents, report)
        report.orphans += len(held.documents()) - len(known.documents)
    return report


async def test_every_backup_of_a_busy_server_is_consistent(tmp_path: Path, database_url: str) -> None:
    async with whole(tmp_path / "data", database=database_url) as house:
        config, load = config_of(tmp_path / "data", database_url), Load(house)
        load.start()
        reports: list[Report] = []
        for n in range(BACKUPS):
            await back_up(config, tmp_path / f"{n}.tar")
            reports.append(await in_kept(tmp_path / f"{n}.tar"))
        during = await report_on(config)
        await load.stop()

    assert [r.differences for r in reports] == [[]] * BACKUPS
    assert [r.orphans for r in reports] == [0] * BACKUPS, "and holds nothing that was not asked for"
    assert during.differences == [], "nor does verification mind the load"
    events = [r.events for r in reports]
    assert events == sorted(events)
    assert events[-1] > events[0] + BACKUPS, "it was under load"
    assert reports[-1].documents > reports[0].documents

    other = config_of(tmp_path / "other")
    await bring_back(other, tmp_path / f"{BACKUPS - 1}.tar")
    after = await report_on(other)
    assert (after.differences, after.events, after.orphans) == ([], events[-1], 0)


class Later:
    """A store that lets something happen before the first document is asked for: after the moment of the database."""

    def __init__(self, store: Storage, happen: Callable[[], Awaitable[None]]) -> None:
        self._store, self._happen, self._happened = store, happen, False

    async def find(self, hash: str) -> Blob | None:
        if not self._happened:
            self._happened = True
            await self._happen()
        return await self._store.find(hash)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


async def test_what_comes_after_the_moment_is_not_in_it(tmp_path: Path, database_url: str) -> None:
    async with whole(tmp_path / "data", database=database_url) as house:
        name = {"X-File-Name": "a.txt"}
        path = f"{house.one}/documents?title="
        await house.command("check_in", point=1)
        first = await house.admin.call("POST", path + "A", dict, data=b"before\n", **name)

        async def happen() -> None:
            await house.command("report_headcount", point=1, in_room=3)
            await house.admin.call("POST", path + "B", dict, data=b"after\n", **name)
            await house.command("withdraw_document", document=first["id"])

        config = config_of(tmp_path / "data", database_url)
        before = await report_on(config)
        made = await make(config, cast(Storage, Later(store_of(config), happen)), tmp_path / "kept.tar", False, silent)
        assert len(await documents(config)) == 2

    report = await in_kept(tmp_path / "kept.tar")
    assert (report.differences, report.events, report.documents) == ([], before.events, 1)
    assert (made.documents, made.lost, made.rows["events"]) == (1, [], before.events)
