"""Files on their way to phones: by content, in parts, cacheable, and never as a page of this site."""

import asyncio
from collections.abc import Callable
from urllib.parse import quote

import structlog
from aiohttp import web

from server.http.downloads import disposition
from server.http.problems import Problem
from server.http.routing import Allow, Call, Route
from server.live.conductor import Clock

from .grants import Grants
from .kinds import BY_ENDING, Kind
from .names import ending_of
from .ranges import Part, Unsatisfiable, matches, still, wanted
from .storage import HASH, Blob, Storage, StorageAway

log = structlog.get_logger()

STALL_SECONDS = 60  # a phone that takes nothing for so long is gone, and holds a file open

# Nothing uploaded runs as a page of this site: no type is guessed, and what is shown may load nothing.
_SEALED = "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
# Browsers show a PDF in a viewer of their own, which a sandbox keeps from starting in some (Safari stays white).
# The viewer draws with inline styles and one embedded object; scripts stay forbidden.
_VIEWER = (
    "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; img-src 'self'; frame-ancestors 'none';"
    " base-uri 'none'; form-action 'none'"
)


class Delivery:
    """GET /F/{hash}/{grant}/{name}. `expired_page` is shown to people whose address has ended, in their language.
    `taken_back`: whether a file was withdrawn since the address was given."""

    def __init__(
        self,
        storage: Storage,
        grants: Grants,
        expired_page: Callable[[str], bytes],
        taken_back: Callable[[str], bool],
        clock: Clock,
    ) -> None:
        self._storage, self._grants, self._clock = storage, grants, clock
        self._expired_page, self._taken_back = expired_page, taken_back

    def routes(self) -> list[Route]:
        path, summary = "/F/{hash}/{grant}/{name}", "A document's file, by its content; the grant ends within the hour"
        return [
            Route(method, path, self._granted, Allow.LINK, summary, produces="*/*", errors=("grant_expired",))
            for method in ("GET", "HEAD")
        ]

    def address(self, hash: str, name: str) -> str:
        """Where whoever asks now may fetch this file, for 30 to 60 minutes."""
        return f"/F/{hash}/{self._grants.give(hash, name, self._clock())}/{quote(name, safe='')}"

    async def _granted(self, call: Call) -> web.StreamResponse:
        hash, name = call.path("hash"), call.path("name")
        left = self._grants.left(call.path("grant"), hash, name, self._clock())
        kind = BY_ENDING.get(ending_of(name) or "")
        if left <= 0 or kind is None:
            return self._refused(call, 410 if left == 0 else 404)
        if self._taken_back(hash):
            return self._refused(call, 410)
        return await self.send(call.request, hash, name, kind, f"public, max-age={left // 1000}, immutable")

    def _refused(self, call: Call, status: int) -> web.Response:
        if "text/html" not in call.request.headers.get("Accept", ""):
            raise Problem(status, "grant_expired")
        return web.Response(
            body=self._expired_page(call.lang), content_type="text/html", charset="utf-8", status=status
        )

    async def send(self, request: web.Request, hash: str, name: str, kind: Kind, caching: str) -> web.StreamResponse:
        """The file or the part that the request wants.

        Problem 404 `file_missing`, 416 `range_unsatisfiable`, 503 `storage_away`.
        """
        blob = await self._find(hash)
        etag = f'"{hash}"'
        headers = _headers(etag, name, kind, caching)
        if matches(request.headers.get("If-None-Match"), etag):
            return web.Response(status=304, headers=headers)
        part = _part(request, blob.size, etag)
        response = web.StreamResponse(status=206 if part else 200, headers=headers)
        if part:
            response.headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{blob.size}"
        part = part or Part(0, blob.size)
        response.content_length = part.stop - part.start
        await response.prepare(request)
        if request.method != "HEAD":
            await self._stream(request, response, blob, part)
        return response

    async def _find(self, hash: str) -> Blob:
        try:
            blob = await self._storage.find(hash) if HASH.fullmatch(hash) else None
        except StorageAway as error:
            raise Problem(503, "storage_away") from error
        if blob is None:
            log.error("blob_missing", hash=hash)
            raise Problem(404, "file_missing")
        return blob

    async def _stream(self, request: web.Request, response: web.StreamResponse, blob: Blob, part: Part) -> None:
        """Once the head is sent there is no other answer: what fails now cuts the line, so that nobody keeps half."""
        try:
            async for chunk in self._storage.read(blob.hash, part.start, part.stop):
                async with asyncio.timeout(STALL_SECONDS):
                    await response.write(chunk)
            await response.write_eof()
        except (ConnectionError, TimeoutError):
            _cut(request)
        except Exception as error:
            log.error("delivery_failed", hash=blob.hash, exc_info=error)
            _cut(request)


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


def _part(request: web.Request, size: int, etag: str) -> Part | None:
    if request.method == "HEAD" or not still(request.headers.get("If-Range"), etag):
        return None
    try:
        return wanted(request.headers.get("Range"), size)
    except Unsatisfiable as error:
        problem = Problem(416, "range_unsatisfiable")
        problem.headers["Content-Range"] = f"bytes */{size}"
        raise problem from error


def _headers(etag: str, name: str, kind: Kind, caching: str) -> dict[str, str]:
    return {
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Cache-Control": caching,
        "Content-Type": kind.content_type,
        "Content-Disposition": disposition(name, "inline" if kind.inline else "attachment"),
        "Content-Security-Policy": _VIEWER if kind.name == "pdf" else _SEALED,
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
