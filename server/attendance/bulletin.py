"""What the rooms' phones are told while they look. Pure."""

import base64
import hashlib
from typing import Any

import msgspec
from msgspec import Struct

from server.conference.state import State

from .offers import Shown, next_change, shown

DIGEST_BYTES = 6  # two states of one page never meet among 2^48

_encode = msgspec.json.Encoder().encode


class Bulletin(Struct, frozen=True):
    """The events that tell what one page shows. `id` names the content, so that every server, also one that was
    started just now, knows what a phone that comes back has seen."""

    id: str
    notices: bytes
    documents: bytes

    def news(self, seen: str) -> bytes:
        """What somebody with the page `seen` lacks, as events with full values: who misses one misses nothing."""
        now, had = self.id.split("."), (*seen.split("."), "")
        notices = self.notices if now[0] != had[0] else b""
        return notices + self.documents if now[1] != had[1] else notices


def bulletin(page: Shown) -> Bulletin:
    id = f"{_digest(page.notices)}.{_digest([page.offers, page.waiting])}"
    return Bulletin(id, _event(id, "notices", page.notices), _event(id, "documents", {"open": len(page.offers)}))


class Bulletins:
    """Those of a conference as it is, each made once for all rooms that see the same. Good until an event changes
    what is shown, or until `until` (ms)."""

    def __init__(self, state: State, now: int) -> None:
        self._now, self.until = now, next_change(state, now)
        scopes = [d.scope for d in state.documents.values() if not d.withdrawn]
        scopes += [n.scope for n in state.notices.values()]
        self._units = {s.unit for s in scopes if s.unit}
        self._points = {s.point for s in scopes if s.point}
        self._made: dict[tuple[int | str, ...], Bulletin] = {}

    def of(self, state: State, point: int | None) -> Bulletin:
        """For phones at `point` (None: with the conference's own code). `state` is the one this was made of."""
        key = self._key(state, point)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = bulletin(shown(state, point, self._now))
        return found

    def _key(self, state: State, point: int | None) -> tuple[int | str, ...]:
        """Rooms that are named by the same scopes see the same."""
        if point is None:
            return ()
        named = [unit for unit in self._units if state.within(state.points[point].unit, unit)]
        return (point, *named) if point in self._points else tuple(named)


def _event(id: str, name: str, data: Any) -> bytes:
    """Of a stream of server-sent events; JSON has no line of its own, so one `data` line holds it."""
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (id.encode(), name.encode(), _encode(data))


def _digest(content: Any) -> str:
    digest = hashlib.blake2b(_encode(content), digest_size=DIGEST_BYTES).digest()
    return base64.urlsafe_b64encode(digest).decode()
