"""Workbooks (.xlsx, .xlsm, .ods): refuses what is locked or swells, then reads the first sheet that fits."""

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from .errors import TableError
from .extract import Cell, Scan, extract, scan
from .model import Column, Table

MAX_UNPACKED = 256 * 1024 * 1024  # bytes of all parts; a hundred thousand rows of ten columns take about 60 MB
MAX_PARTS = 10_000  # files inside one workbook; a real one has tens
_CHUNK = 1024 * 1024
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


def parse(data: bytes, columns: Sequence[Column]) -> Table:
    """The rows of the first visible sheet that has all required headings."""
    _check_parts(data)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return _first_fitting(book, columns)
    except PasswordError as error:
        raise TableError("sheet_protected") from error
    except CalamineError as error:
        raise TableError("file_corrupt") from error


def _first_fitting(book: CalamineWorkbook, columns: Sequence[Column]) -> Table:
    best: Scan | None = None
    for meta in book.sheets_metadata:
        if meta.typ != SheetTypeEnum.WorkSheet or meta.visible != SheetVisibleEnum.Visible:
            continue
        scanned = scan(_rows(book, meta.name), columns)
        if scanned.found and not scanned.found.missing:
            return extract(scanned, columns, meta.name)
        if _known(scanned) > _known(best):
            best = scanned
    return extract(best or Scan(None, iter(())), columns)  # raises what the nearest sheet lacks


def _known(scanned: Scan | None) -> int:
    return len(scanned.found.places) if scanned and scanned.found else -1


def _rows(book: CalamineWorkbook, name: str) -> Iterator[list[Cell]]:
    for row in book.get_sheet_by_name(name).iter_rows():
        yield [c if isinstance(c, str) else _cell(c) for c in row]


def _cell(value: float | bool | date | time | timedelta) -> Cell:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date().isoformat()
    return str(value)


def _check_parts(data: bytes) -> None:
    """Unpacks every part once, counting: what the directory promises may be a lie."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(p.file_size for p in parts) > MAX_UNPACKED:
                raise _swollen()
            if any(p.flag_bits & 1 for p in parts):
                raise TableError("sheet_protected")
            _check_kind({p.filename.lower() for p in parts}, archive)
            _unpack(archive, parts)
    except _BROKEN as error:
        raise TableError("file_corrupt") from error


def _check_kind(names: set[str], archive: zipfile.ZipFile) -> None:
    if any(n.startswith("xl/workbook") and n.endswith(".xml") for n in names):
        return
    if not {"content.xml", "mimetype"} <= names or b"spreadsheet" not in archive.read("mimetype"):
        raise TableError("file_type_unknown")
    manifest = archive.read("META-INF/manifest.xml") if "meta-inf/manifest.xml" in names else b""
    if b"encryption-data" in manifest:
        raise TableError("sheet_protected")


def _unpack(archive: zipfile.ZipFile, parts: Sequence[zipfile.ZipInfo]) -> None:
    total = 0
    for part in parts:
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                total += len(chunk)
                if total > MAX_UNPACKED:
                    raise _swollen()


def _swollen() -> TableError:
    return TableError("zip_bomb", limit_mb=MAX_UNPACKED // (1024 * 1024))
