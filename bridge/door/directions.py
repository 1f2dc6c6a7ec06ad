"""What the coordination service told this bridge to do. Until it says something: nothing but what passes allow."""

from server.protocol.bridges import BridgeOrders
from server.protocol.passes import Pass


class Directions:
    """`own_url`: this bridge's own address, as the service knows it; empty when there is no service."""

    def __init__(self, own_url: str = "") -> None:
        self.own_url = own_url.rstrip("/")
        self.orders = BridgeOrders(False, {}, {}, {}, "")

    def elsewhere(self, conference: str) -> str | None:
        """The address of the bridge where the conference is published; None when that is here, or not known."""
        home = self.orders.homes.get(conference)
        return home if home != self.own_url else None

    def outdated(self, allowed: Pass) -> bool:
        """Keys to publish were renewed since this pass was written."""
        return allowed.act == "publish" and allowed.generation < self.orders.generations.get(allowed.conference, 0)
