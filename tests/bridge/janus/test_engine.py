"""Programme and rooms through a real Janus, behind our door. The peer is aiortc, which knows of neither."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest
from aiortc.stats import RTCInboundRtpStreamStats

from bridge.config import Service, Upstream
from bridge.janus.api import connected
from bridge.janus.plugins import Plugins
from bridge.slate.still import WIDTH as SLATE
from bridge.wire.sdp import Codec
from server.protocol.bridges import BridgeOrders
from tests.bridge.door.house import WATCHING, House, Peer, a_pass, come, opened, settings
from tests.bridge.door.test_http import fragment, patch, theirs
from tests.bridge.janus.server import Server, janus
from tests.waiting import until, until_async

SECONDS = 20.0  # for what takes two at most


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with janus(tmp_path, lite=True) as found, asyncio.timeout(3 * SECONDS):
        yield found


async def shows(house: House, stream: str) -> None:
    await until(lambda: house.door.reception.stage.programme("c1") == stream, stream)


async def sees(viewer: Peer, width: int) -> None:
    while (await viewer.frames(1))[0].width != width:
        pass


async def lines(viewer: Peer) -> dict[str, RTCInboundRtpStreamStats]:
    stats = (await viewer.connection.getStats()).values()
    return {one.kind: one for one in stats if isinstance(one, RTCInboundRtpStreamStats)}


async def goes_on(viewer: Peer, kind: str = "video") -> None:
    """By what arrives from now on, not by what was not looked at yet."""
    before = (await lines(viewer))[kind].packetsReceived
    await until_async(lambda: _more(viewer, kind, before + 10), f"{kind} that goes on", SECONDS)


async def _more(viewer: Peer, kind: str, than: int) -> bool:
    return (await lines(viewer))[kind].packetsReceived > than


async def lost(viewer: Peer) -> list[int]:
    return [one.packetsLost for one in (await lines(viewer)).values()]


async def test_the_programme_goes_from_the_slate_to_the_hall_a_room_and_the_spare(tmp_path: Path) -> None:
    """Given one who watches all the while, the picture goes on over every change and its numbers without a gap."""
    async with (
        janus(tmp_path, lite=False) as server,
        opened(janus=server.settings) as house,
        come(house, "programme", "watch") as viewer,
        asyncio.timeout(SECONDS),
    ):
        await sees(viewer, SLATE)
        async with AsyncExitStack() as stack:
            main = await stack.enter_async_context(come(house, "main", "publish"))
            await sees(viewer, 640)
            for stream in ("spare", "point/7"):
                await stack.enter_async_context(come(house, stream, "publish"))
            stage = house.door.reception.stage
            sessions = house.door.reception.sessions
            await until(lambda: sum(one.alive for one in sessions.values()) == 3, "all three")
            stage.put_on_air("c1", "point/7")
            await shows(house, "point/7")
            await goes_on(viewer)
            stage.put_on_air("c1", None)
            await shows(house, "main")
            await goes_on(viewer)
            await house.ask("DELETE", main.location, a_pass(who="main"))
            await shows(house, "spare")
            await goes_on(viewer)
            await goes_on(viewer, "audio")
        await sees(viewer, SLATE)
        assert await lost(viewer) == [0, 0]


async def test_what_comes_to_the_door_is_judged_as_with_our_own_workers(server: Server) -> None:
    async with opened(janus=server.settings) as house:
        opening = await house.publish()
        assert (opening.status, opening.text.count("a=recvonly")) == (201, 2)
        assert (await house.publish(who="another")).code == "stream_taken"
        assert (await house.publish("v=0\r\nm=audio x")).code == "offer_malformed"
        assert (await house.publish(key="k" * 40)).code == "pass_foreign"
        only_vp8 = await house.publish(WATCHING.replace("H264", "AV1").replace("recvonly", "sendonly"), "spare")
        assert (only_vp8.status, only_vp8.code) == (422, "codec_not_carried")
        assert (await house.watch(WATCHING.replace("H264", "AV1"))).code == "offer_without_known_codec"
        etag = opening.headers["ETag"]
        assert (await patch(house, opening, fragment(theirs()), etag)).status == 204
        again = await patch(house, opening, fragment("fresh"), etag)
        assert (again.status, again.code) == (422, "restart_not_served")
        assert (await house.ask("DELETE", opening.session, a_pass("spare", who="x"))).code == "session_not_yours"
        assert (await house.ask("DELETE", opening.session, a_pass())).status == 200
        assert not house.door.reception.sessions
        house.door.directions.take(BridgeOrders(False, {}, {}, {"c1": "https://home.example"}, ""), ())
        led = await house.watch()
        assert (led.status, led.headers["Location"]) == (307, "https://home.example/whep/c1/programme")


async def test_what_begins_to_play_meanwhile_changes_no_answer(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given nothing that plays when a viewer asks, and another profile of H.264 by the time that Janus has answered,
    he is told of what Janus was told."""
    high = Codec(0, "H264", 90_000, 1, {"packetization-mode": "1", "profile-level-id": "64001f"})
    plays = iter([dict[str, Codec]()])
    async with opened(janus=server.settings) as house:
        monkeypatch.setattr(house.door.reception.stage, "playing", lambda *of: next(plays, {"video": high}))
        answer = await house.watch()
        assert "profile-level-id=42e01f" in answer.text


async def test_of_a_room_a_player_may_have_the_sound_alone_and_is_told_of_the_end(server: Server) -> None:
    async with (
        opened(janus=server.settings) as house,
        come(house, "point/7", "publish") as room,
        asyncio.timeout(SECONDS),
    ):
        async with come(house, "point/7", "watch", "organizer") as viewer:
            await viewer.frames(5)
            token = a_pass("point/7", "watch", "organizer")
            path = f"{viewer.location}/quality"
            chosen = await house.ask("POST", path, token, '{"quality": "sound"}', "application/json")
            assert chosen.status == 204
            await goes_on(viewer, "audio")
            pictures = (await lines(viewer))["video"].packetsReceived
            await goes_on(viewer, "audio")
            assert (await lines(viewer))["video"].packetsReceived == pictures
            await house.ask("POST", path, token, '{"quality": null}', "application/json")
            await goes_on(viewer)
            assert await lost(viewer) == [0, 0]
            assert (await house.ask("DELETE", viewer.location, token)).status == 200
            await until(lambda: viewer.connection.connectionState == "closed", "the player told of it")
        await room.connection.close()
        await until(lambda: not house.door.reception.sessions, "the room forgotten")


async def test_when_janus_dies_its_sessions_are_over_and_all_comes_back_with_it(server: Server) -> None:
    async with opened(janus=server.settings) as house, asyncio.timeout(SECONDS):
        async with come(house, "main", "publish"), come(house, "programme", "watch") as viewer:
            await sees(viewer, 640)
            await server.kill()
            await until(lambda: not house.door.reception.sessions, "its sessions forgotten")
            away = await house.watch()
            assert (away.status, away.code, "Retry-After" in away.headers) == (503, "media_away", True)
        await server.start()
        await until(lambda: house.door.reception.carriers[0].ready, "Janus reached again")
        async with come(house, "main", "publish"), come(house, "programme", "watch") as viewer:
            await sees(viewer, 640)


async def test_what_an_earlier_life_left_at_janus_is_removed(server: Server) -> None:
    """Given a bridge that died with a room and a mountpoint, when it comes back, then its own are gone and another
    bridge's are not."""
    async with aiohttp.ClientSession() as http:

        async def at_janus(name: str) -> tuple[list[int], list[int]]:
            config = settings(janus=server.settings, service=Service(name=name))
            async with connected(http, config.janus.url, config.janus.secret) as api:
                plugins = await Plugins.at(api, config)
                before = await plugins.listed()
                await plugins.room()
                await plugins.mountpoint((("audio", "opus", 111), ("video", "VP8", 96)))
                return before

        assert await at_janus("one") == ([], [])
        assert [len(found) for found in await at_janus("another")] == [1, 1]
        assert [len(found) for found in await at_janus("one")] == [1, 1]


async def test_a_bridge_of_ours_takes_the_programme_from_one_with_janus(server: Server) -> None:
    async with (
        opened(janus=server.settings) as house,
        come(house, "main", "publish"),
        opened(upstream=Upstream(f"http://127.0.0.1:{house.door.port}")) as near,
        come(near, "programme", "watch") as room,
        asyncio.timeout(SECONDS),
    ):
        await sees(room, 640)
