"""Which bridge somebody is sent to. Pure.

A conference has one *home*: the bridge where its streams are published and its programme is made. The others, those
with a unit or an upstream, take the programme from there and pass it on.
"""

import hashlib
from collections.abc import Mapping, Sequence

from server.protocol.bridges import MAIN, SPARE

from .model import Bridge


def home(bridges: Sequence[Bridge], conference: str) -> Bridge | None:
    """Where the conference is published now stays its home; before anybody publishes, a draw by name that comes out
    the same at every server, and that moves nothing but its own conferences when a bridge comes or dies. A bridge that
    is drained is left; a dead one is not thought of, nor when it comes back to find its conferences elsewhere.
    None: no bridge lives."""
    alive = [b for b in bridges if b.alive]
    able = [b for b in alive if not b.draining] or alive
    able = [b for b in able if not lower(b)] or able
    return max(able, key=lambda b: (_published(b, conference), _draw(b, conference)), default=None)


def lower(bridge: Bridge) -> bool:
    """Whether it passes on what others make."""
    return bridge.upstream or bridge.unit is not None


def nearest(
    bridges: Sequence[Bridge], conference: str, path: Sequence[str], coming: Mapping[str, int], failed: str = ""
) -> Bridge | None:
    """Where a viewer of the programme goes: to a bridge of the nearest unit on `path` (from his own upwards), else to
    one that is for all; of several to the least loaded. `coming`: how many were sent to a bridge and are not among its
    viewers yet. `failed`: the bridge that did not answer him, taken only when there is no other; of a home that died
    a moment ago its viewers know before it is missed, and the next home has the programme from it if it lives after
    all. None: all are full."""
    sources = home(bridges, conference), home([b for b in bridges if b.name != failed], conference)
    able = [b for b in bridges if b.alive and (b in sources or (lower(b) and not b.draining))]
    free = [b for b in able if b.viewers + coming.get(b.name, 0) < b.capacity]
    free = [b for b in free if b.name != failed] or free
    for unit in path:
        if own := [b for b in free if b.unit == unit]:
            return _least(own, coming)
    return _least([b for b in free if b.unit is None] or free, coming)


def _least(bridges: Sequence[Bridge], coming: Mapping[str, int]) -> Bridge | None:
    return min(bridges, key=lambda b: ((b.viewers + coming.get(b.name, 0)) / b.capacity, b.name), default=None)


def _published(bridge: Bridge, conference: str) -> int:
    streams = {p.stream for p in bridge.carried.publishers if p.conference == conference}
    return 2 if MAIN in streams else int(SPARE in streams)


def _draw(bridge: Bridge, conference: str) -> bytes:
    return hashlib.blake2b(f"{conference} {bridge.name}".encode(), digest_size=8).digest()
