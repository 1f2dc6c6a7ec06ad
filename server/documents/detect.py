"""What a file really is, by its content alone."""

import codecs
import re
from pathlib import Path

from msgspec import Struct

from .containers import OLE_MAGIC, ole_kind, zip_kind
from .kinds import KINDS, Kind
from .pdf import page_count

HEAD = 4_096  # bytes looked at for signatures
LOT = 256 * 1024  # bytes of a text file in memory at once

_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"
# Of the kinds of MP4 that every browser plays. HEIC, AVIF and QuickTime have brands of their own.
_MP4_BRANDS = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"dash"}
_BEFORE_PDF = b"\xef\xbb\xbf \t\r\n\x00"
_UTF_16 = {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
# A text that begins like this is a page or a program, whatever it is called.
_MARKUP = re.compile(r"^\s*(<[!?/a-z]|#!)|<\s*/?\s*(!doctype|html|head|body|script|svg|iframe|object|embed)\b", re.I)
_BITRATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)  # kbit/s, MPEG 1 layer III
_BITRATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)  # MPEG 2 and 2.5
_SAMPLES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


class Found(Struct, frozen=True):
    kind: Kind
    pages: int | None = None


def detect(path: Path) -> Found | None:
    """None: nothing that may be a document. Reads little of a file, except of a text. Blocks: call it in a thread."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(b"PK\x03\x04"):
        name, pages = zip_kind(path)
        return Found(KINDS[name], pages) if name else None
    if head.startswith(OLE_MAGIC):
        name = ole_kind(path)
        return Found(KINDS[name]) if name else None
    if head.lstrip(_BEFORE_PDF).startswith(b"%PDF-"):
        return Found(KINDS["pdf"], page_count(path))
    name = _by_signature(path, head) or ("txt" if _is_text(path) else None)
    return Found(KINDS[name]) if name else None


def _by_signature(path: Path, head: bytes) -> str | None:
    if head.startswith(_PNG):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP" and head[12:15] == b"VP8":
        return "webp"
    if head[4:8] == b"ftyp" and head[8:12] in _MP4_BRANDS:
        return "mp4"
    return "mp3" if _is_mp3(path, head) else None


def _is_mp3(path: Path, head: bytes) -> bool:
    """Two frames in a row, at the beginning or right behind the tags: one alone happens by chance."""
    start = 0
    if head.startswith(b"ID3") and len(head) >= 10:
        a, b, c, d = head[6:10]
        start = 10 + (a << 21 | b << 14 | c << 7 | d)
    with path.open("rb") as file:
        file.seek(start)
        data = file.read(2 * HEAD)
    if start:
        data = data.lstrip(b"\x00")  # tags are padded
    length = _frame(data)
    return length > 0 and _frame(data[length:]) > 0


def _frame(data: bytes) -> int:
    """The length in bytes of the MPEG layer III frame that begins here, 0 when there is none."""
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xE6 != 0xE2:
        return 0
    version, rate, sampling = data[1] >> 3 & 3, data[2] >> 4, data[2] >> 2 & 3
    if version == 1 or rate in (0, 15) or sampling == 3:
        return 0
    first = version == 3
    kbits = (_BITRATES if first else _BITRATES_2)[rate]
    return (144 if first else 72) * kbits * 1_000 // _SAMPLES[version][sampling] + (data[2] >> 1 & 1)


def _is_text(path: Path) -> bool:
    """Valid UTF-8, or UTF-16 that says so, from end to end, no control characters, and not the beginning of a page or a
    program. Windows' editor calls UTF-16 "Unicode"; its mark goes before what a server says of a text's encoding."""
    beginning = True
    with path.open("rb") as file:
        decoder = codecs.getincrementaldecoder("utf-16" if file.read(2) in _UTF_16 else "utf-8-sig")()
        file.seek(0)
        try:
            while lot := file.read(LOT):
                text = decoder.decode(lot)
                if _CONTROL.search(text) or (beginning and _MARKUP.search(text[:HEAD])):
                    return False
                beginning = False
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return not beginning
