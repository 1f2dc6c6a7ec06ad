"""Bridges over HTTP: they report and are told what to do; organizers see and drain them."""

import structlog
from msgspec import Struct

from server.http.problems import BadValue, Problem
from server.http.routing import Allow, Call, Route
from server.live.conductor import Clock
from server.protocol.bridges import BRIDGE_STREAM, BridgeOrders, BridgeReport, BridgeView
from server.protocol.passes import BadPass, read_pass

from .orders import Orders
from .register import Register

log = structlog.get_logger()

NAME = "{name:[0-9A-Za-z-]+}"
MAX_NAME = 40


class Drain(Struct, frozen=True, forbid_unknown_fields=True):
    """`on`: nobody new is sent there, and who is there goes to others."""

    on: bool


class BridgeRoutes:
    """`key`: the secret that bridges share with the service."""

    def __init__(self, register: Register, orders: Orders, key: bytes, clock: Clock) -> None:
        self._register, self._orders = register, orders
        self._key, self._clock = key, clock

    def routes(self) -> list[Route]:
        one = f"/api/bridges/{NAME}"
        return [
            Route(
                "POST", one, self.report, Allow.LINK,
                "A bridge reports, and is told what to do as soon as that changes; by a pass of its own",
                body=BridgeReport, answer=BridgeOrders, errors=("bad_pass", "media_off"),
            ),
            Route("GET", "/api/bridges", self.list_all, Allow.ORGANIZER, "The bridges", answer=list[BridgeView]),
            Route(
                "POST", f"{one}/drain", self.drain, Allow.ORGANIZER, "Empty a bridge for maintenance, or use it again",
                body=Drain, errors=("bridge_unknown", "media_off"),
            ),
        ]  # fmt: skip

    async def report(self, call: Call) -> BridgeOrders:
        name, report = call.path("name"), call.body
        self._prove(call)
        if len(name) > MAX_NAME:
            raise Problem(404, "bridge_unknown", name=name[:MAX_NAME])
        if not report.url.startswith(("http://", "https://")):
            raise BadValue("value_pattern", "url")
        draining = await self._register.note(name, report)
        return await self._orders.answer(name, report, draining)

    def _prove(self, call: Call) -> None:
        kind, _, token = call.request.headers.get("Authorization", "").partition(" ")
        try:
            allowed = read_pass(token if kind.lower() == "bearer" else "", self._key, self._clock() // 1_000)
        except BadPass as error:
            raise Problem(401, "bad_pass") from error
        if (allowed.conference, allowed.stream, allowed.act) != ("", BRIDGE_STREAM, "publish"):
            raise Problem(401, "bad_pass")

    async def list_all(self, call: Call) -> list[BridgeView]:
        return [bridge.view() for bridge in await self._register.all()]

    async def drain(self, call: Call) -> None:
        if call.principal.unit is not None:  # a bridge serves others as well
            raise Problem(403, "forbidden_scope")
        name = call.path("name")
        if not await self._register.drain(name, call.body.on):
            raise Problem(404, "bridge_unknown", name=name[:MAX_NAME])
        log.info("bridge_drained", bridge=name, on=call.body.on, by=call.principal.by)
        self._orders.changed()
