"""The built pages and their assets. A page is always fresh, its assets never change under their name."""

import mimetypes
from pathlib import Path

from aiohttp import web

from .assembly import SECURITY
from .problems import Problem
from .routing import Allow, Call, Route

MAX_NAME = 200  # characters of a built file's path; file systems refuse much longer names with an error
FOREVER = "public, max-age=31536000, immutable"
# Where there are media, pages use camera and microphone, and speak to bridges, which have addresses of their own.
MEDIA = {
    "Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self), geolocation=()",
    "Content-Security-Policy": SECURITY["Content-Security-Policy"].replace(
        "connect-src 'self'", "connect-src 'self' http: https:"
    ),
}


class Pages:
    """`dist`: the folder of the web build. What is not built is answered with what to do about it. `media`: pages may
    use camera and microphone and speak to bridges."""

    def __init__(self, dist: Path, media: bool = False) -> None:
        self._dist = dist
        self._headers = {"Cache-Control": "no-cache", **(MEDIA if media else {})}

    def routes(self) -> list[Route]:
        console = ("/", "/login", "/setup/{token}", "/console", "/console/{rest:.*}")
        wall = ("/wall/{conference}", "/k/{token}")
        # With the slash it is where the installed page starts: "." as its manifest, one folder down, sees it.
        operator = ("/O/{link}", "/O/{link}/", "/o/{link}")
        html = "text/html"
        at_root = "/{file:sw\\.js|favicon\\.svg|manifest\\.webmanifest|icon-[0-9a-z-]+\\.(?:png|svg)}"
        return [
            *(Route("GET", p, self._console, Allow.PUBLIC, "The console", produces=html) for p in console),
            *(Route("GET", p, self._wall, Allow.PUBLIC, "The wall", produces=html) for p in wall),
            *(Route("GET", p, self._operator, Allow.LINK, "An operator's page", produces=html) for p in operator),
            Route(
                "GET", "/O/{link}/app.webmanifest", self._operator_manifest, Allow.LINK,
                "An operator's page as an app", produces="application/manifest+json",
            ),
            Route("GET", "/assets/{file:.+}", self._asset, Allow.PUBLIC, "Built assets", produces="*/*"),
            Route("GET", at_root, self._root_file, Allow.PUBLIC, "Files that stand at the root", produces="*/*"),
        ]  # fmt: skip

    async def _console(self, call: Call) -> web.StreamResponse:
        return self._page("console/index.html")

    async def _wall(self, call: Call) -> web.StreamResponse:
        return self._page("wall/index.html")

    async def _operator(self, call: Call) -> web.StreamResponse:
        return self._page("operator/index.html")

    async def _operator_manifest(self, call: Call) -> web.StreamResponse:
        return self._file("operator.webmanifest", "no-cache")

    def _page(self, name: str) -> web.StreamResponse:
        path = self._dist / name
        if not path.is_file():
            raise Problem(503, "web_not_built")
        return web.Response(
            body=path.read_bytes(),
            content_type="text/html",
            charset="utf-8",
            headers=self._headers,
        )

    async def _asset(self, call: Call) -> web.StreamResponse:
        return self._file("assets/" + call.path("file"), FOREVER)

    async def _root_file(self, call: Call) -> web.StreamResponse:
        return self._file(call.path("file"), "no-cache")

    def _file(self, name: str, caching: str) -> web.StreamResponse:
        if len(name) > MAX_NAME:
            raise Problem(404, "not_found")
        path = (self._dist / name).resolve()
        if not path.is_relative_to(self._dist.resolve()) or not path.is_file():
            raise Problem(404, "not_found")
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        if path.suffix == ".webmanifest":
            kind = "application/manifest+json"
        return web.FileResponse(path, headers={"Cache-Control": caching, "Content-Type": kind})
