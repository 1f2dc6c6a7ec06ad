"""What a stranger may do to a connection: one clear answer where one can be given, no noise, nobody else feels it."""

import asyncio
import contextlib
import gzip
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from server import app
from server.http import assembly, connections
from server.http.assembly import MAX_BODY, MAX_OPEN_BODY, SECURITY
from server.http.connections import MAX_LINE
from server.protocol.errors import Error, ErrorBody
from tests.servers.whole import Whole, whole
from tests.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="module")

END = b"Host: x\r\nConnection: close\r\n\r\n"
CHUNKED = b"POST /api/session HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + END
UPGRADE = (
    b"Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
LOUD = {"warning", "error", "critical"}

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def line_to(house: Whole) -> AsyncIterator[Stream]:
    reader, writer = await asyncio.open_connection("127.0.0.1", house.server.port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def answered(house: Whole, sent: bytes) -> bytes:
    """Everything that comes back until the server closes."""
    async with line_to(house) as (reader, writer):
        writer.write(sent)
        return await asyncio.wait_for(reader.read(), 10)


def parts(raw: bytes) -> tuple[int, dict[str, str], Error]:
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    return int(first.split(" ")[1]), headers, msgspec.json.decode(body, type=ErrorBody).error


async def count(house: Whole, http: aiohttp.ClientSession, code: str) -> float:
    async with http.get(f"{house.base}/metrics") as answer:
        found = re.search(rf'nhipcau_problems_total{{code="{code}"}} (\S+)', await answer.text())
    return float(found[1]) if found else 0.0


NO_HTTP: dict[str, bytes] = {
    "an unknown verb": b"BREW / HTTP/1.1\r\n" + END,
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "nothing but zeros": b"\0" * 9_000,
    "an unknown version": b"GET / HTTP/9\r\n" + END,
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a header that is none": b"GET / HTTP/1.1\r\nno colon here\r\n" + END,
    "a control sign in a header": b"GET / HTTP/1.1\r\nX: a\x01b\r\n" + END,
    "two hosts": b"GET / HTTP/1.1\r\nHost: a\r\n" + END,
    "no host": b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
    "a thousand headers": b"GET / HTTP/1.1\r\n" + b"".join(b"X%d: 1\r\n" % n for n in range(1_000)) + END,
    "two lengths": b"POST /api/session HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n" + END + b"{}",
    "a length and chunks": b"POST /api/session HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n" + END,
    "a negative length": b"POST /api/session HTTP/1.1\r\nContent-Length: -2\r\n" + END + b"{}",
    "another coding than chunks": b"POST /api/session HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n" + END,
    "a chunk without a size": CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n",
    "a chunk larger than any": CHUNKED + b"f" * 17 + b"\r\n{}\r\n",
    "an address that is none": b"GET http://[::1/healthz HTTP/1.1\r\n" + END,
    "letters that are no UTF-8 in the address": b"GET /\xff\xfe HTTP/1.1\r\n" + END,
}
TOO_LONG: dict[str, bytes] = {
    "a query": b"GET /?" + b"q" * (MAX_LINE + 1) + b" HTTP/1.1\r\n" + END,
    "a header": b"GET / HTTP/1.1\r\nX: " + b"x" * (MAX_LINE + 1) + b"\r\n" + END,
    "a trailer": CHUNKED + b"2\r\n{}\r\n0\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
}


@pytest.mark.parametrize("name", NO_HTTP)
async def test_what_is_no_http_gets_the_one_error_shape(
    shared: Whole, http: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    before = await count(shared, http, "bad_http")
    with capture_logs() as logs:
        status, headers, error = parts(await answered(shared, NO_HTTP[name]))
    assert (status, error.code, error.message) == (400, "bad_http", "Kết nối không gửi đúng dạng HTTP.")
    assert error.request_id == headers["X-Request-Id"]
    assert headers["Content-Type"].startswith("application/json")
    assert SECURITY.items() <= headers.items()
    assert "aiohttp" not in headers.get("Server", "")
    assert not [entry for entry in logs if entry["log_level"] in LOUD]
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert await count(shared, http, "bad_http") == before + 1


@pytest.mark.parametrize("name", TOO_LONG)
async def test_an_endless_line_is_too_large(shared: Whole, caplog: pytest.LogCaptureFixture, name: str) -> None:
    status, _, error = parts(await answered(shared, TOO_LONG[name]))
    assert (status, error.code) == (431, "too_large")
    assert "8 KiB" in error.message
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_nonsense_behind_a_good_request_ends_that_connection_only(
    shared: Whole, http: aiohttp.ClientSession
) -> None:
    raw = await answered(shared, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nBREW tea\r\n\r\n")
    assert parts(raw[raw.rindex(b"HTTP/") :])[2].code == "bad_http"
    async with http.get(f"{shared.base}/healthz") as alive:
        assert alive.status == 200


async def test_a_chunk_that_lies_later_is_refused_too(shared: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assembly, "BODY_SECONDS", 0.05)
    async with line_to(shared) as (reader, writer):
        writer.write(CHUNKED + b"2\r\n{}\r\n")
        await writer.drain()
        writer.write(b"zz\r\n{}\r\n0\r\n\r\n")
        raw = await asyncio.wait_for(reader.readuntil(b"}}"), 10)
    status, _, error = parts(raw)
    assert (status, error.code) in ((408, "slow_request"), (400, "bad_http"))


@pytest.mark.parametrize("path", ["/healthz", "/api/session", "/nothing"])
async def test_what_is_refused_before_the_routes_has_the_same_shape(shared: Whole, path: str) -> None:
    raw = await answered(shared, f"GET {path} HTTP/1.1\r\nExpect: a miracle\r\nAccept-Language: en\r\n".encode() + END)
    status, _, error = parts(raw)
    assert (status, error.code, error.message) == (417, "bad_request", "The request is not valid.")


@pytest.mark.asyncio(loop_scope="function")
async def test_a_fault_outside_of_every_route_is_told_as_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(self: web.UrlDispatcher, request: web.Request) -> web.UrlMappingMatchInfo:
        raise RuntimeError("the password is 12345")

    async with whole(tmp_path) as house:
        monkeypatch.setattr(web.UrlDispatcher, "resolve", broken)
        with capture_logs() as logs:
            raw = await answered(house, b"GET /healthz HTTP/1.1\r\n" + END)
        monkeypatch.undo()
    assert [entry["event"] for entry in logs if entry["log_level"] in LOUD] == ["request_failed"]
    status, _, error = parts(raw)
    assert (status, error.code) == (500, "internal")
    assert b"12345" not in raw


# --- many at once on one line


async def test_requests_in_a_row_are_answered_in_their_order(shared: Whole) -> None:
    sent = b"".join(
        b"GET /nothing/%d HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" % n for n in range(100)
    )
    raw = await answered(shared, sent + b"GET /healthz HTTP/1.1\r\n" + END)
    statuses = re.findall(rb"HTTP/1\.1 (\d+)", raw)
    assert statuses == [b"404", b"200"] * 100 + [b"200"]


# --- bodies


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "x"])
async def test_what_is_packed_is_not_unpacked(shared: Whole, coding: str) -> None:
    bomb = gzip.compress(b" " * 10_000_000)
    head = f"POST /api/session HTTP/1.1\r\nContent-Encoding: {coding}\r\nContent-Length: {len(bomb)}\r\n"
    status, _, error = parts(await answered(shared, head.encode() + END + bomb))
    assert (status, error.code) == (415, "encoding_unsupported")


@pytest.mark.parametrize(
    "body", [b'{"x":' + b"[" * 16_000, b'{"x":' * 3_000, b"[" * 16_000], ids=["arrays", "objects", "bare"]
)
async def test_nesting_without_end_is_refused_and_no_fault(shared: Whole, body: bytes) -> None:
    head = f"POST /api/session HTTP/1.1\r\nContent-Length: {len(body)}\r\n".encode()
    status, _, error = parts(await answered(shared, head + END + body))
    assert (status, error.code) in ((400, "bad_json"), (400, "bad_value"))


@pytest.mark.parametrize("announced", [True, False])
async def test_who_is_not_known_yet_says_little(shared: Whole, announced: bool) -> None:
    """Ten thousand lines that each hold a mebibyte would be ten gigabytes."""
    path = f"/api/conferences/{shared.conference}/commands"
    for target, limit, known in (("/api/session", MAX_OPEN_BODY, False), (path, MAX_BODY, True)):
        head = f"POST {target} HTTP/1.1\r\n"
        head += f"Authorization: Bearer {await shared.token()}\r\n" if known else ""
        for size, status in ((limit, 400), (limit + 1, 413)):
            body = b" " * size
            if announced:
                sent = f"{head}Content-Length: {size}\r\n".encode() + END + body
            else:
                sent = f"{head}Transfer-Encoding: chunked\r\n".encode() + END + b"%x\r\n%b\r\n0\r\n\r\n" % (size, body)
            assert parts(await answered(shared, sent))[0] == status


# --- who leaves


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /ws HTTP/1.1\r\n" + UPGRADE,
        b"POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
    ],
    ids=["before the handshake", "inside the body"],
)
async def test_who_leaves_early_is_no_fault(
    shared: Whole, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, sent: bytes
) -> None:
    """Given a client that is gone when its request is looked at, then nobody is alarmed, and it is counted."""
    arrived, authenticate = asyncio.Event(), shared.server.assembly._authenticate

    async def slowly(request: web.Request) -> Any:
        arrived.set()
        await until(lambda: request.transport is None, "the client to be gone")
        return await authenticate(request)

    monkeypatch.setattr(shared.server.assembly, "_authenticate", slowly)
    with capture_logs() as logs:
        async with line_to(shared) as (_, writer):
            writer.write(sent)
            await asyncio.wait_for(arrived.wait(), 10)
        events = ("client_left", "request_failed")
        seen = await until(lambda: [entry for entry in logs if entry["event"] in events], "a line about it")
    assert [(entry["event"], entry["log_level"]) for entry in seen] == [("client_left", "debug")]
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.asyncio(loop_scope="function")
async def test_who_does_not_read_the_answer_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given answers that fill every buffer on the way, when nothing is read, then the connection ends."""
    monkeypatch.setattr(connections, "STALLED_SECONDS", 0.05)
    async with whole(tmp_path) as house, line_to(house) as (_, writer):
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        ask = b"GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"

        async def flood() -> None:
            while True:
                writer.write(ask * 100)
                await writer.drain()

        with pytest.raises(ConnectionError):
            await asyncio.wait_for(flood(), 30)


# --- slow


@pytest.mark.asyncio(loop_scope="function")
async def test_a_head_that_trickles_in_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte that comes does not begin the time anew."""
    monkeypatch.setattr(app, "IDLE_SECONDS", 0.2)
    async with whole(tmp_path) as house, line_to(house) as (reader, writer):
        writer.write(b"GET /healthz HTTP/1.1\r\nX: ")
        async with asyncio.timeout(10):
            while not reader.at_eof():
                writer.write(b"a")
                with contextlib.suppress(TimeoutError, ConnectionError):
                    assert await asyncio.wait_for(reader.read(), 0.02) == b""
