"""The server's key: given in the configuration, or made once and kept beside the data."""

import contextlib
import os
import secrets
from pathlib import Path


def load_key(configured: str, data_dir: Path) -> bytes:
    """At least 32 bytes. A new key ends every link and QR of older printouts, so it is made only once."""
    if configured:
        return configured.encode()
    path = data_dir / "secret.key"
    data_dir.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _make(path)
    return path.read_bytes().strip()


def _make(path: Path) -> None:
    """It appears whole: of servers that start together on one folder, all read what one of them wrote."""
    made = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_hex(32).encode())
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # another was first: its key counts
            os.link(made, path)
    finally:
        made.unlink(missing_ok=True)
