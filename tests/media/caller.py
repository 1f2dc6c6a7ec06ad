"""A bridge as it speaks to the service: its reports, and what it is told."""

import time
from typing import Any

from server.client.http import Api
from server.protocol.bridges import BRIDGE_STREAM, BridgeOrders
from server.protocol.passes import Act, Pass, write_pass
from tests.servers.whole import Whole

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
