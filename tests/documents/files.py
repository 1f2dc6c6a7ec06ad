"""Files as people have them, made on the spot."""

import io
import random
import struct
import zipfile

import typst
import xlsxwriter

_OOXML = "application/vnd.openxmlformats-officedocument."
TEXT = "Đề cương thảo luận\nPhần một: tình hình.\n".encode()
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" + bytes(40)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(40)
WEBP = b"RIFF\x30\x00\x00\x00WEBPVP8 " + bytes(40)
MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42" + bytes(40)
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(40)
_FRAME = b"\xff\xfb\x90\x00" + bytes(413)  # MPEG 1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes
MP3 = _FRAME * 3
MP3_TAGGED = b"ID3\x04\x00\x00\x00\x00\x02\x01" + bytes(257) + _FRAME * 2


def pdf(pages: int = 3) -> bytes:
    return bytes(typst.compile("\n#pagebreak()\n".join(f"Trang {n}" for n in range(1, pages + 1)).encode()))


def noise(size: int, seed: int = 7) -> bytes:
    return random.Random(seed).randbytes(size)


def zipped(parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def office(main_type: str, part: str, slides: int = 0) -> bytes:
    """A container whose table of contents names `part` as its main part."""
    types = [f'<Override PartName="/{part}" ContentType="{main_type}"/>']
    types += [
        f'<Override ContentType="{_OOXML}presentationml.slide+xml" PartName="/ppt/slides/slide{n}.xml"/>'
        for n in range(1, slides + 1)
    ]
    xml = f'<?xml version="1.0" encoding="UTF-8"?><Types xmlns="x">{"".join(types)}</Types>'
    return zipped({"[Content_Types].xml": xml.encode(), part: b"<x/>"})


def docx() -> bytes:
    return office(f"{_OOXML}wordprocessingml.document.main+xml", "word/document.xml")


def docm() -> bytes:
    return office("application/vnd.ms-word.document.macroEnabled.main+xml", "word/document.xml")


def pptx(slides: int = 12) -> bytes:
    return office(f"{_OOXML}presentationml.presentation.main+xml", "ppt/presentation.xml", slides)


def xlsx() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write(0, 0, "Mã đơn vị")
    return out.getvalue()


def odf(kind: str) -> bytes:
    parts = {"mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(), "content.xml": b"<x/>"}
    return zipped(parts, zipfile.ZIP_STORED)


def ole(top: list[str], embedded: tuple[str, ...] = ()) -> bytes:
    """An OLE container: one allocation table, one directory; the streams themselves are empty."""
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    names = [("Root Entry", 5), *((n, 2) for n in top), *((("ObjectPool", 1),) if embedded else ())]
    names += [(n, 2) for n in embedded]
    first_inside = len(names) - len(embedded)
    entries = b""
    for number, (name, kind) in enumerate(names):
        inside = number >= first_inside
        last = len(names) - 1 if inside else first_inside - 1
        right = number + 1 if 0 < number < last else free
        child = 1 if kind == 5 else first_inside if kind == 1 else free
        raw = name.encode("utf-16-le").ljust(64, b"\0")
        entries += raw + struct.pack("<HBBIII", len(name) * 2 + 2, kind, 1, free, right, child)
        entries += bytes(36) + struct.pack("<IQ", end, 0)
    sectors = -(-len(entries) // 512)
    entries = entries.ljust(sectors * 512, b"\0")
    table = struct.pack("<I", 0xFFFFFFFD) + b"".join(
        struct.pack("<I", end if n == sectors - 1 else n + 2) for n in range(sectors)
    )
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *([free] * 108))
    return header + table.ljust(512, b"\xff") + entries
