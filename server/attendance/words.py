"""Dates, sizes, numbers and kinds of files as people read them."""

import re
from datetime import datetime
from pathlib import PurePosixPath

from server.conference.days import moment_here

from .texts import TEXTS

MB, KILO = 1_000_000, 1_000  # as phones show sizes

_MONTHS = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
]  # fmt: skip
_PHONE = re.compile(r"\+?\(?\d[\d .()/-]{1,18}\d")

_DOC, _SHEET, _SLIDES, _PICTURE, _VIDEO, _SOUND = "doc", "sheet", "slides", "picture", "video", "sound"
_ICONS = {
    "xlsx": _SHEET, "xls": _SHEET, "ods": _SHEET, "csv": _SHEET,
    "pptx": _SLIDES, "ppt": _SLIDES, "odp": _SLIDES,
    "png": _PICTURE, "jpg": _PICTURE, "jpeg": _PICTURE, "webp": _PICTURE,
    "mp4": _VIDEO, "mp3": _SOUND,
}  # fmt: skip
_BY_KIND = {"image": _PICTURE, "video": _VIDEO, "audio": _SOUND}


def plural(lang: str, key: str, n: int, **more: str) -> str:
    one, many = TEXTS[lang][key][:2]
    return str(one if n == 1 else many).format(n=n, **more)


def day_and_time(lang: str, ms: int) -> str:
    """`Thứ Năm, 18/05/2023 · 08:00`."""
    at = moment_here(ms)
    name = TEXTS[lang]["days"][at.weekday()]
    return f"{name}, {_day(lang, at, True)} · {at:%H:%M}"


def hour(lang: str, ms: int, now: int) -> str:
    """`09:30`, with the day when it is not today's, and with the year when it is not this one's."""
    at, today = moment_here(ms), moment_here(now)
    time = f"{at:%H:%M}"
    if at.date() == today.date():
        return time
    return str(TEXTS[lang]["later_day"]).format(time=time, day=_day(lang, at, at.year != today.year))


def version(lang: str, number: int, ms: int) -> str:
    """`Bản ngày 18/05/2023`; who may hold an earlier one is told number and hour too."""
    at = moment_here(ms)
    text = TEXTS[lang]["version" if number == 1 else "version_again"]
    day = f"{at.day}\u00a0{_MONTHS[at.month - 1][:3]}\u00a0{at.year}" if lang == "en" else f"{at:%d/%m/%Y}"
    return str(text).format(n=number, time=f"{at:%H:%M}", day=day)


def _day(lang: str, at: datetime, with_year: bool) -> str:
    if lang == "en":
        return f"{at.day} {_MONTHS[at.month - 1]}" + f" {at.year}" * with_year
    return f"{at:%d/%m/%Y}" if with_year else f"{at:%d/%m}"


def stamp(ms: int) -> str:
    """`09:30, 18/05`, in both languages."""
    return f"{moment_here(ms):%H:%M, %d/%m}"


def size(lang: str, number: int) -> str:
    """`1,2 MB`, `45 kB`: what a person with little data left wants to know first."""
    if number < MB // 10:
        return f"{max(1, round(number / KILO))} kB"
    text = f"{number / MB:.1f} MB"
    return text if lang == "en" else text.replace(".", ",")


def kind_word(kind: str, name: str) -> str:
    """`PDF`: the ending people know, or what the content was found to be."""
    ending = PurePosixPath(name).suffix[1:]
    return (ending if 1 < len(ending) < 6 and ending.isalnum() else kind.rpartition("/")[2][:5]).upper()


def kind_icon(kind: str, name: str) -> str:
    ending = PurePosixPath(name).suffix[1:].lower()
    return _ICONS.get(ending) or _BY_KIND.get(kind.partition("/")[0], _DOC)


def dialled(phone: str) -> str | None:
    """The first number of what the organizers wrote, as a telephone takes it."""
    found = _PHONE.search(phone)
    return re.sub(r"[^+\d]", "", found[0].partition("/")[0]) if found else None


def grouped(code: str) -> str:
    """`7K3M-9Q2W-ABC`: what can be read aloud."""
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"
