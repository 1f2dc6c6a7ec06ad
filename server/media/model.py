"""A bridge as it reported last."""

from msgspec import Struct

from server.protocol.bridges import ALIVE_SECONDS, BridgeView, Publishing


class Carried(Struct, frozen=True):
    """What comes in at a bridge, and what its programmes show (None: the slate)."""

    publishers: list[Publishing] = []
    showing: dict[str, str | None] = {}


class Bridge(Struct, frozen=True):
    """`seen_at` and `now`: ms of the database's clock, at the last report and when this was read."""

    name: str
    url: str
    unit: str | None
    upstream: bool
    capacity: int
    viewers: int
    busy: float
    carried: Carried
    draining: bool
    seen_at: int
    now: int

    @property
    def alive(self) -> bool:
        return self.now - self.seen_at <= ALIVE_SECONDS * 1_000

    def view(self) -> BridgeView:
        return BridgeView(
            self.name,
            self.url,
            self.alive,
            self.draining,
            self.viewers,
            self.capacity,
            self.busy,
            self.seen_at,
            self.unit,
            self.upstream,
        )
