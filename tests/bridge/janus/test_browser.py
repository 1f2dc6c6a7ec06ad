"""Chromium publishes to a Janus and plays from it, by our door, and counts its frames itself."""

from pathlib import Path

from tests.bridge.browser.pages import inbound, plays
from tests.bridge.browser.theatre import theatre_of
from tests.bridge.janus.server import janus
from tests.waiting import until


async def test_chromium_plays_the_hall_and_a_room_through_janus(tmp_path: Path) -> None:
    """Given a hall that offers three qualities and is answered with one."""
    async with janus(tmp_path) as server, theatre_of(janus=server.settings) as theatre:
        await theatre.publisher("main", layers=True, codec="video/H264")
        await theatre.publisher("point/7", codec="video/H264")
        at = await theatre.viewer()
        await plays(at, 20)
        stage = theatre.house.door.reception.stage
        await until(lambda: stage.programme("c1") == "main", "the hall")
        stage.put_on_air("c1", "point/7")
        await plays(at, (await inbound(at))["framesDecoded"] + 20)
        assert stage.programme("c1") == "point/7"
        assert (await inbound(at))["packetsLost"] == 0
