"""A plausible morning, whole and without end, from the rooms and a seed."""

from collections.abc import Iterator, Sequence

from .acts import Act
from .arrivals import Room, arrivals, in_order
from .steady import steady


def morning(rooms: Sequence[Room], seed: int) -> Iterator[Act]:
    """Every act in the order of its time; never ends. The same rooms and seed give the same acts.

    `rooms` are changed while the plan is read: give each morning rooms of its own.
    """
    story = arrivals(rooms, seed)
    return in_order(iter(story.acts), steady(story, seed))
