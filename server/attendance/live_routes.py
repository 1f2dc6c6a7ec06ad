"""Where phones listen: an event stream behind the same code as the page, and the page's few lines that open it."""

from aiohttp import web

from server.http.assembly import SECURITY
from server.http.problems import Problem
from server.http.routing import ADDRESS, Allow, Route

from . import paper
from .channel import Channel
from .codes import normal
from .gate import Gate
from .stream import Taken

MAX_SEEN = 64  # characters of the name of what a page shows; ours have 17

_SCRIPT_HEADERS = {
    "Content-Type": "text/javascript; charset=utf-8",
    "Cache-Control": "public, max-age=31536000, immutable",
}
_HEAD = "".join(
    f"{line}\r\n"
    for line in (
        "HTTP/1.1 200 OK",
        "Content-Type: text/event-stream; charset=utf-8",
        "Cache-Control: no-store",
        "X-Accel-Buffering: no",  # nginx hands it on as it comes
        "Connection: close",  # the end of the connection is the end of the stream: chunks need no framing
        *(f"{name}: {value}" for name, value in SECURITY.items()),
        "",
    )
).encode()


class LiveRoutes:
    def __init__(self, gate: Gate, channel: Channel) -> None:
        self._gate, self._channel = gate, channel

    def routes(self) -> list[Route]:
        stream, script = "text/event-stream", "text/javascript"
        about = "A room's notices and changes of its documents as they come"
        return [
            Route("GET", "/D/{code}/live", self.listen, Allow.LINK, about, raw=True, produces=stream),
            Route("GET", "/live.js", self.script, Allow.PUBLIC, "What listens", raw=True, produces=script),
        ]

    async def script(self, request: web.Request) -> web.Response:
        return web.Response(body=paper.script(), headers=_SCRIPT_HEADERS)

    async def listen(self, request: web.Request) -> web.StreamResponse:
        """Problem 404 `code_unknown`, 429 for who guesses codes, 503 when no more may listen."""
        code, address = normal(request.match_info["code"]), request.get(ADDRESS, "")
        house = await self._gate.house(code, address) if code else None
        if code is None or house is None:
            raise Problem(404, "code_unknown")
        page = await self._channel.look(house, code)
        if page is None:
            raise Problem(404, "code_unknown")
        if not self._channel.has_room(address):
            raise Problem(503, "too_many_connections")
        if request.transport is None:
            return Taken()  # gone while it was looked up
        # No await from the look to the first write: nothing can fall between them.
        stream = self._channel.join(house, code, address, page)
        answer = stream.take_over(request)
        seen = request.headers.get("Last-Event-ID") or request.query.get("seen", "")
        begin = b"id: %b\n%b" % (page.id.encode(), self._channel.retry())
        stream.write(_HEAD + begin + page.news(seen[:MAX_SEEN]))
        return answer
