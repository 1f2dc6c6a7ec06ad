"""Secrets that are shown once: 256 random bits behind a prefix that says what they open.

Only the SHA-256 is stored and looked up. With so many random bits that is as good as a slow hash, and
what the time of a look-up tells about the digest of a guess tells nothing about the secret.
"""

import hashlib
import re
import secrets
from typing import NamedTuple

SESSION, TOKEN, KIOSK, SETUP = "nc_ses_", "nc_pat_", "nc_kio_", "nc_set_"
_BYTES = 32
_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)  # 32 bytes in base64url


class Key(NamedTuple):
    """`secret` goes to its owner and nowhere else, `digest` into the database."""

    secret: str
    digest: bytes


def new(prefix: str) -> Key:
    secret = prefix + secrets.token_urlsafe(_BYTES)
    return Key(secret, _sha256(secret))


def new_id() -> str:
    """A public name for what has a secret: 16 hexadecimal digits."""
    return secrets.token_hex(8)


def digest(secret: str, prefix: str) -> bytes | None:
    """What is stored of a secret; None when it cannot be one of ours."""
    if not secret.startswith(prefix) or not _SHAPE.fullmatch(secret, len(prefix)):
        return None
    return _sha256(secret)


def _sha256(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
