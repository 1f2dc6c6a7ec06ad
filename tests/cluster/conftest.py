"""Two servers over one PostgreSQL and one folder, and no bus between them: what is right, is right by the database."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from server.config import LiveConfig
from tests.servers import postgres as pg
from tests.servers.whole import Whole, whole

KEY = "một khoá dùng chung cho mọi máy chủ"


@pytest.fixture
def settings(postgres: pg.Postgres) -> dict[str, Any]:
    """What two servers have in common, beside their folder."""
    live = LiveConfig(interval_ms=20, grace_ms=1_000, pace_ms=0, beat_ms=60_000)
    return {"database": postgres.database(), "secret_key": KEY, "live": live}


@pytest.fixture
async def pair(tmp_path: Path, settings: dict[str, Any]) -> AsyncIterator[tuple[Whole, Whole]]:
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(whole(tmp_path, **settings))
        two = await stack.enter_async_context(whole(tmp_path, again=one, **settings))
        for house in (one, two):
            assert await house.server.conferences.get(house.conference)
        yield one, two
