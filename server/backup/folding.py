"""A journal folded from its first event, and what must agree with it on the way."""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from server.conference import State, evolve, view
from server.conference.state import STATE_VERSION
from server.journal.store import proof
from server.journal.upcast import decode_body
from server.protocol.events import (
    CodeIssued,
    ConferenceCreated,
    DocumentAdded,
    Event,
    EventBody,
    PointsAdded,
    VersionAdded,
)

from .report import Report, fields

Row = Mapping[str, Any]
_decode = msgspec.msgpack.Decoder(State).decode


class Snapshot(Struct, frozen=True):
    """What is remembered of a stored snapshot: enough to compare, small however large the state is."""

    seq: int
    digest: bytes


def snapshot_of(row: Row, report: Report) -> Snapshot | None:
    """None when it cannot be compared; the report says why."""
    place, state = f"snapshots/{row['conference']}", row["state"]
    report.snapshots += 1
    digest = row.get("digest")
    if digest is not None and digest != proof(row["conference"], row["seq"], row["state_version"], state):
        report.differs(place, "changed since it was written (its digest is another)")
        return None
    if row["state_version"] != STATE_VERSION:
        report.not_compared.append(f"{place}: another version's shape ({row['state_version']}); it will not be used")
        return None
    try:
        return Snapshot(row["seq"], digest_of(_decode(state)))
    except msgspec.DecodeError as error:
        report.differs(place, f"cannot be decoded: {error}")
        return None


def digest_of(state: State) -> bytes:
    """Of one encoding for one state, in whatever order its parts came to be."""
    canonical = msgspec.to_builtins(state, str_keys=True, order="deterministic")
    return hashlib.sha256(msgspec.msgpack.encode(canonical)).digest()


class Fold:
    """One conference's journal, row by row in order. `codes`: the index, code -> conference.

    What does not follow the rules is told; from the first event that cannot be read on, only the order is watched.
    """

    def __init__(self, journal: Row, snapshot: Snapshot | None, codes: Mapping[str, str], report: Report) -> None:
        self.id, self._journal, self._snapshot = journal["id"], journal, snapshot
        self._codes, self._report = codes, report
        self.state = State(self.id)
        self.documents: dict[str, int] = {}
        self.whole = True
        self._next, self._owed = 1, 0

    def take(self, row: Row) -> bool:
        """True when the stored snapshot is of this event and the state is another: `again` tells where."""
        place, self._report.events = f"events/{self.id}/{row['seq']}", self._report.events + 1
        if row["seq"] != self._next:
            self._report.differs(place, f"follows event {self._next - 1}: the journal is not gapless")
            self.whole = False
        self._next = row["seq"] + 1
        self._watch_command(place, row)
        if body := self._read(place, row):
            self._evolve(place, row, body)
        snapshot = self._snapshot
        if not self.whole or snapshot is None or snapshot.seq != row["seq"]:
            return False
        return digest_of(self.state) != snapshot.digest

    def _watch_command(self, place: str, row: Row) -> None:
        """The command stands with its first event, which says how many there are."""
        if row["command_id"] is None:
            self._owed = max(0, self._owed - 1)
            if row["command_hash"] is not None or row["span"] is not None:
                self._report.differs(place, "has the answer of a command without its id")
            return
        if self._owed:
            self._report.differs(place, f"comes while {self._owed} events of an earlier command are missing")
        if row["command_hash"] is None or not row["span"] or row["span"] < 1:
            self._report.differs(place, "has the id of a command without its answer")
        self._owed = max(0, (row["span"] or 1) - 1)

    def _read(self, place: str, row: Row) -> EventBody | None:
        try:
            body = decode_body(row["type"], row["version"], row["body"])
        except (ValueError, KeyError, TypeError) as error:
            self._report.differs(place, f"cannot be read: {error}")
            self.whole = False
            return None
        tag, point = body.__struct_config__.tag, getattr(body, "point", None)
        if tag != row["type"]:
            self._report.differs(place, f"is filed as {row['type']}, its body says {tag}")
        if row["point"] != (point if isinstance(point, int) else None):
            self._report.differs(place, f"is filed under point {row['point']}, its body says {point}")
        return body

    def _evolve(self, place: str, row: Row, body: EventBody) -> None:
        self._note(place, body)
        if not self.whole:
            return
        event = Event(row["seq"], row["at"], row["actor"], body, row["occurred_at"], row["tapped_at"])
        try:
            evolve(self.state, event)
        except Exception as error:  # noqa: BLE001 - whatever a rule stumbles over is the finding
            self._report.differs(place, f"cannot have happened then: {error!r}")
            self.whole = False

    def _note(self, place: str, body: EventBody) -> None:
        """What other tables and the store must know of: codes and documents."""
        for code in _codes(body):
            if self._codes.get(code) != self.id:
                self._report.differs(place, f"gives out code {code}, which the index does not lead here")
        if isinstance(body, DocumentAdded | VersionAdded):
            known = self.documents.setdefault(body.file.hash, body.file.size)
            if known != body.file.size:
                self._report.differs(place, f"says {body.file.size} bytes of a document of {known}")

    def end(self) -> None:
        """After the last row: what the conference's other rows must say."""
        last, place = self._next - 1, f"journals/{self.id}"
        if self._owed:
            self._report.differs(f"events/{self.id}/{last}", f"{self._owed} events of its command are missing after it")
        if self._journal["seq"] != last:
            self._report.differs(place, f"says {self._journal['seq']} events, there are {last}")
        if self._snapshot and self._snapshot.seq > last:
            self._report.differs(f"snapshots/{self.id}", f"is of event {self._snapshot.seq}, the last one is {last}")
        if not self.whole:
            self._report.not_compared.append(f"{place}: its events cannot be folded to the end")
        elif last:
            self._compare_summary(place)

    def _compare_summary(self, place: str) -> None:
        summary = view.summary(self.state)
        for name in ("title", "starts_at", "phase", "points"):
            folded, kept = getattr(summary, name), self._journal[name]
            if folded != kept:
                self._report.differs(place, f"{name}: {folded!r} by the journal, {kept!r} there")

    def again(self, row: Row) -> list[str]:
        """The fields in which a stored snapshot differs from the state as it is now, after the same event."""
        return fields(self.state, _decode(row["state"]))


def _codes(body: EventBody) -> list[str]:
    if isinstance(body, ConferenceCreated | CodeIssued):
        return [body.code] if body.code else []
    if isinstance(body, PointsAdded):
        return [p.code for p in body.points if p.code]
    return []
