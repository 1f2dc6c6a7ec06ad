"""Mountpoints: what viewers watch at Janus. One for each stream and kind of player: Janus sends in the payload types
that a mountpoint has, and players name their own."""

import contextlib
import secrets
from asyncio import Lock
from collections import Counter
from collections.abc import Callable, Iterator

from .api import JanusError
from .plugins import Feed, Plugins, Port, Types

# Of one stream. Browsers of one make number their codecs alike, so that there are a handful; who invents numbers is
# not to fill Janus with mountpoints.
MAX_KINDS = 16


class Mountpoint:
    """`number` is Janus's, once it is made. `viewers` hold it. `idle`: nothing is forwarded to it. What is sent to it
    meanwhile has an `ssrc` that is another one each time, so that Janus sees a new source, and `sequences` by kind."""

    def __init__(self, output: str, types: Types, wanted: Callable[[], Feed | None]) -> None:
        self.output, self.types, self._wanted = output, types, wanted
        self._lock = Lock()
        self._fed: tuple[Feed, tuple[int, ...]] | None = None
        self.number = 0
        self.ports: tuple[Port, ...] = ()
        self.viewers = 0
        self.ssrc = _ssrc()
        self.sequences: Counter[str] = Counter()

    @property
    def idle(self) -> bool:
        return self.number != 0 and self._fed is None

    async def settle(self, plugins: Plugins) -> None:
        """Makes it be, and show what it is to show now. Raises `JanusError` and `JanusGone`."""
        async with self._lock:
            if not self.number:
                self.number, self.ports = await plugins.mountpoint(self.types)
            while (feed := self._wanted()) != (self._fed and self._fed[0]):
                await self._leave(plugins)
                if feed is not None and not await self._follow(feed, plugins):
                    return

    async def _follow(self, feed: Feed, plugins: Plugins) -> bool:
        self._fed = (feed, ())
        try:
            self._fed = (feed, await plugins.forward(feed, self.ports))
        except JanusError:  # he has gone meanwhile; who comes after him is told of
            self._fed = None
        return self._fed is not None

    async def _leave(self, plugins: Plugins) -> None:
        if self._fed is None:
            return
        (feed, forwarders), self._fed = self._fed, None
        self.ssrc = _ssrc()
        with contextlib.suppress(JanusError):  # he has gone, and his forwarders with him
            await plugins.stop_forwarding(feed, forwarders)

    async def remove(self, plugins: Plugins) -> None:
        async with self._lock:
            if self.number:
                await self._leave(plugins)
                await plugins.remove_mountpoint(self.number)


class Mountpoints:
    """`feed_of` says which publisher an output shows now. All are forgotten when Janus is gone."""

    def __init__(self, feed_of: Callable[[str], Feed | None]) -> None:
        self._feed_of = feed_of
        self._all: dict[tuple[str, Types], Mountpoint] = {}

    def __iter__(self) -> Iterator[Mountpoint]:
        return iter(tuple(self._all.values()))

    def take(self, output: str, types: Types) -> Mountpoint | None:
        """For one more viewer, who is to `release` it. None when there are too many kinds of players."""
        key = (output, types)
        if key not in self._all:
            if sum(one.output == output for one in self) >= MAX_KINDS:
                return None
            self._all[key] = Mountpoint(output, types, lambda: self._feed_of(output))
        found = self._all[key]
        found.viewers += 1
        return found

    async def release(self, one: Mountpoint, plugins: Plugins) -> None:
        """The last viewer takes it along. Raises `JanusError` and `JanusGone`."""
        one.viewers -= 1
        if not one.viewers and self._all.pop((one.output, one.types), None) is not None:
            await one.remove(plugins)

    def forget(self) -> None:
        self._all.clear()


def _ssrc() -> int:
    return secrets.randbits(32) | 1
