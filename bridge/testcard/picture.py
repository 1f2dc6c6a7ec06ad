"""What the test programme shows at each moment, encoded once."""

import time
from fractions import Fraction

from av import CodecContext, Packet, VideoCodecContext, VideoFrame, VideoStream
from av.video.frame import PictureType

from .canvas import Box, Canvas, colour

WIDTH, HEIGHT = 640, 360
RATE = 25  # pictures a second
FLASH = 3  # pictures of each second: 120 ms, with the tone
KEY_SECONDS = 2
BIT_RATE = 400_000
CLOCK_RATE = 90_000
ZONE_SECONDS = 7 * 3_600  # the clock tells Vietnam's time wherever the machine stands, as the pages do

GROUND, INK, WHITE, DIM = colour("#0a1016"), colour("#edf2f6"), colour("#ffffff"), colour("#22303c")
BLOCK = colour("#8ccbf2")
_BARS = tuple(map(colour, ("#b4c1cd", "#c9b458", "#4f9fb0", "#5c9a5c", "#9a5c9a", "#b05050", "#4a62b0", "#33495b")))
FIGURE = Box(0, 96, 72, 128)
_STROKE = 16
PLACES = (28, 116, 232, 320, 436, 524)  # of the six figures of a clock
_STRIP = Box(0, 248, WIDTH, 16)
RAIL = Box(40, 288, 560, 40)
_TURN = 4 * RATE  # pictures for the block's way there and back


class Picture:
    """Its first picture stands for `starts_at`, seconds since 1970, a whole number."""

    def __init__(self, starts_at: int) -> None:
        self._starts_at = starts_at
        self._canvas = Canvas(WIDTH, HEIGHT, GROUND)
        for n, bar in enumerate(_BARS):
            self._canvas.fill(Box(n * WIDTH // 8, 0, WIDTH // 8, 64), bar)
        for x in (208, 412):
            for y in (130, 174):
                self._canvas.fill(Box(x, y, _STROKE, _STROKE), INK)
        self._shown = [-1] * len(PLACES)
        self._encoder = _encoder()
        self._key_wanted = False

    def want_key(self) -> None:
        """The next picture is one that a decoder can begin with."""
        self._key_wanted = True

    def encoded(self, number: int) -> "Packet[VideoStream]":
        """The picture of this number; numbers grow. 4 ms of work at most."""
        self._draw(number)
        frame = VideoFrame(WIDTH, HEIGHT, "yuv420p")
        for plane, drawn in zip(frame.planes, self._canvas.planes, strict=True):
            plane.update(bytes(drawn))
        frame.pts, frame.time_base = number * CLOCK_RATE // RATE, Fraction(1, CLOCK_RATE)
        if self._key_wanted:
            frame.pict_type, self._key_wanted = PictureType.I, False
        (packet,) = self._encoder.encode(frame)
        return packet

    def _draw(self, number: int) -> None:
        self._tell_time(time.gmtime(self._starts_at + ZONE_SECONDS + number // RATE))
        self._canvas.fill(_STRIP, WHITE if number % RATE < FLASH else DIM)
        self._canvas.fill(RAIL, DIM)
        self._canvas.fill(block(number), BLOCK)

    def _tell_time(self, now: time.struct_time) -> None:
        figures = map(int, f"{now.tm_hour:02}{now.tm_min:02}{now.tm_sec:02}")
        for place, figure in enumerate(figures):
            if self._shown[place] != figure:
                self._shown[place] = figure
                self._canvas.figure(figure, FIGURE._replace(x=PLACES[place]), INK, GROUND, _STROKE)


def block(number: int) -> Box:
    """Evenly from one end of the rail to the other and back."""
    way = (RAIL.width - RAIL.height) // 2
    at = number % _TURN
    return RAIL._replace(x=RAIL.x + min(at, _TURN - at) * way * 2 // _TURN * 2, width=RAIL.height)


def _encoder() -> VideoCodecContext:
    """VP8, which every browser decodes without anything added; made for the moment, not for the smallest size."""
    encoder = CodecContext.create("libvpx", "w")
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    encoder.framerate, encoder.time_base = Fraction(RATE), Fraction(1, CLOCK_RATE)
    encoder.bit_rate, encoder.gop_size, encoder.thread_count = BIT_RATE, KEY_SECONDS * RATE, 1
    encoder.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", "error-resilient": "1"}
    return encoder
