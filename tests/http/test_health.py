"""What machines ask: is it alive, ready, how is it doing, and what does its interface look like."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import jsonschema_rs
import msgspec
import pytest

from server.http import openapi
from server.http.routing import Allow
from tests.servers.postgres import Postgres
from tests.servers.whole import Whole, whole

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_it_is_alive_and_ready(shared: Whole, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{shared.base}/healthz") as answer:
        assert (answer.status, await answer.text()) == (200, "ok\n")
    async with http.get(f"{shared.base}/readyz") as answer:
        assert (answer.status, await answer.json()) == (200, {"ready": True, "reasons": [], "degraded": []})


@pytest.mark.asyncio(loop_scope="function")
async def test_without_its_database_it_is_alive_but_not_ready(tmp_path: Path, postgres: Postgres) -> None:
    """Given a server on PostgreSQL, when that refuses connections, then it says so, and is ready again after."""
    url = postgres.database()
    name = url.rsplit("/", 1)[1]
    async with whole(tmp_path, database=url) as house, aiohttp.ClientSession() as http:
        postgres.sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        postgres.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        async with http.get(f"{house.base}/readyz") as answer:
            error = (await answer.json())["error"]
        assert (answer.status, error["code"]) == (503, "not_ready")
        assert "database" in error["message"]
        assert "postgresql" not in error["message"], "no address, no password"
        async with http.get(f"{house.base}/healthz") as answer:
            assert answer.status == 200
        postgres.sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        async with http.get(f"{house.base}/readyz") as answer:
            assert answer.status == 200


# --- metrics


async def test_metrics_count_what_happens_and_name_nobody(shared: Whole, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{shared.base}/api/conferences/secret-of-the-path") as answer:
        assert answer.status == 401
    async with shared.wall(await shared.kiosk()), http.get(f"{shared.base}/metrics") as answer:
        text = await answer.text()
    route = 'route="/api/conferences/{conference}"'
    assert re.search(rf'nhipcau_http_requests_total{{method="GET",{re.escape(route)},status="401"}} 1\.0', text)
    assert 'nhipcau_problems_total{code="unauthenticated"} 1.0' in text
    assert 'nhipcau_sockets{audience="wall"} 1.0' in text
    assert "secret-of-the-path" not in text
    assert shared.conference not in text


@pytest.mark.asyncio(loop_scope="function")
async def test_metrics_ask_for_their_token_where_one_is_set(tmp_path: Path) -> None:
    async with whole(tmp_path, metrics_token="a long metrics token") as house, aiohttp.ClientSession() as http:
        for token, status in (("", 403), ("Bearer wrong", 403), ("Bearer a long metrics token", 200)):
            async with http.get(f"{house.base}/metrics", headers={"Authorization": token}) as answer:
                assert answer.status == status


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via"])
async def test_metrics_are_not_for_whom_a_proxy_of_this_machine_passes_on(
    shared: Whole, http: aiohttp.ClientSession, header: str
) -> None:
    async with http.get(f"{shared.base}/metrics", headers={header: "203.0.113.9"}) as answer:
        assert answer.status == 403


# --- the interface's description


@pytest.fixture(scope="module")
def document(shared: Whole) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(
        msgspec.json.encode(openapi.document(shared.server.assembly.routes, shared.base))
    )
    return found


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "$ref":
                yield value
            elif key == "mapping":
                yield from value.values()
            else:
                yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


async def test_what_is_served_is_the_document(
    shared: Whole, http: aiohttp.ClientSession, document: dict[str, Any]
) -> None:
    async with http.get(f"{shared.base}/api/openapi.json") as answer:
        assert answer.status == 200
        assert await answer.json() == document


async def test_it_is_openapi_3_1_and_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(references(document)) <= known
    names = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
    assert len(names) == len(set(names))


async def test_every_schema_is_json_schema(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        assert jsonschema_rs.meta.is_valid({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}), name


async def test_every_route_stands_in_it_with_who_may_and_with_its_parameters(
    shared: Whole, document: dict[str, Any]
) -> None:
    for route in shared.server.assembly.routes:
        path = re.sub(r"\{(\w+):(?:[^{}]|\{[^{}]*\})*\}", r"{\1}", route.path)
        operation = document["paths"][path][route.method.lower()]
        assert operation["x-allow"] == route.allow.value
        assert ("security" in operation) is (route.allow not in (Allow.PUBLIC, Allow.LINK))
        declared = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
        assert declared == set(re.findall(r"\{(\w+)\}", path)), path
        assert "default" in operation["responses"]
        assert (route.body is not None or route.upload) is ("requestBody" in operation), path


async def test_messages_of_the_socket_are_described_too(document: dict[str, Any]) -> None:
    assert {"HelloMessage", "DoMessage", "BeatMessage", "SnapshotMessage", "FrameMessage", "ByeMessage"} <= set(
        document["components"]["schemas"]
    )
