"""The rooms' small pictures: the latest of each, in memory, for as long as the room lets it be shown.

A picture stays at the server that it came to. The others hear on the bus that there is one, and ask for it when a wall
asks them: what nobody looks at is not carried about.
"""

import asyncio

import msgspec
from msgspec import Struct

from server.http.problems import Problem
from server.live.bus import Bus
from server.live.conductor import Clock
from server.live.conferences import Conferences, Live

MAX_PICTURE = 24 * 1024  # bytes; 480 x 270 of a hall in a middling quality is 15
MAX_KEPT = 256 * 1024 * 1024  # bytes of all together: more rooms than any wall shows as pictures
KEEP_MS = 30_000  # without a new one the room has stopped, or its line: an old picture would be untrue
MAX_ASKED = 200  # pictures that other servers are asked for at once; further walls come back for them
ANSWER_SECONDS = 2.0

Room = tuple[str, int]  # conference, point
_pack = msgspec.msgpack.Encoder().encode


class Picture(Struct):
    """`version`: seconds since 1970. `data` None: it is at another server."""

    version: int
    at: int
    data: bytes | None = None


class Here(Struct, frozen=True, array_like=True):
    conference: str
    point: int
    version: int


class Sent(Struct, frozen=True, array_like=True):
    conference: str
    point: int
    version: int
    data: bytes


_here = msgspec.msgpack.Decoder(Here).decode
_sent = msgspec.msgpack.Decoder(Sent).decode


class Pictures:
    def __init__(self, conferences: Conferences, clock: Clock) -> None:
        self._conferences, self._clock = conferences, clock
        self._known: dict[Room, Picture] = {}
        self._bytes = 0
        self._asked: dict[Room, asyncio.Future[None]] = {}
        self._bus: Bus = conferences.bus
        self._bus.hear("picture", self._hear_of)
        self._bus.hear("picture_wanted", self._hear_wanted)
        self._bus.hear("picture_sent", self._hear_sent)

    def put(self, live: Live, point: int, data: bytes) -> None:
        """Problem 503 `pictures_full`."""
        before = self._known.get((live.id, point))
        held = len(before.data or b"") if before else 0
        if self._bytes - held + len(data) > MAX_KEPT:
            raise Problem(503, "pictures_full")
        now = self._clock()
        version = max(now // 1_000, before.version + 1 if before else 0)
        self._take((live.id, point), Picture(version, now, data))
        self._bus.tell("picture", _pack(Here(live.id, point, version)))

    async def get(self, live: Live, point: int) -> tuple[int, bytes] | None:
        """The latest picture and its version; None when there is none, or the room lets none be shown."""
        room = live.id, point
        found = self._known.get(room)
        if found is None or live.presence.picture(point) != found.version:
            return None
        if found.data is None:
            await self._ask(room, found)
            found = self._known.get(room)
        return (found.version, found.data) if found and found.data is not None else None

    def sweep(self) -> None:
        """Lets go of what is old, and of what is no longer let be shown."""
        now = self._clock()
        for room, picture in tuple(self._known.items()):
            live = self._live(room[0])
            if now - picture.at > KEEP_MS or live is None or live.presence.picture(room[1]) != picture.version:
                self._drop(room)

    # --- keeping

    def _take(self, room: Room, picture: Picture) -> None:
        before = self._known.pop(room, None)
        self._bytes += len(picture.data or b"") - len(before.data or b"" if before else b"")
        self._known[room] = picture
        self._show(room, picture.version)

    def _drop(self, room: Room) -> None:
        self._bytes -= len(self._known.pop(room).data or b"")
        self._show(room, 0)

    def _show(self, room: Room, version: int) -> None:
        live = self._live(room[0])
        if live and live.presence.show_picture(room[1], version):
            live.hub.presence_changed(room[1])

    def _live(self, conference: str) -> Live | None:
        return self._conferences.of(conference)

    # --- between servers

    async def _ask(self, room: Room, picture: Picture) -> None:
        asked = self._asked.get(room)
        if asked is None:
            if len(self._asked) >= MAX_ASKED:
                return
            asked = self._asked[room] = asyncio.get_running_loop().create_future()
            asked.add_done_callback(lambda _: self._asked.pop(room, None))
            asyncio.get_running_loop().call_later(ANSWER_SECONDS, asked.cancel)
            self._bus.tell("picture_wanted", _pack(Here(*room, picture.version)))
        await asyncio.wait([asked])

    def _hear_of(self, sender: str, payload: bytes) -> None:
        told = _here(payload)
        room = told.conference, told.point
        before = self._known.get(room)
        if self._live(told.conference) and (before is None or before.version < told.version):
            self._take(room, Picture(told.version, self._clock()))

    def _hear_wanted(self, sender: str, payload: bytes) -> None:
        told = _here(payload)
        found = self._known.get((told.conference, told.point))
        if found and found.data is not None and found.version >= told.version:
            self._bus.tell("picture_sent", _pack(Sent(told.conference, told.point, found.version, found.data)))

    def _hear_sent(self, sender: str, payload: bytes) -> None:
        sent = _sent(payload)
        room = sent.conference, sent.point
        found, asked = self._known.get(room), self._asked.get(room)
        if asked is None or asked.done() or found is None or found.version > sent.version:
            return
        if self._bytes + len(sent.data) <= MAX_KEPT:
            self._take(room, Picture(sent.version, found.at, sent.data))
        asked.set_result(None)
