"""A second of sound, encoded once and sent again and again: a tone at its beginning, then silence."""

import math
from array import array
from fractions import Fraction

from av import AudioFrame, AudioStream, CodecContext, Packet

RATE = 50  # packets a second
SAMPLES = 48_000
TONE_HERTZ = 1_000
TONE_PACKETS = 6  # 120 ms, as long as the flash
_LEVEL = 0.1 * 32_767  # -20 dB: heard, and nobody is startled
_EDGE = SAMPLES // 200  # 5 ms in which the tone comes and goes, without a click


def second() -> list[bytes]:
    """Opus packets of 20 ms each."""
    encoder = CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.format, encoder.layout = SAMPLES, "s16", "mono"
    encoder.bit_rate, encoder.options = 32_000, {"application": "lowdelay", "frame_duration": "20"}
    packets: list[Packet[AudioStream]] = []
    length = SAMPLES // RATE
    for n in range(2 * RATE + 1):  # the encoder may hold one back; the second second begins where the first one ends
        frame = AudioFrame("s16", "mono", length)
        frame.planes[0].update(_tone(n % RATE, length))
        frame.sample_rate, frame.pts, frame.time_base = SAMPLES, n * length, Fraction(1, SAMPLES)
        packets += encoder.encode(frame)
    return [bytes(packet) for packet in packets[RATE : 2 * RATE]]


def _tone(number: int, length: int) -> bytes:
    if number >= TONE_PACKETS:
        return bytes(2 * length)
    whole = TONE_PACKETS * length
    return array(
        "h",
        (
            round(_LEVEL * min(1.0, at / _EDGE, (whole - at) / _EDGE) * math.sin(math.tau * TONE_HERTZ * at / SAMPLES))
            for at in range(number * length, (number + 1) * length)
        ),
    ).tobytes()
