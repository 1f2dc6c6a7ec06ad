"""How rooms and walls speak to each server: how they come in, how a status is spelled, where updates stand.

The work is the same everywhere: a room tells its round trip, and every wall learns how good that room's line is.
"""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

import msgspec
from msgspec import Struct

from server.protocol.messages import BeatMessage, StatusMessage
from server.protocol.views import PointRow

from ..ground import Ground
from ..rooms import BINARY, TEXT, Peer, connect_all, open_peer
from . import codecs

WEAK_RTT = 1_500  # ms: above it every server here calls a line weak
TOGETHER = 100  # connections being made at once
JOIN_SECONDS = 20

Row = tuple[int, str]  # point, quality of its line
Take = Callable[[bytes], None]  # gets what a wall was told
encode = msgspec.json.Encoder().encode


def quality(rtt: int) -> str:
    return "weak" if rtt > WEAK_RTT else "good"


class Dialect(Protocol):
    @property
    def points(self) -> Sequence[int]:
        """The ids of the rooms, by their number."""

    @property
    def opcode(self) -> int: ...

    def status(self, room: int, rtt: int) -> bytes:
        """The message of room number `room`."""

    async def rooms(self) -> list[Peer]: ...

    async def walls(self, takes: list[Take]) -> list[Peer]: ...

    def rows(self, told: bytes) -> list[Row]:
        """The updates in what a wall was told."""


# --- ours


class _Frame(Struct):
    rows: list[PointRow] = []


class Ours:
    """The public protocol: what rooms that have checked in tell of their lines."""

    opcode = TEXT

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.points: Sequence[int] = ground.points
        self._decode = msgspec.json.Decoder(_Frame).decode
        self._waiting = 0
        self._all_in = asyncio.Event()
        self._last: dict[int, int] = {}
        self._rooms: list[Peer] = []
        self._walls: list[Peer] = []

    def status(self, room: int, rtt: int) -> bytes:
        self._last[room] = rtt
        return encode(StatusMessage(rtt))

    def beat(self) -> None:
        """Says that all are there still, and nothing new."""
        for room, peer in enumerate(self._rooms):
            peer.send(encode(BeatMessage(self._last.get(room))))
        for peer in self._walls:
            peer.send(encode(BeatMessage()))

    async def rooms(self) -> list[Peer]:
        g = self._ground
        hellos: list[dict[str, object]] = [{"conference": g.conference, "token": token} for token in g.devices]
        peers = await connect_all(g.socket, hellos, self._at_room, TOGETHER)
        self._waiting = len(peers)
        for n, peer in enumerate(peers):
            peer.send(encode({"t": "do", "id": f"{n:022d}", "command": {"type": "check_in", "point": self.points[n]}}))
        async with asyncio.timeout(JOIN_SECONDS):
            await self._all_in.wait()
        self._rooms = peers
        return peers

    def _at_room(self, peer: Peer, payload: bytes) -> None:
        if payload.startswith(b'{"t":"done"'):
            self._waiting -= 1
            if not self._waiting:
                self._all_in.set()

    async def walls(self, takes: list[Take]) -> list[Peer]:
        g = self._ground
        hello = encode({"t": "hello", "v": 1, "conference": g.conference, "token": g.watcher})
        self._walls = [await open_peer(g.socket, hello, partial(_hand_over, take)) for take in takes]
        return self._walls

    def rows(self, told: bytes) -> list[Row]:
        if not told.startswith(b'{"t":"frame"'):
            return []
        return [(row.id, row.quality) for row in self._decode(told).rows]


def _hand_over(take: Take, peer: Peer, payload: bytes) -> None:
    take(payload)


# --- the others: a room names its point, a wall gets objects one by one or lists of triples


class _One(Struct):
    point: int
    quality: str


class _Status(Struct):
    point: int
    rtt: int


_status = msgspec.json.Decoder(_Status).decode
_one = msgspec.json.Decoder(_One).decode
_many = msgspec.json.Decoder(list[tuple[int, str, int]]).decode


def _foreign_rows(told: bytes) -> list[Row]:
    if told.startswith(b"{"):
        row = _one(told)
        return [(row.point, row.quality)]
    return [(point, quality) for point, quality, _ in _many(told)]


def _foreign_status(room: int, rtt: int) -> bytes:
    return b'{"point":%d,"rtt":%d}' % (room + 1, rtt)


async def _come_in(url: str, takes: list[Callable[[Peer, bytes], None]]) -> list[Peer]:
    gate = asyncio.Semaphore(TOGETHER)

    async def one(take: Callable[[Peer, bytes], None]) -> Peer:
        async with gate:
            return await open_peer(url, b"", take)

    return list(await asyncio.gather(*(one(take) for take in takes)))


class Channels:
    """Plain JSON on two addresses."""

    opcode = TEXT

    def __init__(self, port: int, points: int) -> None:
        self._base, self.points = f"http://127.0.0.1:{port}", range(1, points + 1)

    def status(self, room: int, rtt: int) -> bytes:
        return _foreign_status(room, rtt)

    async def rooms(self) -> list[Peer]:
        return await _come_in(f"{self._base}/room", [partial(_hand_over, _heedless) for _ in self.points])

    async def walls(self, takes: list[Take]) -> list[Peer]:
        return await _come_in(f"{self._base}/wall", [partial(_hand_over, take) for take in takes])

    def rows(self, told: bytes) -> list[Row]:
        return _foreign_rows(told)


def _heedless(told: bytes) -> None:
    """A room is told nothing in this work."""


class _Joining:
    """Counts who was let in, where the server says so in a message of its own."""

    def __init__(self) -> None:
        self._joined = 0
        self._more = asyncio.Event()

    def joined(self) -> None:
        self._joined += 1
        self._more.set()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(JOIN_SECONDS):
            while self._joined < count:
                self._more.clear()
                await self._more.wait()


class SocketIo:
    """Socket.IO, the WebSocket transport alone; the same for its servers in Python and in Node."""

    opcode = TEXT

    def __init__(self, port: int, points: int) -> None:
        self._url, self.points = f"http://127.0.0.1:{port}{codecs.SIO_PATH}", range(1, points + 1)

    def status(self, room: int, rtt: int) -> bytes:
        return codecs.sio_event("status", _foreign_status(room, rtt))

    async def rooms(self) -> list[Peer]:
        return await self._enter([_heedless] * len(self.points), [])

    async def walls(self, takes: list[Take]) -> list[Peer]:
        return await self._enter(takes, [codecs.sio_event("watch")])

    async def _enter(self, takes: list[Take], then: list[bytes]) -> list[Peer]:
        joining = _Joining()

        def read(take: Take, peer: Peer, payload: bytes) -> None:
            if payload.startswith(codecs.SIO_EVENT):
                take(codecs.sio_argument(payload))
            elif payload == codecs.SIO_PING:
                peer.send(codecs.SIO_PONG)
            elif payload.startswith(codecs.SIO_OPENED):
                peer.send(codecs.SIO_CONNECT)
            elif payload.startswith(codecs.SIO_CONNECTED):
                for message in then:
                    peer.send(message)
                joining.joined()

        peers = await _come_in(self._url, [partial(read, take) for take in takes])
        await joining.until(len(peers))
        return peers

    def rows(self, told: bytes) -> list[Row]:
        return _foreign_rows(told)


class Nats:
    """Rooms publish what they say, walls subscribe to all of it: nobody validates, and a wall judges by itself."""

    opcode = BINARY

    def __init__(self, port: int, points: int) -> None:
        self._url, self.points = f"http://127.0.0.1:{port}/", range(1, points + 1)

    def status(self, room: int, rtt: int) -> bytes:
        return codecs.nats_publish(f"status.{room + 1}", _foreign_status(room, rtt))

    async def rooms(self) -> list[Peer]:
        return await self._enter([_heedless] * len(self.points), b"")

    async def walls(self, takes: list[Take]) -> list[Peer]:
        return await self._enter(takes, codecs.nats_subscribe("status.*"))

    async def _enter(self, takes: list[Take], then: bytes) -> list[Peer]:
        joining = _Joining()

        def read(stream: codecs.NatsStream, take: Take, peer: Peer, payload: bytes) -> None:
            for operation, told in stream.feed(payload):
                if operation == b"MSG":
                    take(told)
                elif operation == b"PING":
                    peer.send(codecs.NATS_PONG, BINARY)
                elif operation == b"INFO":
                    peer.send(codecs.NATS_CONNECT + then + codecs.NATS_PING, BINARY)
                elif operation == b"PONG":
                    joining.joined()

        peers = await _come_in(self._url, [partial(read, codecs.NatsStream(), take) for take in takes])
        await joining.until(len(peers))
        return peers

    def rows(self, told: bytes) -> list[Row]:
        status = _status(told)
        return [(status.point, quality(status.rtt))]
