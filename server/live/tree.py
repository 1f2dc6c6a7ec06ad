"""The units of one conference as its screens see them."""

from server.conference import view
from server.conference.state import State
from server.protocol.views import UnitView


class Tree:
    """`units`: parents first, in the official order. `leads`: those with others below them, the groups."""

    def __init__(self) -> None:
        self.units: list[UnitView] = []
        self.leads: set[str] = set()
        self._parents: dict[str, str | None] = {}
        self._names: dict[str, str] = {}
        self._paths: dict[tuple[str, str | None], tuple[str, ...]] = {}  # asked for at every change of every row

    def take(self, state: State) -> None:
        self.units = view.units(state)
        self.leads = view.leading_units(state)
        self._parents = {u.code: u.parent for u in self.units}
        self._names = {u.code: u.name for u in self.units}
        self._paths.clear()

    def path(self, unit: str, root: str | None) -> tuple[str, ...]:
        """The groups from a unit up to `root`."""
        known = self._paths.get((unit, root))
        if known is None:
            known = self._paths[unit, root] = self._path(unit, root)
        return known

    def _path(self, unit: str, root: str | None) -> tuple[str, ...]:
        found: list[str] = []
        at: str | None = unit
        while at is not None and len(found) < len(self._parents):
            if at in self.leads:
                found.append(at)
            if at == root:
                break
            at = self._parents.get(at)
        return tuple(found)

    def within(self, unit: str, root: str | None) -> bool:
        """Whether a unit is `root` or below it; everything is within None."""
        at: str | None = unit
        for _ in range(len(self._parents) + 1):
            if root is None or at == root:
                return True
            if at is None:
                return False
            at = self._parents.get(at)
        return False

    def below(self, root: str | None) -> list[UnitView]:
        return self.units if root is None else [u for u in self.units if self.within(u.code, root)]

    def knows(self, unit: str | None) -> bool:
        """Whether the conference has this unit (None: the whole tree), and so something to show who is bound to it."""
        return unit is None or unit in self._parents

    def group(self, unit: str) -> str:
        """The name of the unit above, `""` for a topmost one."""
        return self._names.get(self._parents.get(unit) or "", "")
