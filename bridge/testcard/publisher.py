"""Publishes the test programme by WHIP, and comes back by itself whenever it is cut off."""

import asyncio
import contextlib
from urllib.parse import urljoin

import aiohttp
import structlog
from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpSender, RTCSessionDescription

from .tracks import Beat, PictureTrack, SoundTrack

log = structlog.get_logger()

RETRY_SECONDS = (0.5, 1.0, 2.0, 5.0)  # after one attempt in vain, two, ...
ANSWER_SECONDS = 10.0
LOOK_SECONDS = 1.0
SILENT_SECONDS = 5.0  # a bridge reports every second how the stream arrives
MAX_LED = 5  # times that one bridge leads to the next: more is a circle
_LED = (307, 308)
_SDP = "application/sdp"


class Refused(Exception):
    """The message is the bridge's."""


async def publish(url: str, token: str) -> None:
    """Until cancelled. `url`: the WHIP address; `token`: the pass for it. What goes wrong is logged when it changes."""
    failed, before = 0, ""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(ANSWER_SECONDS)) as http:
        while True:
            try:
                async with _Session(http, url, token) as session:
                    log.info("testcard_publishes", url=url)
                    failed, before = 0, ""
                    await session.over()
                    log.warning("testcard_cut_off")
            except (aiohttp.ClientError, TimeoutError, OSError, Refused) as error:
                reason = str(error) or type(error).__name__
                if reason != before:
                    log.warning("testcard_waits", reason=reason)
                before = reason
            await asyncio.sleep(RETRY_SECONDS[min(failed, len(RETRY_SECONDS) - 1)])
            failed += 1


class _Session:
    """One publication, from the offer to the goodbye."""

    def __init__(self, http: aiohttp.ClientSession, url: str, token: str) -> None:
        self._http, self._url, self._location = http, url, ""
        self._headers = {"Authorization": f"Bearer {token}"}
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))

    async def __aenter__(self) -> "_Session":
        try:
            await self._begin()
        except BaseException:
            await self._end()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._end()

    async def _begin(self) -> None:
        connection, beat = self._connection, Beat()
        connection.addTransceiver(SoundTrack(beat), "sendonly")
        picture = PictureTrack(beat)
        video = connection.addTransceiver(picture, "sendonly")
        known = RTCRtpSender.getCapabilities("video").codecs
        video.setCodecPreferences([codec for codec in known if codec.mimeType in ("video/VP8", "video/rtx")])
        # What comes encoded is sent as it is, and nobody asks a track for a key frame: the sender's own note of the
        # wish is the one place to hear of it.
        video.sender._send_keyframe = picture.picture.want_key  # type: ignore[method-assign]
        await connection.setLocalDescription(await connection.createOffer())
        answer = await self._ask("POST", self._url, connection.localDescription.sdp)
        await connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    async def _ask(self, method: str, url: str, data: str | None = None) -> str:
        """Wherever it is led (RFC 9725, 4.5); the pass goes along, for bridges of one service have one key, while the
        HTTP library would leave it out at another host."""
        kind = {"Content-Type": _SDP} if data else {}
        for _ in range(MAX_LED):
            headers = self._headers | kind
            async with self._http.request(method, url, data=data, headers=headers, allow_redirects=False) as answer:
                text = await answer.text()
                to = urljoin(str(answer.url), answer.headers.get("Location", ""))
                if answer.status not in _LED:
                    if answer.status >= 300:
                        raise Refused(f"{answer.status}: {text.strip()[:200]}")
                    self._location = to if "Location" in answer.headers else self._location
                    return text
            log.info("testcard_led_on", to=to)
            url = to
        raise Refused("one bridge leads to the other")

    async def over(self) -> None:
        """Until the connection is, by goodbye or by silence."""
        received, quiet = 0, 0.0
        while self._connection.connectionState not in ("failed", "closed") and quiet < SILENT_SECONDS:
            await asyncio.sleep(LOOK_SECONDS)
            before, received = received, await self._received()
            quiet = 0.0 if received != before else quiet + LOOK_SECONDS

    async def _received(self) -> int:
        stats = await self._connection.getStats()
        return sum(one.packetsReceived for one in stats.values() if one.type == "transport")

    async def _end(self) -> None:
        if self._location:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError, Refused):
                await self._ask("DELETE", self._location)
        await self._connection.close()
