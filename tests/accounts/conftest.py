from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import make_engine, metadata
from server.http import limits

from .house import House


@pytest.fixture
def database_file(tmp_path: Path) -> Path:
    return tmp_path / "accounts.sqlite"


@pytest.fixture
async def small_engine(database_file: Path) -> AsyncIterator[AsyncEngine]:
    """SQLite alone: the routes stand on the stores, which are tried on both databases."""
    engine = make_engine(f"sqlite+aiosqlite:///{database_file}")
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield engine
    await engine.dispose()


@pytest.fixture
async def house(small_engine: AsyncEngine) -> AsyncIterator[House]:
    async with House(small_engine) as house:
        yield house


@pytest.fixture
def no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits do not refill, however slow the machine is."""
    monkeypatch.setattr(limits, "time", SimpleNamespace(monotonic=lambda: 0.0))
