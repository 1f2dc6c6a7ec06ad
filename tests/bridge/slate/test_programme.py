"""What viewers see: the slate, the test programme when it comes, the slate again when it goes. The viewer is aiortc."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bridge.slate.still import WIDTH as SLATE
from bridge.testcard.picture import WIDTH as TESTCARD
from bridge.testcard.publisher import publish
from tests.bridge.door.house import House, Peer, a_pass, come, opened
from tests.bridge.door.test_media import shows
from tests.waiting import until

SECONDS = 20.0  # for what takes two at most


@asynccontextmanager
async def on_air(house: House) -> AsyncIterator[None]:
    url = f"http://127.0.0.1:{house.door.port}/whip/c1/main"
    async with asyncio.TaskGroup() as group:
        task = group.create_task(publish(url, a_pass("main", seconds=600)))
        yield
        task.cancel()


async def sees(viewer: Peer, width: int) -> None:
    async with asyncio.timeout(SECONDS):
        while (await viewer.frames(1))[0].width != width:
            pass


async def test_the_slate_stands_until_the_programme_comes_and_when_it_has_gone() -> None:
    async with opened() as house, come(house, "programme", "watch") as viewer:
        await sees(viewer, SLATE)
        async with on_air(house):
            await sees(viewer, TESTCARD)
        await sees(viewer, SLATE)


async def test_the_slate_is_silent() -> None:
    async with opened() as house, come(house, "programme", "watch") as viewer, asyncio.timeout(SECONDS):
        for frame in await viewer.frames(5, "audio"):
            assert not any(bytes(frame.planes[0]))


async def test_the_testcard_comes_back_by_itself_when_its_worker_died() -> None:
    """Given the test programme, when the worker that takes it is killed, it publishes to the next one at once."""
    async with opened() as house, on_air(house):
        sessions = house.door.reception.sessions
        await until(lambda: any(one.alive for one in sessions.values()), "the programme", SECONDS)
        (before,) = sessions
        (worker,) = house.door.workers
        assert worker.process is not None
        worker.process.kill()
        await until(lambda: any(one.alive for id, one in sessions.items() if id != before), "it again", SECONDS)
        async with come(house, "programme", "watch") as viewer:
            await sees(viewer, TESTCARD)


class OnlyVp8(Peer):
    codec = "VP8"


class OnlyH264(Peer):
    codec = "H264"


class SoundAlone(Peer):
    kinds = ("audio",)


async def test_who_takes_one_codec_alone_sees_the_slate_before_anything_came() -> None:
    async with (
        opened() as house,
        come(house, "programme", "watch", of=OnlyVp8) as vp8,
        come(house, "programme", "watch", of=OnlyH264) as h264,
    ):
        await sees(vp8, SLATE)
        await sees(h264, SLATE)


async def test_after_h264_the_slate_comes_again() -> None:
    async with opened() as house, come(house, "programme", "watch") as viewer:
        await until(lambda: shows(house, "slate"), "the slate")
        await viewer.frames(1)
        async with come(house, "main", "publish", of=OnlyH264):
            await until(lambda: shows(house, "c1/main"), "main")
            await viewer.frames(1)
        await until(lambda: shows(house, "slate"), "the slate again")
        await sees(viewer, SLATE)


async def test_a_room_without_a_camera_is_heard_with_the_slate() -> None:
    """Given the test programme, when a room that offers no picture is put on air, it is on the programme, and what is
    seen is the slate; the test programme comes back when the room is taken off."""
    async with opened() as house, on_air(house), come(house, "programme", "watch") as viewer:
        await sees(viewer, TESTCARD)
        async with come(house, "point/7", "publish", of=SoundAlone):
            house.door.reception.stage.put_on_air("c1", "point/7")
            await until(lambda: shows(house, "c1/point/7"), "the room on the programme", SECONDS)
            await sees(viewer, SLATE)
            async with asyncio.timeout(SECONDS):
                await viewer.frames(3, "audio")
            house.door.reception.stage.put_on_air("c1", None)
            await sees(viewer, TESTCARD)
