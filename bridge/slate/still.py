"""Makes the slate: set by typst, encoded to one key frame for each codec. A process of its own, which prints it: what
typst and encoders keep in memory goes with it."""

import io
import sys
from fractions import Fraction
from pathlib import Path
from typing import Literal

import av
import msgspec
import typst
from av import CodecContext, VideoFrame
from av.video.reformatter import ColorRange
from msgspec import Struct

VideoCodec = Literal["VP8", "H264"]

WIDTH, HEIGHT = 1280, 720
_DOTS_PER_INCH = 72.0  # a point of the page is a pixel
# The web build puts the product's fonts there; without it typst's own, which have every letter of Vietnamese.
_FONTS = Path(__file__).parents[2] / "web" / "dist" / "print-fonts"
_PAGE = Path(__file__).parent / "slate.typ"
# Sent again and again: as small as can be with clean edges around the letters.
_VP8 = {"deadline": "good", "cpu-used": "0", "crf": "24", "b": "2M", "qmin": "16", "lag-in-frames": "0"}
_H264 = {"preset": "slow", "tune": "stillimage", "profile": "baseline", "crf": "22", "level": "3.1"}


class Stills(Struct, frozen=True):
    """By codec a key frame as its encoder wrote it."""

    frames: dict[VideoCodec, bytes]


def make() -> Stills:
    png = typst.compile(
        _PAGE,
        format="png",
        ppi=_DOTS_PER_INCH,
        font_paths=[_FONTS] if _FONTS.is_dir() else [],
        ignore_system_fonts=True,
    )
    with av.open(io.BytesIO(png), "r") as opened:
        drawn = next(opened.decode(video=0)).reformat(WIDTH, HEIGHT, "yuv420p", dst_color_range=ColorRange.MPEG)
    return Stills({"VP8": _encoded(drawn, "libvpx", _VP8), "H264": _encoded(drawn, "libx264", _H264)})


def _encoded(drawn: VideoFrame, name: Literal["libvpx", "libx264"], options: dict[str, str]) -> bytes:
    encoder = CodecContext.create(name, "w")
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    encoder.framerate, encoder.time_base, encoder.thread_count = Fraction(1), Fraction(1), 1
    encoder.options = options
    drawn.pts, drawn.time_base = 0, Fraction(1)
    return b"".join(bytes(packet) for frame in (drawn, None) for packet in encoder.encode(frame))


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.msgpack.encode(make()))
