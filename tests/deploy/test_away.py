"""What people and programs are told when no server answers: by the proxies, in the shape of the servers."""

import ssl
from pathlib import Path

import aiohttp
import msgspec
import pytest

from server.demo.cluster.haproxy import HAProxy
from server.demo.cluster.haproxy import binary as haproxy
from server.demo.cluster.part import free_port
from server.protocol.errors import ErrorBody
from tests.deploy.test_nginx import Nginx
from tests.deploy.test_nginx import binary as nginx

LARGE = {"Content-Length": str(300 * 2**20)}


async def told(base: str, path: str, headers: dict[str, str] | None = None) -> tuple[int, str, bytes]:
    """Status, kind and body."""
    trusting = aiohttp.TCPConnector(ssl=ssl._create_unverified_context())
    async with aiohttp.ClientSession(base, connector=trusting) as browser:
        body = b"x" if headers else None
        async with browser.post(path, headers=headers, data=body) as answer:
            return answer.status, answer.content_type, await answer.read()


async def check_away(base: str) -> None:
    status, kind, page = await told(base, "/wall/x")
    assert (status, kind) == (503, "text/html")
    assert "Máy chủ tạm chưa trả lời" in page.decode()
    status, kind, body = await told(base, "/api/session")
    assert (status, kind) == (503, "application/json")
    assert msgspec.json.decode(body, type=ErrorBody).error.code == "busy"


async def test_haproxy_says_that_no_server_answers(tmp_path: Path) -> None:
    if haproxy() is None:
        pytest.skip("HAProxy is not installed: as root, `make system` installs it")
    proxy = HAProxy(tmp_path, [])
    proxy.start()
    try:
        await check_away(f"http://127.0.0.1:{proxy.port}")
    finally:
        proxy.stop()


async def test_nginx_says_that_no_server_answers_and_that_a_file_is_too_large(tmp_path: Path) -> None:
    if nginx() is None:
        pytest.skip("nginx is not installed: as root, `make system` installs it")
    proxy = Nginx(tmp_path, [free_port() for _ in range(3)])
    proxy.start()
    try:
        base = f"https://127.0.0.1:{proxy.port}"
        await check_away(base)
        status, kind, body = await told(base, "/api/files", LARGE)
        assert (status, kind) == (413, "application/json")
        assert msgspec.json.decode(body, type=ErrorBody).error.code == "too_large"
    finally:
        proxy.stop()
