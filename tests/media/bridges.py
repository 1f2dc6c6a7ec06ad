"""Bridges as the service knows them."""

from typing import Any

from server.media.model import Bridge, Carried
from server.protocol.bridges import Publishing

NOW = 1_000_000


def bridge(name: str, *streams: str, unit: str | None = None, age: int = 0, **more: Any) -> Bridge:
    """`streams`: as `c1/main`; `age` in ms since its last report."""
    named = [stream.split("/", 1) for stream in streams]
    publishers = [Publishing(conference, name) for conference, name in named]
    facts: dict[str, Any] = {"upstream": False, "capacity": 100, "viewers": 0, "busy": 0.0, "draining": False, **more}
    carried = Carried(publishers)
    return Bridge(name, f"http://{name}:8090", unit, carried=carried, seen_at=NOW - age, now=NOW, **facts)
