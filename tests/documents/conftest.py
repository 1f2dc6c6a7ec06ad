from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import make_engine, metadata

from .site import Site


@pytest.fixture
async def small_engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """SQLite alone: the routes stand on the journal, which is tried on both databases."""
    engine = make_engine(f"sqlite+aiosqlite:///{tmp_path / 'documents.sqlite'}")
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield engine
    await engine.dispose()


@pytest.fixture
async def site(small_engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[Site]:
    async with Site(small_engine, tmp_path / "documents") as site:
        yield site
