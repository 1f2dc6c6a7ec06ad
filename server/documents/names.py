"""Names of uploaded files: kept as people wrote them, without what is no name."""

import re

from server.tables.text import one_line

from .kinds import Kind

MAX_NAME = 150  # characters; a title with its number and date fits, a pasted paragraph does not
_ENDING = re.compile(r"\.([A-Za-z][A-Za-z0-9]{1,4})$")  # `.docx`, but not the `.3` of "Nghị quyết số 12.3"


def clean(name: str) -> str:
    """Composed (NFC), one line, no folders, no hidden characters, at most `MAX_NAME` long. May be empty."""
    last = re.split(r"[/\\]", name)[-1]
    single = one_line(last).strip(" .")
    if len(single) <= MAX_NAME:
        return single
    ending = _ENDING.search(single)
    tail = ending[0] if ending else ""
    return single[: MAX_NAME - len(tail)].rstrip(" .") + tail


def ending_of(name: str) -> str | None:
    """`docx` of `Đề cương.DOCX`; None when there is nothing that looks like one."""
    found = _ENDING.search(name)
    return found[1].lower() if found else None


def stem(name: str) -> str:
    return _ENDING.sub("", name)


def with_ending(name: str, kind: Kind) -> str:
    """`name` for a file of this kind; the usual ending is added where there is none."""
    if ending_of(name):
        return name
    tail = f".{kind.endings[0]}"
    return f"{name[: MAX_NAME - len(tail)].rstrip(' .')}{tail}"
