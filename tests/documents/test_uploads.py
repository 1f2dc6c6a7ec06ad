"""Uploads that do not come as they should: cut, slow, many, on a full disk. Nothing is left of them."""

import asyncio
import errno
import os
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from server.documents import uploads
from server.documents.capability import ORPHAN_MS
from server.documents.storage import key_of
from server.documents.uploads import LEFT_SECONDS, LOT, MAX_UPLOADS, Pace
from server.protocol.commands import AddDocument
from tests.conference.given import T0
from tests.waiting import until

from . import files
from .site import PATH, Site, facts, ok, refused

PDF = files.pdf(2)


async def begin(site: Site, announced: int, sent: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """An upload that announced more than it sends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", site.server.port)
    headers = ["Host: x", "Test-As: admin", "X-File-Name: a.txt", f"Content-Length: {announced}"]
    writer.write("\r\n".join([f"POST {PATH} HTTP/1.1", *headers, "", ""]).encode() + sent)
    await writer.drain()
    return reader, writer


async def nothing_left(site: Site) -> None:
    await until(lambda: not site.left_behind(), "the upload to be gone")
    assert (await ok(await site.get(PATH)))["documents"] == []


async def test_an_upload_cut_in_the_middle_leaves_nothing(site: Site) -> None:
    _, writer = await begin(site, 10 * LOT, b"a" * 2 * LOT)
    await until(lambda: site.left_behind(), "the upload to begin")
    writer.close()
    await nothing_left(site)


@pytest.mark.parametrize("pace", [Pace(pause=0.05), Pace(grace=0, rate=2**40)], ids=["silent", "slow"])
async def test_a_slow_upload_is_ended(small_engine: AsyncEngine, tmp_path: Path, pace: Pace) -> None:
    async with Site(small_engine, tmp_path / "documents", pace=pace) as site:
        reader, writer = await begin(site, 1_000, b"a" * 10)
        head = await reader.readuntil(b"\r\n")
        assert b" 408 " in head
        writer.close()
        await nothing_left(site)


async def test_others_are_served_while_uploads_wait(site: Site) -> None:
    waiting = [await begin(site, 1_000, b"a") for _ in range(MAX_UPLOADS)]
    await until(lambda: len(site.left_behind()) == MAX_UPLOADS, "the uploads to begin")
    assert await refused(await site.upload(PDF)) == (503, "busy", None)
    waiting.pop()[1].close()
    await until(lambda: len(site.left_behind()) < MAX_UPLOADS, "one to be gone")
    assert (await site.upload(PDF)).status == 201
    for _, writer in waiting:
        writer.close()
    await until(lambda: len(site.left_behind()) == 1, "only the document to be left")


async def test_a_full_disk_is_told(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(uploads, "_take", full)
    assert await refused(await site.upload(PDF)) == (507, "storage_full", None)
    await nothing_left(site)


async def test_the_same_file_twice_is_kept_once(site: Site) -> None:
    for name in ("Một.pdf", "Hai.pdf"):
        await ok(await site.upload(PDF, name), 201)
    assert len(site.left_behind()) == 1


async def test_only_what_no_journal_names_is_swept(site: Site) -> None:
    first = await ok(await site.upload(PDF), 201)
    await ok(await site.upload(files.pdf(1), to=f"{PATH}/{first['id']}/versions"), 201)
    orphan = files.TEXT
    await ok(await site.upload(orphan, "a.txt"), 201)
    (place,) = [p for p in site.left_behind() if p.read_bytes() == orphan]
    stray = site.folder / key_of("0" * 64)
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"left by a crash between the file and its event")
    dead = site.folder / "incoming" / "dead"
    dead.write_bytes(b"half an upload")

    young = await site.documents.sweep()
    site.clock.now = int(place.stat().st_mtime * 1000) + ORPHAN_MS + 60_000
    old_time = place.stat().st_mtime - LEFT_SECONDS - 1
    os.utime(dead, (old_time, old_time))
    old = await site.documents.sweep()

    assert (young, old) == (0, 1)
    assert not stray.exists()
    assert not dead.exists()
    assert len(site.left_behind()) == 3


async def test_a_command_without_its_file_harms_nobody(site: Site) -> None:
    """A journal restored beside an older folder: the document is listed, its file is missing."""
    await site.do(AddDocument("Mất tệp", facts(), release_at=T0))
    assert len((await ok(await site.get(PATH)))["documents"]) == 1
    assert await refused(await site.get(f"{PATH}/1/file")) == (404, "file_missing", None)
