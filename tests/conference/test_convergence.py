"""Old picture + what is sent == fresh picture, for every type of event; and old bytes stay readable."""

import msgspec
import pytest

from server.conference import State, evolve
from server.live.audience import Sight
from server.live.hub import Hub
from server.live.outlet import Behind
from server.live.presence import Presence
from server.protocol.events import EVENT_TYPES, Event
from server.protocol.messages import FrameMessage, SnapshotMessage

from .given import fold
from .samples import whole_story

SIGHTS = [Sight(root, public) for root in (None, "271", "001", "09619") for public in (False, True)]
each_sight = pytest.mark.parametrize("sight", SIGHTS, ids=lambda s: f"{s.root or 'all'}{'-public' * s.public}")


class Wall:
    """What any client does with a snapshot and frames; nothing more may be needed."""

    def __init__(self, snapshot: SnapshotMessage) -> None:
        self.seq = snapshot.seq
        self.conference = snapshot.conference
        self.units = snapshot.units
        self.infos = {i.id: i for i in snapshot.infos}
        self.rows = {r.id: r for r in snapshot.rows}
        self.tallies = {t.unit: t for t in snapshot.tallies}
        self.documents = snapshot.documents
        self.notices = snapshot.notices

    def take(self, frame: FrameMessage) -> None:
        self.seq = frame.seq
        for name in ("conference", "units", "documents", "notices"):
            if (value := getattr(frame, name)) is not msgspec.UNSET:
                setattr(self, name, value)
        for gone in frame.removed or []:
            self.infos.pop(gone, None)
            self.rows.pop(gone, None)
        self.infos |= {i.id: i for i in frame.infos or []}
        self.rows |= {r.id: r for r in frame.rows or []}
        self.tallies |= {t.unit: t for t in frame.tallies or []}

    def picture(self) -> dict[str, object]:
        empty = [0] * 9
        tallies = {u: t for u, t in self.tallies.items() if t.points or t.statuses != empty or not u}
        return {k: v for k, v in vars(self).items() if k not in ("tallies", "seq")} | {"tallies": tallies}


class Ear:
    """Stands where a socket stands: keeps the frames. `full`: takes none for now."""

    def __init__(self) -> None:
        self.frames: list[FrameMessage] = []
        self.behind: Behind | None = None
        self.full = False

    def is_full(self) -> bool:
        return self.full

    def is_drained(self) -> bool:
        return not self.full

    def send(self, frame: bytes) -> bool:
        start = {126: 4, 127: 10}.get(frame[1], 2)
        self.frames.append(msgspec.json.decode(frame[start:], type=FrameMessage))
        return True


def fresh(state: State, presence: Presence, sight: Sight, now: int) -> dict[str, object]:
    hub = Hub(presence)
    hub.begin(state, "e")
    ear = Ear()
    hub.join(ear, sight)  # type: ignore[arg-type]
    return Wall(hub.snapshot(sight, now)).picture()


def test_the_story_holds_every_type_of_event() -> None:
    assert {e.body.__struct_config__.tag for e in whole_story().events} == set(EVENT_TYPES)


@each_sight
def test_a_wall_that_took_every_frame_shows_what_a_fresh_one_shows(sight: Sight) -> None:
    events = whole_story().events
    presence, state, ear = Presence(0), State("c1"), Ear()
    hub = Hub(presence)
    hub.begin(state, "e")
    hub.join(ear, sight)  # type: ignore[arg-type]
    wall = Wall(hub.snapshot(sight, 0))
    for event in events:
        evolve(state, event)
        hub.publish(state, [event])
        hub.tick(event.at)
        while ear.frames:
            wall.take(ear.frames.pop(0))
        assert wall.picture() == fresh(state, presence, sight, event.at), event


@each_sight
def test_a_wall_that_missed_frames_is_brought_up_to_date_in_one(sight: Sight) -> None:
    """Whenever it stops reading, and whoever comes and goes meanwhile."""
    events = whole_story().events
    final = fold(events)
    for away in range(len(events)):
        presence, state, ear = Presence(0), fold(events[:away]), Ear()
        hub = Hub(presence)
        hub.begin(state, "e", events[away].at - 1)
        hub.join(ear, sight)  # type: ignore[arg-type]
        wall = Wall(hub.snapshot(sight, 0))
        hub.tick(events[away].at)
        ear.full = True
        presence.connect(1, 1, 1)
        hub.presence_changed(1)
        for event in events[away:]:
            evolve(state, event)
            hub.publish(state, [event])
            hub.tick(event.at)
        assert ear.frames == []
        ear.full = False
        hub.tick(events[-1].at)
        for frame in ear.frames:
            wall.take(frame)
        assert len(ear.frames) == 1
        assert wall.picture() == fresh(final, presence, sight, events[-1].at), events[away]


@each_sight
def test_who_comes_back_gets_what_was_missed_from_any_moment(sight: Sight) -> None:
    events = whole_story().events
    end = events[-1].at
    final = fold(events)
    for away in range(1, len(events)):
        hub, state = Hub(Presence(0)), fold(events[:away])
        hub.begin(state, "e")
        wall = Wall(hub.snapshot(sight, end))
        for event in events[away:]:
            evolve(state, event)
            hub.publish(state, [event])
        wall.take(hub.resume(sight, wall.seq, 0, end))
        assert wall.picture() == fresh(final, Presence(0), sight, end), events[away]


def test_presence_is_laid_over_and_sums_follow() -> None:
    state, presence, ear = fold(whole_story().events[:25]), Presence(0), Ear()
    hub = Hub(presence)
    hub.begin(state, "e")
    hub.join(ear, Sight(None))  # type: ignore[arg-type]
    wall = Wall(hub.snapshot(Sight(None), 0))
    presence.connect(1, 1, 1)
    presence.beat(1, 1, 3_000)
    hub.presence_changed(1)
    hub.tick(1)
    wall.take(ear.frames.pop())
    assert (wall.rows[1].status, wall.rows[1].devices) == ("weak", 1)
    assert wall.tallies[""].devices == 1
    assert wall.picture() == fresh(state, presence, Sight(None), 1)


def test_a_snapshot_of_the_state_is_the_state() -> None:
    state = fold(whole_story().events)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(state), type=State) == state


def test_every_event_crosses_the_wire_unchanged() -> None:
    for event in whole_story().events:
        assert msgspec.json.decode(msgspec.json.encode(event), type=Event) == event
