"""One server a data folder: two over one SQLite file would each show half of the truth."""

import fcntl
from pathlib import Path
from typing import IO


class InUse(Exception):
    """Another server holds the folder."""


def hold(folder: Path) -> IO[str]:
    """Holds the folder until the file is closed or the process ends, however it ends. Raises `InUse`."""
    file = (folder / "server.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as e:
        file.close()
        raise InUse(str(folder)) from e
    return file
