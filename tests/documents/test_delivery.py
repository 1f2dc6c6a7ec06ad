"""Files on their way to phones: cacheable, in parts, named with accents, and never a page of this site."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from aiohttp import ClientPayloadError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from server.documents.grants import SLOT_MS
from server.documents.kinds import KINDS
from server.documents.objects import Objects, s3
from server.documents.storage import Blob, Chunk, Folder, StorageAway

from . import files
from .s3 import FakeS3
from .site import Site, ok, refused

PDF = files.pdf(3)
NAME = "Nghị quyết số 18, “đổi mới” & 100%.pdf"


async def uploaded(site: Site, content: bytes = PDF, name: str = NAME) -> str:
    """Its address, as who scanned a code would be sent there."""
    made = await ok(await site.upload(content, name), 201)
    return site.documents.address(made["hash"], made["name"])


async def test_a_file_comes_whole_and_may_be_kept(site: Site) -> None:
    answer = await site.get(await uploaded(site), who="nobody")
    assert answer.status == 200
    assert await answer.read() == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["ETag"] == f'"{hashlib.sha256(PDF).hexdigest()}"'
    assert answer.headers["Accept-Ranges"] == "bytes"
    how, age, immutable = answer.headers["Cache-Control"].split(", ")
    assert (how, immutable) == ("public", "immutable")
    assert SLOT_MS // 1000 <= int(age.removeprefix("max-age=")) <= 2 * SLOT_MS // 1000


async def test_its_name_arrives_with_accents(site: Site) -> None:
    answer = await site.get(await uploaded(site))
    how, plain, full = answer.headers["Content-Disposition"].split("; ")
    assert how == "inline"
    assert plain.isascii()
    assert unquote(full.removeprefix("filename*=UTF-8''")) == NAME


@pytest.mark.parametrize(
    ("content", "name", "kind", "how"),
    [
        (PDF, "a.pdf", "application/pdf", "inline"),
        (files.PNG, "a.png", "image/png", "inline"),
        (
            files.docx(),
            "a.docx",
            KINDS["docx"].media,
            "attachment",
        ),
        (files.TEXT, "a.txt", "text/plain; charset=utf-8", "attachment"),
        (files.MP4, "a.mp4", "video/mp4", "attachment"),
    ],
)
async def test_nothing_runs_as_a_page_of_ours(site: Site, content: bytes, name: str, kind: str, how: str) -> None:
    headers = (await site.get(await uploaded(site, content, name))).headers
    assert headers["Content-Type"] == kind
    assert headers["Content-Disposition"].startswith(how)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert policy.startswith("sandbox;") or kind == "application/pdf"


async def test_head_tells_the_same_without_the_file(site: Site) -> None:
    address = await uploaded(site)
    whole, head = await site.get(address), await site.browser.head(address)
    assert head.status == 200
    assert await head.read() == b""
    for name in ("Content-Length", "ETag", "Content-Type", "Cache-Control", "Accept-Ranges", "Content-Disposition"):
        assert head.headers[name] == whole.headers[name]


async def test_who_has_it_already_is_told_so(site: Site) -> None:
    address = await uploaded(site)
    etag = (await site.get(address)).headers["ETag"]
    same = await site.get(address, If_None_Match=f'"other", W/{etag}')
    assert (same.status, await same.read(), same.headers["ETag"]) == (304, b"", etag)
    assert same.headers["Cache-Control"].startswith("public")
    assert (await site.get(address, If_None_Match='"other"')).status == 200


@pytest.fixture
async def long_site(small_engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[tuple[Site, str, bytes]]:
    content = b"".join(b"%07d\n" % n for n in range(25_000))
    async with Site(small_engine, tmp_path / "documents") as site:
        yield site, await uploaded(site, content, "dài.txt"), content


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.integers(0, 210_000), length=st.integers(1, 140_000), form=st.sampled_from(["both", "open", "last"]))
async def test_ranges_are_slices(long_site: tuple[Site, str, bytes], first: int, length: int, form: str) -> None:
    site, address, content = long_site
    size = len(content)
    header = {"both": f"{first}-{first + length - 1}", "open": f"{first}-", "last": f"-{length}"}[form]
    piece = {"both": content[first : first + length], "open": content[first:], "last": content[-length:]}[form]
    answer = await site.get(address, Range=f"bytes={header}")
    if not piece:
        assert await refused(answer) == (416, "range_unsatisfiable", None)
        assert answer.headers["Content-Range"] == f"bytes */{size}"
        return
    assert answer.status == 206
    assert await answer.read() == piece
    begin = size - len(piece) if form == "last" else first
    assert answer.headers["Content-Range"] == f"bytes {begin}-{begin + len(piece) - 1}/{size}"
    assert answer.headers["Content-Length"] == str(len(piece))


async def test_a_download_goes_on_only_with_the_same_file(long_site: tuple[Site, str, bytes]) -> None:
    site, address, content = long_site
    etag = (await site.get(address)).headers["ETag"]
    assert (await site.get(address, Range="bytes=5-9", If_Range=etag)).status == 206
    other = await site.get(address, Range="bytes=5-9", If_Range='"other"')
    assert (other.status, await other.read()) == (200, content)
    several = await site.get(address, Range="bytes=0-1,5-6")
    assert (several.status, await several.read()) == (200, content)


async def test_an_address_ends_within_the_hour(site: Site) -> None:
    address = await uploaded(site)
    site.clock.now += 2 * SLOT_MS
    assert await refused(await site.get(address)) == (410, "grant_expired", None)
    page = await site.get(address, Accept="text/html,*/*", Accept_Language="en")
    assert (page.status, await page.text()) == (410, "<p>en: hết hạn")
    assert "immutable" not in page.headers["Cache-Control"]


async def test_an_address_cannot_be_made_up(site: Site) -> None:
    made = await ok(await site.upload(PDF, NAME), 201)
    address = site.documents.address(made["hash"], made["name"])
    _, _, hash, grant, name = address.split("/")
    other = "0" * 64
    for wrong in (f"/F/{other}/{grant}/{name}", f"/F/{hash}/{grant}/evil.pdf", f"/F/{hash}/{grant[:-2]}xx/{name}"):
        assert await refused(await site.get(wrong)) == (404, "grant_expired", None)
    for odd in (f"/F/..%2f..%2fetc/{grant}/{name}", f"/F/{hash}/{grant}/%2e%2e", "/F/x/y/z"):
        assert (await site.get(odd)).status == 404


async def test_a_lost_file_is_missing_and_not_empty(site: Site) -> None:
    address = await uploaded(site)
    (place,) = site.left_behind()
    place.unlink()
    assert await refused(await site.get(address)) == (404, "file_missing", None)


class Failing(Folder):
    """A store that is away, or goes away in the middle."""

    away = cut = False

    async def find(self, hash: str) -> Blob | None:
        if self.away:
            raise StorageAway(hash)
        return await super().find(hash)

    async def read(self, hash: str, start: int, stop: int) -> AsyncIterator[Chunk]:
        async for chunk in super().read(hash, start, stop):
            yield chunk
            if self.cut:
                raise StorageAway(hash)


async def test_a_store_that_fails_never_gives_half_a_file_for_a_whole_one(
    small_engine: AsyncEngine, tmp_path: Path
) -> None:
    store = Failing(tmp_path / "documents")
    async with Site(small_engine, tmp_path / "documents", store) as site:
        address = await uploaded(site, files.TEXT.ljust(300_000, b"a"), "dài.txt")
        store.cut = True
        answer = await site.get(address)
        assert answer.status == 200
        with pytest.raises(ClientPayloadError):
            await answer.read()
        store.away = True
        assert await refused(await site.get(address)) == (503, "storage_away", None)


async def test_files_from_an_s3_store(small_engine: AsyncEngine, tmp_path: Path) -> None:
    wire = FakeS3()
    store = Objects(s3("s3://bucket", await wire.start(), "us-east-1", "key", "secret"))
    async with Site(small_engine, tmp_path / "documents", store) as site:
        address = await uploaded(site)
        assert site.left_behind() == []
        assert await (await site.get(address)).read() == PDF
        part = await site.get(address, Range="bytes=10-19")
        assert (part.status, await part.read()) == (206, PDF[10:20])
    await wire.stop()
