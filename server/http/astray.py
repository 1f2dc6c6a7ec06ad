"""The page for people who came to an address where nothing is. Programs get the one error shape."""

from functools import cache

from aiohttp import web

from .problems import Problem

TEXTS = {
    "vi": {
        "title": "Không có trang này",
        "why": "Địa chỉ có thể bị gõ thiếu hoặc sai. Đường dẫn và mã QR chỉ mở được khi còn đủ từng chữ.",
        "room": "Trực điểm cầu: quét lại mã QR trên phiếu của phòng.",
        "home": "Về trang đầu",
        "documents": "Nhập mã tài liệu",
    },
    "en": {
        "title": "There is no such page",
        "why": "The address may be incomplete or mistyped: links and QR codes open only when every letter is there.",
        "room": "In a room: scan the QR code on the room's sheet again.",
        "home": "To the first page",
        "documents": "Enter a document code",
    },
}
# Everything it needs: no font, no file. Colours as on the other pages, by day and by night.
_PAGE = """<!doctype html>
<html lang="{lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title} · Nhịp Cầu</title>
<style>
:root{{color-scheme:light dark;--ground:#f4f6f7;--ink:#14212c;--dim:#42525f;--act:#0f5b85;--on:#fff}}
@media(prefers-color-scheme:dark){{:root{{--ground:#0a1016;--ink:#edf2f6;--dim:#b4c1cd;--act:#8ccbf2;--on:#06202f}}}}
body{{margin:0;font:17px/1.5 "Be Vietnam Pro",system-ui,sans-serif;color:var(--ink);background:var(--ground)}}
main{{max-width:32rem;margin:0 auto;padding:15vh 1.25rem 2rem}}
h1{{margin:0 0 .75rem;font-size:1.6rem;line-height:1.3}}p{{margin:0 0 .75rem;color:var(--dim)}}
nav{{display:flex;flex-wrap:wrap;gap:.75rem;margin-top:1.5rem}}
a{{padding:.7rem 1.2rem;border:1px solid var(--act);border-radius:8px;color:var(--act);text-decoration:none}}
a:first-child{{color:var(--on);background:var(--act)}}
</style>
<main><h1>{title}</h1><p>{why}</p><p>{room}</p>
<nav><a href="/">{home}</a><a href="/D">{documents}</a></nav></main></html>
"""


@cache
def _page(lang: str) -> bytes:
    return _PAGE.format(lang=lang, **TEXTS[lang]).encode()


def astray(request: web.BaseRequest, problem: Problem) -> bool:
    """Whether somebody's browser looked for a page where there is nothing. What the API answers is always JSON."""
    looks = request.method in ("GET", "HEAD") and "text/html" in request.headers.get("Accept", "")
    return looks and problem.code == "not_found" and not request.path.startswith("/api/")


def way_home(lang: str) -> web.Response:
    return web.Response(body=_page(lang), content_type="text/html", charset="utf-8", status=404)
