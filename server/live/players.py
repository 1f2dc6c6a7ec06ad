"""How the players of a room fare, as walls are told: so coarse that a row changes only when there is something to see.
Pure."""

from collections.abc import Iterable
from typing import NamedTuple

from server.protocol.messages import MediaFigures

LEVELS = 16  # of the 128 of a sound's level are told as one


class Played(NamedTuple):
    """`playing` devices, `loss` in per cent, `freezes` so far, `level` from 0 to 8; `pictures`: the room lets a small
    picture of itself be shown."""

    playing: int
    loss: int
    freezes: int
    level: int
    pictures: bool


class Seen(NamedTuple):
    """What is presence of a `MediaView`, in its order."""

    playing: int
    loss: int
    freezes: int
    level: int
    picture: int


def played(now: MediaFigures, before: MediaFigures | None) -> Played:
    """One player. One that says it plays and decodes nothing new does not; of sound alone there are no frames."""
    stuck = before is not None and now.decoded != 0 and now.decoded == before.decoded
    return Played(
        int(now.playing and not stuck), round(now.loss * 100), now.freezes, -(-now.level // LEVELS), now.pictures
    )


def together(players: Iterable[Played | None]) -> Played | None:
    """A room's players summed up: the best of those that play speaks for the room, as with its lines. None: nothing is
    said of any."""
    all = [p for p in players if p]
    if len(all) < 2:
        return all[0] if all else None
    playing = [p for p in all if p.playing] or all
    return Played(
        sum(p.playing for p in all),
        min(p.loss for p in playing),
        min(p.freezes for p in playing),
        max(p.level for p in playing),
        any(p.pictures for p in all),
    )


def seen(played: Played | None, picture: int) -> Seen | None:
    """`picture`: the version of the room's small picture, shown only while the room lets it. None: nothing to see."""
    if played is None:
        return None
    told = Seen(*played[:4], picture if played.pictures else 0)
    return told if any(told) else None
