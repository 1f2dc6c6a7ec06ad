"""The server's key in a backup: links and codes that were printed live and die with it."""

import hashlib
import hmac
import os
from pathlib import Path

from server.config import Config
from server.documents.storage import sync_folder

_PURPOSE = b"nhipcau backup: which key"


def key_file(config: Config) -> Path:
    return Path(config.data_dir) / "secret.key"


def current(config: Config) -> bytes | None:
    """The key this configuration leads to; None when none was made yet."""
    if config.secret_key:
        return config.secret_key.encode()
    file = key_file(config)
    return file.read_bytes().strip() if file.exists() else None


def fingerprint(key: bytes | None) -> str:
    """Tells keys apart and gives nothing of them away; empty for none."""
    return hmac.digest(key, _PURPOSE, hashlib.sha256).hex()[:16] if key else ""


def keep(config: Config, key: bytes) -> Path:
    """Writes the key where there is none yet, readable by its owner alone, on the disk when it returns. OSError."""
    file = key_file(config)
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(key)
        opened.flush()
        os.fsync(opened.fileno())
    sync_folder(file.parent)
    return file
