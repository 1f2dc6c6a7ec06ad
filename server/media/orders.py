"""What bridges are told, as soon as it changes."""

import asyncio
import contextlib
import hashlib

import msgspec

from server.conference.state import State
from server.live.bus import Bus
from server.live.conferences import Conferences, Live
from server.protocol.bridges import HOLD_SECONDS, MAX_CARRIED, POINT, BridgeOrders, BridgeReport
from server.protocol.errors import Busy
from server.protocol.events import Event

from .choice import home
from .register import Register

MAX_WAITING = 500  # answers that are held back at once: the bridges of a country; further ones are answered at once
_NEWS = "bridges"  # on the bus: something of a bridge changed that others wait for
_encode = msgspec.json.Encoder(order="deterministic").encode
Aired = tuple[str | None, int]  # the stream that is on air, the generation of the keys to publish


class Orders:
    def __init__(self, conferences: Conferences, register: Register) -> None:
        self._conferences, self._register = conferences, register
        self._bus: Bus = conferences.bus
        self._bus.hear(_NEWS, lambda sender, payload: self._wake())
        self._aired: dict[str, Aired] = {}  # of the conferences that are listened to
        self._waiting: set[asyncio.Event] = set()
        self._closed = False

    def close(self) -> None:
        """Nobody is kept waiting any more."""
        self._closed = True
        self._wake()

    def changed(self) -> None:
        """Something of a bridge that all servers should know now."""
        self._wake()
        self._bus.tell(_NEWS, b"")

    def _wake(self) -> None:
        self._register.changed()
        for waiting in self._waiting:
            waiting.set()

    async def answer(self, name: str, report: BridgeReport, draining: bool) -> BridgeOrders:
        """At once when the bridge does not know it yet; else when it changes, or after `HOLD_SECONDS`."""
        lives = await self._carried(report)
        news = asyncio.Event()
        self._waiting.add(news)  # before the first look, so that nothing falls between
        try:
            orders = await self._orders(lives, draining)
            if orders.mark != report.mark or len(self._waiting) > MAX_WAITING:
                return orders
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(HOLD_SECONDS):
                    while orders.mark == report.mark and not self._closed:
                        await news.wait()
                        news.clear()
                        draining = any(b.draining for b in await self._register.all() if b.name == name)
                        orders = await self._orders(lives, draining)
            return orders
        finally:
            self._waiting.discard(news)

    async def _orders(self, lives: list[Live], draining: bool) -> BridgeOrders:
        bridges = await self._register.all()
        on_air = {live.id: self._aired[live.id][0] for live in lives}
        generations = {live.id: self._aired[live.id][1] for live in lives}
        homes = {live.id: found.url for live in lives if (found := home(bridges, live.id))}
        said = _encode((draining, on_air, generations, homes))
        mark = hashlib.blake2b(said, digest_size=12).hexdigest()
        return BridgeOrders(draining, on_air, generations, homes, mark)

    async def _carried(self, report: BridgeReport) -> list[Live]:
        """The conferences that the bridge names and that there are; those that cannot be read now are left out."""
        named = sorted({*report.showing, *(p.conference for p in report.publishers)})[:MAX_CARRIED]
        found: list[Live] = []
        for id in named:
            with contextlib.suppress(Busy):
                if (live := await self._conferences.get(id)) is not None:
                    await self._listen(live)
                    found.append(live)
        return found

    async def _listen(self, live: Live) -> None:
        aired = await live.conductor.at_rest(_aired)
        if live.id not in self._aired:
            self._aired[live.id] = aired
            live.listeners.append(self._hear)

    def _hear(self, state: State, events: list[Event]) -> None:
        if self._aired.get(state.id) != (now := _aired(state)):
            self._aired[state.id] = now
            self._wake()


def _aired(state: State) -> Aired:
    stream = None if state.on_air is None else f"{POINT}/{state.on_air}"
    return stream, state.media_generation
