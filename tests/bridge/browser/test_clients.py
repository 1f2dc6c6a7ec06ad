"""Clients that others wrote publish by WHIP and play by WHEP as their manuals have it, restart ICE, and go.

`whip-whep` is by the author of RFC 9725. Where a client does other than the RFC says, it is told here.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bridge.config import Media
from bridge.door.ice import addresses
from tests.bridge.browser.pages import holds, inbound, plays
from tests.bridge.browser.theatre import Theatre, theatre_of
from tests.waiting import until

HERE = Path(__file__).parent
WEB = HERE.parents[2] / "web"

WHIP = """async ({url, token}) => {
  const {WHIPClient} = await import('/clients/whip.js');
  const pc = window.pc = new RTCPeerConnection({bundlePolicy: 'max-bundle'});
  const media = await navigator.mediaDevices.getUserMedia({audio: true, video: {width: 640, height: 360}});
  for (const track of media.getTracks()) pc.addTransceiver(track, {direction: 'sendonly'});
  await (window.client = new WHIPClient()).publish(pc, url, token);
}"""
WHEP = """async ({url, token}) => {
  const {WHEPClient} = await import('/clients/whep.js');
  const pc = window.pc = new RTCPeerConnection({bundlePolicy: 'max-bundle'});
  pc.addTransceiver('audio');
  pc.addTransceiver('video');
  pc.ontrack = event => {
    if (event.track.kind === 'video') document.querySelector('video').srcObject = event.streams[0];
  };
  await (window.client = new WHEPClient()).view(pc, url, token);
}"""
EYEVINN = """async ({url, token}) => {
  const {WHIPClient} = await import('/clients/eyevinn.js');
  const media = await navigator.mediaDevices.getUserMedia({audio: true, video: {width: 640, height: 360}});
  const client = new WHIPClient({endpoint: url, opts: {authkey: token, iceServers: [], timeout: 50}});
  await client.ingest(media);
  window.pc = client.peer;
  window.client = client;
}"""
MOVED = """async () => [...(await pc.getStats()).values()].some(
  s => s.type === 'transport' && s.iceState === 'connected' && s.selectedCandidatePairChanges === 2)"""


@pytest.fixture
async def theatre(tmp_path: Path) -> AsyncIterator[Theatre]:
    """Its pages find the clients as modules."""
    vite = await asyncio.create_subprocess_exec(
        WEB / "node_modules" / ".bin" / "vite", "build", "--config", HERE / "clients.config.mjs", "--outDir", tmp_path,
        cwd=WEB, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert await vite.wait() == 0
    # Of the answer to a restart the client can take one candidate: it puts commas between more.
    one = Media(addresses=addresses(Media())[:1], port=0)
    async with theatre_of(tmp_path, media=one) as theatre:
        yield theatre


async def answered(theatre: Theatre) -> dict[tuple[str, int], int]:
    """How many requests of a method were answered with a status."""
    measured = (await theatre.house.ask("GET", "/metrics")).text
    found = re.findall(r'nhipcau_bridge_requests_total\{method="(\w+)",status="(\d+)"\} (\d+)', measured)
    return {(method, int(status)): int(count) for method, status, count in found}


async def test_standard_clients_publish_play_restart_and_go(theatre: Theatre) -> None:
    hall, other = await theatre.publisher("main", WHIP), await theatre.publisher("spare", EYEVINN)
    rooms = [await theatre.viewer(stream, WHEP) for stream in ("main", "spare")]
    for room in rooms:
        await plays(room, 20)
        assert (await inbound(room, "audio"))["bytesReceived"] > 0
    begun = await answered(theatre)
    assert begun["POST", 201] == 4
    assert begun["PATCH", 204] >= 1
    # Its player sends candidates without If-Match: 428, as RFC 9725, 4.3.1, demands. It plays all the same.
    assert set(begun) == {("OPTIONS", 204), ("POST", 201), ("PATCH", 204), ("PATCH", 428)}

    for page in (hall, rooms[0]):
        await page.evaluate("client.restart()")
    for page in (hall, rooms[0]):
        await holds(page, MOVED, "another pair of addresses")
    for room in rooms:
        await plays(room, (await inbound(room))["framesDecoded"] + 20)
        assert (await inbound(room))["packetsLost"] == 0
    assert (await answered(theatre))["PATCH", 200] == 2

    for page in (*rooms, hall):
        await page.evaluate("client.stop()")
    await other.evaluate("client.destroy()")
    await until(lambda: not theatre.house.door.reception.sessions, "nobody there")
    gone = await answered(theatre)
    # It closes its line before it says DELETE, so that the session may be over by then.
    assert gone["DELETE", 200] + gone.get(("DELETE", 404), 0) == 4
    assert not {status for _, status in gone} & {400, 401, 403, 405, 412, 415, 500}
