"""What every suite shares: both databases, real ones."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import make_engine, metadata
from tests.servers import nats as nats_server
from tests.servers import postgres as pg

# How long one example takes tells how busy the machine is, and nothing of the program.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def postgres() -> Iterator[pg.Postgres]:
    if pg.binaries() is None:
        pytest.skip("PostgreSQL is not installed: as root, `make system` installs it")
    cluster = pg.Postgres()
    yield cluster
    cluster.remove()


@pytest.fixture(scope="module")
def nats() -> Iterator[nats_server.Nats]:
    if nats_server.binary() is None:
        pytest.skip("nats-server is not installed: as root, `make system` installs it")
    running = nats_server.Nats()
    yield running
    running.remove()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind; every test that asks for it runs on both."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"
    cluster: pg.Postgres = request.getfixturevalue("postgres")
    return cluster.database()


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """A database with every table. The migrations are proven equal to this by a test of their own."""
    engine = make_engine(database_url)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield engine
    await engine.dispose()
