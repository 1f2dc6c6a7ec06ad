"""Which reader a file needs, by its content: a name says what somebody called it, not what it is."""

from collections.abc import Sequence

from . import delimited, workbook
from .errors import TableError
from .model import MAX_FILE_BYTES, Column, Table

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and every .xlsx behind a password
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<head", b"<meta")


def parse(data: bytes, columns: Sequence[Column]) -> Table:
    """Reads `data` in this process. Files from outside go through `reader.read_table`, its fence."""
    if len(data) > MAX_FILE_BYTES:
        raise TableError("file_too_large", limit_mb=MAX_FILE_BYTES // (1024 * 1024))
    start = data[:1024].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    if not start and not data.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise TableError("file_empty")
    if data.startswith(_ZIP):
        return workbook.parse(data, columns)
    if data.startswith(_COMPOUND):
        raise TableError("sheet_protected" if _LOCKED in data else "file_type_old")
    if data.startswith(_OTHERS) or start.lower().startswith(_MARKUP):
        raise TableError("file_type_unknown")
    return delimited.parse(data, columns)
