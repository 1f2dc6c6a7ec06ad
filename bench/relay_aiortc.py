"""aiortc as a relay, to be measured beside: the same programme, encoded packets passed through `MediaRelay` to whoever
asks by WHEP. `python -m bench.relay_aiortc PORT`."""

import asyncio
import sys
import time
from fractions import Fraction
from typing import Any

from aiohttp import web
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaRelay
from aiortc.mediastreams import MediaStreamTrack
from av.packet import Packet

from .relay_programme import FRAMES_A_SECOND, GROUP, MOMENT, SOUND_SECONDS, picture, sound

_VP8_KEY, _VP8_DELTA = b"\x00", b"\x01"


class Track(MediaStreamTrack):
    """Packets at their time, whatever came before was late."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind
        self._seconds = SOUND_SECONDS if kind == "audio" else 1 / FRAMES_A_SECOND
        self._clock = 48_000 if kind == "audio" else 90_000
        self._began = time.monotonic()
        self._number = 0

    async def recv(self) -> "Packet[Any]":
        number, self._number = self._number, self._number + 1
        await asyncio.sleep(max(0.0, self._began + number * self._seconds - time.monotonic()))
        packet = Packet(self._content(number))
        packet.pts = round(number * self._seconds * self._clock)
        packet.time_base = Fraction(1, self._clock)
        return packet

    def _content(self, number: int) -> bytes:
        moment = time.time_ns().to_bytes(MOMENT)
        if self.kind == "audio":
            return sound(moment)
        key = number % GROUP == 0
        size = sum(map(len, picture(number, key, moment)))
        return (_VP8_KEY if key else _VP8_DELTA) + bytes(size - 1 - MOMENT) + moment


async def main(port: int) -> None:
    relay, sources = MediaRelay(), [Track("audio"), Track("video")]
    connections: list[RTCPeerConnection] = []

    async def watch(request: web.Request) -> web.Response:
        connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        connections.append(connection)
        await connection.setRemoteDescription(RTCSessionDescription(await request.text(), "offer"))
        for source in sources:
            connection.addTrack(relay.subscribe(source))
        await connection.setLocalDescription(await connection.createAnswer())
        return web.Response(status=201, text=connection.localDescription.sdp, content_type="application/sdp")

    app = web.Application()
    app.router.add_post("/whep/bench/programme", watch)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
