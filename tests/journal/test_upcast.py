"""Bodies written by older versions are read as the events of today. The samples are kept for good: when a type gets
a new version, its old lines stay in the file and the new ones are added."""

from pathlib import Path

import msgspec
import pytest

from server.journal import upcast
from server.journal.upcast import decode_body, version_of
from server.protocol import events
from server.protocol.events import EVENT_TYPES, HeadcountReported

KEPT = Path(__file__).parent / "kept_v1.jsonl"


class Kept(msgspec.Struct):
    type: str
    version: int
    body: msgspec.Raw


def kept() -> list[Kept]:
    return [msgspec.json.decode(line, type=Kept) for line in KEPT.read_bytes().splitlines()]


def test_every_type_and_version_that_was_ever_written_is_kept() -> None:
    known = {(k.type, k.version) for k in kept()}
    written = {(t, v) for t in EVENT_TYPES for v in range(1, version_of(t) + 1)}
    assert written <= known


def test_everything_kept_is_read_as_its_type() -> None:
    for sample in kept():
        body = decode_body(sample.type, sample.version, bytes(sample.body))
        assert body.__struct_config__.tag == sample.type


def test_an_old_body_is_lifted_through_every_version_between(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a type that went from version 1 (`people`) over 2 (`in_rooms`) to 3
    monkeypatch.setitem(events.VERSIONS, "headcount_reported", 3)
    lift = {
        ("headcount_reported", 1): lambda b: {"type": b["type"], "point": b["point"], "in_rooms": b["people"]},
        ("headcount_reported", 2): lambda b: {"type": b["type"], "point": b["point"], "in_room": b["in_rooms"]},
    }
    monkeypatch.setattr(upcast, "UPCASTS", lift)
    old = b'{"type":"headcount_reported","point":1,"people":66}'
    assert decode_body("headcount_reported", 1, old) == HeadcountReported(1, 66)


def test_a_body_from_the_future_is_refused() -> None:
    with pytest.raises(ValueError, match="newer program"):
        decode_body("checked_in", 2, b'{"type":"checked_in","point":1}')
