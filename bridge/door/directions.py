"""What the coordination service told this bridge to do. Until it says something: nothing but what passes allow."""

from collections.abc import Collection
from itertools import islice
from typing import TypeVar

from server.protocol.bridges import MAX_CARRIED, BridgeOrders
from server.protocol.passes import Pass

T = TypeVar("T")


class Directions:
    """`own_url`: this bridge's own address, as the service knows it; empty when there is no service. `led`: the
    conferences whose homes a drained bridge goes on asking for, though it carries them no more: encoders with a fixed
    address come again, and are to be led on."""

    def __init__(self, own_url: str = "") -> None:
        self.own_url = own_url.rstrip("/")
        self.orders = BridgeOrders(False, {}, {}, {}, "")
        self.led: tuple[str, ...] = ()

    def lead(self, *conferences: str) -> None:
        """What was asked for last goes first, and not more of it than one report tells."""
        self.led = tuple(islice(dict.fromkeys((*conferences, *self.led)), MAX_CARRIED))

    def take(self, said: BridgeOrders, carried: Collection[str]) -> None:
        """A conference that is carried and not spoken of stays as it was: the service cannot read it just now."""

        def kept(before: dict[str, T], now: dict[str, T]) -> dict[str, T]:
            return {name: value for name, value in before.items() if name in carried} | now

        before = self.orders
        on_air, homes = kept(before.on_air, said.on_air), kept(before.homes, said.homes)
        generations = kept(before.generations, said.generations)
        self.orders = BridgeOrders(said.drain, on_air, generations, homes, said.mark)
        if said.drain:
            self.lead(*(name for name in homes if name not in self.led))
        else:
            self.led = ()

    def elsewhere(self, conference: str) -> str | None:
        """The address of the bridge where the conference is published; None when that is here, or not known."""
        home = self.orders.homes.get(conference)
        return home if home != self.own_url else None

    def outdated(self, allowed: Pass) -> bool:
        """Keys to publish were renewed since this pass was written."""
        return allowed.act == "publish" and allowed.generation < self.orders.generations.get(allowed.conference, 0)
