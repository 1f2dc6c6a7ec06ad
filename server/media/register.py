"""The bridges as this server knows them: read from the database, not more often than they change."""

import asyncio
import time
from collections import Counter

from server.protocol.bridges import BridgeReport

from .model import Bridge
from .store import BridgeStore

FRESH_SECONDS = 0.5  # 766 rooms that ask at once make one query


class Register:
    """`coming`: how many this server sent to a bridge since its last report."""

    def __init__(self, store: BridgeStore) -> None:
        self._store = store
        self._known: list[Bridge] = []
        self._read_at, self._stale = 0.0, True
        self._reading = asyncio.Lock()
        self._seen: dict[str, int] = {}
        self.coming: Counter[str] = Counter()

    async def all(self) -> list[Bridge]:
        async with self._reading:
            if self._stale or time.monotonic() - self._read_at > FRESH_SECONDS:
                self._stale = False  # before: what changes meanwhile is looked at anew
                self._take(await self._store.all())
        return self._known

    def _take(self, bridges: list[Bridge]) -> None:
        seen = {b.name: b.seen_at for b in bridges}
        self.coming = Counter({n: c for n, c in self.coming.items() if seen.get(n) == self._seen.get(n)})
        self._known, self._seen, self._read_at = bridges, seen, time.monotonic()

    def changed(self) -> None:
        """The next look is at the database."""
        self._stale = True

    async def note(self, name: str, report: BridgeReport) -> bool:
        draining = await self._store.note(name, report)
        self.changed()
        return draining

    async def drain(self, name: str, on: bool) -> bool:
        known = await self._store.drain(name, on)
        self.changed()
        return known
