"""Who listens behind which code, and telling them what is new: one chunk for all that see the same."""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field

from server.conference.state import State
from server.http.metrics import Metrics
from server.live.conductor import Clock
from server.protocol.errors import Busy
from server.tasks import Tasks

from .bulletin import Bulletin, Bulletins
from .gate import House
from .offers import FOREVER
from .stream import Stream

MAX_STREAMS = 60_000  # of one process: the whole of the largest conference's phones, with 10 KiB each
MAX_PER_ADDRESS = 20_000  # a whole province may stand behind one address translation
BEAT_SECONDS = 1.0  # a look at the clock, and comments to a part of the phones
KEEP_SECONDS = 40  # proxies cut what is silent for 60 s; more often would keep phones' radios awake
LOT_ROOMS = 1_000  # looked up in one go: some 5 ms, so that taps are not kept waiting by news
LOT_WRITES = 500  # phones written to in one go: as long
BUSY_SECONDS = 0.5  # until the journal is asked again
RETRY_MS, RETRY_PER_STREAM_MS = 1_000, 0.5  # so that 52,000 coming back are 2,000 a second, half of what one core takes

KEEP_ALIVE = b":\n\n"
END = b"event: end\ndata: {}\n\n"


@dataclass(slots=True, eq=False)
class Room:
    """The phones behind one code. `told`: the bulletin that all of them have."""

    hall: "Hall"
    code: str
    told: str
    streams: set[Stream] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class Hall:
    """A conference's rooms with phones that listen. `due` (ms): when time alone changes what they see."""

    house: House
    rooms: dict[str, Room] = field(default_factory=dict)
    stale: set[str] = field(default_factory=set)
    since: float = 0.0  # when the oldest news came that somebody still waits for
    due: int = FOREVER
    telling: bool = False
    _bulletins: Bulletins | None = None
    _version: int = -1

    def seen(self, state: State, code: str, now: int) -> Bulletin | None:
        """What phones with this code see; None when it opens nothing (any more)."""
        try:
            point = self.house.point_of(state, code, now)
        except LookupError:
            return None
        known = self._bulletins
        if known is None or self._version != self.house.version or now >= known.until:
            known = self._bulletins = Bulletins(state, now)
            self._version, self.due = self.house.version, known.until
        return known.of(state, point or None)


class Channel:
    """`most`: phones that may listen to this process at once."""

    def __init__(self, metrics: Metrics, clock: Clock, most: int) -> None:
        self._metrics, self._clock, self._most = metrics, clock, most
        self._halls: dict[House, Hall] = {}
        self._by_address: Counter[str] = Counter()
        self._wheel: list[set[Stream]] = [set() for _ in range(KEEP_SECONDS)]
        self._count = 0
        self._turn = 0
        self._tasks = Tasks()
        self._beating = False
        self._closed = False
        self._left = self._leave  # one bound method for all streams

    def has_room(self, address: str) -> bool:
        return not self._closed and self._count < self._most and self._by_address[address] < MAX_PER_ADDRESS

    async def look(self, house: House, code: str) -> Bulletin | None:
        """What is seen with this code, and nothing newer; None when it opens nothing (any more). Raises `Busy`."""
        hall = self._hall(house)
        while True:
            version = house.version
            seen = await house.live.conductor.at_rest(lambda state: hall.seen(state, code, self._clock()))
            if house.version == version:
                return seen

    def join(self, house: House, code: str, address: str, bulletin: Bulletin) -> Stream:
        """A phone that is about to be told `bulletin`. It counts until its connection is lost."""
        hall = self._hall(house)
        room = hall.rooms.get(code)
        if room is None:
            room = hall.rooms[code] = Room(hall, code, bulletin.id)
        stream = Stream(room, address, self._turn, self._left)
        self._turn = (self._turn + 1) % KEEP_SECONDS
        room.streams.add(stream)
        self._wheel[stream.slot].add(stream)
        self._by_address[address] += 1
        self._count += 1
        self._metrics.streams.set(self._count)
        if not self._beating:
            self._beating = True
            self._tasks.start("streams", self._beat())
        return stream

    def _hall(self, house: House) -> Hall:
        hall = self._halls.get(house)
        if hall is None:
            hall = self._halls[house] = Hall(house)
            house.watchers.append(lambda: self._changed(hall))
        return hall

    def retry(self) -> bytes:
        """When to come back, for one phone: the more there are, the wider they spread."""
        spread = RETRY_MS + self._count * RETRY_PER_STREAM_MS
        return b"retry: %d\n\n" % (RETRY_MS + random.random() * spread)  # noqa: S311 - jitter

    def close(self) -> None:
        """For a planned stop: nobody may join any more."""
        self._closed = True
        self.send_away()

    def send_away(self) -> None:
        """Tells every phone to come back."""
        for streams in self._wheel:
            for stream in tuple(streams):
                stream.end("restart", self.retry())

    async def stop(self) -> None:
        await self._tasks.stop()

    def _leave(self, stream: Stream) -> None:
        room: Room = stream.place
        room.streams.discard(stream)
        if not room.streams and room.hall.rooms.get(room.code) is room:
            del room.hall.rooms[room.code]
        self._wheel[stream.slot].discard(stream)
        self._by_address[stream.address] -= 1
        if not self._by_address[stream.address]:
            del self._by_address[stream.address]
        self._count -= 1
        self._metrics.streams.set(self._count)
        self._metrics.stream_closes.labels(stream.ended).inc()

    # --- news

    def _changed(self, hall: Hall) -> None:
        """Called at rest, between a commit and its answers: nothing is done here that takes time."""
        if not hall.rooms:
            return
        if not hall.stale:
            hall.since = time.monotonic()
        hall.stale.update(hall.rooms)
        if not hall.telling:
            hall.telling = True
            self._tasks.start(f"news {hall.house.live.id}", self._tell(hall))

    async def _tell(self, hall: Hall) -> None:
        try:
            while hall.stale:
                try:
                    news = await self._news(hall)
                except Busy:  # the journal is away; what is shown stays what was durable
                    await asyncio.sleep(BUSY_SECONDS)
                    continue
                await _write(news)
                if not hall.stale:
                    self._metrics.stream_news.observe(time.monotonic() - hall.since)
        finally:
            hall.telling = False

    async def _news(self, hall: Hall) -> list[tuple[Stream, bytes]]:
        """What the phones of the next lot of rooms lack."""
        now = self._clock()

        def read(state: State) -> list[tuple[Stream, bytes]]:
            lot = [hall.stale.pop() for _ in range(min(LOT_ROOMS, len(hall.stale)))]
            return [
                (stream, chunk)
                for code in lot
                if (room := hall.rooms.get(code)) and (chunk := _chunk(room, hall.seen(state, code, now)))
                for stream in room.streams
            ]

        return await hall.house.live.conductor.at_rest(read)

    # --- time

    async def _beat(self) -> None:
        """At each beat a part of the phones is written a comment, so that lines stay open and dead ones are found;
        and rooms are looked at whose documents or codes have their time."""
        turn = 0
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            turn = (turn + 1) % KEEP_SECONDS
            for hall in self._halls.values():
                if self._clock() >= hall.due:
                    hall.due = FOREVER
                    self._changed(hall)
            await _write([(stream, KEEP_ALIVE) for stream in self._wheel[turn]])


def _chunk(room: Room, seen: Bulletin | None) -> bytes:
    """What is new in the room; from then on all of it count as told."""
    if seen is None:
        return END
    chunk, room.told = seen.news(room.told), seen.id
    return chunk


async def _write(news: list[tuple[Stream, bytes]]) -> None:
    """In lots, so that the others have their turn."""
    for n, (stream, chunk) in enumerate(news):
        if chunk is END:
            stream.end("code", END)
        else:
            stream.write(chunk)
        if n % LOT_WRITES == LOT_WRITES - 1:
            await asyncio.sleep(0)
