"""A bridge as it speaks to the service: its reports, and what it is told."""

import asyncio
import time
from collections.abc import Awaitable
from typing import Any

from server.client.http import Api
from server.protocol.bridges import BRIDGE_STREAM, BridgeOrders
from server.protocol.passes import Act, Pass, write_pass
from tests.servers.whole import Whole
from tests.waiting import until

KEY = "khoá chung với các cầu"
FULL = {"capacity": 100, "viewers": 0}


def pass_of(
    key: str = KEY, conference: str = "", stream: str = BRIDGE_STREAM, act: Act = "publish", until: int | None = None
) -> str:
    until = int(time.time()) + 60 if until is None else until
    return write_pass(Pass(conference, stream, act, "bridge:a", until), key.encode())


async def report(house: Whole, name: str = "a", token: str | None = None, **facts: Any) -> BridgeOrders:
    """Raises `ApiError`."""
    async with Api(house.base, token or pass_of()) as api:
        body = {"url": f"http://{name}.example:8090/", **FULL, **facts}
        return await api.call("POST", f"/api/bridges/{name}", BridgeOrders, body)


def publishing(house: Whole, *streams: str) -> list[dict[str, Any]]:
    return [{"conference": house.conference, "stream": s, "bit_rate": 1_100_000} for s in streams]


async def told(house: Whole, mark: str, change: Awaitable[object], **facts: Any) -> BridgeOrders:
    """The answer to a bridge that knew everything and was kept waiting while `change` was made."""
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        held = group.create_task(report(house, mark=mark, **facts))
        await until(lambda: house.server.media._orders._waiting, "the bridge waits for news")
        await change
    return held.result()
