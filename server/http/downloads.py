"""Answers that the browser keeps as a file."""

import re
import unicodedata
from urllib.parse import quote

from aiohttp import web

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_NAME = 120  # characters; file systems allow 255 bytes, an accented letter takes up to three


def attachment(body: bytes, media_type: str, name: str) -> web.Response:
    """`name` may hold anything; browsers get it with its accents, old ones without."""
    return web.Response(body=body, headers={"Content-Type": media_type, "Content-Disposition": disposition(name)})


def disposition(name: str, how: str = "attachment") -> str:
    """The header that names a file (RFC 6266). `how`: `attachment`, or `inline` for what browsers show themselves."""
    safe = safe_name(name)
    plain = unicodedata.normalize("NFD", safe.replace("đ", "d").replace("Đ", "D"))
    ascii_only = re.sub(r"[^ -~]|[\"\\%]", "", plain)
    return f"{how}; filename=\"{ascii_only}\"; filename*=UTF-8''{quote(safe, safe='')}"


def safe_name(name: str) -> str:
    """Without what a file system refuses or reads as a path; the ending stays."""
    clean = re.sub(r"\s+", " ", re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*]', " ", name)).strip(" .")
    stem, dot, ending = clean.rpartition(".")
    return f"{stem[:MAX_NAME].strip()}{dot}{ending[:8]}" if dot else clean[:MAX_NAME]
