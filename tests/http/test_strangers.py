"""A machine that has read the interface's description asks everything: never a fault of ours, and what is
answered is what the description promises."""

from typing import Any

import aiohttp
import jsonschema_rs
import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok

from server.http import openapi
from server.protocol.errors import ErrorBody
from tests.servers.whole import Whole

EXAMPLES = 3  # of each operation; the same ones each time
ELSEWHERE = {"/ws"}  # the socket has tests of its own
LIST = {"type": "array"}
Ask = dict[str, Any]
Operation = schemathesis.APIOperation[Any, Any, Any, Any]


def questions(document: dict[str, Any], base: str, conference: str) -> list[tuple[str, Ask]]:
    """Operations with what a stranger might send; every second one asks about a conference that is there."""
    found: list[tuple[str, Ask]] = []
    for result in schemathesis.openapi.from_dict(document).get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        if operation.path not in ELSEWHERE:
            found += [(operation.label, sent) for sent in sent_to(operation, base, conference)]
    return found


def sent_to(operation: Operation, base: str, conference: str) -> list[Ask]:
    found: list[Ask] = []

    def collect(case: schemathesis.Case[Any]) -> None:
        if "conference" in case.path_parameters and len(found) % 2:
            case.path_parameters["conference"] = conference
        found.append(case.as_transport_kwargs(base_url=base))

    bounded = settings(
        max_examples=EXAMPLES, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    bounded(given(operation.as_strategy())(collect))()
    return found


async def ask(session: aiohttp.ClientSession, sent: Ask) -> tuple[int, str, bytes]:
    options = {name: sent[name] for name in ("params", "json", "data") if sent.get(name) is not None}
    headers = {n: v for n, v in sent["headers"].items() if n.lower() not in ("authorization", "accept-encoding")}
    async with session.request(sent["method"], sent["url"], headers=headers, allow_redirects=False, **options) as found:
        return found.status, found.content_type, await found.read()


def wrong(document: dict[str, Any], label: str, status: int, kind: str, raw: bytes) -> str | None:
    """Why this answer is not what the description promises."""
    method, path = label.split(" ", 1)
    if status >= 500:
        return f"{status} {raw[:200]!r}"
    if kind != "application/json" or method == "HEAD":
        return None
    if status >= 400:
        msgspec.json.decode(raw, type=ErrorBody)
        return None
    promised = document["paths"][path][method.lower()]["responses"].get(str(status))
    if promised is None:
        return f"{status} is not described"
    schema = promised.get("content", {}).get("application/json", {}).get("schema", {})
    checker = jsonschema_rs.validator_for({**schema, "components": document["components"]})
    errors = [error.message for error in checker.iter_errors(msgspec.json.decode(raw))]
    return f"{status} {errors[:2]}" if errors else None


async def test_no_question_leads_to_a_fault_and_every_answer_is_as_described(house: Whole) -> None:
    made = openapi.document(house.server.assembly.routes, house.base)
    document: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(made))
    asked = questions(document, house.base, house.conference)
    assert len(asked) > 200
    faults: dict[str, str] = {}
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {await house.token()}"}) as session:
        for label, sent in asked:
            try:
                found = wrong(document, label, *await ask(session, sent))
            except (msgspec.DecodeError, aiohttp.ClientError) as error:
                found = repr(error)
            if found:
                faults.setdefault(label, f"{found} after {str(sent)[:300]}")
    assert faults == {}
    assert (await house.admin.call("GET", house.one, dict))["conference"]["id"] == house.conference


@pytest.mark.parametrize("status", [200, 201])
def test_an_answer_that_is_not_as_described_would_be_found(status: int) -> None:
    document = {
        "paths": {
            "/x": {"get": {"responses": {"200": {"content": {"application/json": {"schema": {"type": "array"}}}}}}}
        },
        "components": {"schemas": {}},
    }
    assert wrong(document, "GET /x", status, "application/json", b"{}") is not None
    assert wrong(document, "GET /x", 200, "application/json", b"[]") is None
