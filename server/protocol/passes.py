"""Passes for media: what the coordination service writes and a bridge reads, without asking back.

A pass is signed with the key that service and bridges share. It names one stream of one conference and one act; whoever
holds it may do that and no more, until its time is over.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import Literal

import msgspec
from msgspec import Struct

MAX_PASS = 1_024  # characters
_PURPOSE = b"nhipcau media pass 1\0"  # the same key signs nothing else in the same way

Act = Literal["publish", "watch"]


class Pass(Struct, frozen=True):
    """`stream` is a name inside the conference: "main", "spare", "programme" or "point/17". `who` is for the record.
    `generation` grows when publishing keys are renewed. `until`: seconds since 1970."""

    conference: str
    stream: str
    act: Act
    who: str
    until: int
    generation: int = 0


class BadPass(Exception):
    """`why`: "malformed", "foreign" (not signed with this key) or "expired"."""

    def __init__(self, why: Literal["malformed", "foreign", "expired"]) -> None:
        super().__init__(why)
        self.why = why


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Pass).decode


def write_pass(content: Pass, key: bytes) -> str:
    """A token of letters, digits, `-`, `_` and one dot."""
    body = urlsafe_b64encode(_encode(content))
    return f"{body.decode()}.{_signature(body, key)}".replace("=", "")


def read_pass(token: str, key: bytes, now: int) -> Pass:
    """What the token allows. `now`: seconds since 1970. Raises `BadPass`."""
    body, dot, signature = token.partition(".")
    if len(token) > MAX_PASS or not dot or not token.isascii():
        raise BadPass("malformed")
    padded = body.encode() + b"=" * (-len(body) % 4)
    if not hmac.compare_digest(signature, _signature(padded, key).replace("=", "")):
        raise BadPass("foreign")
    try:
        content = _decode(urlsafe_b64decode(padded))
    except (Error, msgspec.DecodeError) as error:
        raise BadPass("malformed") from error
    if content.until <= now:
        raise BadPass("expired")
    return content


def _signature(body: bytes, key: bytes) -> str:
    return urlsafe_b64encode(hmac.digest(key, _PURPOSE + body, "sha256")).decode()
