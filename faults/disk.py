"""One server over SQLite whose disk is full or takes no writes, whose database somebody else holds, or is damaged.

Two people tap once meanwhile: they see that it waits, and later that it was recorded, and touch nothing in between.
"""

import asyncio
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http import HTTPStatus
from pathlib import Path

import aiohttp

from bench.process import ServerProcess
from bench.result import Limit, Result

from .alone import DATABASE, NO_LINE, WAITS, Alone, alone
from .scene import result

DISK_MB = 24  # for the database, its log, and reports of some minutes
PIECES = (1 << 20, 4_096, 1)  # bytes; a disk is full when not even the last one has a place
SECONDS, SECONDS_SHORT = 60.0, 15.0  # of one fault: beyond the patience of a server, and of a person

# Its bytes, which may still decode to a state that never was; what kind of bytes they are; the event it stands for.
DAMAGES = (
    "UPDATE snapshots SET state = CAST(substr(state, 1, 90) || x'00' || substr(state, 92) AS BLOB)",
    "UPDATE snapshots SET state = CAST(state AS TEXT)",
    "UPDATE snapshots SET state = 'text'",
    "UPDATE snapshots SET seq = seq + 100000",
)


async def full(short: bool) -> Result:
    """Something else fills the disk; then it is taken away."""
    async with alone(_small_disk) as at:
        ballast = at.server.folder / "ballast"
        await asyncio.to_thread(_fill, ballast)
        told = await at.tap(WAITS)
        await asyncio.sleep(_seconds(short))
        ready = await _ready(at)
        await asyncio.to_thread(ballast.unlink)
        figures = {"page_told_s": told, "page_recorded_s": await at.recorded(), "ready_meanwhile": ready}
        return result(
            "disk-full", {}, {**await _end(at), **figures}, _limits(short) | {"ready_meanwhile": Limit(most=0)}
        )


async def read_only(short: bool) -> Result:
    """The kernel finds the disk faulty and allows no more writes; a server that is started on it says so and ends.
    Then the disk is put right, and the server is started as its supervisor does."""
    async with alone(_faulty_disk) as at:
        await asyncio.to_thread(_mount, "-o", "remount,abort", str(at.server.folder))
        told = await at.tap(WAITS)
        await asyncio.sleep(_seconds(short))
        await at.server.kill()
        figures = {"page_told_s": told, "started_meanwhile": float(await _starts(at.server))}
        await asyncio.to_thread(_put_right, at.server.folder)
        await at.server.start()
        figures["page_recorded_s"] = await at.recorded()
        limits = _limits(short) | {"started_meanwhile": Limit(most=0)}
        return result("disk-read-only", {}, {**await _end(at), **figures}, limits)


async def locked(short: bool) -> Result:
    """Another program holds the database for longer than anybody waits for it."""
    async with alone() as at:
        with closing(sqlite3.connect(at.server.folder / DATABASE, isolation_level=None, timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            told = await at.tap(WAITS)
            await asyncio.sleep(_seconds(short))
            other.execute("ROLLBACK")
        figures = {"page_told_s": told, "page_recorded_s": await at.recorded()}
        return result("database-locked", {}, {**await _end(at), **figures}, _limits(short))


async def damaged(short: bool) -> Result:
    """Bytes of the snapshot change while the server is away; it is not believed, and replaced at the next stop."""
    async with alone() as at:
        told, snapshots = 0.0, 0
        for damage in DAMAGES:
            await at.rooms.back()
            await at.server.stop()
            changed = await asyncio.to_thread(_damage, at.server.folder / DATABASE, damage)
            if not told:
                told = await at.tap(NO_LINE)
            await at.server.start()
            snapshots += changed
        figures = {"page_told_s": told, "page_recorded_s": await at.recorded(), "snapshots_damaged": snapshots}
        limits = _limits(short) | {"snapshots_damaged": Limit(least=len(DAMAGES))}
        return result("snapshot-damaged", {"ways": len(DAMAGES)}, {**await _end(at), **figures}, limits)


async def _end(at: Alone) -> dict[str, float]:
    await at.rooms.back(1.0)
    return await at.draw()


async def _ready(at: Alone) -> float:
    async with aiohttp.ClientSession() as session, session.get(f"{at.server.base}/readyz") as answer:
        return float(answer.status == HTTPStatus.OK)


async def _starts(server: ServerProcess) -> bool:
    """Whether it begins to serve. If not, it must have said in one line what stands in the way."""
    try:
        await server.start()
    except RuntimeError as error:
        last = str(error).splitlines()[-1]
        if not last.startswith("nhipcau: "):
            raise
        return False
    return True


# --- disks


@contextmanager
def _small_disk(folder: Path) -> Iterator[None]:
    _mount("-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(folder))
    yield
    subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def _faulty_disk(folder: Path) -> Iterator[None]:
    """A file system of its own, which can be told that its disk fails."""
    image = _image(folder)
    with image.open("wb") as file:
        file.truncate(DISK_MB << 20)
    subprocess.run(["mkfs.ext4", "-q", str(image)], check=True)
    _mount("-o", "loop", str(image), str(folder))
    yield
    subprocess.run(["umount", str(folder)], check=True)
    image.unlink()


def _image(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.disk")


def _put_right(folder: Path) -> None:
    subprocess.run(["umount", str(folder)], check=True)
    subprocess.run(["fsck.ext4", "-p", str(_image(folder))], check=False, stdout=subprocess.DEVNULL)
    _mount("-o", "loop", str(_image(folder)), str(folder))


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def _fill(ballast: Path) -> None:
    """Until nothing more goes in, not even a byte."""
    with ballast.open("wb", buffering=0) as file:
        for piece in PIECES:
            with suppress(OSError):
                while True:
                    file.write(b"x" * piece)


def _damage(database: Path, statement: str) -> int:
    """How many snapshots there were."""
    with closing(sqlite3.connect(database)) as db:
        changed = db.execute(statement).rowcount
        db.commit()
        return changed


def _seconds(short: bool) -> float:
    return SECONDS_SHORT if short else SECONDS


def _limits(short: bool) -> dict[str, Limit]:
    """A page must tell what it is before its reader looks away; and what waited is in soon after the fault."""
    return {
        "answer_longest_s": Limit(most=_seconds(short) + 60),
        "page_told_s": Limit(most=20),
        "page_recorded_s": Limit(most=20),
        "lines_lost": Limit(most=0),
    }
