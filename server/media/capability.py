"""The capability whole, as `app.py` joins it to the others."""

from dataclasses import replace

from prometheus_client import CollectorRegistry
from sqlalchemy.ext.asyncio import AsyncEngine

from server.config import MediaConfig
from server.http.problems import Problem
from server.http.routing import Call, Route
from server.live.conductor import Clock, now_ms
from server.live.conferences import Conferences

from .bridge_routes import BridgeRoutes
from .gauges import Gauges
from .orders import Orders
from .pass_routes import PassRoutes, Templates
from .picture_routes import PictureRoutes
from .pictures import Pictures
from .register import Register
from .store import BridgeStore


class Media:
    """Where nothing is configured every route answers `media_off`."""

    def __init__(
        self,
        engine: AsyncEngine,
        conferences: Conferences,
        config: MediaConfig,
        registry: CollectorRegistry,
        *,
        clock: Clock = now_ms,
    ) -> None:
        self._config = config
        key = config.key.encode()
        self._register = Register(BridgeStore(engine))
        self._orders = Orders(conferences, self._register)
        self._pictures = Pictures(conferences, clock)
        templates = Templates(config.publish_url, config.watch_url)
        self._bridges = BridgeRoutes(self._register, self._orders, key, clock)
        self._passes = PassRoutes(conferences, self._register, key, templates, clock)
        self._shown = PictureRoutes(conferences, self._pictures)
        self._gauges = Gauges(self._register, conferences, registry)

    def routes(self) -> list[Route]:
        bridges = _switched(self._bridges.routes(), bool(self._config.key))
        return [*bridges, *_switched([*self._passes.routes(), *self._shown.routes()], self._config.on())]

    async def sweep(self) -> None:
        """To be called every few seconds."""
        self._pictures.sweep()
        if self._config.key:
            await self._gauges.look()

    def close(self) -> None:
        """Lets bridges go that wait for news: before the server stops listening."""
        self._orders.close()


def _switched(routes: list[Route], on: bool) -> list[Route]:
    return routes if on else [replace(route, handler=_off) for route in routes]


async def _off(call: Call) -> None:
    raise Problem(404, "media_off")
