"""Links and device tokens that prove themselves.

They are computed from the server's key, never stored: a link is conference, point and generation with
a keyed hash. The generation lives in the journal; counting it up ends every earlier link. Whoever
steals the database without the key opens no room.
"""

import base64
import hashlib
import hmac

from msgspec import Struct

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U to mistake
_LIKE = str.maketrans("OIL", "011")
DEVICE_PREFIX = "nc_dev_"
LINK_LENGTH = 26  # characters; 16 bytes, of which 7 are proof: 2^56 guesses over a rate-limited line
_LINK_PROOF, _DEVICE_PROOF = 7, 16


class LinkFacts(Struct, frozen=True):
    conference: str
    point: int
    generation: int


class DeviceFacts(Struct, frozen=True):
    conference: str
    point: int
    device: int


def base32(raw: bytes) -> str:
    """Crockford base32 without padding, upper case."""
    n, length = int.from_bytes(raw, "big"), -(-len(raw) * 8 // 5)
    return "".join(ALPHABET[(n >> (5 * i)) & 31] for i in reversed(range(length)))


def unbase32(text: str, size: int) -> bytes | None:
    """Forgiving about case and look-alikes; None when it cannot be `size` bytes."""
    n = 0
    for c in text.upper().translate(_LIKE):
        digit = ALPHABET.find(c)
        if digit < 0:
            return None
        n = n << 5 | digit
    return n.to_bytes(size, "big") if n < 1 << (8 * size) else None


class Secrets:
    """Makes and reads links and device tokens. `key`: at least 32 secret bytes, the same on every server."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def key_for(self, purpose: str) -> bytes:
        """A key of its own for another purpose, so that no proof can be used for two things."""
        return hmac.digest(self._key, purpose.encode(), hashlib.sha256)

    def mark(self) -> str:
        """Tells keys apart and nothing else about them."""
        return self.key_for("mark").hex()[:32]

    def link(self, conference: str, point: int, generation: int) -> str:
        """26 characters, upper case: fits the small alphanumeric mode of a QR code."""
        facts = _conference(conference) + point.to_bytes(3, "big") + (generation % 256).to_bytes(1, "big")
        return base32(facts + self._proof("link", facts, _LINK_PROOF))

    def read_link(self, link: str) -> LinkFacts | None:
        """None for anything that this server did not make."""
        raw = unbase32(link, 16) if len(link) == LINK_LENGTH else None
        if raw is None or not self._proven("link", raw, _LINK_PROOF):
            return None
        return LinkFacts(base32(raw[:5]).lower(), int.from_bytes(raw[5:8], "big"), raw[8])

    def device(self, conference: str, point: int, device: int) -> str:
        facts = _conference(conference) + point.to_bytes(3, "big") + device.to_bytes(3, "big")
        token = base64.urlsafe_b64encode(facts + self._proof("device", facts, _DEVICE_PROOF))
        return DEVICE_PREFIX + token.decode().rstrip("=")

    def read_device(self, token: str) -> DeviceFacts | None:
        try:
            raw = base64.urlsafe_b64decode(token.removeprefix(DEVICE_PREFIX) + "==")
        except ValueError:
            return None
        if len(raw) != 11 + _DEVICE_PROOF or not self._proven("device", raw, _DEVICE_PROOF):
            return None
        point, device = int.from_bytes(raw[5:8], "big"), int.from_bytes(raw[8:11], "big")
        return DeviceFacts(base32(raw[:5]).lower(), point, device)

    def _proof(self, purpose: str, facts: bytes, size: int) -> bytes:
        return hmac.digest(self.key_for(purpose), facts, hashlib.sha256)[:size]

    def _proven(self, purpose: str, raw: bytes, size: int) -> bool:
        return hmac.compare_digest(self._proof(purpose, raw[:-size], size), raw[-size:])


def conference_id(raw: bytes) -> str:
    """The id of a conference from 5 random bytes: 8 characters."""
    return base32(raw).lower()


def _conference(id: str) -> bytes:
    raw = unbase32(id, 5)
    if raw is None:
        raise ValueError(f"{id!r} is no conference id")
    return raw
