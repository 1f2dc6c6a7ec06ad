"""A service, and a bridge whose media a Janus carries: organizers notice no difference, but when Janus is away."""

import asyncio
from pathlib import Path

from server.config import MediaConfig
from tests.bridge.door.house import KEY, come
from tests.bridge.janus.server import janus
from tests.bridge.test_service import SECONDS, agrees, alive, bridge, hall, media, shown
from tests.servers.whole import Whole, whole
from tests.waiting import until, until_async


async def test_programme_and_room_go_through_janus_as_organizers_say(tmp_path: Path) -> None:
    async with (
        janus(tmp_path) as server,
        whole(tmp_path, media=MediaConfig(KEY)) as service,
        asyncio.timeout(SECONDS),
    ):
        await agrees(service)
        async with (
            bridge(service, "a", janus=server.settings) as house,
            hall(house),
            hall(house, "point/1"),
            come(house, "programme", "watch") as other,
        ):
            await until(lambda: shown(house) == "main", "the hall")
            await other.frames(3)
            await service.command("put_on_air", point=1)
            await until(lambda: shown(house) == "point/1", "the room")
            await other.frames(10)
            carried = ("a", "point/1", ["main", "point/1"])
            await until_async(lambda: media(service, carried), "what it carries and shows")
            await server.kill()

            await until_async(lambda: gone(service), "it is sent nobody", SECONDS)


async def gone(service: Whole) -> bool:
    return not await alive(service, "a")
