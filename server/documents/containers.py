"""Office files are containers. What is in one is read from its own table of contents, never guessed from names.

Everything here may be hostile: every count and size is bounded before it is believed.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

MAX_PARTS = 20_000  # files inside one office file; a presentation with a thousand pictures has some 5,000
MAX_DIRECTORY = 8 * 1024 * 1024  # bytes of a zip's table of contents
MAX_PART = 2 * 1024 * 1024  # bytes of the one part that is read, unpacked

_END, _END_64 = b"PK\x05\x06", b"PK\x06\x07"
_TAIL = 65_535 + 22  # the longest comment, and the record before it
_OOXML = re.compile(r"<(?:\w+:)?Override\b[^>]*>")
_ATTRIBUTE = re.compile(r"(PartName|ContentType)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_MAIN = "application/vnd.openxmlformats-officedocument."
# Files with macros have other main types and are not among these.
_MAIN_TYPES = {
    f"{_MAIN}wordprocessingml.document.main+xml": "docx",
    f"{_MAIN}spreadsheetml.sheet.main+xml": "xlsx",
    f"{_MAIN}presentationml.presentation.main+xml": "pptx",
}
_SLIDE = f"{_MAIN}presentationml.slide+xml"
_ODF = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}


def zip_kind(path: Path) -> tuple[str | None, int | None]:
    """Which office file a zip is (None: another zip), and the number of its slides."""
    if not _modest(path):
        return None, None
    try:
        with zipfile.ZipFile(path) as archive:
            if _part(archive, "mimetype") in _ODF and "content.xml" in archive.namelist():
                return _ODF[_part(archive, "mimetype")], None
            return _ooxml(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, struct.error):
        return None, None


def _modest(path: Path) -> bool:
    """Whether the table of contents is small and where it says; the library reads it whole, as large as it is."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        start = file.seek(max(0, size - _TAIL))
        tail = file.read(_TAIL)
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22 or tail[max(0, at - 20) :].startswith(_END_64):
        return False
    parts, directory, offset, comment = struct.unpack("<H2IH", tail[at + 10 : at + 22])
    whole = at + 22 + comment == len(tail) and offset + directory == start + at
    return bool(whole and parts <= MAX_PARTS and directory <= MAX_DIRECTORY)


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part's bytes; empty when it is absent, too large, or packed in a way that office programs do not use."""
    try:
        info = archive.getinfo(name)
    except KeyError:
        return b""
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or info.flag_bits & 1:
        return b""
    with archive.open(info) as part:
        data = part.read(MAX_PART + 1)
    return data if len(data) <= MAX_PART else b""


def _ooxml(archive: zipfile.ZipFile) -> tuple[str | None, int | None]:
    types = _overrides(_part(archive, "[Content_Types].xml").decode("utf-8", "replace"))
    present = set(archive.namelist())
    mains = {_MAIN_TYPES[t] for part, t in types if t in _MAIN_TYPES and part.lstrip("/") in present}
    if len(mains) != 1:
        return None, None
    kind = mains.pop()
    slides = sum(t == _SLIDE for _, t in types)
    return kind, slides or None if kind == "pptx" else None


def _overrides(xml: str) -> list[tuple[str, str]]:
    found = []
    for element in _OOXML.finditer(xml):
        given = {name: one or two for name, one, two in _ATTRIBUTE.findall(element[0])}
        found.append((given.get("PartName", ""), given.get("ContentType", "")))
    return found


# --- the older kind of container (OLE, [MS-CFB])

OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
MAX_SECTORS = 4_096  # of the directory, and of the list of allocation tables: 16,000 entries and more
_STREAMS = {"WordDocument": "doc", "Workbook": "xls", "Book": "xls", "PowerPoint Document": "ppt"}
_LAST = 0xFFFFFFFA  # from here on, sector numbers are marks


def ole_kind(path: Path) -> str | None:
    """`doc`, `xls` or `ppt` by the stream at the top that every such file has; None for another container."""
    try:
        with path.open("rb") as file:
            kinds = {_STREAMS[name] for name in _Ole(file).top() if name in _STREAMS}
    except (struct.error, ValueError):
        return None
    return kinds.pop() if len(kinds) == 1 else None


class _Ole:
    """Reads the directory of a container. ValueError or struct.error when it is broken."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        header = file.read(512)
        order, shift = struct.unpack("<HH", header[0x1C:0x20])
        if order != 0xFFFE or shift not in (9, 12):
            raise ValueError("no container")
        self._size = 1 << shift
        (self._directory,) = struct.unpack("<I", header[0x30:0x34])
        (more,) = struct.unpack("<I", header[0x44:0x48])
        self._tables = list(struct.unpack("<109I", header[0x4C:512]))
        for _ in range(MAX_SECTORS):
            if more >= _LAST:
                break
            *listed, more = struct.unpack(f"<{self._size // 4}I", self._sector(more))
            self._tables += listed

    def _sector(self, number: int) -> bytes:
        self._file.seek((number + 1) * self._size)
        return self._file.read(self._size)

    def _next(self, sector: int) -> int:
        per_table = self._size // 4
        if sector // per_table >= len(self._tables):
            raise ValueError("sector out of range")
        self._file.seek((self._tables[sector // per_table] + 1) * self._size + 4 * (sector % per_table))
        (following,) = struct.unpack("<I", self._file.read(4))
        return int(following)

    def _entries(self) -> list[bytes]:
        found: list[bytes] = []
        sector = self._directory
        for _ in range(MAX_SECTORS):
            if sector >= _LAST:
                return found
            data = self._sector(sector)
            found += [data[i : i + 128] for i in range(0, self._size, 128)]
            sector = self._next(sector)
        raise ValueError("directory too long")

    def top(self) -> Iterator[str]:
        """Names of the streams at the top, not of those inside embedded objects."""
        entries = self._entries()
        (child,) = struct.unpack("<I", entries[0][0x4C:0x50])
        waiting, seen = [child], set[int]()
        while waiting:
            number = waiting.pop()
            if number >= len(entries) or number in seen:
                continue
            seen.add(number)
            entry = entries[number]
            length, kind = struct.unpack("<HB", entry[0x40:0x43])
            if kind == 2:
                yield entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            waiting += struct.unpack("<2I", entry[0x44:0x4C])
