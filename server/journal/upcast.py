"""Reading what older versions wrote.

An entry `(type, version)` turns the body of that version into the body of the next one. A body is
read by walking up from the version it was written in to the one that `VERSIONS` names today.
"""

import hashlib
from collections.abc import Callable
from typing import Any

import msgspec

from server.protocol.errors import Busy
from server.protocol.events import VERSIONS, Event, EventBody

UPCASTS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}

_body: msgspec.json.Decoder[EventBody] = msgspec.json.Decoder(EventBody)
# What this program means by an event. Bodies that are told without their version are understood among programs of one
# dialect only; the others read them here.
DIALECT = hashlib.blake2b(
    msgspec.json.encode((msgspec.json.schema(Event), VERSIONS), order="deterministic"), digest_size=8
).hexdigest()


class Unreadable(Busy, ValueError):
    """A newer program wrote what this one does not know. It must not guess; who comes back may find one that does."""

    said = "program_outdated"  # in the log


class Gap(Unreadable):
    """Events are missing. What is left would fold to a state that never was; a server that knew them may go on."""

    said = "journal_gap"


def version_of(type_: str) -> int:
    return VERSIONS.get(type_, 1)


def decode_body(type_: str, version: int, raw: bytes) -> EventBody:
    """Raises `Unreadable` for a body that no known version explains: the journal is then from the future."""
    current = version_of(type_)
    if version > current:
        raise Unreadable(f"{type_} version {version} was written by a newer program (this one knows {current})")
    try:
        if version == current:
            body: EventBody = _body.decode(raw)
            return body
        loose: dict[str, Any] = msgspec.json.decode(raw)
        for v in range(version, current):
            loose = UPCASTS[(type_, v)](loose)
        lifted: EventBody = msgspec.convert(loose, EventBody)
    except msgspec.ValidationError as error:  # a kind or a field that is not known here
        raise Unreadable(f"{type_} version {version}: {error}") from error
    return lifted
