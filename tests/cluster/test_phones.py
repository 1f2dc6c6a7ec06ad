"""Phones in the hall, led to any server: news reach all of them, and every one is counted once."""

import asyncio

import aiohttp

from server.attendance.visits import COOKIE
from tests.servers.whole import Whole
from tests.waiting import until_async

Pair = tuple[Whole, Whole]
PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36"}


async def code_of(house: Whole, point: int) -> str:
    detail = await house.admin.call("GET", f"{house.one}/points/{point}", dict)
    return str(detail["code_url"]).rsplit("/", 1)[1]


def phone() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), headers=PHONE)


async def test_a_notice_that_is_posted_at_one_is_heard_by_the_phones_of_the_other(pair: Pair) -> None:
    one, two = pair
    code = await code_of(one, 1)
    async with phone() as phones, phones.get(f"{two.base}/D/{code}/live") as stream:
        await one.command("post_notice", text="Hội nghị bắt đầu lại lúc 10 giờ", to="attendees")
        heard = b""
        async with asyncio.timeout(10):
            while "bắt đầu lại lúc 10 giờ".encode() not in heard:
                heard += await stream.content.readany()
    assert b"event: notices" in heard


async def test_every_phone_is_counted_once_whichever_servers_it_meets(pair: Pair) -> None:
    one, two = pair
    code = await code_of(one, 2)

    async def visit(n: int) -> int:
        """A phone that loads the page four times, at the servers in turn; how often it was given a mark."""
        marked = 0
        async with phone() as loads:
            for at in (pair[n % 2], pair[1 - n % 2], one, two):
                async with loads.get(f"{at.base}/D/{code}") as page:
                    assert page.status == 200
                    marked += COOKIE in page.cookies
        return marked

    assert await asyncio.gather(*map(visit, range(40))) == [1] * 40
    for house in pair:

        async def counted(house: Whole = house) -> bool:
            sums = await house.admin.call("GET", f"{house.one}/documents/counts", dict)
            return [p["scans"] for p in sums["points"] if p["point"] == 2] == [40]

        await until_async(counted, "the sum is exact at both")
    events = await one.journal("scans_counted")
    assert sum(row[3] for e in events for row in e["body"]["rows"]) == 40
