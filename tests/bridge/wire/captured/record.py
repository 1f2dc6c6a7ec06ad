"""Records what Chromium sends: `python -m tests.bridge.wire.captured.record VP8` (or H264) writes chromium-vp8.txt.

Chromium sends its test camera and microphone to aiortc and receives them back. One packet in twenty is lost on purpose
in each direction, so that both ask again. Written is what arrives from Chromium, decrypted, as one line a packet: kind
and hexadecimal bytes. RTP is cut to its header and the first bytes of its payload: the rest is picture. Lines before
name the password of the checks, the header extensions and the payload types that were agreed.
"""

import asyncio
import sys
from collections import Counter
from pathlib import Path

import aioice.ice
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaRelay
from aiortc.rtcdtlstransport import RTCDtlsTransport
from playwright.async_api import async_playwright

HERE = Path(__file__).parent
KEPT_PAYLOAD = 72
ENOUGH = {"rtp": 40, "rtx": 6, "sound": 6, "rtcp": 24, "stun": 4}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
    "--disable-component-update",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
PAGE = """async (codec) => {
    const pc = new RTCPeerConnection();
    const stream = await navigator.mediaDevices.getUserMedia({audio: true, video: {width: 320, height: 240}});
    stream.getTracks().forEach((track) => pc.addTrack(track, stream));
    const codecs = RTCRtpSender.getCapabilities("video").codecs;
    const wanted = codecs.filter(({mimeType}) => mimeType === `video/${codec}`).slice(0, 1);
    const rtx = codecs.filter(({mimeType}) => mimeType === "video/rtx");
    pc.getTransceivers()[1].setCodecPreferences([...wanted, ...rtx]);
    await pc.setLocalDescription();
    while (pc.iceGatheringState !== "complete") await new Promise((done) => { pc.onicegatheringstatechange = done; });
    await pc.setRemoteDescription({type: "answer", sdp: await window.answer(pc.localDescription.sdp)});
}"""


class Recording:
    """Keeps the first packets of each kind; `done` is set when there are enough of all."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.kept: Counter[str] = Counter()
        self.seen = 0
        self.sent = 0
        self.rtx = 0
        self.sound = 0
        self.done = asyncio.Event()

    def keep(self, kind: str, data: bytes) -> None:
        if self.kept[kind] < ENOUGH[kind]:
            self.kept[kind] += 1
            self.lines.append(f"{'rtp' if kind in ('rtx', 'sound') else kind} {data.hex()}")
        if all(self.kept[kind] >= enough for kind, enough in ENOUGH.items()):
            self.done.set()

    def kind_of(self, data: bytes) -> str:
        return {self.rtx: "rtx", self.sound: "sound"}.get(data[1] & 0x7F, "rtp")


def listen(recording: Recording) -> None:
    """Takes packets where aiortc and aioice have them in clear."""
    handle_rtp, handle_rtcp = RTCDtlsTransport._handle_rtp_data, RTCDtlsTransport._handle_rtcp_data
    send, received = RTCDtlsTransport._send_rtp, aioice.ice.StunProtocol.datagram_received

    async def rtp(self: RTCDtlsTransport, data: bytes, arrival_time_ms: int) -> None:
        padded = data[0] & 0x20
        recording.keep(recording.kind_of(data), data if padded else data[: 12 + KEPT_PAYLOAD])
        recording.seen += 1
        if recording.seen % 20:
            await handle_rtp(self, data, arrival_time_ms)

    async def rtcp(self: RTCDtlsTransport, data: bytes) -> None:
        recording.keep("rtcp", data)
        await handle_rtcp(self, data)

    async def lossy(self: RTCDtlsTransport, data: bytes) -> None:
        recording.sent += 1
        if recording.sent % 20 or 192 <= data[1] <= 223:
            await send(self, data)

    def stun(self: aioice.ice.StunProtocol, data: bytes | str, address: tuple[object, ...]) -> None:
        if isinstance(data, bytes) and data[:2] == b"\x00\x01":
            recording.keep("stun", data)
        received(self, data, address)

    RTCDtlsTransport._handle_rtp_data, RTCDtlsTransport._handle_rtcp_data = rtp, rtcp  # type: ignore[method-assign]
    RTCDtlsTransport._send_rtp = lossy  # type: ignore[method-assign]
    aioice.ice.StunProtocol.datagram_received = stun  # type: ignore[method-assign,assignment]


async def answer(pc: RTCPeerConnection, recording: Recording, offer: str) -> str:
    relay = MediaRelay()

    def echo(track: MediaStreamTrack) -> None:
        pc.addTrack(relay.subscribe(track))

    pc.add_listener("track", echo)
    await pc.setRemoteDescription(RTCSessionDescription(offer, "offer"))
    await pc.setLocalDescription(await pc.createAnswer())
    sdp = pc.localDescription.sdp
    note(recording, sdp)
    return sdp


def note(recording: Recording, sdp: str) -> None:
    """What the packets cannot be read without."""
    lines = sdp.splitlines()
    password = next(line for line in lines if line.startswith("a=ice-pwd:"))
    agreed = [line for line in lines if line.startswith(("a=extmap:", "a=rtpmap:", "a=fmtp:"))]
    for line in dict.fromkeys([password, *agreed]):
        name, _, value = line.removeprefix("a=").partition(":")
        recording.lines.append(f"{name} {value}")
    types = {
        line.split(" ")[1].split("/")[0]: int(line.split(":")[1].split(" ")[0]) for line in agreed if "rtpmap" in line
    }
    recording.rtx, recording.sound = types["rtx"], types["opus"]


async def main(codec: str) -> None:
    recording = Recording()
    listen(recording)
    pc = RTCPeerConnection()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        page = await browser.new_page()
        await page.route("**/*", lambda route: route.fulfill(content_type="text/html", body="<title>camera</title>"))
        await page.goto("http://localhost/")
        await page.expose_function("answer", lambda offer: answer(pc, recording, offer))
        await page.evaluate(PAGE, codec)
        async with asyncio.timeout(60):
            await recording.done.wait()
        await browser.close()
    await pc.close()
    (HERE / f"chromium-{codec.lower()}.txt").write_text("\n".join(recording.lines) + "\n", encoding="ascii")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
