"""The folder where the workers of one bridge have their sockets. It goes with its bridge; what one leaves behind that
was killed goes when the next one starts."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

PREFIX = "nhipcau-bridge-"
LOCK = "lock"  # held by its bridge for as long as that lives, however it ends


@contextlib.contextmanager
def own_folder(within: Path | None = None) -> Iterator[Path]:
    """A new one, only for this user. `within`: the place of temporary files."""
    within = within or Path(tempfile.gettempdir())
    for left in within.glob(f"{PREFIX}*"):
        _remove_left(left)
    folder, lock = _made(within)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _made(within: Path) -> tuple[Path, int]:
    """And its lock. One that another bridge took for left behind before it was locked is made again."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=within))
        with contextlib.suppress(FileNotFoundError):
            lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
            if _locked(lock) and os.fstat(lock).st_nlink:
                return folder, lock
            os.close(lock)


def _remove_left(folder: Path) -> None:
    """If it is this user's and nobody holds it. One without a lock is none of ours, or is just being made."""
    with contextlib.suppress(OSError):
        if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
            return
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_NOFOLLOW)
        try:
            if _locked(lock):
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(lock)


def _locked(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
