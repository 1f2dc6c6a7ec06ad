"""Rooms come in and get ready, a few late, a few never; the organizers begin.

Pure: no clock, no I/O; chance comes from the seed alone. What takes the last forty minutes before a real
conference is told in `BEGIN` seconds.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from random import Random

from server.protocol.commands import CheckIn, PublicCommand, Ready, ReportHeadcount, SetPhase

from .acts import Act, Arrive, Organize, Tap
from .chance import seeded

BEGIN = 150.0  # seconds from the rehearsal to the beginning
LAST_IN = 138.0  # by then everybody is in who comes in time
LATE = 0.009  # share of the rooms that come after the beginning
NEVER = 0.010  # share of the rooms that never come
LATE_UNTIL = 420.0  # seconds: later than that nobody bothers
RUSH = (1.6, 1.5)  # shape of the arrivals: few early, most in the middle, some at the last moment
FULL = (0.86, 1.03, 0.975)  # people who come, of those expected: least, most, usual
FIRST_COUNT = (0.55, 0.9)  # share of them who sit there when the operator counts first
EXCUSED = 0.75  # share of the absent who have leave


@dataclass(slots=True)
class Room:
    """A room in the story. `free_at`: until then it has a story of its own; inf for a room that never comes."""

    point: int
    expected: int
    seats: int
    arrives: float = float("inf")
    people: int = 0
    free_at: float = float("inf")


@dataclass(slots=True)
class Story:
    """What one chance leads to: the rooms with their fates, and the acts until everybody is in."""

    rooms: list[Room]
    chance: Random
    acts: list[Act] = field(default_factory=list)

    def tap(self, at: float, room: Room, command: PublicCommand) -> None:
        self.acts.append(Tap(at, room.point, command))


def arrivals(rooms: Sequence[Room], seed: int) -> Story:
    """Every act from the rehearsal to the last late room, in the order of time."""
    story = Story(list(rooms), seeded("arrivals", seed))
    story.acts += [Organize(0.0, SetPhase("rehearsal")), Organize(BEGIN, SetPhase("live"))]
    for room in story.rooms:
        fate = story.chance.random()
        if fate < NEVER:
            continue
        late = fate < NEVER + LATE
        _arrive(story, room, _late_at(story.chance) if late else _in_time(story.chance))
    story.acts.sort(key=attrgetter("at"))
    return story


def counted(room: Room, people: int, chance: Random) -> ReportHeadcount:
    """The room's count with its absences, as an operator gives it who has the list of delegates."""
    absent = max(0, room.expected - people)
    excused = sum(chance.random() < EXCUSED for _ in range(absent))
    return ReportHeadcount(room.point, people, excused, absent - excused)


def in_order(*streams: Iterator[Act]) -> Iterator[Act]:
    """Several plans as one; each must be in the order of time."""
    return heapq.merge(*streams, key=attrgetter("at"))


def _in_time(chance: Random) -> float:
    return 2.0 + (LAST_IN - 2.0) * chance.betavariate(*RUSH)


def _late_at(chance: Random) -> float:
    return chance.uniform(BEGIN + 5, LATE_UNTIL)


def _arrive(story: Story, room: Room, at: float) -> None:
    """In, first count, ready, and one or two corrections while people still come."""
    chance = story.chance
    room.arrives = at
    people = min(room.seats or room.expected, round(room.expected * chance.triangular(*FULL)))
    story.acts.append(Arrive(at, room.point))
    story.tap(at + chance.uniform(0.8, 2.5), room, CheckIn(room.point))
    moment = at + chance.uniform(3, 9)
    story.tap(moment, room, ReportHeadcount(room.point, round(people * chance.uniform(*FIRST_COUNT))))
    story.tap(moment + chance.uniform(1, 8), room, Ready(room.point))
    moment += chance.uniform(9, 14)
    if chance.random() < 0.4:
        story.tap(moment, room, ReportHeadcount(room.point, round(people * chance.uniform(0.92, 0.99))))
        moment += chance.uniform(6, 14)
    story.tap(moment, room, counted(room, people, chance))
    room.people, room.free_at = people, moment + 2
