"""A real browser on a bad line: Chromium plays by WHEP through a forwarder that loses packets both ways."""

import asyncio
import random
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from aiohttp import web
from playwright.async_api import Browser, Page, async_playwright

from .browser import FLAGS
from .relay_line import own_address
from .relay_read import WHOLE
from .relay_servers import Running, bridge, token
from .result import Limit, Result

LOSS = 0.05
SECONDS, SECONDS_SHORT = 30.0, 10.0
WARM_FRAMES = 60  # decoded before it counts: the line is known to the player by then
WAIT_SECONDS, LOOK_SECONDS = 20.0, 0.1
FAKE_CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]

PAGE = """<video autoplay muted playsinline></video><script>
async function exchange(pc, url, token, port) {
  await pc.setLocalDescription(await pc.createOffer());
  while (pc.iceGatheringState !== 'complete') await new Promise(done => pc.onicegatheringstatechange = done);
  const headers = {'Content-Type': 'application/sdp', Authorization: `Bearer ${token}`};
  const answer = await fetch(url, {method: 'POST', body: pc.localDescription.sdp, headers});
  let sdp = await answer.text();
  if (answer.status !== 201) throw new Error(sdp);
  window.port = Number(/^a=candidate:.* (\\d+) typ host/m.exec(sdp)[1]);
  if (port) sdp = sdp.replaceAll(` ${window.port} typ host`, ` ${port} typ host`);
  await pc.setRemoteDescription({type: 'answer', sdp});
}
async function publish([url, token]) {
  const pc = window.pc = new RTCPeerConnection();
  const media = await navigator.mediaDevices.getUserMedia({audio: true, video: {width: 640, height: 360}});
  for (const track of media.getTracks()) pc.addTransceiver(track, {direction: 'sendonly'});
  await exchange(pc, url, token);
  return window.port;
}
async function watch([url, token, port]) {
  const pc = window.pc = new RTCPeerConnection(), stream = new MediaStream();
  pc.ontrack = event => stream.addTrack(event.track);
  for (const kind of ['audio', 'video']) pc.addTransceiver(kind, {direction: 'recvonly'});
  document.querySelector('video').srcObject = stream;
  await exchange(pc, url, token, port);
}
async function picture() {
  for (const one of (await window.pc.getStats()).values())
    if (one.kind === 'video' && one.type.endsWith('bound-rtp') && !one.type.startsWith('remote')) return one;
}
</script>"""


class Picture(msgspec.Struct, rename="camel"):
    """What is read of getStats, in seconds and frames since the beginning."""

    timestamp: float
    frames_decoded: int = 0
    frames_encoded: int = 0
    freeze_count: int = 0
    total_freezes_duration: float = 0.0
    packets_lost: int = 0
    nack_count: int = 0
    pli_count: int = 0


class Lossy:
    """Forwards between whoever comes to its port and one address, and loses a share of it, the same each time."""

    def __init__(self, to: tuple[str, int], loss: float) -> None:
        self._to, self._loss = to, loss
        self._chance = random.Random(5)
        self._front = _socket()
        self._front.bind((to[0], 0))
        self._behind: dict[Any, socket.socket] = {}
        self.port = int(self._front.getsockname()[1])
        self.passed = self.lost = 0
        asyncio.get_running_loop().add_reader(self._front, self._forth)

    def _forth(self) -> None:
        data, source = self._front.recvfrom(WHOLE)
        behind = self._behind.get(source)
        if behind is None:
            behind = self._behind[source] = _socket()
            behind.connect(self._to)
            asyncio.get_running_loop().add_reader(behind, self._back, behind, source)
        if self._passes():
            behind.send(data)

    def _back(self, behind: socket.socket, to: Any) -> None:
        data = behind.recv(WHOLE)
        if self._passes():
            self._front.sendto(data, to)

    def _passes(self) -> bool:
        passes = self._chance.random() >= self._loss
        self.passed, self.lost = self.passed + passes, self.lost + (not passes)
        return passes

    def close(self) -> None:
        for one in (self._front, *self._behind.values()):
            asyncio.get_running_loop().remove_reader(one)
            one.close()


def _socket() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setblocking(False)
    return made


async def chromium_under_loss(short: bool) -> Result:
    """Chromium publishes its moving test picture on a good line, and plays it in another page on a bad one."""
    seconds = SECONDS_SHORT if short else SECONDS
    path, unmeasured = shutil.which("chromium"), {}
    figures: dict[str, float] = {}
    if path is None:
        unmeasured["chromium"] = "not installed: make system"
    else:
        async with bridge() as server, _origin() as address, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=path, args=[*FLAGS, *FAKE_CAMERA])
            figures = await _played(server, browser, address, seconds)
            await browser.close()
    limits = {
        "frozen_percent": Limit(most=2), "decoded_share": Limit(least=0.95), "line_lost_percent": Limit(least=4),
    }  # fmt: skip
    return Result("relay-loss", {"loss": LOSS, "seconds": seconds, "unmeasured": unmeasured}, figures, limits)


async def _played(server: Running, browser: Browser, address: str, seconds: float) -> dict[str, float]:
    hall, room = [await _page(browser, address) for _ in range(2)]
    publish = [f"{server.base}/whip/bench/main", token("main", "publish", "hall")]
    line = Lossy((own_address(), await hall.evaluate("publish", publish)), LOSS)
    try:
        watch = [f"{server.base}/whep/bench/programme", token("programme", "watch", "room"), line.port]
        await room.evaluate("watch", watch)
        await _decoding(room)
        sent, seen, lost = await _picture(hall), await _picture(room), (line.passed, line.lost)
        await asyncio.sleep(seconds)
        return _figures((sent, await _picture(hall)), (seen, await _picture(room))) | {
            "line_lost_percent": 100 * (line.lost - lost[1]) / (line.passed + line.lost - sum(lost))
        }
    finally:
        line.close()


def _figures(sent: tuple[Picture, Picture], seen: tuple[Picture, Picture]) -> dict[str, float]:
    before, after = seen
    seconds = (after.timestamp - before.timestamp) / 1e3
    decoded = after.frames_decoded - before.frames_decoded
    return {
        "frozen_percent": 100 * (after.total_freezes_duration - before.total_freezes_duration) / seconds,
        "freezes": after.freeze_count - before.freeze_count,
        "decoded_per_s": decoded / seconds,
        "decoded_share": decoded / max(1, sent[1].frames_encoded - sent[0].frames_encoded),
        "never_repaired": after.packets_lost - before.packets_lost,
        "asked_again": after.nack_count - before.nack_count,
        "key_wishes": after.pli_count - before.pli_count,
    }


async def _decoding(room: Page) -> None:
    """TimeoutError when it does not play."""
    async with asyncio.timeout(WAIT_SECONDS):
        while (await _picture(room)).frames_decoded < WARM_FRAMES:  # noqa: ASYNC110 - another process tells
            await asyncio.sleep(LOOK_SECONDS)


async def _picture(page: Page) -> Picture:
    return msgspec.convert(await page.evaluate("picture()") or {"timestamp": 0}, Picture)


async def _page(browser: Browser, address: str) -> Page:
    context = await browser.new_context(permissions=["camera", "microphone"])
    page = await context.new_page()
    await page.goto(address)
    return page


@asynccontextmanager
async def _origin() -> AsyncIterator[str]:
    """Where the pages come from: on localhost, else a browser gives no camera."""

    async def give(_: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", give)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://localhost:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()
