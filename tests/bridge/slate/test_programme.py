"""What viewers see: the slate, the test programme when it comes, the slate again when it goes. The viewer is aiortc."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc.mediastreams import VideoStreamTrack

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


async def test_after_h264_the_slate_is_h264() -> None:
    """Given viewers who decode what plays now, the slate comes in the same codec, and in VP8 to begin with."""
    async with opened() as house, come(house, "programme", "watch") as viewer:
        await until(lambda: shows(house, "slate/VP8"), "the slate")
        await viewer.frames(1)
        async with h264(house):
            await until(lambda: shows(house, "c1/main"), "main")
            await viewer.frames(1)
        await until(lambda: shows(house, "slate/H264"), "the slate again")
        await sees(viewer, SLATE)


@asynccontextmanager
async def h264(house: House) -> AsyncIterator[None]:
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    video = connection.addTransceiver(VideoStreamTrack(), "sendonly")
    known = RTCRtpSender.getCapabilities("video").codecs
    video.setCodecPreferences([codec for codec in known if codec.mimeType == "video/H264"])
    try:
        await connection.setLocalDescription(await connection.createOffer())
        answer = await house.publish(connection.localDescription.sdp)
        assert answer.status == 201, answer.text
        await connection.setRemoteDescription(RTCSessionDescription(answer.text, "answer"))
        yield
    finally:
        await connection.close()
