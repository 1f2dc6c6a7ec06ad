"""A session over HTTP, the same for WHIP and WHEP: trickled candidates, a restart of ICE, the end."""

from aiohttp import web

from .fragment import Fragment, parse
from .front import FRAGMENT, Front, nothing
from .limits import MAX_FRAGMENT
from .problems import Problem
from .sessions import Session

PATH = "/session/{id}"
_ANY = "*"


class Resource:
    def __init__(self, front: Front) -> None:
        self._front = front

    def routes(self) -> list[web.RouteDef]:
        return [
            web.patch(PATH, self.patch),
            web.delete(PATH, self.delete),
            web.get(PATH, self.exists),
            web.options(PATH, self.about),
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
        if match not in (_ANY, session.ice.etag):
            raise Problem(412, "precondition_failed")
        if fragment.ufrag is None or fragment.ufrag == session.their_ufrag:
            return nothing()
        return self._restart(session, fragment, fragment.ufrag)

    def _restart(self, session: Session, fragment: Fragment, theirs: str) -> web.Response:
        candidates = self._front.reception.restart(session)
        session.their_ufrag = theirs
        body = fragment.answer(session.ice.ufrag, session.ice.pwd, candidates)
        return web.Response(text=body, content_type=FRAGMENT, headers={"ETag": session.ice.etag})

    async def delete(self, request: web.Request) -> web.Response:
        await self._front.reception.close(self._front.own(request), "deleted")
        return web.Response()

    async def exists(self, request: web.Request) -> web.Response:
        self._front.session(request)
        return nothing()

    async def about(self, request: web.Request) -> web.Response:
        return nothing(Accept_Patch=FRAGMENT)
