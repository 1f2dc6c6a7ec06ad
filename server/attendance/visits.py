"""Which requests are a person's first look. A device remembers what it was counted for; the server does not."""

import base64
import hashlib
import hmac
import re
from functools import lru_cache

from aiohttp import web

from server.http.routing import HTTPS

COOKIE = "nc_seen"
KEPT_SECONDS = 12 * 3600  # a conference day
MAX_MARKS = 20  # in the cookie: every document of a usual morning; the oldest give way
MARK = 6  # characters, 36 bits: two of a device's few marks never meet
_PROOF = 12  # characters
_SHAPE = re.compile(
    rf"(?:^|;\s*){COOKIE}=((?:[A-Za-z0-9_-]{{{MARK}}}){{1,{MAX_MARKS}}})\.([A-Za-z0-9_-]{{{_PROOF}}})(?:;|$)"
)

# A scan is a person's look with a browser. Chat applications look at a link before anybody opens it. Their own browsers
# carry the same names behind "Mozilla/5.0 (", and those are people; so is a telephone called CUBOT. Programs that fetch
# pages say what they are; who says nothing has a browser that keeps it to itself.
_MACHINE = re.compile(
    r"^(?:whatsapp|viber|zalo|telegram|line|skype|signal|kakaotalk)\b"
    r"|^(?:curl|wget|python|aiohttp|go-http-client|okhttp|java|axios|node|undici|ruby|php|guzzlehttp|postman)\b"
    r"|facebookexternalhit|meta-external|(?<!cu)bot\b|(?<!cu)bot/|crawl|spider|slurp|preview|prerender"
    r"|embedly|pingdom|headlesschrome|lighthouse|google-(?:pagerenderer|inspectiontool|read-aloud)",
    re.IGNORECASE,
)
_AHEAD = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
_EARLY = ("prefetch", "preview", "prerender")


class Visits:
    """`key`: secret bytes for this alone, the same on every server."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def mark(self, *of: str | int) -> str:
        """What the cookie remembers of a page or a document: no cookie tells which, and none tells who."""
        return self._digest("mark", "/".join(map(str, of)))[:MARK]

    def first(self, mark: str) -> str:
        """The cookie of a device that was never counted."""
        return f"{mark}.{self._proof(mark)}"

    def note(self, request: web.Request, mark: str, fresh: str | None = None) -> str | None:
        """The cookie's new value when this request counts, else None. `fresh`: `first(mark)`, if it is at hand."""
        if request.method != "GET" or "Range" in request.headers or is_ahead(request):
            return None
        marks = self._marks(request.headers.get("Cookie", ""))
        if not marks:
            return fresh or self.first(mark)
        if mark in marks:
            return None
        return self.first("".join([*marks[1 - MAX_MARKS :], mark]))

    def _marks(self, cookies: str) -> list[str]:
        found = _SHAPE.search(cookies) if COOKIE in cookies else None
        if found is None or not hmac.compare_digest(self._proof(found[1]), found[2]):
            return []
        return [found[1][i : i + MARK] for i in range(0, len(found[1]), MARK)]

    def _proof(self, marks: str) -> str:
        return self._digest("list", marks)[:_PROOF]

    def _digest(self, purpose: str, text: str) -> str:
        digest = hmac.digest(self._key, f"{purpose}:{text}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).decode()


def set_cookie(request: web.Request, response: web.StreamResponse, value: str) -> None:
    secure = "; Secure" if request.get(HTTPS) else ""
    response.headers.add(
        "Set-Cookie", f"{COOKIE}={value}; Max-Age={KEPT_SECONDS}; Path=/; HttpOnly; SameSite=Lax{secure}"
    )


def is_ahead(request: web.Request) -> bool:
    """Whether a machine asks: a link's preview, a search engine, a browser that loads ahead."""
    headers = request.headers
    if is_machine(headers.get("User-Agent", "")):
        return True
    return any(word in value.lower() for name in _AHEAD if (value := headers.get(name)) for word in _EARLY)


@lru_cache(maxsize=4_096)  # a hall holds a few hundred kinds of phones
def is_machine(agent: str) -> bool:
    return _MACHINE.search(agent) is not None
