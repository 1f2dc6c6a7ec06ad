"""What the page behind a code shows: taken out of the conference's state, nothing else. Pure."""

from collections import Counter

from msgspec import Struct

from server.conference import names
from server.conference.days import HERE
from server.conference.documents import gives, offered, state_of
from server.conference.notices import read_by
from server.conference.state import Document, State

from .words import stamp

DAY = 86_400_000  # ms
_AHEAD = int(HERE.utcoffset(None).total_seconds() * 1000)
FOREVER = 2**63  # ms: what no clock reaches


class Offer(Struct, frozen=True):
    """A document that opens now. `size` in bytes; `at` (ms): when its newest version came, the `version`th."""

    id: int
    title: str
    kind: str
    name: str
    size: int
    pages: int | None
    version: int
    at: int


class Said(Struct, frozen=True):
    """A notice; `at` in ms, `when` as people read it in either language."""

    id: int
    text: str
    at: int
    when: str


class Shown(Struct, frozen=True):
    """What may change while somebody looks. `waiting`: release time (ms) and how many documents open then, earliest
    first; their titles stay inside."""

    notices: list[Said]
    offers: list[Offer]
    waiting: list[tuple[int, int]]


class Landing(Struct, frozen=True):
    """It holds from `now` until `until` (ms), unless an event changes it earlier. `ends` (ms): when the code does."""

    title: str
    starts_at: int
    room: str
    group: str
    help_phone: str
    ends: int | None
    shown: Shown
    now: int
    until: int


def landing(state: State, point: int | None, now: int) -> Landing:
    """For somebody at `point` (None: with the conference's own code). The code is admitted already."""
    seen = shown(state, point, now)
    ends = state.code_expires_at
    changes = [at for at in (*(at for at, _ in seen.waiting), ends) if at is not None]
    if changes:
        changes.append(_midnight(now))  # "at 08:00 tomorrow" becomes "at 08:00"
    room, group = state.place, ""
    if point is not None:
        at = state.points[point]
        room, group = names.title(state.units[at.unit], at), names.group(state, at)
    until = min(changes, default=FOREVER)
    return Landing(state.title, state.starts_at, room, group, state.help_phone, ends, seen, now, until)


def shown(state: State, point: int | None, now: int) -> Shown:
    return Shown(
        [Said(n.id, n.text, n.at, stamp(n.at)) for n in read_by(state, "attendees", point)],
        [_offer(d) for d in offered(state, point, now)],
        _waiting(state, point, now),
    )


def next_change(state: State, now: int) -> int:
    """When (ms) time alone will change what somebody is shown: a document opens, or the codes end."""
    times = [d.release_at for d in state.documents.values() if not d.withdrawn]
    return min((at for at in (*times, state.code_expires_at) if at is not None and at > now), default=FOREVER)


def _waiting(state: State, point: int | None, now: int) -> list[tuple[int, int]]:
    times = Counter(
        d.release_at
        for d in state.documents.values()
        if d.release_at is not None and state_of(d, now) == "waiting" and gives(state, d, point, d.release_at)
    )
    return sorted(times.items())


def _offer(document: Document) -> Offer:
    file = document.versions[-1]
    version, at = len(document.versions), document.stamps[-1].at
    return Offer(document.id, document.title, file.kind, file.name, file.size, file.pages, version, at)


def _midnight(now: int) -> int:
    """The next one where the conferences are held."""
    return now + DAY - (now + _AHEAD) % DAY
