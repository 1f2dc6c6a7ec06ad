"""When the last backup was made, for the doctor."""

from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from server.config import Config


class LastBackup(Struct, frozen=True):
    """`at` in milliseconds."""

    at: int
    file: str


def _place(config: Config) -> Path:
    return Path(config.data_dir) / "last-backup.json"


def note(config: Config, at: int, file: str) -> None:
    """A backup is none the worse for a note that cannot be written."""
    with suppress(OSError):
        _place(config).write_bytes(msgspec.json.encode(LastBackup(at, file)))


def last(config: Config) -> LastBackup | None:
    try:
        return msgspec.json.decode(_place(config).read_bytes(), type=LastBackup)
    except (OSError, msgspec.DecodeError):
        return None
