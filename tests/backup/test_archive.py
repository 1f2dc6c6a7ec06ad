"""The format: what goes in comes out, no byte can change unnoticed, and nothing half written is ever seen."""

import asyncio
import fcntl
import hashlib
import os
import tarfile
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.backup import archive
from server.backup.archive import (
    BLOCK,
    FORMAT,
    KEY,
    TRAILER_SIZE,
    Archive,
    Manifest,
    Rows,
    TableFacts,
    Unreadable,
    clear,
    emerging,
)
from server.backup.reading import Backup, BadBackup, opened

Table = list[list[Any]]
ROWS: Table = [["a", 1, b"\x00\xff", None], ["Hội nghị", -(2**63), b"", True], ["", 2**63 - 1, b"x" * 600, 0.5]]
DOCUMENTS = [b"one", b"", b"z" * 5_000, b"y" * BLOCK]
_CELLS = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.binary() | st.text() | st.floats(allow_nan=False)
)


async def chunks(data: bytes, size: int = 1_000) -> AsyncIterator[bytes]:
    for at in range(0, len(data), size):
        yield data[at : at + size]


def write(path: Path, tables: dict[str, Table], documents: list[bytes], key: bytes | None = None) -> str:
    """A backup of these, as `make` puts it together; gives the checksum of the whole."""
    with emerging(path) as file:
        into = Archive(file)
        facts = []
        for name, table in tables.items():
            rows = Rows(into, name)
            for row in table:
                rows.add(row)
            rows.close()
            facts.append(TableFacts(name, [f"c{n}" for n in range(len(table[0]))] if table else [], rows.rows))
        for content in dict.fromkeys(documents):
            hash = hashlib.sha256(content).hexdigest()
            assert asyncio.run(into.add_document(hash, len(content), chunks(content)))
        if key:
            into.add(KEY, key)
        manifest = Manifest(FORMAT, 5, "0", "sqlite", "0001", facts, {}, len(documents), [], "", into.parts)
        return into.finish(manifest)


def damage_of(path: Path) -> list[str]:
    """What a reader says of the file; nothing: it is whole."""
    try:
        with opened(path) as held:
            return held.check(lambda n: None)
    except BadBackup as error:
        return [str(error)]


def content_of(held: Backup) -> tuple[dict[str, Table], list[bytes]]:
    tables = {t.name: [row for part in held.rows(t.name) for row in part] for t in held.manifest.tables}
    return tables, [b"".join(held.document(hash)) for hash, _ in held.documents()]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    tables=st.dictionaries(st.from_regex(r"[a-z_]{1,20}", fullmatch=True), st.lists(st.lists(_CELLS, max_size=4))),
    documents=st.lists(st.binary(max_size=2_000), unique=True),
    key=st.none() | st.binary(min_size=32, max_size=64),
    lot=st.integers(1, 5),
)
def test_what_goes_in_comes_out(
    tmp_path: Path, tables: dict[str, Table], documents: list[bytes], key: bytes | None, lot: int
) -> None:
    path = tmp_path / "any.tar"
    path.unlink(missing_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archive, "ROWS_COUNT", lot)  # so that tables come in several parts
        write(path, tables, documents, key)

    with opened(path) as held:
        assert held.check(lambda n: None) == []
        assert content_of(held) == (tables, documents)
        assert held.key() == key


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(archive, "ROWS_COUNT", 2)
    path = tmp_path / "small.tar"
    write(path, {"units": ROWS, "journals": [["x"]]}, DOCUMENTS, b"k" * 32)
    assert damage_of(path) == []
    return path


def test_every_single_flipped_bit_is_found(small: Path) -> None:
    whole = small.read_bytes()
    unnoticed = []
    for at in range(len(whole)):
        small.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << at % 8)]) + whole[at + 1 :])
        if not damage_of(small):
            unnoticed.append(at)
    assert unnoticed == []


@pytest.mark.parametrize("lost", [1, BLOCK, TRAILER_SIZE, TRAILER_SIZE + 1, 8_000])
def test_what_is_cut_short_is_found(small: Path, lost: int) -> None:
    whole = small.read_bytes()
    small.write_bytes(whole[:-lost])
    assert damage_of(small)
    small.write_bytes(whole[lost:])
    assert damage_of(small)


@pytest.mark.parametrize("content", [b"", b"x", bytes(20_000), b"PK\x03\x04" * 1_000])
def test_what_is_no_backup_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other").write_bytes(content)
    assert "does not end as a backup does" in damage_of(tmp_path / "other")[0]


def test_something_added_is_found(small: Path) -> None:
    small.write_bytes(small.read_bytes() + bytes(BLOCK))
    assert damage_of(small)


def test_parts_that_changed_places_are_found_by_name(small: Path) -> None:
    whole = bytearray(small.read_bytes())
    names = ["tables/units/000001", f"files/{hashlib.sha256(DOCUMENTS[0]).hexdigest()}"]
    with tarfile.open(small) as tar:
        a, b = (slice(at, at + 2 * BLOCK) for at in (tar.getmember(name).offset for name in names))
    whole[a], whole[b] = whole[b], whole[a]
    small.write_bytes(whole)
    assert [line.split(":")[0] for line in damage_of(small)] == names


def test_a_newer_format_is_said_to_be_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "FORMAT", 2)
    write(tmp_path / "new.tar", {}, [])
    assert "newer program (format 2" in damage_of(tmp_path / "new.tar")[0]


def test_any_tar_program_can_look_inside(small: Path) -> None:
    with tarfile.open(small) as tar:
        names = tar.getnames()
        manifest = tar.extractfile("manifest.json")
        assert manifest is not None
        assert msgspec.json.decode(manifest.read())["format"] == FORMAT
    assert names[:3] == ["tables/units/000001", "tables/units/000002", "tables/journals/000001"]
    assert names[-3:] == [KEY, "manifest.json", "sha256"]
    assert small.stat().st_mode & 0o777 == 0o600


async def test_a_document_that_is_not_what_it_says_leaves_no_trace(tmp_path: Path) -> None:
    async def breaks() -> AsyncIterator[bytes]:
        yield b"on"
        raise Unreadable

    with emerging(tmp_path / "a.tar") as file:
        into = Archive(file)
        hash = hashlib.sha256(b"one").hexdigest()
        assert not await into.add_document(hash, 3, chunks(b"two"))
        assert not await into.add_document(hash, 3, chunks(b"on"))
        assert not await into.add_document(hash, 4, chunks(b"one"))
        assert not await into.add_document(hash, 3, breaks())
        assert await into.add_document(hash, 3, chunks(b"one"))
        into.finish(Manifest(FORMAT, 0, "", "", "", [], {}, 1, [], "", into.parts))

    assert damage_of(tmp_path / "a.tar") == []
    with opened(tmp_path / "a.tar") as held:
        assert content_of(held) == ({}, [b"one"])


def test_memory_does_not_grow_with_the_table(tmp_path: Path) -> None:
    tracemalloc.start()
    with emerging(tmp_path / "big.tar") as file:
        rows = Rows(Archive(file), "events")
        for n in range(400):
            rows.add([n, os.urandom(250_000)])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (tmp_path / "big.tar").stat().st_size > 90_000_000
    assert peak < 6 * archive.ROWS_BYTES


# --- the file appears whole or not at all


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with emerging(tmp_path / "a.tar") as file:
            file.write(b"half")
            assert [p.name for p in tmp_path.iterdir()] == ["a.tar.part"]
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(b"precious")
    with pytest.raises(FileExistsError), emerging(tmp_path / "a.tar"):
        pass
    assert (tmp_path / "a.tar").read_bytes() == b"precious"


def test_what_a_crash_left_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.tar.part").write_bytes(b"left by a crash, and longer")
    with emerging(tmp_path / "a.tar") as file:
        file.write(b"new")
    assert (tmp_path / "a.tar").read_bytes() == b"new"
    assert len(list(tmp_path.iterdir())) == 1


def test_two_do_not_write_the_same_file(tmp_path: Path) -> None:
    with emerging(tmp_path / "a.tar") as file:
        file.write(b"first")
        with pytest.raises(BlockingIOError), emerging(tmp_path / "a.tar"):
            pass
    assert (tmp_path / "a.tar").read_bytes() == b"first"


def test_only_what_nobody_writes_any_more_is_cleared(tmp_path: Path) -> None:
    for name in ("nhipcau-1.tar.part", "nhipcau-2.tar.part", "nhipcau-3.tar", "other.tar.part"):
        (tmp_path / name).write_bytes(b"x")
    with (tmp_path / "nhipcau-2.tar.part").open("rb") as busy:
        fcntl.flock(busy, fcntl.LOCK_EX)
        clear(tmp_path, "nhipcau-*.tar")
    left = sorted(p.name for p in tmp_path.iterdir())
    assert left == ["nhipcau-2.tar.part", "nhipcau-3.tar", "other.tar.part"]
