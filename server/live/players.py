"""How the players of a room fare, as walls are told: so coarse that a row changes only when there is something to see.
Pure."""

from collections.abc import Iterable
from typing import NamedTuple

from server.protocol.messages import MediaFigures

LEVELS = 16  # of the 128 of a sound's level are told as one
STEADY = 5  # frames a second: by less a player that runs well goes up and down


class Played(NamedTuple):
    """`playing` devices, `loss` in per cent, `freezes` so far, `level` from 0 to 8; `pictures`: the room lets a small
    picture of itself be shown; `frames` a second; `voice`: it speaks, and is not seen."""

    playing: int
    loss: int
    freezes: int
    level: int
    pictures: bool
    frames: int = 0
    voice: bool = False


class Seen(NamedTuple):
    """What is presence of a `MediaView`, in its order."""

    playing: int
    loss: int
    freezes: int
    level: int
    picture: int
    frames: int = 0
    voice: bool = False


def played(now: MediaFigures, before: MediaFigures | None, told: Played | None = None) -> Played:
    """One player. One that says it plays and decodes nothing new does not; of sound alone there are no frames.
    `told`: what was made of `before`."""
    stuck = before is not None and now.decoded != 0 and now.decoded == before.decoded
    frames = 0 if stuck else now.frames
    if told and frames and abs(frames - told.frames) < STEADY:
        frames = told.frames
    return Played(
        int(now.playing and not stuck), round(now.loss * 100), now.freezes, -(-now.level // LEVELS), now.pictures,
        frames, now.voice,
    )  # fmt: skip


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
        max(p.frames for p in playing),
        any(p.voice for p in all),
    )


def seen(played: Played | None, picture: int) -> Seen | None:
    """`picture`: the version of the room's small picture, shown only while the room lets it. None: nothing to see."""
    if played is None:
        return None
    told = Seen(*played[:4], picture if played.pictures else 0, played.frames, played.voice)
    return told if any(told) else None
