"""Killed in the middle, or out of room: what was there stays, what was half done is no more, the next attempt works."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from server.backup.reading import opened
from server.config import Config
from server.db import make_engine
from server.protocol.commands import AddDocument
from tests.waiting import until

from .house import back_up, bring_back, conduct, config_of, everything, fill, keep, report_on

LARGE = bytes(range(256)) * 2**14 * 16  # 64 MB: long enough to be met in the middle
NHIPCAU = [sys.executable, "-m", "server.cli"]


def environment(config: Config) -> dict[str, str]:
    return {**os.environ, "NHIPCAU_DATA_DIR": config.data_dir, "NHIPCAU_DATABASE": config.database}


def limited(config: Config, size: int, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Runs a command that can write no file beyond `size` bytes."""
    command = ["prlimit", f"--fsize={size}", *NHIPCAU, *arguments]
    return subprocess.run(command, env=environment(config), capture_output=True, text=True, check=False)


async def add_large(config: Config) -> str:
    facts = await keep(config, LARGE)
    engine = make_engine(config.database_url())
    await conduct(engine, "hoinghi2", AddDocument("Phim dài", facts), lot=1)
    await engine.dispose()
    return facts.hash


def start(config: Config, *arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([*NHIPCAU, *arguments], env=environment(config), stderr=subprocess.DEVNULL)


async def killed(config: Config, folder: Path, pattern: str, least: int, *arguments: str) -> int:
    """Runs a command and kills it when a file of that name has come to that size, or it has ended; its status."""
    process = start(config, *arguments)

    def large_enough() -> bool:
        return process.poll() is not None or any(size_of(file) >= least for file in folder.rglob(pattern))

    try:
        await until(large_enough, f"{pattern} of {least} bytes", 30)
    finally:
        process.kill()
    return process.wait()


def size_of(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return -1


async def test_a_backup_that_is_killed_leaves_no_file_that_looks_like_one(filled: Config, tmp_path: Path) -> None:
    await add_large(filled)
    (tmp_path / "out").mkdir()

    status = await killed(filled, tmp_path / "out", "*.part", 2**20, "backup", str(tmp_path / "out"))

    assert status == -signal.SIGKILL
    assert [p.suffix for p in (tmp_path / "out").iterdir()] == [".part"]
    made = await back_up(filled, tmp_path / "out")
    assert [str(p) for p in (tmp_path / "out").iterdir()] == [made.file], "and what was left is cleared away"
    with opened(Path(made.file)) as held:
        assert held.check(lambda n: None) == []


@pytest.mark.parametrize("at", ["documents", "rows"])
async def test_a_restore_that_is_killed_happened_whole_or_not_at_all(filled: Config, tmp_path: Path, at: str) -> None:
    larger = config_of(tmp_path / "larger")
    await fill(larger)
    hash = await add_large(larger)
    await back_up(larger, tmp_path / "larger.tar")
    before, after = await everything(filled), await everything(larger, epochs=False)
    # Documents are spooled first; the rows are written when the large one has its name in the store.
    pattern = "tmp*" if at == "documents" else hash
    arguments = ["restore", str(tmp_path / "larger.tar"), "--replace", "--yes", "--keep-key"]

    status = await killed(filled, Path(filled.data_dir), pattern, 2**20 if at == "documents" else 1, *arguments)

    if at == "documents":
        assert status == -signal.SIGKILL
    if await everything(filled) != before:
        assert at == "rows", "nothing is in place before its documents are"
        assert await everything(filled, epochs=False) == after
    report = await report_on(filled)
    assert report.differences == []
    assert report.orphans <= 1, "what was copied is swept away like any upload that was not finished"
    await bring_back(filled, tmp_path / "larger.tar", keep_key=True)
    assert await everything(filled, epochs=False) == after


async def test_a_disk_that_is_full_ends_a_backup_in_one_line(filled: Config, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    # SQLite itself needs a file of 32 kB beside the database while it reads.
    limits = (100_000, 280_000) if not filled.database.startswith("postgresql") else (0, 2_000, 280_000)
    for limit in limits:
        ended = await asyncio.to_thread(limited, filled, limit, "backup", str(tmp_path / "out"))
        assert (ended.returncode, ended.stdout) == (1, "")
        before, said, after = ended.stderr.splitlines()
        assert (before[:7], "File too large" in said, after[:19]) == ("Store: ", True, "This was the store:")
        assert names(tmp_path / "out") == []


def names(folder: Path) -> list[str]:
    return [p.name for p in folder.iterdir()]


async def test_a_disk_that_is_full_during_a_restore_changes_nothing(tmp_path: Path) -> None:
    here, larger = config_of(tmp_path / "here"), config_of(tmp_path / "larger")
    for config in (here, larger):
        await fill(config)
    await add_large(larger)
    await back_up(larger, tmp_path / "larger.tar")
    before, papers = await everything(here), hashes(here)
    for limit in (30_000, 1_000_000):  # in the database, in the large document
        arguments = ["restore", str(tmp_path / "larger.tar"), "--replace", "--yes", "--keep-key"]
        ended = await asyncio.to_thread(limited, here, limit, *arguments)
        assert ended.returncode == 1
        assert sum(line.startswith("nhipcau: ") for line in ended.stderr.splitlines()) == 1
        assert await everything(here) == before
        assert hashes(here) == papers
        assert names(tmp_path / "here" / "incoming") == []
    assert (await report_on(here)).differences == []


def hashes(config: Config) -> set[str]:
    return {p.name for p in (Path(config.data_dir) / "documents").rglob("*") if p.is_file()}
