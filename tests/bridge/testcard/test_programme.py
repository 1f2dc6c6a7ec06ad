"""The test programme as a decoder gets it: the clock is read back from the picture, the tone from the sound."""

import time
from array import array
from itertools import pairwise

import pytest
from av import CodecContext, Packet, VideoFrame

from bridge.testcard import picture, sound
from bridge.testcard.canvas import SEGMENTS, Box, Canvas, colour
from bridge.testcard.picture import FLASH, RATE, Picture, block

STARTS_AT = 1_795_337_999  # 2026-11-22, 15:59:59 in Hanoi
LIMIT = 0.15  # of a core


def decoded(count: int, starts_at: int = STARTS_AT) -> list[VideoFrame]:
    decoder, made = CodecContext.create("vp8", "r"), Picture(starts_at)
    return [frame for n in range(count) for frame in decoder.decode(made.encoded(n))]


def light(frame: VideoFrame, x: int, y: int) -> int:
    plane = frame.planes[0]
    return bytes(plane)[y * plane.line_size + x]


def clock(frame: VideoFrame) -> str:
    return "".join(str(read(frame, x)) for x in picture.PLACES)


def read(frame: VideoFrame, x: int) -> int:
    """The figure whose segments are lit, seen at their middle."""
    across, down, half = x + 36, 96, 8
    spots = ((across, down + half), (x + half, down + 36), (x + 72 - half, down + 36), (across, down + 64))
    more = ((x + half, down + 92), (x + 72 - half, down + 92), (across, down + 128 - half))
    lit = tuple(int(light(frame, *spot) > 128) for spot in (*spots, *more))
    return SEGMENTS.index(lit)


def test_the_clock_tells_the_time_of_vietnam_and_goes_on() -> None:
    frames = decoded(3 * RATE)
    for n, expected in ((0, "155959"), (RATE - 1, "155959"), (RATE, "160000"), (2 * RATE + 7, "160001")):
        assert clock(frames[n]) == expected


@pytest.mark.parametrize("number", range(10))
def test_every_figure_is_another_one(number: int) -> None:
    canvas = Canvas(picture.WIDTH, picture.HEIGHT, picture.GROUND)
    canvas.figure(number, picture.FIGURE, picture.INK, picture.GROUND, 16)
    frame = VideoFrame(picture.WIDTH, picture.HEIGHT, "yuv420p")
    frame.planes[0].update(bytes(canvas.planes[0]))
    assert read(frame, 0) == number


def test_the_strip_is_lit_at_the_beginning_of_each_second() -> None:
    lit = [n for n, frame in enumerate(decoded(2 * RATE + FLASH)) if light(frame, 320, 256) > 200]
    assert lit == [second * RATE + n for second in (0, 1, 2) for n in range(FLASH)]


def test_the_block_moves_evenly_and_stays_on_its_rail() -> None:
    places = [block(n).x for n in range(401)]
    steps = {abs(after - before) for before, after in pairwise(places)}
    assert max(steps) - min(steps) <= 2
    assert min(places) >= picture.RAIL.x
    assert max(places) + 40 <= picture.RAIL.x + picture.RAIL.width
    assert min(steps) > 0


def test_a_decoder_can_begin_every_two_seconds_and_whenever_it_is_asked_for() -> None:
    made, keys = Picture(STARTS_AT), []
    for n in range(120):
        if n == 77:
            made.want_key()
        if made.encoded(n).is_keyframe:
            keys.append(n)
    assert keys[:3] == [0, 50, 77]
    assert all(after - before <= 50 for before, after in pairwise(keys))


def test_the_tone_is_as_long_as_the_flash_and_the_rest_is_silence() -> None:
    decoder = CodecContext.create("libopus", "r")
    decoder.sample_rate, decoder.layout = sound.SAMPLES, "mono"
    packets = sound.second()
    frames = [frame for _ in range(2) for data in packets for frame in decoder.decode(Packet(data))]
    loud = [max(map(abs, array("h", bytes(frame.planes[0])[: 2 * frame.samples]))) > 1_000 for frame in frames]
    assert len(loud) == 2 * sound.RATE
    tone = round(FLASH / RATE * sound.RATE)
    for second in (loud[: sound.RATE], loud[sound.RATE :]):
        assert all(second[:tone])
        assert not any(second[tone + 1 :])  # the decoder's own delay reaches 6 ms into the next packet


def test_a_second_of_it_costs_a_small_part_of_a_core() -> None:
    made, seconds = Picture(STARTS_AT), 8
    began = time.process_time()
    for n in range(seconds * RATE):
        made.encoded(n)
    assert (time.process_time() - began) / seconds < LIMIT


def test_colours_are_those_of_the_pages() -> None:
    assert colour("#ffffff") == (235, 128, 128)
    assert colour("#000000") == (16, 128, 128)
    canvas = Canvas(4, 4, colour("#000000"))
    canvas.fill(Box(2, 2, 2, 2), colour("#ffffff"))
    assert bytes(canvas.planes[0]) == bytes([16] * 10 + [235] * 2 + [16] * 2 + [235] * 2)
