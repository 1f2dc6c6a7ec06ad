"""A change larger than one command's is taken in by lots: whoever looks on meanwhile ends with the same picture."""

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from server.conference import State, evolve, points
from server.journal import Journal
from server.live import conductor as conductors
from server.live import hub as hubs
from server.live.audience import Sight
from server.live.conductor import Conductor
from server.live.hub import Hub
from server.live.presence import Presence
from server.protocol.commands import AddPoints, CreateConference, PointEdit
from server.protocol.events import CheckedIn, Event, EventBody, PointsAdded, PointsEdited
from server.tasks import Tasks
from tests.conference.given import ADMIN, POINTS, T0, UNITS, Conference
from tests.conference.samples import whole_story
from tests.conference.test_convergence import Ear, Wall, fresh

SIGHTS = [Sight(None), Sight("271"), Sight("001", public=True)]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every change of more than one room is a large one, and is taken in room by room."""
    monkeypatch.setattr(hubs, "MAX_BATCH", 1)
    monkeypatch.setattr(hubs, "TAKE_LOT", 1)


class Day:
    """A day as one wall's frames; one room of a large change is taken in after each event."""

    def __init__(self, sight: Sight) -> None:
        self.sight, self.presence, self.state, self.ear = sight, Presence(0), State("c1"), Ear()
        self.hub = Hub(self.presence)
        self.hub.begin(self.state, "e")
        self.hub.join(self.ear, sight)  # type: ignore[arg-type]
        self.first = self.hub.snapshot(sight, 0)
        self.now = 0

    def steps(self) -> Iterator[None]:
        """After each of them frames were sent, maybe with rooms still behind."""
        for event in whole_story().events:
            self.now = event.at
            evolve(self.state, event)
            self.hub.publish(self.state, [event])
            self.hub.tick(self.now)
            yield
            self.hub.take_behind(self.state)
            self.hub.tick(self.now)
            yield
        while self.hub.behind:
            self.hub.take_behind(self.state)
            self.hub.tick(self.now)
            yield

    def truth(self) -> dict[str, object]:
        return fresh(self.state, self.presence, self.sight, self.now)


@pytest.mark.parametrize("sight", SIGHTS)
def test_a_wall_that_took_every_frame_shows_all_in_the_end(sight: Sight) -> None:
    day = Day(sight)
    wall, late = Wall(day.first), 0
    for _ in day.steps():
        late += bool(day.hub.behind)
        while day.ear.frames:
            wall.take(day.ear.frames.pop(0))
        if not day.hub.behind:
            assert wall.picture() == day.truth()
    assert late > 5, "several changes were under way for longer than one frame"
    assert wall.picture() == day.truth()


@pytest.mark.parametrize("sight", SIGHTS)
def test_who_left_at_any_moment_and_comes_back_misses_no_room(sight: Sight) -> None:
    day = Day(sight)
    seen = [len(day.ear.frames) for _ in day.steps()]
    for frames in seen:
        wall = Wall(day.first)
        for frame in day.ear.frames[:frames]:
            wall.take(frame)
        wall.take(day.hub.resume(sight, wall.seq, day.now, day.now))
        assert wall.picture() == day.truth(), frames


@pytest.mark.parametrize("sight", SIGHTS)
def test_who_comes_in_the_middle_is_told_the_rest(sight: Sight) -> None:
    day = Day(sight)
    came = [(day.hub.snapshot(sight, day.now), len(day.ear.frames)) for _ in day.steps()]
    for snapshot, frames in came:
        wall = Wall(snapshot)
        for frame in day.ear.frames[frames:]:
            wall.take(frame)
        assert wall.picture() == day.truth(), frames


def test_operators_are_told_of_an_edit_with_their_lot_and_of_their_own_tap_at_once() -> None:
    """Given two connected rooms, when a large change edits them and one checks in within the same commit, then that
    one's answer can carry its new state, and the other is told when its turn comes."""
    conference = Conference()
    hub = Hub(Presence(0))
    hub.begin(conference.state, "e")
    for point in (2, 3):
        hub.enter(Ear(), point, 1)  # type: ignore[arg-type]
    edits = [PointEdit(point, expected=55) for point in (1, 2, 3)]
    bodies: list[EventBody] = [PointsEdited(edits), CheckedIn(2)]
    before = conference.state.seq
    events = [Event(before + n, T0, "account:1", body, T0) for n, body in enumerate(bodies, 1)]
    for event in events:
        evolve(conference.state, event)

    hub.publish(conference.state, events)

    assert (hub.stale_points, list(hub.behind)) == ({2}, [1, 2, 3])
    assert b'"stage":"in"' in bytes(hub.views[2])
    assert [hub.infos[point].expected for point in (1, 2, 3)] == [72, 30, 50]
    while hub.behind:
        hub.take_behind(conference.state)
    assert hub.stale_points == {2, 3}
    assert [hub.infos[point].expected for point in (1, 2, 3)] == [55, 55, 55]


async def test_others_run_while_an_import_is_folded_and_read_all_of_it_or_nothing(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given an import of several events, when it is decided, then other tasks have their turn between any two of
    them, and who asks for the rooms meanwhile is answered when all are durable."""
    monkeypatch.setattr(conductors, "LONG", 1)
    monkeypatch.setattr(points, "LOT", 1)
    turns, tasks, readings = Turns(), Tasks(), []
    folded: list[int] = []

    def watched(state: State, event: Event) -> None:
        evolve(state, event)
        if isinstance(event.body, PointsAdded):
            folded.append(turns.count)
            readings.append(tasks.start("reading", conductor.at_rest(lambda state: len(state.points))))

    monkeypatch.setattr(conductors, "evolve", watched)
    journal = Journal(engine)
    await journal.create("c", "epoch")
    conductor = Conductor("c", journal, lambda state, events: None, 0.0)
    await conductor.start()
    await conductor.submit(CreateConference("Hội nghị", T0), ADMIN)
    turns.go()
    await conductor.submit(AddPoints(UNITS, POINTS), ADMIN)
    turns.stop()

    assert len(set(folded)) == len(POINTS)
    assert await asyncio.gather(*readings) == [len(POINTS)] * len(POINTS)
    await conductor.stop()


class Turns:
    """Counts the rounds of the event loop."""

    def __init__(self) -> None:
        self.count, self._on = 0, False

    def go(self) -> None:
        self._on = True
        self._next()

    def _next(self) -> None:
        self.count += 1
        if self._on:
            asyncio.get_running_loop().call_soon(self._next)

    def stop(self) -> None:
        self._on = False
