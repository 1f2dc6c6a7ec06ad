"""The slate as it is made, and as its packets carry it."""

import asyncio
import sys
from collections.abc import Sequence

import pytest
from aiortc.codecs import depayload
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from av import CodecContext, Packet, VideoFrame

from bridge.slate.feeder import MAX_PAYLOAD, CannotMake, make, payloads
from bridge.slate.still import HEIGHT, WIDTH, Stills, VideoCodec
from bridge.testcard.canvas import colour
from bridge.wire.codecs import starts_key_frame

GROUND = colour("#0a1016").y


@pytest.fixture(scope="module")
def stills() -> Stills:
    return asyncio.run(make())


def shown(codec: VideoCodec, data: bytes) -> VideoFrame:
    decoder = CodecContext.create("vp8" if codec == "VP8" else "h264", "r")
    (frame,) = [*decoder.decode(Packet(data)), *decoder.decode(None)]
    return frame


def joined(codec: VideoCodec, sent: Sequence[bytes]) -> bytes:
    described = RTCRtpCodecParameters(f"video/{codec}", 90_000)
    return b"".join(depayload(described, payload) for payload in sent)


@pytest.mark.parametrize("codec", ["VP8", "H264"])
def test_packets_carry_a_picture_that_a_decoder_can_begin_with(stills: Stills, codec: VideoCodec) -> None:
    """It has the ground of the pages, and something bright in the middle of it alone."""
    sent = payloads(codec, stills.frames[codec])
    assert starts_key_frame(codec, sent[0])
    assert not any(starts_key_frame(codec, payload) for payload in sent[1:] if codec == "VP8")
    assert all(len(payload) <= MAX_PAYLOAD + 100 for payload in sent)
    frame = shown(codec, joined(codec, sent))
    assert (frame.width, frame.height, frame.key_frame) == (WIDTH, HEIGHT, True)
    rows = bytes(frame.planes[0])
    stride = frame.planes[0].line_size
    assert abs(rows[0] - GROUND) <= 2
    bright = [y for y in range(HEIGHT) if max(rows[y * stride : y * stride + WIDTH]) > 180]
    assert 200 < bright[0] < HEIGHT / 2 < bright[-1] < 520


async def test_without_a_maker_there_is_no_slate_and_no_noise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(CannotMake):
        await make()
