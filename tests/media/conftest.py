"""A whole server that has media, and bridges that report to it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.config import MediaConfig
from tests.servers.whole import Whole, whole

from .caller import KEY


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Whole]:
    async with whole(tmp_path, media=MediaConfig(KEY)) as house:
        yield house


@pytest.fixture
async def bare(tmp_path: Path) -> AsyncIterator[Whole]:
    """Where nothing of media is configured."""
    async with whole(tmp_path / "bare") as house:
        yield house


@pytest.fixture
async def either(tmp_path: Path, database_url: str) -> AsyncIterator[Whole]:
    """With each database."""
    async with whole(tmp_path, media=MediaConfig(KEY), database=database_url) as house:
        yield house
