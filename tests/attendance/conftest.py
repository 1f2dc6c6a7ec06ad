from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.db import make_engine, metadata
from tests.attendance.place import Place


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    engine = make_engine(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    async with Place(engine) as place:
        yield place
    await engine.dispose()
