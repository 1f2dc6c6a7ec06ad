"""The server's key: given in the configuration, or made once and kept beside the data."""

import os
import secrets
from pathlib import Path


def load_key(configured: str, data_dir: Path) -> bytes:
    """At least 32 bytes. A new key ends every link and QR of older printouts, so it is made only once."""
    if configured:
        return configured.encode()
    path = data_dir / "secret.key"
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes().strip()
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_hex(32).encode())
        file.flush()
        os.fsync(file.fileno())
    return path.read_bytes().strip()
