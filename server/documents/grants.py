"""The right to fetch one file for a while, in its address. Nothing is stored."""

import base64
import hashlib
import hmac
import re

SLOT_MS = 30 * 60 * 1000  # everybody in the same half hour gets the same address, so caches can share
LIFE_SLOTS = 2  # a grant lives 30 to 60 minutes: what is withdrawn is gone within the hour
_PROOF = 12  # bytes; 2^96 guesses
_GRANT = re.compile(r"([0-9a-f]{1,12})\.[A-Za-z0-9_-]+")


class Grants:
    """`key`: secret bytes for this purpose alone, the same on every server."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def give(self, hash: str, name: str, now: int) -> str:
        """For the file `hash`, to be handed out under `name`."""
        return self._grant(hash, name, now // SLOT_MS)

    def left(self, grant: str, hash: str, name: str, now: int) -> int:
        """Milliseconds that the grant still holds; 0 when it has ended, negative when it never was one."""
        given = _GRANT.fullmatch(grant)
        slot = int(given[1], 16) if given else -1
        if slot < 0 or not hmac.compare_digest(self._grant(hash, name, slot), grant):
            return -1
        return max(0, (slot + LIFE_SLOTS) * SLOT_MS - now)

    def _grant(self, hash: str, name: str, slot: int) -> str:
        facts = f"{hash}\n{slot}\n{name}".encode()
        proof = hmac.digest(self._key, facts, hashlib.sha256)[:_PROOF]
        return f"{slot:x}.{base64.urlsafe_b64encode(proof).decode()}"
