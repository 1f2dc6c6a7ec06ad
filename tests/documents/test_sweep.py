"""One server takes away what is left over at the moment when the same file comes again at another."""

import asyncio
import hashlib
import os
import time
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from server.documents.capability import ORPHAN_MS
from server.documents.storage import Folder, key_of
from server.tasks import Tasks

from . import files
from .site import PATH, Site, ok

PDF = files.pdf(2)
HASH = hashlib.sha256(PDF).hexdigest()
HELD_BACK = 0.5  # seconds that an upload is given to run into the sweep, if nothing held it back


class Slow(Folder):
    """A store over a slow line: between its look at a file and what follows anything may happen."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.place, self.looked, self.go = root / key_of(HASH), asyncio.Event(), asyncio.Event()

    async def _wait(self) -> None:
        self.looked.set()
        await self.go.wait()

    async def keep(self, hash: str, file: Path) -> None:
        await self._wait()
        await super().keep(hash, file)

    async def remove(self, hash: str, before: int) -> bool:
        blob = await self.find(hash)
        if blob is None or blob.modified_at >= before:
            return False
        await self._wait()
        self.place.unlink()
        return True


def left_over(folder: Path) -> Path:
    """The file as an upload left it that was broken off days ago."""
    place = folder / key_of(HASH)
    place.parent.mkdir(parents=True)
    place.write_bytes(PDF)
    days_ago = time.time() - 2 * ORPHAN_MS / 1000
    os.utime(place, (days_ago, days_ago))
    return place


def two(engine: AsyncEngine, folder: Path, slow: Slow, *, first: bool) -> tuple[Site, Site]:
    """Two servers over one store, which is slow for one of them."""
    sites = Site(engine, folder, slow if first else None), Site(engine, folder, None if first else slow)
    for site in sites:
        site.clock.now = int(time.time() * 1000)
    return sites


async def test_a_file_that_comes_while_it_is_taken_away_is_there_afterwards(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    slow, tasks = Slow(tmp_path), Tasks()
    place = left_over(tmp_path)
    here, there = two(engine, tmp_path, slow, first=False)
    async with here:
        sweep = tasks.start("sweep", there.documents.sweep())
        await slow.looked.wait()
        upload = tasks.start("upload", here.upload(PDF))
        done, _ = await asyncio.wait({upload}, timeout=HELD_BACK)
        assert not done, "it waits until the old file is gone"
        slow.go.set()
        made = await ok(await upload, 201)
        assert await sweep == 1
        assert place.read_bytes() == PDF
        assert (await here.get(f"{PATH}/{made['id']}/file")).status == 200


async def test_a_file_that_is_just_being_kept_is_not_taken_away(engine: AsyncEngine, tmp_path: Path) -> None:
    slow, tasks = Slow(tmp_path), Tasks()
    place = left_over(tmp_path)
    here, there = two(engine, tmp_path, slow, first=True)
    async with here:
        upload = tasks.start("upload", here.upload(PDF))
        await slow.looked.wait()
        assert await there.documents.sweep() == 0
        assert place.exists()
        slow.go.set()
        await ok(await upload, 201)
        assert await there.documents.sweep() == 0
        assert place.read_bytes() == PDF


async def test_any_number_of_servers_may_sweep_at_once(engine: AsyncEngine, tmp_path: Path) -> None:
    place = left_over(tmp_path)
    half = tmp_path / "incoming" / "half"
    half.parent.mkdir()
    half.write_bytes(b"half an upload")
    os.utime(half, (0, 0))
    sites = [Site(engine, tmp_path) for _ in range(4)]
    for site in sites:
        site.clock.now = int(time.time() * 1000)
    assert sum(await asyncio.gather(*(site.documents.sweep() for site in sites))) == 1
    assert not place.exists()
    assert not half.exists()
