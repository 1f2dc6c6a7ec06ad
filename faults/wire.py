"""A line between two programs that can fail as lines do: cut in one direction or both, late, thin, dead without a word.

What is sent into a cut is kept and arrives when it is healed, as TCP would send it again; a farewell as well.
"""

import asyncio
import contextlib
import random
from collections.abc import Callable

from msgspec import Struct

from server.tasks import Tasks

CHUNK = 16 * 1024  # bytes taken at once
HELD = 256  # chunks that stand in one direction; then the sender is kept waiting, as by a full window
SEGMENT = 1_400  # bytes of one packet, each of which may be lost
AGAIN_SECONDS = 0.2  # after which a lost packet is sent again; doubled each time
HOST = "127.0.0.1"


class Way(Struct):
    """One direction. `delay` in seconds, `rate` in bytes a second (0: no bound), `loss` the share of packets lost."""

    open: asyncio.Event
    delay: float = 0.0
    rate: float = 0.0
    loss: float = 0.0


class Lane:
    """One direction of one connection."""

    def __init__(self, way: Way, dead: Callable[[], bool]) -> None:
        self._way, self._dead = way, dead
        self._queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(HELD)
        self._free = 0.0  # when the line has carried what was given to it

    async def carry(self, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        """Returns when the end of `source` was told to the other side."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._take(source))
            await self._give(to)

    async def _take(self, source: asyncio.StreamReader) -> None:
        loop = asyncio.get_running_loop()
        while True:
            data = b""
            with contextlib.suppress(OSError):
                data = await source.read(CHUNK)
            self._free = max(self._free, loop.time() + self._way.delay + self._late(len(data)))
            if self._way.rate:
                self._free += len(data) / self._way.rate
            await self._queue.put((self._free, data))
            if not data:
                return

    def _late(self, size: int) -> float:
        """What lost packets hold up: those behind them wait."""
        late = 0.0
        for _ in range(-(-size // SEGMENT)):
            again = AGAIN_SECONDS
            while random.random() < self._way.loss:
                late, again = late + again, again * 2
        return late

    async def _give(self, to: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due, data = await self._queue.get()
            await asyncio.sleep(due - loop.time())
            await self._way.open.wait()
            if self._dead():
                await asyncio.Event().wait()
            if not data:
                to.close()
                return
            with contextlib.suppress(OSError):
                if not to.is_closing():  # else nobody reads it any more
                    to.write(data)
                    await to.drain()


class Wire:
    """Listens on `port` for whoever would reach `target`. `up` leads there, `down` back.

    `called`: the address by which one comes to `host`, where it listens."""

    def __init__(self, target: int, called: str = HOST, host: str = HOST) -> None:
        self.target, self.port = target, 0
        self._host, self._called = host, called
        self.up, self.down = Way(asyncio.Event()), Way(asyncio.Event())
        self._server: asyncio.Server | None = None
        self._alive: set[object] = set()
        self._tasks = Tasks()
        self.heal()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, self._host, 0)
        self.port = self._server.sockets[0].getsockname()[1]

    @property
    def address(self) -> str:
        """Host and port, as in a URL."""
        return f"{self._called}:{self.port}"

    async def stop(self) -> None:
        if self._server:
            self._server.close()
        await self._tasks.stop()

    def cut(self, *, up: bool = True, down: bool = True) -> None:
        """Nothing passes any more, and nobody is told."""
        for way, affected in ((self.up, up), (self.down, down)):
            if affected:
                way.open.clear()

    def heal(self) -> None:
        self.up.open.set()
        self.down.open.set()

    def slow(self, *, delay: float = 0.0, rate: float = 0.0, loss: float = 0.0) -> None:
        """Both directions, from now on."""
        for way in (self.up, self.down):
            way.delay, way.rate, way.loss = delay, rate, loss

    def die(self, share: float = 1.0) -> int:
        """That share of the connections never carries anything again, and neither end is told. Gives their number."""
        victims = [one for one in self._alive if random.random() < share]
        self._alive.difference_update(victims)
        return len(victims)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.start("wire", self._join(reader, writer))

    async def _join(self, here: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        there: asyncio.StreamWriter | None = None
        name = object()
        self._alive.add(name)
        try:
            await self.up.open.wait()
            await self.down.open.wait()
            far, there = await asyncio.open_connection(HOST, self.target)
            up, down = (Lane(way, lambda: name not in self._alive) for way in (self.up, self.down))
            async with asyncio.TaskGroup() as group:
                group.create_task(up.carry(here, there))
                group.create_task(down.carry(far, back))
        except OSError:
            back.transport.abort()  # nobody is there
        except asyncio.CancelledError:
            for writer in (back, there):
                if writer:
                    writer.transport.abort()  # what it still holds is for nobody
            raise
        finally:
            self._alive.discard(name)
            for writer in (back, there):
                if writer:
                    writer.close()
