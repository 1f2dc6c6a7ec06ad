"""Two small pages in Chromium that speak WHIP and WHEP as any page would, and tell what they saw."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web
from playwright.async_api import Browser, Page

from tests.waiting import until_async

PLAY_SECONDS = 30.0  # for what takes three at most
FAKE_CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]

COMMON = """
async function gathered(pc) {
  await pc.setLocalDescription(await pc.createOffer());
  if (pc.iceGatheringState !== 'complete')
    await new Promise(done => pc.onicegatheringstatechange = () => pc.iceGatheringState === 'complete' && done());
  return pc.localDescription.sdp;
}
async function exchange(pc, url, token) {
  const answer = await fetch(url, {
    method: 'POST', body: await gathered(pc),
    headers: {'Content-Type': 'application/sdp', Authorization: `Bearer ${token}`},
  });
  const text = await answer.text();
  if (answer.status !== 201) throw new Error(text);
  await pc.setRemoteDescription({type: 'answer', sdp: text});
  return answer.headers.get('Location');
}
async function publish({url, token, layers, codec}) {
  const pc = window.pc = new RTCPeerConnection();
  const size = layers ? {width: 960, height: 540} : {width: 640, height: 360};  // of less, Chromium sends two layers
  const media = await navigator.mediaDevices.getUserMedia({audio: true, video: size});
  pc.addTransceiver(media.getAudioTracks()[0], {direction: 'sendonly'});
  const smaller = [['h', 1], ['m', 2], ['l', 4]];
  const sendEncodings = layers && smaller.map(([rid, scaleResolutionDownBy]) => ({rid, scaleResolutionDownBy}));
  const options = {direction: 'sendonly', ...(layers && {sendEncodings})};
  const video = pc.addTransceiver(media.getVideoTracks()[0], options);
  if (codec) {
    const known = RTCRtpSender.getCapabilities('video').codecs;
    video.setCodecPreferences(known.filter(c => c.mimeType === codec || c.mimeType === 'video/rtx'));
  }
  return await exchange(pc, url, token);
}
async function watch({url, token}) {
  const began = performance.now();
  const pc = window.pc = new RTCPeerConnection();
  const stream = new MediaStream();
  pc.ontrack = e => stream.addTrack(e.track);
  pc.addTransceiver('audio', {direction: 'recvonly'});
  pc.addTransceiver('video', {direction: 'recvonly'});
  const video = document.querySelector('video');
  video.srcObject = stream;
  const first = new Promise(done => video.requestVideoFrameCallback(() => done(performance.now() - began)));
  await exchange(pc, url, token);
  window.first = first;
}
async function figures() {
  const found = {};
  for (const s of (await window.pc.getStats()).values())
    if (s.type === 'inbound-rtp' || s.type === 'outbound-rtp') (found[s.kind] ??= []).push(s);
  return found;
}
"""


@asynccontextmanager
async def origin(clients: Path | None = None) -> AsyncIterator[str]:
    """Where the pages come from: not the bridge, as in life. `clients`: a folder of modules for them."""

    async def give(_: web.Request) -> web.Response:
        body = f"<video autoplay muted playsinline></video><script>{COMMON}</script>"
        return web.Response(text=body, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", give)
    if clients is not None:
        app.router.add_static("/clients/", clients)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://localhost:{runner.addresses[0][1]}/"
    await runner.cleanup()


async def page(browser: Browser, address: str) -> Page:
    context = await browser.new_context(permissions=["camera", "microphone"])
    made = await context.new_page()
    await made.goto(address)
    return made


async def holds(at: Page, condition: str, what: str, arg: object = None, seconds: float = PLAY_SECONDS) -> None:
    """Until it does. Asked again and again: for `wait_for_function` a promise is true, whatever it gives."""
    await until_async(lambda: at.evaluate(condition, arg), what, seconds)


async def plays(at: Page, frames: int) -> None:
    """Until it has decoded so many."""
    await holds(at, "async n => ((await figures()).video?.[0]?.framesDecoded ?? 0) >= n", f"{frames} frames", frames)


async def inbound(at: Page, kind: str = "video") -> dict[str, Any]:
    """getStats of the picture that arrives, or of the sound."""
    found: dict[str, Any] = (await at.evaluate("figures()"))[kind][0]
    return found
