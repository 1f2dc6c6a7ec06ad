"""Whatever goes wrong at the border is one clear error in the one shape, and nobody else feels it."""

import ast
import asyncio
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

import aiohttp
import msgspec
import pytest
from sqlalchemy import event

from server import app
from server.http import assembly
from server.http.assembly import MAX_OPEN_BODY, SECURITY
from server.protocol.errors import ErrorBody
from tests.servers.whole import LOGIN, PASSWORD, Whole, whole

pytestmark = pytest.mark.asyncio(loop_scope="module")

OURS = {"X-Requested-With": "nhipcau"}
SIGN_IN = "/api/session"

BAD: Mapping[str, tuple[str, str, dict[str, Any], int, str, str | None]] = {
    "no JSON": ("POST", SIGN_IN, {"data": b"{"}, 400, "bad_json", None),
    "nothing": ("POST", SIGN_IN, {"data": b""}, 400, "bad_json", None),
    "no UTF-8": ("POST", SIGN_IN, {"data": b'{"login":"\xff"}'}, 400, "bad_json", None),
    "deep": ("POST", SIGN_IN, {"data": b"[" * 10_000}, 400, "bad_value", None),
    "an array": ("POST", SIGN_IN, {"data": b"[]"}, 400, "bad_value", None),
    "an unknown field": (
        "POST", SIGN_IN, {"data": b'{"login":"a","password":"b","role":"administrator"}'}, 400, "bad_value", "role"
    ),
    "a field missing": ("POST", SIGN_IN, {"data": b'{"login":"a"}'}, 400, "bad_value", "password"),
    "a wrong type": ("POST", SIGN_IN, {"data": b'{"login":1,"password":"b"}'}, 400, "bad_value", "login"),
    "too large": ("POST", SIGN_IN, {"data": "too large"}, 413, "too_large", None),
    "a wrong method": ("PUT", SIGN_IN, {"data": b"{}"}, 405, "method_not_allowed", None),
    "a strange method": ("PROPFIND", SIGN_IN, {}, 405, "method_not_allowed", None),
    "an unknown path": ("GET", "/api/nothing", {}, 404, "not_found", None),
    "a path that climbs": ("GET", "/assets/%2e%2e/%2e%2e/%2e%2e/pyproject.toml", {}, 404, "not_found", None),
    "no key": ("GET", "/api/conferences", {}, 401, "unauthenticated", None),
    "a wrong key": ("GET", "/api/units", {"headers": {"Authorization": "Bearer x"}}, 401, "unauthenticated", None),
    "a strange cookie": ("GET", "/api/units", {"headers": {"Cookie": "nc_session=%00"}}, 401, "unauthenticated", None),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
async def test_bad_requests_get_one_clear_error(shared: Whole, http: aiohttp.ClientSession, name: str) -> None:
    method, path, options, status, code, field = BAD[name]
    if options.get("data") == "too large":
        options = {"data": io.BytesIO(b" " * (MAX_OPEN_BODY + 1))}
    async with http.request(method, shared.base + path, **options) as answer:
        raw = await answer.read()
    error = msgspec.json.decode(raw, type=ErrorBody).error
    assert (answer.status, error.code, error.field) == (status, code, field)
    assert error.message not in ("", code)
    assert error.request_id == answer.headers["X-Request-Id"]
    assert answer.content_type == "application/json"
    assert b"Traceback" not in raw
    assert b"server/" not in raw


async def test_a_wrong_method_is_told_the_right_ones(shared: Whole, http: aiohttp.ClientSession) -> None:
    async with http.put(shared.base + SIGN_IN) as answer:
        assert answer.headers["Allow"] == "DELETE, GET, POST"


@pytest.mark.parametrize(
    ("query", "field"), [("limit=0", "limit"), ("limit=x", "limit"), ("limit=1001", "limit"), ("point=0", "point"),
                         ("type=nothing", "type"), ("before=1e99", "before")],
)  # fmt: skip
async def test_a_bad_query_names_its_field(shared: Whole, query: str, field: str) -> None:
    async with shared.admin._open.get(f"{shared.base}{shared.one}/journal?{query}") as answer:
        error = msgspec.json.decode(await answer.read(), type=ErrorBody).error
    assert (answer.status, error.code, error.field) == (400, "bad_value", field)


@pytest.mark.parametrize(
    ("headers", "lang"),
    [
        ({}, "vi"),
        ({"Accept-Language": "en-GB,en;q=0.9"}, "en"),
        ({"Accept-Language": "fr"}, "vi"),
        ({"Accept-Language": "fr,en;q=0.5"}, "en"),
        ({"Accept-Language": "en", "Cookie": "nc_lang=vi"}, "vi"),
        ({"Cookie": "nc_lang=en"}, "en"),
    ],
)
async def test_errors_speak_the_readers_language(
    shared: Whole, http: aiohttp.ClientSession, headers: dict[str, str], lang: str
) -> None:
    async with http.get(f"{shared.base}/api/nothing", headers=headers) as answer:
        message = (await answer.json())["error"]["message"]
    assert message == {"vi": "Không tìm thấy.", "en": "Not found."}[lang]


@pytest.mark.parametrize(
    ("path", "accept", "lang", "kind"),
    [
        ("/nope", "text/html,*/*;q=0.8", "vi", "text/html"),
        ("/assets/nope.js", "text/html,*/*;q=0.8", "en", "text/html"),
        ("/assets/nope.js", "*/*", "en", "application/json"),
        ("/api/nope", "text/html,*/*;q=0.8", "en", "application/json"),
    ],
)
async def test_people_at_an_unknown_address_get_a_page(
    shared: Whole, http: aiohttp.ClientSession, path: str, accept: str, lang: str, kind: str
) -> None:
    async with http.get(shared.base + path, headers={"Accept": accept, "Accept-Language": lang}) as answer:
        text = await answer.text()
    assert (answer.status, answer.content_type) == (404, kind)
    assert {name: answer.headers.get(name) for name in SECURITY} == SECURITY
    if kind == "text/html":
        assert f'<html lang="{lang}">' in text
        assert {"vi": "Không có trang này", "en": "There is no such page"}[lang] in text
        assert 'href="/"' in text
    else:
        assert msgspec.json.decode(text, type=ErrorBody).error.code == "not_found"


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/nothing", "/api/session", "/api/openapi.json"])
async def test_every_answer_carries_the_safe_headers(shared: Whole, http: aiohttp.ClientSession, path: str) -> None:
    async with http.get(shared.base + path) as answer:
        assert {name: answer.headers.get(name) for name in SECURITY} == SECURITY
        assert answer.headers["X-Request-Id"]
        assert "Server" not in answer.headers


@pytest.mark.asyncio(loop_scope="function")
async def test_a_fault_of_ours_tells_a_number_and_nothing_else(house: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken() -> list[str]:
        raise RuntimeError("the password is 12345")

    monkeypatch.setattr(house.server.journal, "conferences", broken)
    async with house.admin._open.get(f"{house.base}/api/conferences") as answer:
        raw = await answer.read()
    assert answer.status == 500
    error = msgspec.json.decode(raw, type=ErrorBody).error
    assert error.code == "internal"
    assert error.request_id
    assert b"12345" not in raw


@pytest.mark.asyncio(loop_scope="function")
async def test_a_database_that_cannot_write_is_no_fault_of_the_program(house: Whole) -> None:
    """Given a database that takes no writes, when somebody creates an account or signs in, he is told what is wrong
    and to come back."""
    body = {"login": "thu.ha", "name": "Thu Hà", "password": "một mật khẩu đủ dài", "role": "viewer"}
    read_only = "PRAGMA query_only = ON"
    event.listen(house.server.engine.sync_engine, "checkout", lambda db, *_: db.cursor().execute(read_only))
    for path, sent in (("accounts", body), ("session", {"login": LOGIN, "password": PASSWORD})):
        async with house.admin._open.post(f"{house.base}/api/{path}", json=sent) as answer:
            error = msgspec.json.decode(await answer.read(), type=ErrorBody).error
        assert (answer.status, error.code) == (503, "busy")
        assert error.message.startswith("Máy chủ tạm chưa ghi được dữ liệu")


# --- pages of others


async def test_a_cookie_alone_changes_nothing(shared: Whole) -> None:
    """Given a signed-in browser, when another site's page makes it post, then it is refused; reading stays open."""
    cookie = shared.admin.identity()
    new = msgspec.json.encode({"title": "Giả", "starts_at": 1})
    others: list[dict[str, str]] = [
        {},
        {"X-Requested-With": "XMLHttpRequest"},
        {**OURS, "Origin": "https://evil.example"},
    ]
    for headers in others:
        async with (
            aiohttp.ClientSession(headers={**cookie, **headers}) as browser,
            browser.post(f"{shared.base}/api/conferences", data=new) as answer,
        ):
            assert (answer.status, (await answer.json())["error"]["code"]) == (403, "forbidden_origin")
    async with (
        aiohttp.ClientSession(headers=cookie) as browser,
        browser.get(f"{shared.base}/api/conferences") as answer,
    ):
        assert answer.status == 200
        assert len(await answer.json()) == 1


# --- who is slow


async def closes(shared: Whole, *pieces: bytes) -> bytes:
    """What a connection gets that sends these pieces and then waits, until the server closes it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", shared.server.port)
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    await writer.wait_closed()
    return answer


async def test_a_body_that_never_ends_is_ended(shared: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assembly, "BODY_SECONDS", 0.05)
    head = b"POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{"
    reader, writer = await asyncio.open_connection("127.0.0.1", shared.server.port)
    writer.write(head)
    answer = await asyncio.wait_for(reader.readuntil(b'"slow_request"'), 10)
    assert answer.startswith(b"HTTP/1.1 408")
    writer.close()
    await writer.wait_closed()


@pytest.mark.asyncio(loop_scope="function")
@pytest.mark.parametrize("head", [b"", b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: "], ids=["nothing", "half"])
async def test_a_request_that_never_comes_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, head: bytes
) -> None:
    monkeypatch.setattr(app, "IDLE_SECONDS", 0.05)
    async with whole(tmp_path) as house:
        assert await closes(house, head) == b""


# --- every code has its words

SOURCE = Path(app.__file__).parent


def codes() -> Iterator[tuple[str, set[str]]]:
    """Every literal code of a Problem or Refusal, with the parameters that are given beside it."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or ast.unparse(node.func) not in ("Problem", "Refusal"):
                continue
            first = next((a for a in node.args[:2] if isinstance(a, ast.Constant) and isinstance(a.value, str)), None)
            if first is not None:
                yield str(first.value), {k.arg for k in node.keywords if k.arg}


async def test_every_code_has_words_in_both_languages(shared: Whole) -> None:
    texts = shared.server.assembly.catalog.texts
    found = {code for code, _ in codes()}
    assert len(found) > 80
    assert found - set(texts) == set()
    for code, (vietnamese, english) in texts.items():
        assert vietnamese.strip(), code
        assert english.strip(), code
        assert vietnamese != english, code
        assert places(vietnamese) == places(english), f"{code}: both languages tell the same"


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
