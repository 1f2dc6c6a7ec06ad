"""What Chromium sent, as `record.py` wrote it down."""

from pathlib import Path
from typing import NamedTuple

from bridge.wire.codecs import Codec

CODECS: tuple[Codec, ...] = ("VP8", "H264")


class Captured(NamedTuple):
    """One session: packets of each kind in the order they came, and what was agreed before."""

    rtp: list[bytes]
    rtcp: list[bytes]
    stun: list[bytes]
    password: bytes
    extensions: dict[str, int]  # by the last word of their address
    payload_types: dict[str, int]  # by codec


def captured(codec: Codec) -> Captured:
    path = Path(__file__).parent / f"chromium-{codec.lower()}.txt"
    lines = [line.split(" ") for line in path.read_text(encoding="ascii").splitlines()]

    def packets(kind: str) -> list[bytes]:
        return [bytes.fromhex(words[1]) for words in lines if words[0] == kind]

    return Captured(
        packets("rtp"),
        packets("rtcp"),
        packets("stun"),
        next(words[1].encode() for words in lines if words[0] == "ice-pwd"),
        {words[2].replace("/", ":").split(":")[-1]: int(words[1]) for words in lines if words[0] == "extmap"},
        {words[2].split("/")[0]: int(words[1]) for words in lines if words[0] == "rtpmap"},
    )
