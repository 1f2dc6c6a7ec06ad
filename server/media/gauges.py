"""What Prometheus is told of the bridges. All servers tell the same of each: `max by (bridge)`, not a sum."""

import contextlib

from prometheus_client import CollectorRegistry, Gauge

from server.live.conferences import Conferences
from server.protocol.errors import Busy

from .choice import home
from .model import Bridge
from .register import Register
from .store import FORGET_MS


class Gauges:
    """As of the last look. A bridge's name is its label: only who has the key reports, and it is forgotten in a day."""

    def __init__(self, register: Register, conferences: Conferences, registry: CollectorRegistry) -> None:
        self._register, self._conferences = register, conferences

        def gauge(name: str, text: str) -> Gauge:
            return Gauge(f"nhipcau_bridges_{name}", text, ["bridge"], registry=registry)

        self._alive = gauge("alive", "1 while a bridge reports")
        self._draining = gauge("draining", "1 while a bridge is emptied, or is empty for maintenance")
        self._viewers = gauge("viewers", "Who watches at a bridge")
        self._capacity = gauge("capacity", "How many rooms a bridge may be sent")
        self._busy = gauge("busy", "Share of a core, of a bridge's busiest worker")
        self._slates = Gauge(
            "nhipcau_programmes_on_slate",
            "Conferences that are live and watched, and of which nothing comes in",
            registry=registry,
        )

    async def look(self) -> None:
        bridges = [b for b in await self._register.all() if b.now - b.seen_at < FORGET_MS]
        told = (self._alive, self._draining, self._viewers, self._capacity, self._busy)
        for gauge in told:
            gauge.clear()
        for b in bridges:
            for gauge, value in zip(told, _facts(b), strict=True):
                gauge.labels(b.name).set(value)
        self._slates.set(await self._on_slate(bridges))

    async def _on_slate(self, bridges: list[Bridge]) -> int:
        dark = {
            id for b in bridges for id, shown in b.carried.showing.items() if shown is None and home(bridges, id) is b
        }
        found = 0
        for id in dark:
            with contextlib.suppress(Busy):  # it cannot be read now: that is told elsewhere
                live = await self._conferences.get(id)
                found += live is not None and live.hub.conference.phase == "live"
        return found


def _facts(bridge: Bridge) -> tuple[float, ...]:
    """A dead one carries nobody."""
    if not bridge.alive:
        return 0, bridge.draining, 0, 0, 0
    return 1, bridge.draining, bridge.viewers, bridge.capacity, bridge.busy
