"""The whole way: HTTP, handshake, worker, and frames that the other side decodes. The peer is aiortc."""

import asyncio

from tests.bridge.door.house import come, opened

SECONDS = 20.0  # for what takes two at most


async def test_what_one_publishes_the_other_sees_and_hears() -> None:
    async with opened() as house, come(house, "main", "publish"), come(house, "main", "watch") as viewer:
        async with asyncio.timeout(SECONDS):
            assert len(await viewer.frames(10)) == 10
            assert len(await viewer.frames(10, "audio")) == 10
