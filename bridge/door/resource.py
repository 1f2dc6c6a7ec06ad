"""A session over HTTP, the same for WHIP and WHEP: trickled candidates, a restart of ICE, the end."""

from typing import Annotated, Literal

import msgspec
from aiohttp import web
from msgspec import Meta, Struct

from bridge.wire.answers import MAX_RIDS

from .fragment import parse
from .front import FRAGMENT, Front, nothing
from .limits import MAX_FRAGMENT
from .problems import UNPROCESSABLE, Problem

PATH = "/session/{id}"
_ANY = ("*", '"*"')  # the second is how the examples of RFC 9725 have it
_MAX_CHOICE = 256  # bytes of a body that names a quality


class Choice(Struct, frozen=True, forbid_unknown_fields=True):
    """`quality`: 0 is the best; `sound` is no picture; null: by what the line carries."""

    quality: Annotated[int, Meta(ge=0, lt=MAX_RIDS)] | Literal["sound"] | None


class Resource:
    def __init__(self, front: Front) -> None:
        self._front = front

    def routes(self) -> list[web.RouteDef]:
        return [
            web.patch(PATH, self.patch),
            web.delete(PATH, self.delete),
            web.get(PATH, self.exists),
            web.options(PATH, self.about),
            web.post(f"{PATH}/quality", self.choose),
            web.options(f"{PATH}/quality", self.about),
        ]

    async def patch(self, request: web.Request) -> web.Response:
        """Candidates need nothing of us: who proves himself is answered. New credentials of theirs, or If-Match of
        anything, are a restart (RFC 9725, 4.3.3)."""
        session = self._front.own(request)
        match = request.headers.get("If-Match")
        if match is None:
            raise Problem(428, "precondition_missing")
        fragment = parse(await self._front.body(request, FRAGMENT, MAX_FRAGMENT))
        if fragment is None:
            raise Problem(400, "fragment_malformed")
        if match not in (*_ANY, session.etag):
            raise Problem(412, "precondition_failed")
        if not (fragment.ufrag and fragment.pwd) or fragment.ufrag == session.their_ufrag:
            return nothing()
        ice, candidates = self._front.engine.restart(session, fragment.ufrag, fragment.pwd)
        body = fragment.answer(ice.ufrag, ice.pwd, candidates)
        return web.Response(text=body, content_type=FRAGMENT, headers={"ETag": session.etag})

    async def delete(self, request: web.Request) -> web.Response:
        await self._front.engine.close(self._front.own(request), "deleted")
        return web.Response()

    async def choose(self, request: web.Request) -> web.Response:
        """An extension of ours to WHEP: a viewer's quality by hand. A quality that there is not is the nearest one."""
        session = self._front.own(request)
        if session.publishes:
            raise Problem(409, "session_publishes")
        body = await self._front.body(request, "application/json", _MAX_CHOICE)
        try:
            choice = msgspec.json.decode(body, type=Choice)
        except msgspec.DecodeError as error:
            raise Problem(UNPROCESSABLE, "quality_wrong", "quality") from error
        self._front.engine.choose(session, choice.quality)
        return nothing()

    async def exists(self, request: web.Request) -> web.Response:
        self._front.session(request)
        return nothing()

    async def about(self, request: web.Request) -> web.Response:
        return nothing(Accept_Patch=FRAGMENT)
