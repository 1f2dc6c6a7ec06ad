"""What is asked of Janus's plugins: a VideoRoom room for each publisher, a Streaming mountpoint for each thing watched.

Both carry numbers out of a range of this bridge's own, which its key and name give: what is left of an earlier life,
whose end nobody saw, is found by them and removed.
"""

import contextlib
import hashlib
import hmac
from itertools import count
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from bridge.config import Config
from bridge.orders import CodecName, Kind

from .api import Api, JanusError

MAX_BIT_RATE = 4_000_000  # what Janus tells a publisher that he may send: a rich picture in one quality
RANGE_BITS = 20  # numbers of one bridge: a million, used in turn
_BASE_BITS = 32  # with them below 2^53, which every reader of JSON keeps whole
T = TypeVar("T")

PLUGINS = _VIDEOROOM, _STREAMING = "videoroom", "streaming"


Types = tuple[tuple[Kind, CodecName, int], ...]  # what a viewer gets, with his payload types


class Port(Struct, frozen=True):
    """Where a mountpoint takes RTP of one kind, and where its wishes for key frames are taken from."""

    kind: Kind
    rtp: int
    rtcp: int | None


class Feed(Struct, frozen=True):
    """A publisher at Janus. `mids`: the names of his lines, by kind."""

    room: int
    id: int
    handle: int
    mids: dict[str, str]


class _Room(Struct, frozen=True):
    room: int


class _Numbered(Struct, frozen=True):
    id: int


class _Rooms(Struct, frozen=True):
    list: tuple[_Room, ...]


class _Mountpoints(Struct, frozen=True):
    list: tuple[_Numbered, ...]


class _Forwarder(Struct, frozen=True):
    stream_id: int


class _Forwarders(Struct, frozen=True):
    forwarders: tuple[_Forwarder, ...]


class _Port(Struct, frozen=True):
    type: str
    port: int
    rtcp_port: int | None = None


class _Stream(_Numbered, frozen=True):
    ports: tuple[_Port, ...]


class _Made(Struct, frozen=True):
    stream: _Stream


class _Done(Struct, frozen=True):
    """Of an answer whose coming is all that counts."""


class Plugins:
    """Every request raises `JanusError` and `JanusGone`."""

    def __init__(self, api: Api, config: Config, rooms: int, mountpoints: int) -> None:
        """`rooms` and `mountpoints` are handles for whatever is nobody's in particular."""
        self.api, self._janus = api, config.janus
        self._handles = {_VIDEOROOM: rooms, _STREAMING: mountpoints}
        mark = hmac.digest(config.key.encode(), f"janus {config.service.name}".encode(), hashlib.sha256)
        self._base = (int.from_bytes(mark[:4]) % (1 << _BASE_BITS) + 1) << RANGE_BITS
        self._secret, self._pin = mark[4:16].hex(), mark[16:].hex()
        self._numbers = count(1)

    @classmethod
    async def at(cls, api: Api, config: Config) -> "Plugins":
        """With nothing left of an earlier life."""
        found = cls(api, config, await api.attach(_VIDEOROOM), await api.attach(_STREAMING))
        await found._sweep()
        return found

    async def listed(self) -> tuple[list[int], list[int]]:
        """The rooms and mountpoints at Janus, whosever they are."""
        rooms = await self._ask(_VIDEOROOM, "list", _Rooms)
        mountpoints = await self._ask(_STREAMING, "list", _Mountpoints)
        return [one.room for one in rooms.list], [one.id for one in mountpoints.list]

    async def _sweep(self) -> None:
        rooms, mountpoints = await self.listed()
        for remove, numbers in ((self.remove_room, rooms), (self.remove_mountpoint, mountpoints)):
            for number in numbers:
                if number >> RANGE_BITS == self._base >> RANGE_BITS:
                    with contextlib.suppress(JanusError):  # it has gone meanwhile
                        await remove(number)

    def _next(self) -> int:
        return self._base + next(self._numbers) % (1 << RANGE_BITS)

    async def _ask(self, plugin: str, request: str, kind: type[T], **more: Any) -> T:
        body = {"request": request, "secret": self._secret, "admin_key": self._janus.admin_key, **more}
        return _read((await self.api.message(self._handles[plugin], body)).data, kind)

    # --- publishers

    async def room(self) -> int:
        """For one publisher, where nobody else comes."""
        made = await self._ask(
            _VIDEOROOM, "create", _Room, room=self._next(), publishers=1, pin=self._pin, notify_joining=False,
            description="nhipcau", audiocodec="opus", videocodec=self._janus.codec.lower(), bitrate=MAX_BIT_RATE,
        )  # fmt: skip
        return made.room

    async def publish(self, handle: int, room: int, offer: str, mids: dict[str, str]) -> tuple[Feed, str]:
        """His feed and Janus's answer."""
        body = {"request": "joinandconfigure", "ptype": "publisher", "room": room, "pin": self._pin}
        joined = await self.api.message(handle, body, offer=offer)
        return Feed(room, _read(joined.data, _Numbered).id, handle, mids), joined.sdp

    async def remove_room(self, room: int) -> None:
        await self._ask(_VIDEOROOM, "destroy", _Done, room=room)

    async def forward(self, feed: Feed, ports: tuple[Port, ...]) -> tuple[int, ...]:
        """From now on what he sends goes to these ports; he is asked for a key frame. The forwarders' numbers."""
        streams = [
            {"mid": feed.mids[port.kind], "port": port.rtp} | ({"rtcp_port": port.rtcp} if port.rtcp else {})
            for port in ports
            if port.kind in feed.mids
        ]
        told = await self._ask(
            _VIDEOROOM, "rtp_forward", _Forwarders, room=feed.room, publisher_id=feed.id,
            host=self._janus.rtp_address, streams=streams,
        )  # fmt: skip
        await self.want_key_frame(feed)
        return tuple(one.stream_id for one in told.forwarders)

    async def want_key_frame(self, feed: Feed) -> None:
        await self.api.message(feed.handle, {"request": "configure", "keyframe": True})

    async def stop_forwarding(self, feed: Feed, forwarders: tuple[int, ...]) -> None:
        of = {"room": feed.room, "publisher_id": feed.id}
        for number in forwarders:
            await self._ask(_VIDEOROOM, "stop_rtp_forward", _Done, stream_id=number, **of)

    # --- viewers

    async def mountpoint(self, types: Types) -> tuple[int, tuple[Port, ...]]:
        """One that takes these codecs and sends them in these payload types. Its number, and where it takes them."""
        anywhere = {"port": 0, "iface": self._janus.rtp_address}
        media = [
            {"type": kind, "mid": kind, "codec": codec.lower(), "pt": number, **anywhere}
            | ({"rtcpport": 0} if kind == "video" else {})
            for kind, codec, number in types
        ]
        made = await self._ask(
            _STREAMING, "create", _Made, type="rtp", id=self._next(), description="nhipcau", pin=self._pin, media=media
        )
        found = {one.type: one for one in made.stream.ports}
        ports = tuple(Port(kind, found[kind].port, found[kind].rtcp_port) for kind, _, _ in types if kind in found)
        return made.stream.id, ports

    async def remove_mountpoint(self, number: int) -> None:
        await self._ask(_STREAMING, "destroy", _Done, id=number)

    async def watch(self, handle: int, mountpoint: int) -> str:
        """Janus's offer."""
        body = {"request": "watch", "id": mountpoint, "pin": self._pin}
        return (await self.api.message(handle, body)).sdp

    async def start(self, handle: int, answer: str) -> None:
        await self.api.message(handle, {"request": "start"}, answer=answer)

    async def show_picture(self, handle: int, on: bool) -> None:
        """It comes back without a gap in its numbers, which players would wait at: who was paused is numbered anew."""
        wish = {"request": "configure", "mid": "video", "send": on}
        for body in ({"request": "pause"}, wish, {"request": "start"}) if on else (wish,):
            await self.api.message(handle, body)


def _read(said: dict[str, Any], kind: type[T]) -> T:
    """One whose ids are words, or who is no Janus at all, refuses."""
    try:
        return msgspec.convert(said, kind)
    except msgspec.ValidationError as error:
        raise JanusError(0, f"no answer that Janus gives: {error}") from error
