"""Of several databases the servers follow one: the leader on the highest timeline that was ever seen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from server.backup.source import moment
from server.backup.targets import target_of
from server.config import Config
from server.db import leader_of, make_engine
from server.demo.cluster.postgres import Postgres, binaries
from server.doctor import examine
from server.journal import Journal
from server.leader import NoLeader

DATABASE = "postgres"


@pytest.fixture
def pair() -> Iterator[tuple[Postgres, Postgres]]:
    """A leader, and the replica that follows it; each is thrown away."""
    if binaries() is None:
        pytest.skip("PostgreSQL is not installed: as root, `make system` installs it")
    old = Postgres()
    new = old.replica()
    try:
        old.start()
        new.start()
        yield old, new
    finally:
        new.remove()
        old.remove()


async def test_the_leader_is_found_whatever_the_order_and_whoever_hangs(
    pair: tuple[Postgres, Postgres], tmp_path: Path
) -> None:
    """Given the replica named first, then the first one named hung and its replica promoted, each time the one that
    may be written to is found."""
    old, new = pair
    replica_first = leader_of(new.url(DATABASE, old))
    link = await replica_first.connect()
    assert await link.fetchval("SHOW port") == str(old.port)
    link.terminate()

    old.pause()
    new.promote()
    link = await leader_of(old.url(DATABASE, new)).connect()
    assert await link.fetchval("SHOW port") == str(new.port)
    link.terminate()


async def test_an_old_leader_that_comes_back_is_nobodys(pair: tuple[Postgres, Postgres], tmp_path: Path) -> None:
    """Given a pool with connections to the leader, when its replica is promoted while it lives, then the connections
    end, the pool goes to the new one, and no process that remembers follows the old one again."""
    old, new = pair
    memory = tmp_path / "timeline"
    leader = leader_of(old.url(DATABASE, new), memory)
    engine = make_engine(old.url(DATABASE, new), leader)
    try:
        async with engine.connect() as db:
            assert str(await db.scalar(text("SHOW port"))) == str(old.port)
        new.promote()
        await leader.look()
        async with engine.connect() as db:
            assert str(await db.scalar(text("SHOW port"))) == str(new.port)
    finally:
        await engine.dispose()

    new.stop()
    for who in (leader, leader_of(old.url(DATABASE, new), memory), leader_of(old.url(DATABASE), memory)):
        with pytest.raises(NoLeader, match="another one took"):
            await who.connect()
    await no_tool_takes_it_for_the_database(Config(data_dir=str(tmp_path), database=old.url(DATABASE)))
    memory.write_text("")  # a disk that lost what was written last
    link = await leader_of(old.url(DATABASE), memory).connect()
    link.terminate()


async def no_tool_takes_it_for_the_database(config: Config) -> None:
    """And none writes to the servers' folder."""
    remembered = config.timeline().stat()
    with pytest.raises(NoLeader, match="another one took"):
        async with moment(config):  # backup and verify
            pass
    with pytest.raises(NoLeader, match="another one took"):
        await target_of(config).look()  # restore
    said = {f.check: f for f in await examine(config, Path(config.data_dir))}["database"]
    assert (said.verdict, "another one took" in said.detail) == ("missing", True)
    assert config.timeline().stat() == remembered


async def test_a_promoted_replica_is_another_history(pair: tuple[Postgres, Postgres]) -> None:
    """What was shown and never acknowledged may be missing there, so nobody may go on from its number."""
    old, new = pair
    epochs = []
    old.wait_for_replicas()
    old.sql("CREATE TABLE journals (id text, epoch text, seq bigint)")
    old.sql("INSERT INTO journals VALUES ('c', 'first', 0)")
    for database in (old, new):
        if database is new:
            new.promote()
        engine = make_engine(database.url(DATABASE))
        head = await Journal(engine).head("c")
        await engine.dispose()
        assert head is not None
        epochs.append(head.epoch)
    assert epochs == ["first.00000001", "first.00000002"]


async def test_nobody_is_there(unused_tcp_port: int) -> None:
    with pytest.raises(NoLeader):
        await leader_of(f"postgresql+asyncpg://nhipcau@127.0.0.1:{unused_tcp_port}/x").connect()
