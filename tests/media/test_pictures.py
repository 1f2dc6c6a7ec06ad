"""The rooms' small pictures: only by the room's own yes, the latest alone, gone when it stops."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import msgspec
import pytest

from server.config import MediaConfig
from server.http.limits import Limit
from server.media import pictures
from server.media.capability import Media
from server.media.pictures import KEEP_MS, MAX_PICTURE
from tests.servers.whole import QUICK, Socket, Whole, whole

from .caller import KEY
from .jpegs import jpeg

SMALL, OTHER = jpeg(), jpeg(quality=30)


class Clock:
    now = 1_700_000_000_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def house(tmp_path: Path, clock: Clock) -> AsyncIterator[Whole]:
    async with whole(tmp_path, QUICK, clock, media=MediaConfig(KEY)) as house:
        media(house)._shown._pace = Limit(1_000, 1_000)
        yield house


def media(house: Whole) -> Media:
    return house.server.media


@asynccontextmanager
async def letting(house: Whole, token: str) -> AsyncIterator[Socket]:
    """A room that said yes to small pictures."""
    async with house.operator(token) as room:
        await say(room, pictures=True)
        yield room


async def say(room: Socket, **figures: object) -> None:
    """Returns when it was heard."""
    await room.say(t="status", rtt=40, media=figures)
    await room.say(t="beat", rtt=40)
    await room.next("pulse")


async def ask(
    house: Whole, method: str, path: str, token: str, data: bytes | None = None, known: str = ""
) -> tuple[int, bytes, Mapping[str, str]]:
    headers = {"Authorization": f"Bearer {token}", "If-None-Match": known}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, house.base + path, data=data, headers=headers) as answer,
    ):
        return answer.status, await answer.read(), answer.headers


async def put(house: Whole, token: str, data: bytes) -> tuple[int, str]:
    status, said, _ = await ask(house, "PUT", "/api/point/thumbnail", token, data)
    return status, code(said)


def code(said: bytes) -> str:
    return str(msgspec.json.decode(said)["error"]["code"]) if said.startswith(b"{") else ""


async def get(house: Whole, token: str, point: int = 1, known: str = "") -> tuple[int, bytes]:
    status, said, _ = await ask(house, "GET", f"{house.one}/points/{point}/thumbnail", token, known=known)
    return status, said


def version(house: Whole, point: int = 1) -> int:
    """As the wall's row tells it."""
    row = house.server.conferences.running()[0].hub.row(point)
    return row.media.picture if row and row.media else 0


async def test_a_picture_is_shown_on_walls_that_fetch_each_version_once(house: Whole, clock: Clock) -> None:
    token, wall = await house.device(1), await house.token("viewer")
    async with letting(house, token), house.wall(wall) as screen:
        await screen.next("snapshot")
        assert await put(house, token, SMALL) == (204, "")
        while (seen := (await screen.next("frame"))["rows"][0][16]) is None:
            pass  # frames of its coming
        v = seen[5]
        assert v == clock.now // 1_000
        path = f"{house.one}/points/1/thumbnail"
        status, data, headers = await ask(house, "GET", f"{path}?v={v}", wall)
        assert (status, data) == (200, SMALL)
        assert headers["Content-Type"] == "image/jpeg"
        assert headers["ETag"] == f'"{v}"'
        assert headers["Cache-Control"] == "private, max-age=60"
        assert await get(house, wall, known=f'"{v}"') == (304, b"")
        assert await put(house, token, OTHER) == (204, "")
        assert version(house) > v, "within the same second too"
        assert await get(house, wall, known=f'"{v}"') == (200, OTHER)


async def test_without_the_room_s_yes_nothing_is_taken(house: Whole) -> None:
    token = await house.device(1)
    assert await put(house, token, SMALL) == (409, "pictures_not_let")
    async with house.operator(token) as room:
        assert await put(house, token, SMALL) == (409, "pictures_not_let")
        await say(room, playing=True)
        assert await put(house, token, SMALL) == (409, "pictures_not_let")
        assert media(house)._pictures._known == {}


async def test_a_no_and_a_line_that_ends_take_the_picture_away_at_once(house: Whole) -> None:
    token, wall = await house.device(1), await house.token("viewer")
    async with letting(house, token) as room:
        await put(house, token, SMALL)
        await say(room, pictures=False)
        assert (await get(house, wall))[0] == 404
        assert version(house) == 0
        await say(room, pictures=True)
        assert (await get(house, wall))[0] == 404, "a yes is for what comes after it"
        await put(house, token, OTHER)
        assert await get(house, wall) == (200, OTHER)
    async with house.operator(token):
        assert (await get(house, wall))[0] == 404


async def test_a_room_that_sends_no_more_shows_no_old_picture(house: Whole, clock: Clock) -> None:
    token, wall = await house.device(1), await house.token("viewer")
    async with letting(house, token):
        await put(house, token, SMALL)
        clock.now += KEEP_MS
        await media(house).sweep()
        assert version(house)
        clock.now += 1
        await media(house).sweep()
        assert version(house) == 0
        assert (await get(house, wall))[0] == 404
        assert media(house)._pictures._bytes == 0


async def test_what_is_no_small_jpeg_is_refused(house: Whole) -> None:
    bad, token = (400, "picture_bad"), await house.device(1)
    sizes = [jpeg(481, 270), jpeg(480, 271), jpeg(270, 480)]
    async with letting(house, token):
        for data in (b"", b"<svg/>", SMALL[:-2], *sizes):
            assert await put(house, token, data) == bad
        assert await put(house, token, b"\xff\xd8" + b"\0" * MAX_PICTURE) == (413, "too_large")
        assert version(house) == 0


async def test_one_that_sends_too_often_has_to_wait(tmp_path: Path) -> None:
    async with whole(tmp_path, media=MediaConfig(KEY)) as house:
        one, two = await house.device(1), await house.device(2)
        async with letting(house, one), letting(house, two):
            assert await put(house, one, SMALL) == (204, "")
            assert await put(house, one, OTHER) == (429, "rate_limited")
            assert await put(house, two, OTHER) == (204, "")


async def test_all_together_are_bounded_and_a_newer_one_takes_the_place_of_the_older(
    house: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MAX_KEPT", len(SMALL) + 10)
    one, two = await house.device(1), await house.device(2)
    async with letting(house, one), letting(house, two):
        for _ in range(3):
            assert await put(house, one, SMALL) == (204, "")
        assert await put(house, two, OTHER) == (503, "pictures_full")
        assert media(house)._pictures._bytes == len(SMALL)


async def test_who_sees_a_room_sees_its_picture_and_nobody_in_a_corridor(house: Whole) -> None:
    near, far = await house.device(1), await house.device(4)
    district, kiosk = await house.token("viewer", "271"), await house.kiosk()
    async with letting(house, near), letting(house, far):
        for token in (near, far):
            await put(house, token, SMALL)
        assert await get(house, district, 1) == (200, SMALL)
        status, said = await get(house, district, 4)
        assert (status, code(said)) == (404, "point_unknown")
        assert (await get(house, kiosk, 1))[0] == (await get(house, near, 1))[0] == 403
        status, said = await get(house, await house.token(), 99)
        assert (status, code(said)) == (404, "point_unknown")


async def test_pages_may_use_camera_and_bridges_only_where_there_are_media(house: Whole, bare: Whole) -> None:
    for there, camera, elsewhere in ((house, "camera=(self)", True), (bare, "camera=()", False)):
        _, _, headers = await ask(there, "GET", "/console", "")
        assert camera in headers["Permissions-Policy"]
        rule = headers["Content-Security-Policy"]
        assert ("connect-src 'self' http: https:" in rule) is elsewhere
