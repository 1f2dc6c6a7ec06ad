"""Names that climb, letters that are none, hosts that lie: in every place where a stranger may put them."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import msgspec
import pytest

from server.http.routing import Route
from server.protocol.errors import ErrorBody
from tests.servers.whole import Whole, whole

pytestmark = pytest.mark.asyncio(loop_scope="module")

PLACE = re.compile(r"\{(\w+)(?::(?:[^{}]|\{[^{}]*\})*)?\}")
# As they stand on the wire: nothing between the test and the server may make them nicer.
NAMES = (
    "..", "%2e%2e", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "%2fetc%2fpasswd", "..%5c..%5cx",
    "%ff%fe", "%ed%a0%80", "%zz", "%", "%00", "a%0d%0aX-Evil:%201", "'%20OR%201=1--", "%e2%80%ae", "-1", "0", "1e9",
    "99999999999999999999", "9" * 400, "%D9%A1", "%C2%B2", "a" * 3_000, "NaN", "null", "*",
    "~", "$%7B7*7%7D", "%3Cb%3E",
)  # fmt: skip
HEADERS = (
    "Authorization: Bearer \xff\xfe", "Authorization: \xff", "Authorization: Basic Og==", "Cookie: nc_session=\xff\xfe",
    "Cookie: nc_seen=\xff; nc_lang=\xff", "Cookie: " + "a=b; " * 1_500, "Accept-Language: \xff", "Accept: \xff",
    "Accept-Language: " + "x," * 4_000, "User-Agent: \xff\xfe", "Origin: http://\xff", "X-Forwarded-For: \xff, 1, ,",
    "Range: bytes=\xff", "Range: bytes=" + ",".join(f"{n}-{n}" for n in range(900)), "Range: bytes=9-1",
    "Range: bytes=99999999999999999999-", "Range: bytes=-0", "If-None-Match: \xff", "If-Range: \xff",
    "If-Modified-Since: \xff", "If-Modified-Since: Sun, 31 Feb 99999 99:99:99 GMT", "X-File-Name: %ff%fe",
    "X-File-Name: ../../../etc/passwd", "Content-Type: \xff", "Content-Type: multipart/form-data", "Sec-Purpose: \xff",
    "X-Requested-With: \xff", "Upgrade: websocket", "Last-Event-ID: \xff", "Host: \xff",
)  # fmt: skip


PATHS = (
    "GET /", "GET /healthz", "GET /metrics", "GET /D/00000000000", "GET /D", "GET /F/x/y/z", "GET /favicon.svg",
    "GET /ws", "GET /O/x", "GET /api/session", "DELETE /api/session", "GET /api/units", "POST /api/units/import",
    "POST /api/enrol",
)  # fmt: skip
EVIL = {
    "Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example",
    "X-Forwarded-Proto": "https", "X-Original-URL": "http://evil.example/",
}  # fmt: skip


class Raw:
    """One connection that is used again; what is sent is sent as it is."""

    def __init__(self, house: Whole, key: str) -> None:
        self._port, self._key = house.server.port, key

    async def ask(self, method: str, target: str, *headers: str) -> tuple[int, bytes, bytes]:
        lines = [f"{method} {target} HTTP/1.1", "Connection: close", "Content-Length: 0", *headers]
        if not any(h.startswith("Host") for h in headers):
            lines.append("Host: x")
        if self._key and not any(h.startswith("Authorization") for h in headers):
            lines.append(f"Authorization: Bearer {self._key}")
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
        raw = await asyncio.wait_for(reader.read(65_536), 10)
        writer.transport.abort()
        head, _, body = raw.partition(b"\r\n\r\n")
        return int(head.split(b" ")[1]), head, body


def targets(route: Route, house: Whole) -> Iterator[str]:
    """The route's path with every name in each of its places, the others as they should be."""
    places = PLACE.findall(route.path)
    for place in places:
        for name in NAMES:
            fill = {p: house.conference if p == "conference" else "1" for p in places} | {place: name}
            yield PLACE.sub(lambda m, fill=fill: fill[m[1]], route.path)  # type: ignore[misc]


def fault(status: int, head: bytes, body: bytes) -> str | None:
    """Why this is no answer for a stranger."""
    if status >= 500 and b"not_ready" not in body:
        return f"{status} {body[:200]!r}"
    if b"root:" in body or b"X-Evil" in head or b"Traceback" in body:
        return f"leaks {head!r} {body[:200]!r}"
    if status >= 400 and b"application/json" in head and body:  # HEAD is answered without one
        msgspec.json.decode(body, type=ErrorBody)
    return None


@pytest.mark.asyncio(loop_scope="function")
@pytest.mark.parametrize("who", ["nobody", "administrator"])
async def test_no_name_in_any_path_leads_out_or_to_a_fault(house: Whole, who: str) -> None:
    line = Raw(house, await house.token() if who == "administrator" else "")
    faults: dict[str, str] = {}
    asked = 0
    for route in house.server.assembly.routes:
        for target in targets(route, house):
            asked += 1
            try:
                found = fault(*await line.ask(route.method, target))
            except (msgspec.DecodeError, ValueError, IndexError) as error:
                found = repr(error)
            if found:
                faults.setdefault(f"{route.method} {target[:200]}", found)
    assert asked > 1_000
    assert faults == {}


@pytest.mark.asyncio(loop_scope="function")
async def test_no_header_leads_to_a_fault(tmp_path: Path) -> None:
    faults: dict[str, str] = {}
    async with whole(tmp_path, metrics_token="nobody knows") as house:
        line = Raw(house, await house.token())
        for path in (*PATHS, f"GET {house.one}/points.xlsx", f"POST {house.one}/documents", f"GET {house.one}"):
            for header in HEADERS:
                try:
                    found = fault(*await line.ask(*path.split(" "), header))
                except (msgspec.DecodeError, ValueError, IndexError) as error:
                    found = repr(error)
                if found:
                    faults.setdefault(f"{path} {header[:60]!r}", found)
    assert faults == {}


@pytest.mark.asyncio(loop_scope="function")
async def test_links_are_ours_whatever_the_request_calls_us(tmp_path: Path) -> None:
    """Given a public address, when a request names another host, then no answer and no header repeats it."""
    async with whole(tmp_path, public_url="https://cau.example") as house:
        key = {"Authorization": f"Bearer {await house.token()}"}
        async with aiohttp.ClientSession(headers={**EVIL, **key}) as session:
            await _check_links(house, session)


async def _check_links(house: Whole, session: aiohttp.ClientSession) -> None:
    for method, path, body in (
        ("GET", "/api/openapi.json", None),
        ("GET", f"{house.one}/links", None),
        ("GET", f"{house.one}/points/1", None),
        ("POST", f"{house.one}/kiosks", {"name": "Hành lang"}),
        ("GET", "/D?code=00000000000", None),
        ("GET", "/", None),
        ("GET", "/D/00000000000/1", None),
    ):
        async with session.request(method, house.base + path, json=body, allow_redirects=False) as answer:
            told = await answer.read() + repr(answer.headers).encode()
        assert answer.status < 500
        assert b"evil.example" not in told, path
    async with session.get(f"{house.base}{house.one}/links") as answer:
        assert (await answer.json())[0]["url"].startswith("https://cau.example/O/")
