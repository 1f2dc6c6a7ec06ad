"""What a file is, its content says: honest files are recognised, dressed-up ones are not."""

import io
import struct
import zipfile
from pathlib import Path

import pypdfium2
import pytest

from server.documents.detect import detect

from . import files

HONEST = {
    "pdf": files.pdf(),
    "docx": files.docx(),
    "xlsx": files.xlsx(),
    "pptx": files.pptx(),
    "odt": files.odf("text"),
    "ods": files.odf("spreadsheet"),
    "odp": files.odf("presentation"),
    "doc": files.ole(["WordDocument", "1Table"]),
    "xls": files.ole(["Workbook"]),
    "ppt": files.ole(["Current User", "PowerPoint Document"]),
    "png": files.PNG,
    "jpeg": files.JPEG,
    "webp": files.WEBP,
    "mp4": files.MP4,
    "mp3": files.MP3,
    "txt": files.TEXT,
}


def kind_of(tmp_path: Path, content: bytes) -> str | None:
    path = tmp_path / "file"
    path.write_bytes(content)
    found = detect(path)
    return found.kind.name if found else None


def pages_of(tmp_path: Path, content: bytes) -> int | None:
    path = tmp_path / "file"
    path.write_bytes(content)
    found = detect(path)
    assert found
    return found.pages


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_file_is_recognised(tmp_path: Path, name: str) -> None:
    assert kind_of(tmp_path, HONEST[name]) == name


@pytest.mark.parametrize(
    "content",
    [
        files.MP3_TAGGED,
        b"\xef\xbb\xbf" + files.TEXT,
        "Xin chào".encode("utf-16"),
        b"\xfe\xff" + "Kết luận hội nghị\r\n".encode("utf-16-be") * 20_000,
        b"\xef\xbb\xbf%PDF-1.4\n",
        files.ole(["WordDocument"], embedded=("Workbook",)),
        "Kết quả: 3 < 5, xem mục <b> và trang 7.\n".encode(),
    ],
    ids=[
        "tags before sound",
        "text with a mark",
        "unicode of windows",
        "its other order",
        "pdf with a mark",
        "a table inside a letter",
        "a sign in a text",
    ],
)
def test_its_unusual_relative_too(tmp_path: Path, content: bytes) -> None:
    assert kind_of(tmp_path, content) is not None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!DOCTYPE html><html><script>alert(1)</script>",
        b"\n\n  <svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?><svg/>",
        b"Hello <script src=x></script>",
        b"#!/bin/sh\nrm -rf /\n",
        b"<?php echo 1; ?>",
        files.zipped({"a.txt": b"a"}),
        files.docm(),
        files.zipped({"word/document.xml": b"<x/>"}),
        files.zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<x/>"}),
        files.zipped({"mimetype": b"application/vnd.oasis.opendocument.text"}),
        files.ole(["Something"]),
        files.ole(["EncryptedPackage", "EncryptionInfo"]),
        files.ole([], embedded=("WordDocument",)),
        files.HEIC,
        b"MZ\x90\x00" + bytes(60),
        b"\x7fELF" + bytes(60),
        b"GIF89a" + bytes(40),
        files.MP3[:417],
        "Xin chào".encode("utf-16-le"),
        "Xin chào".encode("utf-16")[:-1],
        "Xin chào\x00".encode("utf-16"),
        "Xin chào".encode("utf-32"),
        "<script src=x></script>".encode("utf-16"),
        files.TEXT + b"\xff\xfe",
        files.TEXT + b"\x00",
    ],
    ids=lambda c: f"{len(c)}-{c[:8].hex()}",  # never the time that a zip holds: every worker names them alike
)
def test_nothing_else_is(tmp_path: Path, content: bytes) -> None:
    assert kind_of(tmp_path, content) is None


@pytest.mark.parametrize("name", ["docx", "pptx", "odt", "doc", "pdf"])
def test_a_damaged_file_raises_nothing(tmp_path: Path, name: str) -> None:
    whole = HONEST[name]
    for cut in range(0, len(whole), max(1, len(whole) // 60)):
        kind_of(tmp_path, whole[:cut])
        kind_of(tmp_path, whole[:cut] + files.noise(64, cut) + whole[cut + 64 :])


def test_a_zip_that_claims_much_is_not_unpacked(tmp_path: Path) -> None:
    honest = bytearray(files.docx())
    end = honest.rfind(b"PK\x05\x06")
    struct.pack_into("<I", honest, end + 12, 0x7FFFFFFF)
    assert kind_of(tmp_path, bytes(honest)) is None

    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, 0, 1)
    plain = files.docx()
    end = plain.rfind(b"PK\x05\x06")
    assert kind_of(tmp_path, plain[:end] + locator + plain[end:]) is None


def test_a_bomb_in_the_table_of_contents_does_not_go_off(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b" " * 64 * 2**20)
    assert kind_of(tmp_path, out.getvalue()) is None


@pytest.mark.parametrize("pages", [1, 2, 37])
def test_pages_of_a_pdf_are_counted(tmp_path: Path, pages: int) -> None:
    assert pages_of(tmp_path, files.pdf(pages)) == pages


def test_pages_of_a_pdf_with_a_plain_table_are_counted(tmp_path: Path) -> None:
    out = io.BytesIO()
    with pypdfium2.PdfDocument(files.pdf(5)) as document:
        document.save(out)
    assert b"xref\r\n0" in out.getvalue() or b"xref\n0" in out.getvalue()
    assert pages_of(tmp_path, out.getvalue()) == 5


def packed_pdf(pages: int) -> bytes:
    """Catalog and page tree inside an object stream, places in a predicted stream: as most programs save today."""
    import zlib

    tree = f"<</Type/Pages/Kids[4 0 R]/Count {pages}>>".encode()
    catalog = b"<</Type/Catalog/Pages 3 0 R>>"
    index = f"2 0 3 {len(catalog)} ".encode()
    body = zlib.compress(index + catalog + tree)
    out = b"%PDF-1.5\n"
    at_objects = len(out)
    out += b"1 0 obj\n<</Type/ObjStm/N 2/First %d/Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream\nendobj\n" % (
        len(index), len(body), body,
    )  # fmt: skip
    at_table = len(out)
    rows = [(0, 0, 65535), (1, at_objects, 0), (2, 1, 0), (2, 1, 1)]
    plain = [struct.pack(">BHH", *row) for row in rows]
    before, predicted = bytes(5), b""
    for row in plain:
        predicted += b"\x02" + bytes((a - b) & 255 for a, b in zip(row, before, strict=True))
        before = row
    table = zlib.compress(predicted)
    out += (
        b"5 0 obj\n<</Type/XRef/Size 4/W[1 2 2]/Root 2 0 R/Filter/FlateDecode"
        b"/DecodeParms<</Predictor 12/Columns 5>>/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (len(table), table)
    )
    return out + b"startxref\n%d\n%%%%EOF\n" % at_table


def test_pages_inside_packed_objects_are_counted(tmp_path: Path) -> None:
    assert pages_of(tmp_path, packed_pdf(128)) == 128


def test_pages_of_a_damaged_pdf_are_not_guessed(tmp_path: Path) -> None:
    whole = files.pdf(4)
    assert pages_of(tmp_path, whole[: len(whole) // 2]) is None
    assert pages_of(tmp_path, b"%PDF-1.4\nstartxref\n9\n%%EOF\n") is None


def test_slides_are_counted(tmp_path: Path) -> None:
    assert pages_of(tmp_path, files.pptx(12)) == 12
    assert pages_of(tmp_path, files.docx()) is None
