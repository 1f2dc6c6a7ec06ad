"""Reading what older versions wrote.

An entry `(type, version)` turns the body of that version into the body of the next one. A body is
read by walking up from the version it was written in to the one that `VERSIONS` names today.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from server.protocol.events import VERSIONS, EventBody

UPCASTS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}

_body: msgspec.json.Decoder[EventBody] = msgspec.json.Decoder(EventBody)


def version_of(type_: str) -> int:
    return VERSIONS.get(type_, 1)


def decode_body(type_: str, version: int, raw: bytes) -> EventBody:
    """Raises `ValueError` for a body that no known version explains: the journal is then from the future."""
    current = version_of(type_)
    if version == current:
        body: EventBody = _body.decode(raw)
        return body
    if version > current:
        raise ValueError(f"{type_} version {version} was written by a newer program (this one knows {current})")
    loose: dict[str, Any] = msgspec.json.decode(raw)
    for v in range(version, current):
        loose = UPCASTS[(type_, v)](loose)
    lifted: EventBody = msgspec.convert(loose, EventBody)
    return lifted
