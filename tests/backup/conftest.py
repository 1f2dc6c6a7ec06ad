"""A filled database of each kind, and its backup."""

from pathlib import Path

import pytest

from server.config import Config

from .house import config_of, fill


@pytest.fixture
async def filled(tmp_path: Path, database_url: str) -> Config:
    config = config_of(tmp_path / "data", database_url)
    await fill(config)
    return config
