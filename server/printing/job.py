"""What is to be printed, as values that cross into the process that prints."""

import msgspec
from msgspec import Struct

from .model import CardPoint, PosterConference, PosterPoint


class Posters(Struct, frozen=True, tag=True):
    conference: PosterConference
    points: list[PosterPoint]


class ConferencePoster(Struct, frozen=True, tag=True):
    conference: PosterConference
    code: str
    url: str


class Cards(Struct, frozen=True, tag=True):
    conference: PosterConference
    points: list[CardPoint]


class Sheets(Struct, frozen=True, tag=True):
    conference: PosterConference
    points: list[CardPoint]


Job = Posters | ConferencePoster | Cards | Sheets
encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(Job).decode
