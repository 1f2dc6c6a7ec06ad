"""WHEP (draft-ietf-wish-whep): pages and standard players watch. A draft, so that all of it is in this module; what it
has of WHIP (sessions, trickle, restart) it takes from there.

A stream that nobody publishes may be watched: it shows the slate, or begins when its publisher comes.
"""

from aiohttp import web

from .front import Front
from .whip import about, created, offer_of

PATH = "/whep/{conference}/{stream:.+}"


class Whep:
    def __init__(self, front: Front) -> None:
        self._front = front

    def routes(self) -> list[web.RouteDef]:
        return [web.post(PATH, self.watch), web.get(PATH, about), web.options(PATH, about)]

    async def watch(self, request: web.Request) -> web.Response:
        allowed, token = self._front.allowed(request, "watch")
        offer = await offer_of(self._front, request)
        session, answer = await self._front.engine.open(offer, allowed, token)
        return created(self._front, session, answer)
