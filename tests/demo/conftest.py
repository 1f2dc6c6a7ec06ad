from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.tasks import Tasks
from tests.client.house import House, opened


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with opened(tmp_path) as house:
        yield house


@pytest.fixture
async def tasks() -> AsyncIterator[Tasks]:
    """Ended with the test."""
    tasks = Tasks()
    yield tasks
    await tasks.stop()
