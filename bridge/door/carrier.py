"""Who carries media for the door."""

from typing import Protocol

from bridge.orders import AnyOrder, Report


class Carrier(Protocol):
    """A worker of ours, or a foreign server that is told the same. `ready`: sessions may come; `report`: its last one,
    of who writes any; `path`: where other workers write to."""

    @property
    def number(self) -> int: ...

    @property
    def ready(self) -> bool: ...

    @property
    def report(self) -> Report | None: ...

    @property
    def path(self) -> str: ...

    def say(self, order: AnyOrder) -> None:
        """In order; lost while it is not ready: it knows of nothing when it comes up."""
