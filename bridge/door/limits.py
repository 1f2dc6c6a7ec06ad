"""How much of everything, and against floods."""

import time
from collections import OrderedDict

from msgspec import Struct

MAX_SESSIONS = 1_000  # a worker: a core carries about 700 rooms at full rate, more at lower ones
MAX_PUBLISHERS = 64  # a worker: main and spare of some conferences and the rooms on air, not every room
HANDSHAKES_AT_ONCE = 1_000  # a province of 766 rooms that comes in one second; each holds 80 KB until it is done
SETTING_UP_KEPT = 8  # of them to one pass's holder, however crowded: an organizer's pages, a kiosk's screens
SETUP_SECONDS = 30.0  # from the answer until the handshake is done: checks over TURN and a slow line take ten
CALL_SECONDS = 3.0  # the same when we call another bridge: rooms wait, and there may be another one
BODY_SECONDS = 10.0  # for an offer of a few kilobytes
MAX_FRAGMENT = 16_384  # bytes: Chromium's candidates on a machine with ten networks are 4,000
TAKE_OVER_SECONDS = 3.0  # silent for so long, a publisher's place is free for another one
COME_AGAIN_SECONDS = 1.0  # and for himself: a page that is loaded again, or whose line broke without a word
RETRY_SECONDS = 5  # what who finds the bridge full is told to wait

# A province's rooms may share one address, and all come at once; then what players do by themselves is little.
REQUESTS_A_SECOND = 20.0
REQUESTS_AT_ONCE = 1_000.0
REFUSED_COSTS = 20.0  # requests: who tries passes or sends rubbish is stopped after fifty
MAX_ADDRESSES = 20_000  # remembered at once; the longest unseen is forgotten first


class Limits(Struct, frozen=True):
    """Those that a test sets otherwise."""

    sessions: int = MAX_SESSIONS
    publishers: int = MAX_PUBLISHERS
    handshakes: int = HANDSHAKES_AT_ONCE
    setup_seconds: float = SETUP_SECONDS
    body_seconds: float = BODY_SECONDS
    requests_at_once: float = REQUESTS_AT_ONCE


class Flood:
    """A bucket of requests for each address."""

    def __init__(self, at_once: float) -> None:
        self._at_once = at_once
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str, cost: float = 1.0) -> float:
        """Seconds to wait, 0 when it may go on."""
        left = self._left(address)
        wait = max(0.0, (1.0 - left) / REQUESTS_A_SECOND)
        self._put(address, left if wait else left - cost)
        return wait

    def refused(self, address: str) -> None:
        self._put(address, max(0.0, self._left(address) - REFUSED_COSTS))

    def _left(self, address: str) -> float:
        left, at = self._buckets.pop(address, (self._at_once, time.monotonic()))
        return min(self._at_once, left + (time.monotonic() - at) * REQUESTS_A_SECOND)

    def _put(self, address: str, left: float) -> None:
        self._buckets[address] = (left, time.monotonic())
        if len(self._buckets) > MAX_ADDRESSES:
            self._buckets.popitem(last=False)
