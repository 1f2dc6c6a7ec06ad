"""Encoding and decoding of the socket's messages: one decoder, one encoder for the process."""

import msgspec

from server.http.validation import Reader
from server.protocol.messages import ClientMessage

encode = msgspec.json.Encoder().encode
_reader = Reader(ClientMessage)


def decode(raw: bytes | str) -> ClientMessage:
    """Raises `msgspec.ValidationError` (which field is wrong) or `msgspec.DecodeError` (no JSON)."""
    message: ClientMessage = _reader.json(raw)
    return message
