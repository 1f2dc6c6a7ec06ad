"""A door on a free port with real workers, and the peers that come to it: aiortc, and requests of any kind."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

import aiohttp
import msgspec
from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamTrack, VideoStreamTrack

from bridge.config import Config, Ice, Listen, LogConfig, Media
from bridge.door.door import Door
from bridge.door.limits import Limits
from server.protocol.errors import Error, ErrorBody
from server.protocol.passes import Act, Pass, write_pass
from tests.bridge.wire.offers import offer
from tests.waiting import until

KEY = "a key that only tests use, of 32 letters and more"
SDP = "application/sdp"
FRAGMENT = "application/trickle-ice-sdpfrag"
PUBLISHING = offer("obs-publish")
WATCHING = offer("chromium-watch")
SERVERS = ("stun:stun.example.vn:3478", "turn:turn.example.vn:3478?transport=udp")


def settings(**changes: Any) -> Config:
    usual = Config(
        key=KEY,
        listen=Listen(port=0),
        media=Media(port=0),
        ice=Ice(SERVERS, "a secret of the relay"),
        workers=1,
        log=LogConfig("error"),
    )
    return msgspec.structs.replace(usual, **changes)


def a_pass(
    stream: str = "main", act: Act = "publish", who: str = "hall", seconds: int = 60, key: str = KEY, **more: Any
) -> str:
    content = Pass("c1", stream, act, who, int(time.time()) + seconds)
    return write_pass(msgspec.structs.replace(content, **more), key.encode())


class Answered(msgspec.Struct):
    status: int
    headers: Any
    text: str

    @property
    def error(self) -> Error:
        return msgspec.json.decode(self.text, type=ErrorBody).error

    @property
    def code(self) -> str:
        return self.error.code

    @property
    def session(self) -> str:
        assert self.status == 201, self.text
        return str(self.headers["Location"])


class House:
    def __init__(self, door: Door, http: aiohttp.ClientSession) -> None:
        self.door, self._http = door, http
        self.conference = "c1"

    async def ask(
        self,
        method: str,
        path: str,
        token: str | None = None,
        data: Any = None,
        kind: str | None = None,
        **headers: str,
    ) -> Answered:
        """Header names with `_` for `-`."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        if kind is not None:
            sent["Content-Type"] = kind
        url = f"http://127.0.0.1:{self.door.port}{path}"
        async with self._http.request(method, url, data=data, headers=sent, allow_redirects=False) as answer:
            return Answered(answer.status, answer.headers.copy(), await answer.text())

    async def publish(self, sdp: str = PUBLISHING, stream: str = "main", **more: Any) -> Answered:
        return await self._open("whip", stream, a_pass(stream, "publish", conference=self.conference, **more), sdp)

    async def watch(self, sdp: str = WATCHING, stream: str = "programme", **more: Any) -> Answered:
        return await self._open("whep", stream, a_pass(stream, "watch", conference=self.conference, **more), sdp)

    async def _open(self, how: str, stream: str, token: str, sdp: str) -> Answered:
        return await self.ask("POST", f"/{how}/{self.conference}/{stream}", token, sdp, SDP)


@asynccontextmanager
async def opened(limits: Limits | None = None, listen_port: int = 0, **changes: Any) -> AsyncIterator[House]:
    async with (
        Door(settings(listen=Listen(port=listen_port), **changes), limits) as door,
        aiohttp.ClientSession() as http,
    ):
        await until(lambda: all(one.ready for one in door.reception.carriers), "who carries")
        yield House(door, http)


class Peer:
    """aiortc, which knows nothing of us. A viewer counts the frames that he could decode, by kind. `codec`: the only
    one of the picture that it takes."""

    kinds: tuple[Literal["audio", "video"], ...] = ("audio", "video")
    codec = ""

    def __init__(self, house: House, stream: str, act: Act, who: str = "", **more: Any) -> None:
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.tracks: dict[str, MediaStreamTrack] = {}
        self.location = ""
        self._house, self._stream, self._act, self._more = house, stream, act, {"who": who or stream, **more}

    async def begin(self) -> None:
        connection = self.connection
        direction: Literal["sendonly", "recvonly"] = "sendonly" if self._act == "publish" else "recvonly"
        for kind in self.kinds:
            track = AudioStreamTrack() if kind == "audio" else VideoStreamTrack()
            line = connection.addTransceiver(track if self._act == "publish" else kind, direction)
            if kind == "video" and self.codec:
                known = RTCRtpSender.getCapabilities("video").codecs
                line.setCodecPreferences([one for one in known if one.mimeType == f"video/{self.codec}"])
        connection.on("track", lambda track: self.tracks.update({track.kind: track}))
        await connection.setLocalDescription(await connection.createOffer())
        ask = self._house.publish if self._act == "publish" else self._house.watch
        answer = await ask(self.offer(), self._stream, **self._more)
        self.location = answer.session
        await connection.setRemoteDescription(RTCSessionDescription(answer.text, "answer"))

    def offer(self) -> str:
        return str(self.connection.localDescription.sdp)

    async def frames(self, count: int, kind: str = "video") -> list[Any]:
        return [await self.tracks[kind].recv() for _ in range(count)]

    async def plays_on(self) -> None:
        """Until it has decoded pictures that came from now on: those that wait to be looked at are passed over."""
        waiting: asyncio.Queue[Any] = getattr(self.tracks["video"], "_queue")  # noqa: B009 - aiortc's own
        while not waiting.empty():
            waiting.get_nowait()
        await self.frames(3)


@asynccontextmanager
async def come(
    house: House, stream: str, act: Act, who: str = "", of: type[Peer] = Peer, **more: Any
) -> AsyncIterator[Peer]:
    """`more` is of the pass."""
    peer = of(house, stream, act, who, **more)
    try:
        await peer.begin()
        yield peer
    finally:
        await peer.connection.close()
