"""WHIP (RFC 9725): encoders and our own pages publish."""

from aiohttp import web

from bridge.wire.sdp import MAX_BYTES, BadOffer, Offer, parse_offer

from .front import FRAGMENT, SDP, Front, nothing
from .ice import links
from .problems import of_offer
from .sessions import Session

PATH = "/whip/{conference}/{stream:.+}"


class Whip:
    def __init__(self, front: Front) -> None:
        self._front = front

    def routes(self) -> list[web.RouteDef]:
        return [web.post(PATH, self.publish), web.get(PATH, about), web.options(PATH, about)]

    async def publish(self, request: web.Request) -> web.Response:
        allowed, token = self._front.allowed(request, "publish")
        offer = await offer_of(self._front, request)
        session, answer = await self._front.engine.open(offer, allowed, token)
        return created(self._front, session, answer)


async def about(request: web.Request) -> web.Response:
    return nothing(Accept_Post=SDP)


async def offer_of(front: Front, request: web.Request) -> Offer:
    try:
        return parse_offer(await front.body(request, SDP, MAX_BYTES))
    except BadOffer as fault:
        raise of_offer(fault) from fault


def created(front: Front, session: Session, answer: str) -> web.Response:
    """The session's address is told relative to this one, so that it holds behind any proxy."""
    response = web.Response(status=201, text=answer, content_type=SDP)
    response.headers["Location"] = f"/session/{session.id}"
    response.headers["ETag"] = session.etag
    response.headers["Accept-Patch"] = FRAGMENT
    for link in links(front.config.ice, str(session.number)):
        response.headers.add("Link", link)
    return response
