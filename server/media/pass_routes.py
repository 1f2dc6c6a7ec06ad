"""Who publishes or watches what, and where."""

from typing import Annotated

from msgspec import Meta, Struct

from server.conference.rules import Refusal
from server.conference.state import State
from server.http.problems import Problem, of_refusal
from server.http.routing import Allow, Call, Principal, Route
from server.live.access import conference_of
from server.live.conductor import Clock
from server.live.conferences import Conferences, Live
from server.protocol.bridges import MAIN, POINT, PROGRAMME, SPARE, MediaPass, MediaState
from server.protocol.passes import Act, Pass, write_pass

from .choice import home, nearest
from .model import Bridge, Carried
from .register import Register
from .streams import Stream, Verdict, organizer_may, parse, room_may, sees, units_above

# A pass opens a session; what was opened stays open. A key typed into an encoder lasts for a long day; who watches may
# come back all morning; a room's own sending ends soon after its device is taken away.
LONG, MORNING, SHORT = 24 * 3_600, 6 * 3_600, 600  # seconds


class PassRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """`stream`: `programme`, `main`, `spare`; of a room `point/17`, `talk/17` (the organizers to it), `check/17` (its
    own trial). `failed`: the bridge that did not answer, so that another is named if there is one."""

    stream: Annotated[str, Meta(min_length=1, max_length=64)]
    act: Act
    failed: Annotated[str, Meta(max_length=64)] = ""


class KioskPassRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """`failed`: the bridge that did not answer, so that another is named if there is one."""

    failed: Annotated[str, Meta(max_length=64)] = ""


class Templates(Struct, frozen=True):
    """Addresses of another server that speaks WHIP and WHEP; empty: our bridges."""

    publish: str = ""
    watch: str = ""

    def address(self, conference: str, stream: str, act: Act) -> str:
        template = self.publish if act == "publish" else self.watch
        return template.replace("{conference}", conference).replace("{stream}", stream)


class PassRoutes:
    def __init__(
        self, conferences: Conferences, register: Register, key: bytes, templates: Templates, clock: Clock
    ) -> None:
        self._conferences, self._register = conferences, register
        self._key, self._templates, self._clock = key, templates, clock

    def routes(self) -> list[Route]:
        one = "/api/conferences/{conference}/media"
        errors = ("stream_unknown", "no_bridge", "bridges_full", "media_off")
        return [
            Route(
                "GET", one, self.state, Allow.ORGANIZER, "What comes in and what the programme shows",
                answer=MediaState, errors=("media_off",),
            ),
            Route(
                "POST", f"{one}/passes", self.for_organizer, Allow.ORGANIZER,
                "Where to publish or watch a stream, and the key to it",
                body=PassRequest, answer=MediaPass, errors=errors,
            ),
            Route(
                "POST", "/api/point/media", self.for_room, Allow.DEVICE,
                "Where my room watches or publishes a stream, and the key to it",
                body=PassRequest, answer=MediaPass, errors=(*errors, "not_asked"),
            ),
            Route(
                "POST", "/api/kiosk/media", self.for_kiosk, Allow.WATCH,
                "Where a kiosk that may plays the programme, and the key to it",
                body=KioskPassRequest, answer=MediaPass, errors=(*errors, "programme_closed"),
            ),
        ]  # fmt: skip

    async def state(self, call: Call) -> MediaState:
        live, unit = await conference_of(call, self._conferences)
        bridges = await self._register.all()
        found = home(bridges, live.id)
        carried = found.carried if found else Carried()
        comes = [p for p in carried.publishers if p.conference == live.id]
        shown = carried.showing.get(live.id)
        named = {p.stream for p in comes} | {shown or ""}
        seen = await live.conductor.at_rest(lambda state: {name for name in named if sees(state, name, unit)})
        return MediaState(
            found.name if found else None,
            [p for p in comes if p.stream in seen],
            shown if shown is None or shown in seen else POINT,
            sum(b.viewers for b in bridges if b.alive),
        )

    async def for_organizer(self, call: Call) -> MediaPass:
        live, unit = await conference_of(call, self._conferences)
        stream = _parsed(call.body.stream)
        verdict = await live.conductor.at_rest(lambda s: organizer_may(s, stream, call.body.act, unit))
        return await self._granted(live, call, stream, verdict, unit)

    async def for_room(self, call: Call) -> MediaPass:
        who = call.principal
        live = await self._conferences.get(who.conference or "")
        if live is None or who.point is None:
            raise Problem(404, "conference_unknown")
        await self._conferences.look(live)  # it may have agreed a moment ago, at another server
        point, stream = who.point, _parsed(call.body.stream)
        unit, verdict = await live.conductor.at_rest(
            lambda s: (s.points[point].unit, room_may(s.points[point], stream, call.body.act))
        )
        return await self._granted(live, call, stream, verdict, unit)

    async def for_kiosk(self, call: Call) -> MediaPass:
        who = call.principal
        live = await self._conferences.get(who.conference or "")
        if live is None or not who.programme:
            raise Problem(403, "programme_closed")
        wanted = PassRequest(PROGRAMME, "watch", call.body.failed)
        return await self._given(live, who, wanted, Stream(PROGRAMME), who.unit)

    async def _granted(self, live: Live, call: Call, stream: Stream, verdict: Verdict, unit: str | None) -> MediaPass:
        if verdict != "yes":
            raise of_refusal(Refusal(verdict, field="stream", stream=call.body.stream))
        return await self._given(live, call.principal, call.body, stream, unit)

    async def _given(
        self, live: Live, who: Principal, wanted: PassRequest, stream: Stream, unit: str | None
    ) -> MediaPass:
        address = self._templates.address(live.id, wanted.stream, wanted.act)
        if address:
            return await self._written(live, who, wanted, stream, address, "")
        bridge = await self._bridge(live, wanted, unit)
        path = "whip" if wanted.act == "publish" else "whep"
        address = f"{bridge.url}/{path}/{live.id}/{wanted.stream}"
        return await self._written(live, who, wanted, stream, address, bridge.name)

    async def _bridge(self, live: Live, wanted: PassRequest, unit: str | None) -> Bridge:
        bridges = await self._register.all()
        found = home(bridges, live.id)
        if found is None:
            raise Problem(503, "no_bridge")
        if wanted.stream != PROGRAMME:
            return found  # where it is published it can be watched, and nowhere else
        path = await live.conductor.at_rest(lambda s: units_above(s, unit) if unit else [])
        viewing = nearest(bridges, live.id, path, self._register.coming, wanted.failed)
        if viewing is None:
            raise Problem(503, "bridges_full")
        self._register.coming[viewing.name] += 1
        return viewing

    async def _written(
        self, live: Live, who: Principal, wanted: PassRequest, stream: Stream, address: str, bridge: str
    ) -> MediaPass:
        generation = await live.conductor.at_rest(_generation)
        until = self._clock() // 1_000 + _seconds(stream, wanted.act)
        content = Pass(live.id, wanted.stream, wanted.act, who.by, until, generation)
        token = write_pass(content, self._key) if self._key else ""
        return MediaPass(address, token, until * 1_000, bridge)


def _parsed(name: str) -> Stream:
    stream = parse(name)
    if stream is None:
        raise Problem(404, "stream_unknown", "stream", stream=name)
    return stream


def _generation(state: State) -> int:
    return state.media_generation


def _seconds(stream: Stream, act: Act) -> int:
    if act == "watch":
        return MORNING
    return LONG if stream.kind in (MAIN, SPARE) else SHORT
