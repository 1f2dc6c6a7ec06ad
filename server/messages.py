"""Texts of error codes, Vietnamese first. Every capability brings its own; `app.py` joins them.

A catalog maps a code to (Vietnamese, English), both `str.format` templates over the error's parameters.
"""

from collections.abc import Mapping
from string import Formatter

from msgspec import Struct

Texts = Mapping[str, tuple[str, str]]
LANGUAGES = ("vi", "en")


class Term(Struct, frozen=True):
    """A parameter that is itself a text: it is told in the language of the message around it."""

    code: str
    params: dict[str, object] = {}


class Catalog:
    def __init__(self, *parts: Texts) -> None:
        self.texts: dict[str, tuple[str, str]] = {}
        for part in parts:
            if twice := self.texts.keys() & part.keys():
                raise ValueError(f"texts given twice: {sorted(twice)}")
            self.texts.update(part)

    def text(self, code: str, lang: str, params: Mapping[str, object]) -> str:
        """The message in `lang`; the code itself when nobody wrote one. Never raises."""
        pair = self.texts.get(code)
        if pair is None:
            return code
        template = pair[1] if lang == "en" else pair[0]
        names = [name for _, name, _, _ in Formatter().parse(template) if name]
        return template.format(**{name: self._told(params.get(name, "…"), lang) for name in names})

    def _told(self, param: object, lang: str) -> object:
        """Several terms are a choice: "a number or nothing"."""
        if isinstance(param, Term):
            return self.text(param.code, lang, param.params)
        if isinstance(param, tuple):
            return self.text("or", lang, {}).join(str(self._told(p, lang)) for p in param)
        return param


def language(header: str | None, cookie: str | None = None) -> str:
    """`vi` unless the reader asked for English first."""
    if cookie in LANGUAGES:
        return cookie
    for part in (header or "").split(","):
        tag = part.split(";")[0].strip().lower()[:2]
        if tag in LANGUAGES:
            return tag
    return "vi"
