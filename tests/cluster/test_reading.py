"""Whoever wrote at one server and asks the other at once finds what he wrote: a proxy may lead each call elsewhere."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from server.client.http import Api, ApiError
from server.live.conferences import Live
from server.protocol.events import Event
from server.tasks import Tasks
from tests.servers.whole import Whole
from tests.waiting import until

Pair = tuple[Whole, Whole]
NAME = {"X-File-Name": "t.csv"}


async def test_a_command_at_one_is_in_the_next_answer_of_the_other(pair: Pair) -> None:
    for n in range(20):
        here, there = pair[n % 2], pair[1 - n % 2]
        done = await here.command("edit_conference", title=f"Tên thứ {n}")
        seen = await there.admin.call("GET", there.one, dict)
        assert (seen["conference"]["title"], seen["seq"]) == (f"Tên thứ {n}", done["seq"])


async def test_who_asks_while_the_journal_is_being_read_does_not_get_what_was_read_before(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = pair
    journal, tasks = two.server.journal, Tasks()
    read, has_read, go = journal.read, asyncio.Event(), asyncio.Event()

    async def slow(conference: str, after: int = 0, until: int | None = None) -> AsyncIterator[list[Event]]:
        async for lot in read(conference, after, until):
            yield lot
        has_read.set()
        await go.wait()

    looks, look = [], two.server.conferences.look

    async def noted(live: Live) -> None:
        looks.append(live)
        await look(live)

    monkeypatch.setattr(journal, "read", slow)
    monkeypatch.setattr(two.server.conferences, "look", noted)
    earlier = tasks.start("earlier", two.admin.call("GET", two.one, dict))
    await has_read.wait()
    await one.command("edit_conference", title="Tên mới")
    later = tasks.start("later", two.admin.call("GET", two.one, dict))
    await until(lambda: len(looks) == 2, "the second one asks")
    go.set()
    assert (await earlier)["conference"]["title"] == "Hội nghị trực tuyến"
    assert (await later)["conference"]["title"] == "Tên mới"


async def test_imported_rooms_and_units_are_there_for_the_other(pair: Pair) -> None:
    one, two = pair
    units = "Mã;Tên;Loại;Mã cha\n" + "".join(f"X{n};Xã số {n};xã;271\n" for n in range(300))
    await one.admin.call("POST", "/api/units/import?dry_run=false", dict, data=units.encode(), **NAME)
    found = await two.admin.call("GET", "/api/units?parent=271&limit=1000", dict)
    assert found["total"] == 302
    rooms = "Mã đơn vị;Tên phòng\n" + "".join(f"X{n};\n" for n in range(300))
    await one.admin.call("POST", f"{one.one}/points/import?dry_run=false", dict, data=rooms.encode(), **NAME)
    assert (await two.admin.call("GET", f"{two.one}/points?limit=1", dict))["total"] == 304
    again = await two.admin.call("POST", f"{two.one}/points/import?dry_run=false", dict, data=rooms.encode(), **NAME)
    assert (again["added"], again["unchanged"]) == (0, 300)


async def test_a_phone_that_was_enrolled_at_one_is_known_to_the_other_at_once(pair: Pair) -> None:
    for n in range(6):
        here, there = pair[n % 2], pair[1 - n % 2]
        device = await here.device(1 + n % 2)
        async with Api(there.base, device) as phone:
            assert (await phone.call("GET", "/api/my/point", dict))["point"]["id"] == 1 + n % 2
        async with there.operator(device) as operator:
            assert (await operator.done("check_in", point=1 + n % 2))["t"] == "done"


async def test_a_link_that_was_renewed_at_one_opens_nothing_at_the_other(pair: Pair) -> None:
    one, two = pair
    link = await one.link(1)
    await one.command("renew_links", points=[1])
    async with Api(two.base) as phone:
        with pytest.raises(ApiError) as refused:
            await phone.call("POST", "/api/enrol", dict, {"link": link, "label": ""})
    assert refused.value.error.code == "link_unknown"
    assert await two.device(1), "the new one opens"


async def test_a_conference_is_there_for_who_sees_a_part_of_it(pair: Pair) -> None:
    one, two = pair
    part = await one.token("viewer", "001")
    fresh = await one.new_conference("Hội nghị chuyên đề")
    async with Api(two.base, part) as viewer:
        with pytest.raises(ApiError) as unknown:
            await viewer.call("GET", f"/api/conferences/{fresh}", dict)
        rooms = "Mã đơn vị;Tên phòng\n00001;\n".encode()
        await one.admin.call("POST", f"/api/conferences/{fresh}/points/import?dry_run=false", dict, data=rooms, **NAME)
        seen = await viewer.call("GET", f"/api/conferences/{fresh}", dict)
    assert (unknown.value.status, seen["conference"]["title"]) == (404, "Hội nghị chuyên đề")
