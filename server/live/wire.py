"""Encoding and decoding of the socket's messages: one decoder, one encoder for the process."""

import msgspec

from server.protocol.messages import ClientMessage

encode = msgspec.json.Encoder().encode
_decoder: msgspec.json.Decoder[ClientMessage] = msgspec.json.Decoder(ClientMessage)


def decode(raw: bytes | str) -> ClientMessage:
    """Raises `msgspec.ValidationError` (which field is wrong) or `msgspec.DecodeError` (no JSON)."""
    return _decoder.decode(raw)
