"""What the page behind a code shows: taken out of the conference's state, nothing else. Pure."""

from collections import Counter

from msgspec import Struct

from server.conference import names
from server.conference.days import HERE
from server.conference.documents import gives, offered, state_of
from server.conference.state import Document, State

DAY = 86_400_000  # ms
_AHEAD = int(HERE.utcoffset(None).total_seconds() * 1000)
FOREVER = 2**63  # ms: what no clock reaches


class Offer(Struct, frozen=True):
    """A document that opens now. `size` in bytes."""

    id: int
    title: str
    kind: str
    name: str
    size: int
    pages: int | None


class Landing(Struct, frozen=True):
    """`waiting`: release time (ms) and how many documents open then, earliest first; their titles stay inside.
    It holds from `now` until `until` (ms), unless an event changes it earlier."""

    title: str
    starts_at: int
    room: str
    group: str
    help_phone: str
    offers: list[Offer]
    waiting: list[tuple[int, int]]
    now: int
    until: int


def landing(state: State, point: int | None, now: int) -> Landing:
    """For somebody at `point` (None: with the conference's own code). The code is admitted already."""
    waiting = _waiting(state, point, now)
    ends = [at for at, _ in waiting[:1]]
    if waiting:
        ends.append(_midnight(now))  # "at 08:00" may have become "at 08:00 tomorrow"
    if state.code_expires_at is not None:
        ends.append(state.code_expires_at)
    room, group = state.place, ""
    if point is not None:
        at = state.points[point]
        room, group = names.title(state.units[at.unit], at), names.group(state, at)
    return Landing(
        state.title,
        state.starts_at,
        room,
        group,
        state.help_phone,
        [_offer(d) for d in offered(state, point, now)],
        waiting,
        now,
        min(ends, default=FOREVER),
    )


def _waiting(state: State, point: int | None, now: int) -> list[tuple[int, int]]:
    times = Counter(
        d.release_at
        for d in state.documents.values()
        if d.release_at is not None and state_of(d, now) == "waiting" and gives(state, d, point, d.release_at)
    )
    return sorted(times.items())


def _offer(document: Document) -> Offer:
    file = document.versions[-1]
    return Offer(document.id, document.title, file.kind, file.name, file.size, file.pages)


def _midnight(now: int) -> int:
    """The next one where the conferences are held."""
    return now + DAY - (now + _AHEAD) % DAY
