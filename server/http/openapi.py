"""The OpenAPI 3.1 document, made from the routes' own declarations."""

import re
from typing import Any, get_args

import msgspec
from msgspec import Struct

from server.protocol.errors import ErrorBody
from server.protocol.messages import ClientMessage, ServerMessage

from .assembly import CSRF_HEADER, CSRF_VALUE
from .routing import Allow, Call, Route

VERSION = "1.0.0"
_TEMPLATE = "#/components/schemas/{name}"


def document(routes: list[Route], base_url: str) -> dict[str, Any]:
    """Schemas of every body, query and answer, and of the socket's messages, as components."""
    api = sorted((r for r in routes), key=lambda r: (r.path, r.method))
    messages = [*get_args(ClientMessage), *get_args(ServerMessage)]
    types = [t for r in api for t in (r.body, r.query, r.answer) if t is not None]
    schemas, components = msgspec.json.schema_components([ErrorBody, *messages, *types], ref_template=_TEMPLATE)
    known = {_key(t): s for t, s in zip([ErrorBody, *messages, *types], schemas, strict=True)}
    paths: dict[str, dict[str, Any]] = {}
    for route in api:
        paths.setdefault(_path(route.path), {})[route.method.lower()] = _operation(route, known, components)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Nhịp Cầu",
            "version": VERSION,
            "description": "Hybrid conferences: points, headcounts, documents. The socket at `/ws` is described in "
            "docs/protocol.md; its messages are the components whose names end in `Message`.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": base_url}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "nc_session",
                    "description": f"Calls that change something need the header `{CSRF_HEADER}: {CSRF_VALUE}` beside "
                    "it, and an `Origin` of this site if there is one; so does signing in with an `Origin`.",
                },
                "token": {"type": "http", "scheme": "bearer"},
            },
        },
    }


class OpenApi:
    """Serves the document. It is made once, after every route is mounted."""

    def __init__(self, routes: list[Route], base_url: str) -> None:
        self._routes, self._base_url = routes, base_url
        self._made: dict[str, Any] | None = None

    def routes(self) -> list[Route]:
        path = "/api/openapi.json"
        return [Route("GET", path, self.serve, Allow.PUBLIC, "This document", answer=dict[str, Any])]

    async def serve(self, call: Call) -> dict[str, Any]:
        if self._made is None:
            self._made = document(self._routes, self._base_url)
        return self._made


def _key(kind: Any) -> str:
    return repr(kind)


def _path(path: str) -> str:
    return re.sub(r"\{(\w+):[^}]*\}", r"{\1}", path)


def _operation(route: Route, known: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _operation_id(route),
        "summary": route.summary,
        "x-allow": route.allow.value,
        "tags": [_tag(route.path)],
        "parameters": _parameters(route, components),
        "responses": {
            str(route.status if route.answer else _status(route)): _success(route, known),
            **_failures(route),
        },
    }
    if route.allow not in (Allow.PUBLIC, Allow.LINK):
        operation["security"] = [{"token": []}, {"session": []}]
    if route.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": known[_key(route.body)]}},
        }
    elif route.upload:
        content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _status(route: Route) -> int:
    return 200 if route.produces != "application/json" else 204


def _success(route: Route, known: dict[str, Any]) -> dict[str, Any]:
    if route.answer is not None:
        return {"description": "Done", "content": {"application/json": {"schema": known[_key(route.answer)]}}}
    if route.produces != "application/json":
        return {"description": "Done", "content": {route.produces: {"schema": {"type": "string"}}}}
    return {"description": "Done"}


def _failures(route: Route) -> dict[str, Any]:
    error = {"content": {"application/json": {"schema": {"$ref": _TEMPLATE.format(name="ErrorBody")}}}}
    text = "An error in the one shape" + (f": {', '.join(route.errors)}" if route.errors else "")
    return {"default": {"description": text, **error}}


def _parameters(route: Route, components: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)", route.path)
    ]
    if isinstance(route.query, type) and issubclass(route.query, Struct):
        schema = components[route.query.__name__]
        required = schema.get("required", [])
        found += [
            {"name": name, "in": "query", "required": name in required, "schema": inner}
            for name, inner in schema.get("properties", {}).items()
        ]
    if route.upload:
        text = "The file's name, percent-encoded UTF-8"
        found.append(
            {"name": "X-File-Name", "in": "header", "description": text, "required": True, "schema": {"type": "string"}}
        )
    return found


def _operation_id(route: Route) -> str:
    path = _path(route.path)
    words = re.sub(r"[^A-Za-z0-9]+", "_", path).strip("_")
    folder = "_folder" if path.endswith("/") and words else ""
    return f"{route.method.lower()}_{words or 'root'}{folder}"


def _tag(path: str) -> str:
    parts = [p for p in path.split("/") if p and not p.startswith("{")]
    return (parts[1] if parts[:1] == ["api"] and len(parts) > 1 else parts[0]) if parts else "pages"
