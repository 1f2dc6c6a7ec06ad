"""The values that are printed. Texts may come from anywhere: whatever they hold is printed as plain text."""

from typing import Literal

from msgspec import Struct

Lang = Literal["vi", "en"]


class PrintingError(ValueError):
    """A value that cannot be printed. The message names the field and its limit, in English."""


class PosterConference(Struct, frozen=True):
    """What all pages share. `host` is the address as people type it, without scheme: `nhipcau.example:8080`.

    `when` is ready to read, `07:30 · 15/03/2023`; `help_desk` is a telephone number; both may be empty.
    """

    title: str
    when: str
    host: str
    lang: Lang = "vi"
    help_desk: str = ""


class PosterPoint(Struct, frozen=True):
    """A room and its document code. `url` is what the QR holds; upper case makes the QR smaller."""

    name: str
    group: str
    address: str
    code: str
    url: str


class CardPoint(Struct, frozen=True):
    """A room and the secret link of its operator. `note` is a word of the organizers to this room."""

    name: str
    group: str
    url: str
    address: str = ""
    note: str = ""
