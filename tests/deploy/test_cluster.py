"""Servers over one PostgreSQL and NATS behind HAProxy: whichever a client reaches, and whichever dies."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from functools import partial
from urllib.parse import quote

import aiohttp
import pytest

from server.client.http import Api, ApiError
from server.config import Config
from server.demo.cluster.node import Node
from server.demo.cluster.postgres import Postgres
from server.demo.cluster.whole import DATABASE, Cluster
from server.doctor import examine
from server.tasks import Tasks
from tests.documents.files import pdf
from tests.servers.cluster import QUICK, SERVERS, Door, Furnished, door, enrolled, furnish
from tests.servers.whole import LOGIN, PASSWORD, Body
from tests.waiting import until, until_async

PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36"}
GONE = (1006, 1012)  # cut without a word, or told to come back


@pytest.fixture
async def doors(cluster: Cluster, house: Furnished) -> AsyncIterator[tuple[Door, Door, Door]]:
    """The first server, the second, HAProxy."""
    await asyncio.to_thread(cluster.await_places)
    async with AsyncExitStack() as stack:
        ports = [*(server.port for server in cluster.servers), cluster.haproxy.port]
        first, second, proxy = [await stack.enter_async_context(door(port, house)) for port in ports]
        yield first, second, proxy


async def answered(at: Door, path: str, headers: dict[str, str]) -> int:
    async with aiohttp.ClientSession(headers=headers) as browser, browser.get(at.base + path) as answer:
        return answer.status


def holder(cluster: Cluster, audience: str) -> Node:
    """The server that holds a socket of that kind."""
    wanted = f'nhipcau_sockets{{audience="{audience}"}} 1.0'.encode()
    return next(server for server in cluster.servers if wanted in server.look("/metrics")[1])


# --- any server serves any client


async def test_a_session_works_at_every_server_and_ends_at_every_server(doors: tuple[Door, Door, Door]) -> None:
    first, second, _ = doors
    for leaves, expected in ((False, 200), (True, 401)):
        async with Api(first.base) as organizer:
            await organizer.sign_in(LOGIN, PASSWORD)
            session = organizer.identity()
            if leaves:
                await organizer.call("DELETE", "/api/session", object)
        assert await answered(second, "/api/sessions", session) == expected


async def test_a_wall_at_one_server_sees_the_tap_at_the_other(doors: tuple[Door, Door, Door]) -> None:
    first, second, _ = doors
    device = await second.device(1)
    async with first.wall(first.key) as wall, second.operator(device) as operator:
        await wall.next("snapshot")
        await operator.done("check_in", point=1)
        answer = await operator.done("report_headcount", point=1, in_room=66)
        seen: Body = {}
        while seen.get("seq", 0) < answer["seq"]:
            seen = await wall.next("frame")
    assert [row[3] for row in seen["rows"] if row[0] == 1] == [66]
    assert [e["seq"] for e in await first.journal()] == [e["seq"] for e in await second.journal()]


async def test_a_document_that_came_in_at_one_server_is_given_out_by_the_other(
    doors: tuple[Door, Door, Door],
) -> None:
    first, second, _ = doors
    content = pdf(3)
    name = {"X-File-Name": quote("Nghị quyết.pdf")}
    made = await first.admin.call("POST", f"{first.one}/documents?title=Ngh%E1%BB%8B", dict, data=content, **name)

    async def listed() -> list[int]:
        found = await second.admin.call("GET", f"{second.one}/documents", dict)
        return [d["id"] for d in found["documents"] if d["id"] == made["id"]]

    await until_async(listed, "the other server has heard of the document")
    async with (
        aiohttp.ClientSession(headers=second.admin.identity()) as browser,
        browser.get(f"{second.base}{second.one}/documents/{made['id']}/file") as file,
    ):
        assert await file.read() == content


async def test_a_device_is_counted_once_wherever_it_scans_and_every_device_is(
    doors: tuple[Door, Door, Door],
) -> None:
    first, second, _ = doors
    code = (await first.admin.call("GET", f"{first.one}/points/3", dict))["code_url"].rsplit("/", 1)[1]
    for _ in range(5):
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), headers=PHONE) as phone:
            for at in (first, second, second, first):
                async with phone.get(f"{at.base}/D/{code}") as page:
                    assert page.status == 200
    for at in (first, second):

        async def counted(at: Door = at) -> list[int]:
            sums = await at.admin.call("GET", f"{at.one}/documents/counts", dict)
            return [p["scans"] for p in sums["points"] if p["point"] == 3 and p["scans"] >= 5]

        assert await until_async(counted, "both servers know the sum") == [5]


# --- parts that end


async def test_a_wall_whose_server_is_killed_goes_on_at_the_other_where_it_stood(
    cluster: Cluster, doors: tuple[Door, Door, Door]
) -> None:
    _, _, proxy = doors
    device = await enrolled(cluster, proxy, 2)
    async with proxy.wall(proxy.key) as wall, proxy.operator(device) as operator:
        epoch = (await wall.next("snapshot"))["epoch"]
        answer = await operator.done("check_in", point=2)
        while (seen := await wall.next("frame"))["seq"] < answer["seq"]:
            pass
        victim = holder(cluster, "wall")
        await asyncio.to_thread(victim.kill)
        try:
            assert (await wall.closed())[0] in GONE
            async with proxy.socket() as again:
                resume = {"epoch": epoch, "seq": seen["seq"]}
                await again.hello(conference=proxy.conference, token=proxy.key, resume=resume)
                assert (await again.next("welcome"))["resumed"]
        finally:
            await asyncio.to_thread(victim.start)
    assert len([e for e in await proxy.journal("checked_in") if e["body"]["point"] == 2]) == 1


async def test_a_planned_restart_costs_no_request(cluster: Cluster, doors: tuple[Door, Door, Door]) -> None:
    tasks, answers = Tasks(), list[int]()

    async def ask() -> None:
        async with aiohttp.ClientSession(headers=doors[2].admin.identity()) as browser:
            while True:
                async with browser.get(f"{cluster.base}/api/conferences") as answer:
                    await answer.read()
                    answers.append(answer.status)

    asking = [tasks.start(f"asking {n}", ask()) for n in range(4)]
    for server in cluster.servers:
        before = len(answers)
        await until(lambda: len(answers) > before + 20, "requests are under way")  # noqa: B023
        assert await asyncio.to_thread(server.stop) == 0
        before = len(answers)
        await until(lambda: len(answers) > before + 20, "the other server answers")  # noqa: B023
        await asyncio.to_thread(server.start)
        await asyncio.to_thread(cluster.await_places)
    assert not [task for task in asking if task.done()], "a request was answered by nobody"
    await tasks.stop()
    assert set(answers) == {200}


async def test_a_server_that_is_frozen_loses_its_lines_to_the_other(
    cluster: Cluster, doors: tuple[Door, Door, Door]
) -> None:
    _, _, proxy = doors
    async with proxy.wall(proxy.key) as wall:
        victim = holder(cluster, "wall")
        await asyncio.to_thread(victim.pause)
        try:
            assert (await wall.closed())[0] in GONE
            async with proxy.wall(proxy.key) as again:
                assert await again.next("snapshot")
        finally:
            await asyncio.to_thread(victim.resume)


@pytest.mark.parametrize(
    ("end", "begin", "point"),
    [(Postgres.kill, Postgres.start, 4), (Postgres.pause, Postgres.resume, 3)],
    ids=["killed", "hung"],
)
async def test_without_the_database_nobody_is_sent_away_and_everything_goes_on_after_it(
    cluster: Cluster,
    doors: tuple[Door, Door, Door],
    end: Callable[[Postgres], None],
    begin: Callable[[Postgres], None],
    point: int,
) -> None:
    _, _, proxy = doors
    device = await enrolled(cluster, proxy, point)
    async with proxy.wall(proxy.key) as wall:
        await wall.next("snapshot")
        await asyncio.to_thread(end, cluster.postgres)
        try:
            states = [lambda n=n: cluster.haproxy.state(n) == "NOLB" for n in range(len(cluster.servers))]
            for state in states:
                await until(state, "HAProxy knows that nobody is ready")
            with pytest.raises(ApiError) as refused:
                await proxy.admin.call("GET", "/api/conferences", object)
            # Not HAProxy's page: the servers answer, in their own shape.
            assert refused.value.error.code != "unreadable"
        finally:
            await asyncio.to_thread(begin, cluster.postgres)
        await asyncio.to_thread(cluster.await_places)
        await until(lambda: all(s.ready() for s in cluster.servers), "the servers found it again")
        async with proxy.operator(device) as operator:
            answer = await operator.done("check_in", point=point)
        # The wall was never cut.
        while (await wall.next("frame"))["seq"] < answer["seq"]:
            pass


async def begun_anew(house: Door, port: int) -> bool:
    """Whether that server's screens follow the timeline of the promoted replica."""
    async with (
        door(port, Furnished(house.conference, house.key)) as server,
        server.wall(house.key) as wall,
    ):
        return str((await wall.next("snapshot"))["epoch"]).endswith(".00000002")


async def test_a_replica_takes_the_database_s_place_and_has_all_that_was_acknowledged(installed: None) -> None:
    cluster = Cluster(SERVERS, QUICK, replicated=True)
    try:
        await asyncio.to_thread(cluster.start)
        config = Config(database=cluster.postgres.url(DATABASE, *cluster.replicas), data_dir=str(cluster.folder))
        assert {f.check: f.verdict for f in await examine(config, cluster.folder)}["database"] == "ok"
        async with door(cluster.haproxy.port, await furnish(cluster)) as proxy:
            device = await enrolled(cluster, proxy, 1)
            async with proxy.operator(device) as operator:
                await operator.done("check_in", point=1)
                answers = [await operator.done("report_headcount", point=1, in_room=n) for n in range(20)]
                await asyncio.to_thread(cluster.postgres.kill)
            await asyncio.to_thread(cluster.replicas[0].promote)
            await until(lambda: all(server.ready() for server in cluster.servers), "the servers found the other one")
            await asyncio.to_thread(cluster.await_places)
            for server in cluster.servers:
                await until_async(partial(begun_anew, proxy, server.port), "the server shows the other one's history")
            async with proxy.operator(device) as operator:
                after = await operator.done("report_headcount", point=1, in_room=20)
            assert {event["seq"] for event in await proxy.journal()} >= {a["seq"] for a in [*answers, after]}
            assert len(await proxy.journal("headcount_reported")) == 21
    finally:
        await asyncio.to_thread(cluster.remove)


async def test_a_server_that_is_drained_keeps_its_lines_and_gets_no_new_ones(
    cluster: Cluster, doors: tuple[Door, Door, Door]
) -> None:
    _, _, proxy = doors
    async with proxy.wall(proxy.key) as wall:
        await wall.next("snapshot")
        drained = holder(cluster, "wall")
        place = f"ready/s{cluster.servers.index(drained) + 1}"
        cluster.haproxy.admin(f"set server {place} state drain")
        try:
            for _ in range(4):
                async with proxy.operator(await enrolled(cluster, proxy, 3)):
                    assert holder(cluster, "point") is not drained
            await wall.say(t="beat")
            assert await wall.next("pulse")
        finally:
            cluster.haproxy.admin(f"set server {place} state ready")


# --- what the proxy lets through


async def test_the_proxy_shows_no_metrics_and_believes_nobody_s_address(
    cluster: Cluster, doors: tuple[Door, Door, Door]
) -> None:
    _, _, proxy = doors
    forged = {"X-Forwarded-For": "203.0.113.66", "X-Requested-With": "nhipcau"}
    for path in ("/metrics", "/%6detrics"):
        assert await answered(proxy, path, forged) == 404
    cookies = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(headers=forged, cookie_jar=cookies, raise_for_status=True) as browser:
        await browser.post(f"{proxy.base}/api/session", json={"login": LOGIN, "password": PASSWORD})
        async with browser.get(f"{proxy.base}/api/sessions") as answer:
            sessions = (await answer.json())["sessions"]
    assert {s["address"] for s in sessions} == {"127.0.0.1"}


async def test_a_file_that_never_changes_is_fetched_from_the_servers_once(cluster: Cluster) -> None:
    async with aiohttp.ClientSession() as browser:
        async with browser.get(f"{cluster.base}/") as page:
            asset = (await page.text()).split('src="/assets/', 1)[1].split('"', 1)[0]
        for _ in range(5):
            async with browser.get(f"{cluster.base}/assets/{asset}") as answer:
                assert answer.status == 200
    counts = b"".join(server.look("/metrics")[1] for server in cluster.servers).decode().splitlines()
    line = 'nhipcau_http_requests_total{method="GET",route="/assets/{file}",status="200"} '
    assert sum(float(row.removeprefix(line)) for row in counts if row.startswith(line)) == 1
