"""The rooms' small pictures over HTTP."""

from aiohttp import web
from msgspec import Struct

from server.http.limits import Limit
from server.http.problems import Problem
from server.http.routing import Allow, Call, Route
from server.http.uploads import read_upload
from server.live.access import conference_of
from server.live.conferences import Conferences

from .jpeg import size_of
from .pictures import MAX_PICTURE, Pictures

MAX_WIDTH, MAX_HEIGHT = 480, 270  # pixels: a card of a wall
EVERY_SECONDS = 2.0  # between two pictures of one room


class PictureQuery(Struct, frozen=True):
    """`v`: the version that the room's row names, so that each has an address of its own."""

    v: int = 0


class PictureRoutes:
    def __init__(self, conferences: Conferences, pictures: Pictures) -> None:
        self._conferences, self._pictures = conferences, pictures
        self._pace = Limit(1 / EVERY_SECONDS, 1)

    def routes(self) -> list[Route]:
        return [
            Route(
                "PUT", "/api/point/thumbnail", self.put, Allow.DEVICE, "My room's small picture, a JPEG",
                upload=True, errors=("pictures_not_let", "picture_bad", "pictures_full", "media_off"),
            ),
            Route(
                "GET", "/api/conferences/{conference}/points/{point:[0-9]+}/thumbnail", self.get, Allow.VIEWER,
                "A room's small picture", query=PictureQuery, produces="image/jpeg",
                errors=("picture_none", "media_off"),
            ),
        ]  # fmt: skip

    async def put(self, call: Call) -> None:
        who = call.principal
        live = await self._conferences.get(who.conference or "")
        if live is None or who.point is None:
            raise Problem(404, "conference_unknown")
        if wait := self._pace.take(f"{live.id} {who.point}"):
            raise Problem(429, "rate_limited", seconds=int(wait) + 1)
        data = await read_upload(call.request, MAX_PICTURE)
        size = size_of(data)
        if size is None or size[0] > MAX_WIDTH or size[1] > MAX_HEIGHT:
            raise Problem(400, "picture_bad", width=MAX_WIDTH, height=MAX_HEIGHT)
        if not live.presence.lets_be_shown(who.point):
            raise Problem(409, "pictures_not_let")
        self._pictures.put(live, who.point, data)

    async def get(self, call: Call) -> web.Response:
        live, root = await conference_of(call, self._conferences, look=False)
        point = int(call.path("point"))
        inside = await live.conductor.at_rest(lambda s: point in s.points and s.within(s.points[point].unit, root))
        if not inside:
            raise Problem(404, "point_unknown", "point", point=point)
        found = await self._pictures.get(live, point)
        if found is None:
            raise Problem(404, "picture_none")
        version, data = found
        headers = {
            "ETag": f'"{version}"',
            "Cache-Control": "private, max-age=60" if call.query.v == version else "no-cache",
        }
        if call.request.headers.get("If-None-Match") == f'"{version}"':
            return web.Response(status=304, headers=headers)
        return web.Response(body=data, content_type="image/jpeg", headers=headers)
