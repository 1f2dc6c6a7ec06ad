"""A room whose network lets no UDP through: Chromium plays over TCP to coturn, told of it by the bridge itself."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from socket import create_server

import pytest
from playwright.async_api import async_playwright

from bridge.config import Ice, Media
from tests.bridge.browser.pages import origin, page, plays
from tests.bridge.door.house import House, a_pass, come, opened
from tests.e2e.conftest import CHROMIUM, FLAGS
from tests.waiting import until_async

SECRET = "what coturn and the bridge share"
HOST = "127.0.0.1"

# As RFC 9725, 4.6, has it: the servers come with the answer, and gathering begins only then.
PLAY = """
async ({url, token, policy}) => {
  const pc = window.pc = new RTCPeerConnection();
  pc.addTransceiver('audio', {direction: 'recvonly'});
  pc.addTransceiver('video', {direction: 'recvonly'});
  pc.ontrack = e => { if (e.track.kind === 'video') document.querySelector('video').srcObject = e.streams[0]; };
  const offer = await pc.createOffer();
  const answer = await fetch(url, {
    method: 'POST', body: offer.sdp,
    headers: {'Content-Type': 'application/sdp', Authorization: `Bearer ${token}`},
  });
  const shape = /<([^>]+)>; rel="ice-server"; username="([^"]+)"; credential="([^"]+)"/g;
  const told = [...answer.headers.get('Link').matchAll(shape)];
  const iceServers = told.map(([, urls, username, credential]) => ({urls, username, credential}));
  pc.setConfiguration({iceServers, iceTransportPolicy: policy});
  await pc.setLocalDescription(offer);
  await pc.setRemoteDescription({type: 'answer', sdp: await answer.text()});
}
"""
WAY = """
async () => {
  const stats = await window.pc.getStats();
  const pair = [...stats.values()].find(s => s.type === 'candidate-pair' && s.nominated);
  const local = pair && stats.get(pair.localCandidateId);
  return local && [local.candidateType, local.relayProtocol];
}
"""


@asynccontextmanager
async def turn(folder: Path) -> AsyncIterator[str]:
    """coturn as docs/operations.md has it, listening on TCP alone. Its URL."""
    program = shutil.which("turnserver")
    if program is None:
        pytest.skip("coturn is not installed: as root, `make system` installs it")
    with create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        program, "-n", "--listening-ip", HOST, "--relay-ip", HOST, "--listening-port", str(port), "--realm", "nhipcau",
        "--use-auth-secret", "--static-auth-secret", SECRET, "--no-udp", "--no-tls", "--no-dtls", "--no-cli",
        "--allow-loopback-peers", "--userdb", str(folder / "turn.db"), "--pidfile", str(folder / "turn.pid"),
        "--log-file", str(folder / "turn.log"), "--simple-log",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await until_async(lambda: listens(port), "coturn")
        yield f"turn:{HOST}:{port}?transport=tcp"
    finally:
        process.terminate()
        await process.wait()


async def listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with turn(tmp_path) as url:
        media = Media(addresses=(HOST,), bind=HOST, port=0)
        async with opened(ice=Ice((url,), SECRET), media=media) as house:
            yield house


async def test_a_room_without_udp_plays_over_tcp_through_coturn(house: House) -> None:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed: as root, `make system` installs it")
    async with async_playwright() as playwright, origin() as address, come(house, "main", "publish"):
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        at = await page(browser, address)
        url = f"http://{HOST}:{house.door.port}/whep/c1/programme"
        await at.evaluate(PLAY, {"url": url, "token": a_pass("programme", "watch"), "policy": "relay"})
        await plays(at, 30)
        assert await at.evaluate(WAY) == ["relay", "tcp"]
        await browser.close()
