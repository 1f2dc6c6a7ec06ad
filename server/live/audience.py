"""Who looks at walls: everybody of one subtree together, the public apart where it may not see the same."""

from collections.abc import Iterator
from typing import NamedTuple

from server.conference.tally import Tallies

from .outlet import Outlet


class Sight(NamedTuple):
    """What a screen may see: the whole tree (`root` None) or a unit's subtree. `public`: whoever passes by looks
    at it, so it shows no document before its time, none that only a part of them gets, and no code."""

    root: str | None
    public: bool = False


class Audience:
    """Everybody who looks at the same rooms, by sight. The sums are the same for all of them."""

    def __init__(self, root: str | None, tallies: Tallies) -> None:
        self.tallies = tallies
        self.members: dict[Sight, set[Outlet]] = {Sight(root): set(), Sight(root, public=True): set()}

    def empty(self) -> bool:
        return not any(self.members.values())

    def parts(self, apart: bool) -> Iterator[tuple[Sight, set[Outlet]]]:
        """Who gets one and the same frame: everybody, unless it holds something (`apart`) that not all may see."""
        if apart:
            yield from self.members.items()
        else:
            yield next(iter(self.members)), set().union(*self.members.values())
