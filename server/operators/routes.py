"""What an operator's page asks over HTTP; everything live goes over the socket."""

import asyncio
from collections.abc import Callable
from typing import Annotated

from aiohttp import web
from msgspec import Meta, Struct

from server.conference import names
from server.conference.links import standing_of
from server.conference.rules import Refusal
from server.conference.state import State
from server.http.problems import Problem, of_refusal
from server.http.routing import Allow, Call, Principal, Route
from server.http.tries import Tries
from server.live.access import conference_of
from server.live.conferences import SYSTEM, Conferences, Live
from server.protocol.base import Text
from server.protocol.commands import EnrolDevice
from server.protocol.events import DeviceEnrolled
from server.protocol.messages import PointMessage

from .secrets import DEVICE_PREFIX, Secrets

WRONG_RATE, WRONG_BURST = 0.2, 30  # wrong links a second and at once from one address: a hall of typists fits


class Enrolment(Struct, frozen=True):
    """`link`: the 26 characters of the operator's address. `label`: what to call this device in the list."""

    link: Annotated[str, Meta(max_length=64)]
    label: Text = ""


class Enrolled(Struct, frozen=True):
    """`token` goes into the socket's hello and into the Authorization header; keep it, it is shown once."""

    token: str
    conference: str
    point: int


class PointLink(Struct, frozen=True):
    """The secret address of a point's operators. Whoever has it acts for the room."""

    point: int
    title: str
    url: str
    revoked: bool


class Addresses(Struct, frozen=True):
    """What people type and scan, from the public address: `HTTPS://HOST/O/…` keeps QR codes small."""

    base: str

    def link(self, link: str) -> str:
        return f"{self.base}/O/{link}"

    def code(self, code: str) -> str:
        return f"{self.base}/D/{code}"


class Operators:
    def __init__(
        self,
        conferences: Conferences,
        secrets: Secrets,
        qr_svg: Callable[[str], bytes],
        addresses: Addresses,
        tries: Tries,
    ) -> None:
        self._conferences, self._secrets = conferences, secrets
        self._qr_svg, self._addresses = qr_svg, addresses
        self._wrong = tries.limit("wrong link", WRONG_RATE, WRONG_BURST)

    def routes(self) -> list[Route]:
        return [
            Route(
                "POST", "/api/enrol", self.enrol, Allow.LINK, "Enrol a device by a secret link",
                body=Enrolment, answer=Enrolled, errors=("link_unknown", "link_revoked", "too_many_devices"),
            ),
            Route(
                "GET", "/api/conferences/{conference}/links", self.links, Allow.ORGANIZER,
                "The operators' secret links, to hand out", answer=list[PointLink],
            ),
            Route("GET", "/api/my/point", self.my_point, Allow.DEVICE, "My point, whole", answer=PointMessage),
            Route(
                "GET", "/api/my/code.svg", self.my_code, Allow.DEVICE, "My point's document code as a QR picture",
                produces="image/svg+xml", errors=("code_none",),
            ),
        ]  # fmt: skip

    async def device(self, token: str) -> Principal | None:
        """Who a device token stands for, as long as the journal says that the device may act. Problem 401
        `device_removed` when somebody took it off the list, or its link."""
        if not token.startswith(DEVICE_PREFIX) or (facts := self._secrets.read_device(token)) is None:
            return None
        live = await self._conferences.get(facts.conference)
        if live is None:
            return None
        point, device = facts.point, facts.device
        standing = await live.conductor.at_rest(lambda state: standing_of(state, point, device))
        if standing != "on_file":
            # It proved itself, so it was enrolled once: at another server perhaps, a moment ago.
            await self._conferences.look(live)
            standing = await live.conductor.at_rest(lambda state: standing_of(state, point, device))
        if standing == "removed":
            raise Problem(401, "device_removed")
        if standing == "unknown":
            return None
        return Principal(
            "device",
            "operator",
            f"device:{point}.{device}",
            conference=facts.conference,
            point=point,
            device=device,
        )

    def link_url(self, conference: str, point: int, generation: int) -> str:
        return self._addresses.link(self._secrets.link(conference, point, generation))

    async def links(self, call: Call) -> list[PointLink]:
        live, root = await conference_of(call, self._conferences)

        def read(state: State) -> list[PointLink]:
            """In a thread: the keyed hashes of the largest conference take half a second."""
            return [
                PointLink(
                    p.id,
                    names.title(state.units[p.unit], p),
                    self.link_url(state.id, p.id, p.link_generation),
                    p.link_revoked,
                )
                for p in state.points.values()
                if not p.closed and state.within(p.unit, root)
            ]

        return await asyncio.to_thread(read, await live.conductor.at_rest(State.still))

    async def enrol(self, call: Call) -> Enrolled:
        facts = self._secrets.read_link(call.body.link.strip())
        live = await self._conferences.get(facts.conference) if facts else None
        if facts is None or live is None:
            if wait := await self._wrong.take(call.address):
                raise Problem(429, "rate_limited", seconds=int(wait) + 1)
            raise Problem(404, "link_unknown", "link")
        await self._conferences.look(live)
        point = facts.point
        current, revoked = await live.conductor.at_rest(
            lambda s: (p.link_generation % 256, p.link_revoked) if (p := s.points.get(point)) else (None, True)
        )
        if current is None or current != facts.generation:
            raise Problem(404, "link_unknown", "link")
        if revoked:
            raise of_refusal(Refusal("link_revoked"))
        return await self._enrol(live, point, call.body.label.strip())

    async def _enrol(self, live: Live, point: int, label: str) -> Enrolled:
        answer = await live.conductor.submit(EnrolDevice(point, label), SYSTEM)
        if answer.refusal:
            raise of_refusal(answer.refusal)
        enrolled = answer.events[0].body
        assert isinstance(enrolled, DeviceEnrolled), "the rule gives exactly this event"
        return Enrolled(self._secrets.device(live.id, point, enrolled.device), live.id, point)

    async def my_point(self, call: Call) -> PointMessage:
        live, point = await self._mine(call)
        return await live.conductor.at_rest(lambda state: live.point_message(state, point))

    async def my_code(self, call: Call) -> web.Response:
        live, point = await self._mine(call)
        code = await live.conductor.at_rest(lambda state: state.points[point].code)
        if code is None:
            raise Problem(404, "code_none")
        return web.Response(body=self._qr_svg(self._addresses.code(code)), content_type="image/svg+xml")

    async def _mine(self, call: Call) -> tuple[Live, int]:
        who = call.principal
        live = await self._conferences.get(who.conference or "")
        if live is None or who.point is None:
            raise Problem(404, "conference_unknown")
        return live, who.point
