"""The bridge and the coordination service: the bridge reports, is told what to do, and does it.

While the service cannot be reached what it said last stays true, and nobody's picture stops.
"""

import asyncio
import random
import re
import socket
import time
from itertools import islice

import aiohttp
import msgspec
import structlog

from bridge.config import Config
from bridge.door.directions import Directions
from bridge.door.engine import Engine
from bridge.door.sessions import Session
from bridge.door.tasks import Tasks
from server.protocol.bridges import (
    BRIDGE_STREAM,
    HOLD_SECONDS,
    MAX_CARRIED,
    MAX_PUBLISHERS,
    PROGRAMME,
    BridgeOrders,
    BridgeReport,
    Publishing,
)
from server.protocol.passes import Pass, write_pass

log = structlog.get_logger()

ANSWER_SECONDS = HOLD_SECONDS + 3.0  # the longest that an answer takes on a slow line
LEAST_SECONDS = 0.25  # between two reports, whatever changes meanwhile
AWAY_SECONDS = (0.5, 1.5)  # until the next try when the service did not answer: by chance, so that not all come at once
PASS_SECONDS = 60
LEAVE_SECONDS = 10.0  # over which viewers are sent from a bridge that is drained, not all at once
LOTS = 10  # that they go in
_NOT_IN_NAMES = re.compile(r"[^0-9A-Za-z-]")


class Service:
    """`settled` is called when what it said changed."""

    def __init__(self, config: Config, engine: Engine, directions: Directions, tasks: Tasks) -> None:
        self._config, self._engine, self._directions, self._tasks = config, engine, directions, tasks
        named = _NOT_IN_NAMES.sub("-", config.service.name or socket.gethostname())[:40]
        self._address = f"{config.service.url.rstrip('/')}/api/bridges/{named}"
        self._name = named
        self._held: asyncio.Timeout | None = None
        self._told: tuple[object, object] = ((), ())
        self._leaving_since: float | None = None
        self.reachable: bool | None = None
        engine.stage.listeners.append(self._look)

    async def keep(self) -> None:
        """Reports until cancelled."""
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as http:
            while True:
                began = asyncio.get_running_loop().time()
                # Nobody is to be sent here while nobody can be let in.
                pause = await self._turn(http) if any(one.ready for one in self._engine.carriers) else 0.0
                spent = asyncio.get_running_loop().time() - began
                await asyncio.sleep(max(pause, LEAST_SECONDS - spent))

    async def _turn(self, http: aiohttp.ClientSession) -> float:
        """One report and its answer; seconds to wait before the next."""
        try:
            # Cut short by `_look` when there is more to tell: the answer that is held back is of no use then.
            async with asyncio.timeout(None) as self._held:
                orders = await self._ask(http)
        except TimeoutError:
            if self._held is not None and self._held.expired():
                return 0.0
            return self._away("no answer")
        except (aiohttp.ClientError, OSError, msgspec.DecodeError) as error:
            return self._away(str(error) or type(error).__name__)
        finally:
            self._held = None
        if self.reachable is not True:
            log.info("service_reached", url=self._config.service.url, name=self._name)
        self.reachable = True
        same = orders.mark == self._directions.orders.mark
        self.obey(orders)
        return LEAST_SECONDS if same else 0.0

    def _away(self, why: str) -> float:
        if self.reachable is not False:
            log.warning("service_away", url=self._config.service.url, why=why)
        self.reachable = False
        return random.uniform(*AWAY_SECONDS)  # noqa: S311 - a pause, no secret

    async def _ask(self, http: aiohttp.ClientSession) -> BridgeOrders:
        until = int(time.time()) + PASS_SECONDS
        mine = write_pass(Pass("", BRIDGE_STREAM, "publish", self._name, until), self._config.key.encode())
        self._told = self._news()
        body = msgspec.json.encode(self.report())
        headers = {"Authorization": f"Bearer {mine}", "Content-Type": "application/json"}
        async with http.post(self._address, data=body, headers=headers, raise_for_status=True) as answer:
            return msgspec.json.decode(await answer.read(), type=BridgeOrders)

    # --- what is told

    def report(self) -> BridgeReport:
        service, sessions = self._config.service, list(self._engine.sessions.values())
        return BridgeReport(
            url=service.own_url.rstrip("/"),
            capacity=service.capacity or self._engine.capacity,
            unit=service.unit or None,
            upstream=bool(self._config.upstream.url),
            viewers=sum(not one.publishes and one.state == "connected" for one in sessions),
            busy=min(1.0, max((one.report.busy for one in self._engine.carriers if one.report), default=0.0)),
            publishers=self._publishers(sessions)[:MAX_PUBLISHERS],
            showing=dict(islice(self._named().items(), MAX_CARRIED)),
            mark=self._directions.orders.mark,
        )

    def _named(self) -> dict[str, str | None]:
        """The conferences that it wants to be told of: those that it carries, and those that it leads on."""
        carried = self._engine.stage.showing()
        return carried | {name: None for name in self._directions.led if name not in carried}

    def _publishers(self, sessions: list[Session]) -> list[Publishing]:
        feeding = {
            one.session: one for worker in self._engine.carriers if worker.report for one in worker.report.publishers
        }
        found = []
        for one in sessions:
            if one.publishes and one.state == "connected" and one.allowed.stream != PROGRAMME:
                said = feeding.get(one.number)
                rest = (min(said.bit_rate, 1_000_000_000), said.loss, said.qualities) if said else ()
                found.append(Publishing(one.allowed.conference, one.allowed.stream, *rest))
        return found

    def _news(self) -> tuple[object, object]:
        """What the service is to know at once, not by the next report."""
        published = {one.name for one in self._engine.sessions.values() if one.publishes and one.alive}
        return published, self._named()

    def _look(self) -> None:
        if self._held is not None and self._news() != self._told:
            self._told = self._news()
            self._held.reschedule(asyncio.get_running_loop().time())

    # --- what is done

    def obey(self, orders: BridgeOrders) -> None:
        if self._engine.draining != orders.drain:
            log.info("draining" if orders.drain else "not_draining")
        stage = self._engine.stage
        self._directions.take(orders, self._named())
        self._engine.draining = orders.drain
        stage.all_on_air(self._directions.orders.on_air)
        for one in tuple(self._engine.sessions.values()):
            if not one.calls and self._directions.outdated(one.allowed):
                self._close(one, "renewed")
        self._send_away()

    def _send_away(self) -> None:
        """From a bridge that is drained everybody whose conference is to be had elsewhere goes there: encoders at once,
        they are led on when they come again; viewers one after the other, and their pages ask for a new address."""
        now = asyncio.get_running_loop().time()
        going = [one for one in self._engine.sessions.values() if self._goes(one)]
        if not going:
            self._leaving_since = None
            return
        self._leaving_since = self._leaving_since or now
        turn = (now - self._leaving_since) / LEAVE_SECONDS
        for one in going:
            if one.publishes or one.number % LOTS <= turn * LOTS:
                self._close(one, "drained")

    def _goes(self, one: Session) -> bool:
        drained = self._directions.orders.drain and not one.calls
        return drained and self._directions.elsewhere(one.allowed.conference) is not None

    def _close(self, one: Session, why: str) -> None:
        self._tasks.start(f"close {one.number}", self._engine.close(one, why))
