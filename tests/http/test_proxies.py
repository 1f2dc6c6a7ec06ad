"""Whose word counts on who asks: a proxy that is trusted, by its address or its network, and nobody else."""

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from server.config import Config, ConfigError, load
from server.http.proxies import trust
from server.http.routing import ADDRESS, HTTPS


async def seen(proxies: tuple[str, ...], remote: str, *told: str, proto: str = "") -> tuple[str, bool]:
    """Address and encryption as a handler sees them. `told`: lines of X-Forwarded-For."""
    headers = CIMultiDict([("X-Forwarded-For", line) for line in told])
    if proto:
        headers["X-Forwarded-Proto"] = proto
    request = make_mocked_request("GET", "/", headers).clone(remote=remote)

    async def handler(request: web.Request) -> web.Response:
        return web.json_response([request[ADDRESS], request[HTTPS]])

    answer = await trust(proxies)(request, handler)
    assert isinstance(answer, web.Response)
    return request[ADDRESS], request[HTTPS]


async def test_nobody_is_believed_unless_he_is_configured() -> None:
    assert await seen((), "10.0.0.9", "198.51.100.1", proto="https") == ("10.0.0.9", False)
    assert await seen(("10.0.0.1",), "10.0.0.9", "198.51.100.1", proto="https") == ("10.0.0.9", False)


@pytest.mark.parametrize("proxy", ["10.0.0.1", "10.0.0.0/24", "10.0.0.7/24", "::/0"])
@pytest.mark.parametrize("remote", ["10.0.0.1", "::ffff:10.0.0.1"])
async def test_a_proxy_is_known_by_its_address_or_its_network(proxy: str, remote: str) -> None:
    expected = (remote, False) if proxy == "::/0" else ("198.51.100.1", True)
    assert await seen((proxy,), remote, "198.51.100.1", proto="https") == expected


async def test_what_a_client_wrote_himself_does_not_count() -> None:
    forged = "203.0.113.66"
    assert (await seen(("10.0.0.1",), "10.0.0.1", f"{forged}, 198.51.100.1"))[0] == "198.51.100.1"
    assert (await seen(("10.0.0.1",), "10.0.0.1", forged, "198.51.100.1"))[0] == "198.51.100.1"
    assert (await seen(("10.0.0.0/24",), "10.0.0.1", f"{forged}, 198.51.100.1, 10.0.0.2"))[0] == "198.51.100.1"


async def test_what_is_no_address_is_nobody_s_proxy() -> None:
    assert (await seen(("10.0.0.1",), "", "198.51.100.1"))[0] == ""
    assert (await seen(("10.0.0.1",), "10.0.0.1", "unknown"))[0] == "unknown"


def test_a_proxy_that_is_no_address_is_told_before_anything_starts() -> None:
    assert load(None, {"NHIPCAU_TRUSTED_PROXIES": "[10.0.0.0/24, '::1']"}).trusted_proxies == ("10.0.0.0/24", "::1")
    assert Config().trusted_proxies == ()
    with pytest.raises(ConfigError, match=r"trusted_proxies\[1\]: .*haproxy"):
        load(None, {"NHIPCAU_TRUSTED_PROXIES": "[10.0.0.1, haproxy]"})
