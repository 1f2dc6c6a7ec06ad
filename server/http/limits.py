"""Token buckets against floods. In memory, bounded, by key; against guessing over several servers, see `tries`."""

import time
from collections import OrderedDict

MAX_KEYS = 100_000  # addresses remembered at once; the longest unseen is forgotten first


class Limit:
    """`rate` a second, `burst` at once. `take(key)` gives the seconds to wait, 0 when it may go on."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, cost: float = 1.0) -> float:
        now = time.monotonic()
        tokens, at = self._buckets.pop(key, (self._burst, now))
        tokens = min(self._burst, tokens + (now - at) * self._rate)
        wait = 0.0 if tokens >= cost else (cost - tokens) / self._rate
        self._buckets[key] = (tokens if wait else tokens - cost, now)
        if len(self._buckets) > MAX_KEYS:
            self._buckets.popitem(last=False)
        return wait
