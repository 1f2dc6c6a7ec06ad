"""What goes wrong in single rooms, and how it ends. Each story is a list of acts and the moment it is over."""

from collections.abc import Callable
from random import Random

from server.protocol.commands import AskHelp, FollowTv, ReportHeadcount, ResolveHelp, TakeHelp
from server.protocol.terms import HelpCategory

from .acts import Act, Cut, Organize, Quality, Tap
from .arrivals import Room
from .words import ANSWERS, HELP

Trouble = Callable[[Room, float, Random], tuple[list[Act], float]]

# How often rooms call for what; a line that fails is seen on the wall without a call.
_CATEGORIES: tuple[HelpCategory, ...] = (
    "no_sound",
    "no_sound",
    "no_picture",
    "line",
    "documents",
    "documents",
    "other",
)


def lost_line(room: Room, at: float, chance: Random) -> tuple[list[Act], float]:
    """Gone for one to three minutes. Now and then the operator counts meanwhile: that waits on the phone."""
    seconds = chance.uniform(50, 170)
    acts: list[Act] = [Cut(at, room.point, seconds)]
    if chance.random() < 0.25:
        acts.append(Tap(at + seconds * 0.6, room.point, ReportHeadcount(room.point, room.people)))
    return acts, at + seconds + 5


def blink(room: Room, at: float, chance: Random) -> tuple[list[Act], float]:
    """Shorter than anybody need be told of."""
    seconds = chance.uniform(1, 5)
    return [Cut(at, room.point, seconds)], at + seconds + 5


def weak_line(room: Room, at: float, chance: Random) -> tuple[list[Act], float]:
    end = at + chance.uniform(60, 240)
    return [Quality(at, room.point, weak=True), Quality(end, room.point, weak=False)], end + 1


def television(room: Room, at: float, chance: Random) -> tuple[list[Act], float]:
    """The picture stutters until the operator gives up and turns the television on; later the line is tried again."""
    tv, back = at + chance.uniform(15, 40), at + chance.uniform(240, 540)
    acts: list[Act] = [
        Quality(at, room.point, weak=True),
        Tap(tv, room.point, FollowTv(room.point)),
        Quality(back - 5, room.point, weak=False),
        Tap(back, room.point, FollowTv(room.point, on=False)),
    ]
    return acts, back + 1


def help_call(room: Room, at: float, chance: Random) -> tuple[list[Act], float]:
    """Asked, soon taken by an organizer, resolved by whichever side sees first that it works again."""
    category = chance.choice(_CATEGORIES)
    taken = at + chance.uniform(8, 45)
    done = taken + chance.uniform(20, 130)
    answer = ResolveHelp(room.point, chance.choice(ANSWERS[category]))
    acts: list[Act] = [
        Tap(at, room.point, AskHelp(room.point, category, chance.choice(HELP[category]))),
        Organize(taken, TakeHelp(room.point)),
        Organize(done, answer) if chance.random() < 0.7 else Tap(done, room.point, ResolveHelp(room.point)),
    ]
    return acts, done + 1
