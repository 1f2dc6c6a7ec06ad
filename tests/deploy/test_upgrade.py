"""Servers become the next version one after the other, beside old ones, while rooms report and walls look on."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import aiohttp
import pytest

from bench.crash import compare
from faults.stage import Stage, stage
from server.app import WEB_DIST
from server.client.line import Line
from server.demo.cluster.node import Node
from server.demo.cluster.part import DidNotStart
from server.demo.cluster.whole import DATABASE
from server.protocol.commands import ReportHeadcount
from server.protocol.messages import DoneMessage
from server.tasks import Tasks
from tests.waiting import until

from .next_version import ASSET, REVISION, NextVersion, put_back

ROOMS = 12
PATIENCE = 30.0  # seconds; others may be at work beside this test
NOTHING = (
    "lost", "doubled", "unanswered", "refused", "gaps", "walls_different", "servers_different", "walls_thrown_back",
    "lines_lost", "rooms_shown_lost",
)  # fmt: skip
SPECIAL = 9_999  # a headcount that no room of the load reports


@pytest.fixture(autouse=True)
def _built(installed: None) -> None:
    if not (WEB_DIST / "wall" / "index.html").exists():
        pytest.skip("the pages are not built: `make web`")


@asynccontextmanager
async def asked(at: Stage, *paths: str) -> AsyncIterator[Counter[tuple[str, int]]]:
    """Through HAProxy, all the time; gives the answers by path and status. Whom nobody answers, ends the test."""
    answers, tasks = Counter[tuple[str, int]](), Tasks()

    async def ask(path: str) -> None:
        headers = {"Authorization": f"Bearer {at.house.watcher}", "Connection": "close"}
        async with aiohttp.ClientSession(at.cluster.base, headers=headers) as browser:
            while True:
                async with browser.get(path) as answer:
                    await answer.read()
                    answers[path, answer.status] += 1

    asking = [tasks.start(f"asking for {path}", ask(path)) for path in paths]
    try:
        yield answers
        assert not [task for task in asking if task.done()], "a request was answered by nobody"
    finally:
        await tasks.stop()


def schema(at: Stage) -> str:
    return at.cluster.postgres.sql("SELECT version_num FROM alembic_version", DATABASE)


async def install(version: NextVersion, at: Stage, server: Node) -> None:
    """As an operator would: the next server only when everybody has been answered again."""
    await at.rooms.back()
    await asyncio.to_thread(version.install, server)
    await asyncio.to_thread(at.cluster.await_places)
    await at.rooms.back(1.0)


async def test_a_version_that_only_reads_what_is_new_stands_beside_the_old_one(tmp_path: Path) -> None:
    version = NextVersion(tmp_path, writes=False)
    async with stage(rooms=ROOMS) as at:
        conference = f"/api/conferences/{at.house.conference}"
        first, *others = at.cluster.servers
        await install(version, at, first)
        assert schema(at) == REVISION
        async with asked(at, conference, ASSET) as answers:
            for server in others:
                assert all(s.ready() for s in at.cluster.servers), "old servers work on the new schema"
                before = answers[ASSET, 200]
                await until(lambda: answers[ASSET, 200] > before + 20, "what only new ones have is found")  # noqa: B023
                await install(version, at, server)
        assert {status for _, status in answers} == {200}
        figures = await at.draw()
        assert {name: figures[name] for name in NOTHING if figures[name]} == {}
        assert figures["acknowledged"] > 3 * ROOMS
        with pytest.raises(DidNotStart, match=REVISION):
            await asyncio.to_thread(put_back, first)


def reported(at: Stage) -> list[tuple[int, int]]:
    """Every report of the journal in order, whichever version wrote it."""
    bodies = at.cluster.postgres.sql(
        "SELECT convert_from(body, 'UTF8') FROM events WHERE type = 'headcount_reported' ORDER BY seq", DATABASE
    )
    return [(body["point"], body["in_room"]) for body in map(json.loads, bodies.splitlines())]


async def test_where_a_version_writes_what_old_ones_cannot_read_these_hand_over_to_it(tmp_path: Path) -> None:
    version = NextVersion(tmp_path, writes=True)
    async with stage(rooms=ROOMS) as at:
        new, *old = at.cluster.servers
        conference = f"/api/conferences/{at.house.conference}"
        async with asked(at, conference) as answers:
            await install(version, at, new)
            point = at.house.points[0]
            await report(at, new, point, SPECIAL)
            not_able = [partial(cannot_read_the_journal, server) for server in old]
            for is_not_able in not_able:
                await until(is_not_able, "an old server says that it cannot read the journal", PATIENCE)
            await at.rooms.back(1.0)
            assert all(is_not_able() for is_not_able in not_able), "and does not take it back"
            for server in old:
                await install(version, at, server)
        assert {status for _, status in answers} == {200}
        await at.rooms.finish()
        assert all(server.ready() for server in at.cluster.servers)
        found = reported(at)
        sums = compare(at.rooms.sent, at.rooms.acknowledged, Counter(found))
        assert {name: n for name, n in sums.items() if n} == {"sent": sums["sent"], "acknowledged": sums["sent"]}
        for wall in at.walls:
            last = dict(found)
            await until(lambda: {p: wall.rows[p].in_room for p in last} == last, "walls show it", PATIENCE)  # noqa: B023
            assert (wall.thrown_back, wall.lost) == (0, set())


def cannot_read_the_journal(server: Node) -> bool:
    return b"journal" in server.look("/readyz")[1]


async def report(at: Stage, server: Node, point: int, people: int) -> None:
    """A room reports at this very server."""
    tasks = Tasks()
    line = Line(f"ws://127.0.0.1:{server.port}/ws", at.house.conference, at.house.devices[0])
    tasks.start("line", line.run())
    at.rooms.sent.add((point, people))
    assert isinstance(await line.do(ReportHeadcount(point, people)), DoneMessage)
    at.rooms.acknowledged.add((point, people))
    await tasks.stop()
