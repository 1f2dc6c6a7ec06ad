"""The conference under way, without end: lines come and go, calls for help, corrections, phones that scan.

Every kind of thing happens on its own, at a rate a second that a normal morning has; a room has one trouble
at a time. At these rates about 25 of 766 rooms are not simply attending, as a good day looks.
"""

import heapq
import itertools
from collections.abc import Iterator
from random import Random

from server.protocol.commands import ReportHeadcount

from .acts import Act, Tap, Visit
from .arrivals import BEGIN, Room, Story, counted, in_order
from .chance import seeded
from .troubles import Trouble, blink, help_call, lost_line, television, weak_line

FROM = 45.0  # seconds: before there are too few rooms for anything to go wrong
RATED_FOR = 766  # rooms; twice as many have twice the troubles
# Things a second in so many rooms. Rate times duration is how many are under way: 4 lost, 2 weak, 4 on TV, 3 calls.
TROUBLES: tuple[tuple[float, Trouble], ...] = (
    (0.040, lost_line),
    (0.040, blink),
    (0.015, weak_line),
    (0.010, television),
    (0.030, help_call),
)
CORRECTIONS = 1.6  # headcounts a second: each room counts again about every eight minutes
SCANS = 3.0  # phones a second while nothing special happens
SCANS_AT_BEGIN = 9.0  # when the screen shows the code and says "please scan"
BEGIN_SCANS = (BEGIN - 20, BEGIN + 100)
RECENT = 400  # phones that may still come back to the page they have open
TRIES = 20  # rooms looked at for a free one; when so many are busy the moment passes


def steady(story: Story, seed: int) -> Iterator[Act]:
    """Endless, in the order of time. `story` tells who comes when; its rooms are changed as time goes on."""
    rooms, scale = story.rooms, len(story.rooms) / RATED_FOR
    troubles = [
        _troubles(rooms, rate * scale, trouble, seeded("trouble", number, seed))
        for number, (rate, trouble) in enumerate(TROUBLES)
    ]
    return in_order(
        *troubles,
        _corrections(rooms, CORRECTIONS * scale, seeded("corrections", seed)),
        _visits(rooms, scale, seeded("visits", seed)),
    )


def _troubles(rooms: list[Room], rate: float, trouble: Trouble, chance: Random) -> Iterator[Act]:
    """One kind of trouble. What its stories still hold is told before the next one begins."""
    ahead: list[tuple[float, int, Act]] = []
    number = itertools.count()
    for now in _moments(FROM, rate, chance):
        while ahead and ahead[0][0] <= now:
            yield heapq.heappop(ahead)[2]
        room = _free(rooms, now, chance)
        if room is None:
            continue
        acts, room.free_at = trouble(room, now, chance)
        for act in acts:
            heapq.heappush(ahead, (act.at, next(number), act))


def _corrections(rooms: list[Room], rate: float, chance: Random) -> Iterator[Act]:
    """Somebody came, somebody left: by one to three."""
    for now in _moments(FROM, rate, chance):
        room = _free(rooms, now, chance)
        if room is None:
            continue
        usual = round(room.expected * 0.97)
        step = chance.choice((1, 1, 2, 3)) * (1 if chance.random() < (0.75 if room.people < usual else 0.25) else -1)
        room.people = max(1, min(room.seats or room.expected, room.people + step))
        whole = chance.random() < 0.3
        yield Tap(
            now, room.point, counted(room, room.people, chance) if whole else ReportHeadcount(room.point, room.people)
        )


def _visits(rooms: list[Room], scale: float, chance: Random) -> Iterator[Act]:
    """Most scans are new phones that open one document; some come back for the next."""
    recent: list[tuple[int, int]] = []
    for phone, now in enumerate(_scan_moments(scale, chance), 1):
        if recent and chance.random() < 0.15:
            point, known = chance.choice(recent)
            yield Visit(now, point, known, 2)
            continue
        room = chance.choice(rooms)
        if room.arrives > now:
            continue
        yield Visit(now, room.point, phone, chance.choice((0, 1, 1, 1, 2)))
        recent = [*recent[-RECENT:], (room.point, phone)]


def _scan_moments(scale: float, chance: Random) -> Iterator[float]:
    now = FROM
    while True:
        special = BEGIN_SCANS[0] <= now < BEGIN_SCANS[1]
        now += chance.expovariate((SCANS_AT_BEGIN if special else SCANS) * scale)
        yield now


def _moments(start: float, rate: float, chance: Random) -> Iterator[float]:
    now = start
    while True:
        now += chance.expovariate(rate)
        yield now


def _free(rooms: list[Room], now: float, chance: Random) -> Room | None:
    for _ in range(TRIES):
        room = chance.choice(rooms)
        if room.free_at <= now:
            return room
    return None
