"""The real peer: Chromium publishes by WHIP and plays by WHEP, and counts its frames itself."""

from collections.abc import AsyncIterator

import pytest

from tests.bridge.browser.pages import holds, inbound, plays
from tests.bridge.browser.theatre import Theatre, theatre_of

FIRST_PICTURE_MS = 3_000  # on a machine that does other things as well; what it is by itself is measured elsewhere

FAR = "async () => [...(await pc.getStats()).values()].some(s => s.roundTripTimeMeasurements > 0)"
BEST = """async active => {
  const sender = pc.getSenders()[1], parameters = sender.getParameters();
  parameters.encodings[0].active = active;
  await sender.setParameters(parameters);
}"""
WIDTH = "async w => (await figures()).video[0].frameWidth === w"


@pytest.fixture
async def theatre() -> AsyncIterator[Theatre]:
    async with theatre_of() as theatre:
        yield theatre


@pytest.mark.parametrize("codec", ["video/VP8", "video/H264"])
async def test_chromium_publishes_and_chromium_plays(theatre: Theatre, codec: str) -> None:
    await theatre.publisher(codec=codec)
    first = await theatre.viewer()
    await plays(first, 30)
    late = await theatre.viewer()
    assert await late.evaluate("first") < FIRST_PICTURE_MS
    await plays(late, 30)
    seen = await inbound(late)
    assert seen["packetsLost"] == 0
    assert seen["frameWidth"] == 640
    assert (await first.evaluate("figures()"))["audio"][0]["packetsReceived"] > 0


async def test_three_qualities_by_hand_and_one_that_its_publisher_gives_up_for_a_while(theatre: Theatre) -> None:
    publisher = await theatre.publisher(layers=True, codec="video/VP8")
    at = await theatre.viewer()
    await plays(at, 5)
    reception = theatre.house.door.reception
    await holds(at, WIDTH, "the best", 960)
    for quality, width in ((2, 240), (1, 480), (0, 960)):
        (watching,) = (one for one in reception.sessions.values() if not one.publishes)
        reception.choose(watching, quality)
        await holds(at, WIDTH, f"quality {quality}", width)
    await publisher.evaluate(BEST, False)
    await holds(at, WIDTH, "the next one", 480)
    await publisher.evaluate(BEST, True)
    await holds(at, WIDTH, "the best again", 960)
    assert (await inbound(at))["packetsLost"] == 0


async def test_the_programme_goes_to_a_room_and_back_without_a_break_for_anybody(theatre: Theatre) -> None:
    await theatre.publisher("main", codec="video/VP8")
    await theatre.publisher("point/7", codec="video/H264")
    at = await theatre.viewer()
    await plays(at, 30)
    for stream in ("point/7", None, "point/7"):
        theatre.house.door.reception.stage.put_on_air("c1", stream)
        before = (await inbound(at))["framesDecoded"]
        await plays(at, before + 60)
    seen = await inbound(at)
    assert seen["packetsLost"] == 0
    assert seen["pliCount"] <= 3
    await holds(at, FAR, "that it knows how far away we are")
