"""Who spreads his guesses over the servers gets no more of them than at one."""

import itertools
from collections.abc import Iterator

import aiohttp
import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from server.accounts.session_routes import LOGIN_BURST
from server.attendance.gate import WRONG_BURST as CODES
from server.db import make_engine
from server.http.tries import Tries
from server.operators.routes import WRONG_BURST as LINKS
from server.tasks import Tasks
from tests.servers.whole import Whole

Pair = tuple[Whole, Whole]
CAME_BACK = 3  # tries that come back while a test guesses


def in_turn(pair: Pair) -> Iterator[str]:
    return itertools.cycle([pair[0].base, pair[1].base])


async def guesses(pair: Pair, path: str, right: int, most: float, body: object = None) -> int:
    """How many were taken before the first was refused, at one server after the other."""
    async with aiohttp.ClientSession() as guesser:
        for n, base in enumerate(in_turn(pair)):
            method = "POST" if body else "GET"
            async with guesser.request(method, base + path, json=body) as answer:
                if answer.status == 429:
                    assert int(answer.headers["Retry-After"]) >= 1
                    return n
                assert answer.status == right
            assert n < 2 * most, "somebody guesses without end"
    raise AssertionError


async def test_of_a_password(pair: Pair) -> None:
    body = {"login": "van.binh", "password": "mot hai ba bon nam"}
    tried = await guesses(pair, "/api/session", 401, LOGIN_BURST, body)
    assert LOGIN_BURST <= tried <= LOGIN_BURST + CAME_BACK


async def test_of_an_operator_s_link(pair: Pair) -> None:
    tried = await guesses(pair, "/api/enrol", 404, LINKS, {"link": "0" * 26, "label": ""})
    assert LINKS <= tried <= LINKS + CAME_BACK


async def test_of_a_document_code(pair: Pair) -> None:
    tried = await guesses(pair, "/D/00000000000", 404, CODES)
    assert CODES <= tried <= CODES + CAME_BACK


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_all_at_once_get_exactly_the_burst(engine: AsyncEngine, database_url: str) -> None:
    other = make_engine(database_url)
    servers = [Tries(e).limit("login", 0.001, 20) for e in (engine, other)]
    tasks = Tasks()
    waits = [await t for t in [tasks.start("guess", s.take("ha")) for s in servers for _ in range(20)]]
    assert sum(not wait for wait in waits) == 20
    assert 0 < min(w for w in waits if w) <= 1_000.0
    assert await servers[0].take("another") == 0.0
    assert await Tries(other).limit("link", 0.001, 20).take("ha") == 0.0, "limits do not mix"
    await other.dispose()


async def test_tries_come_back_and_are_forgotten(engine: AsyncEngine) -> None:
    tries = Tries(engine)
    limit = tries.limit("login", 50, 2)
    waits = [await limit.take("ha") for _ in range(4)]
    assert waits[0] == 0.0
    while await limit.take("ha"):
        pass
    await tries.purge()
    while await _rows(engine):
        await tries.purge()


async def test_without_the_database_each_server_counts_for_itself(unused_tcp_port: int) -> None:
    away = make_engine(f"postgresql+asyncpg://nobody@127.0.0.1:{unused_tcp_port}/none")
    with pytest.raises((SQLAlchemyError, OSError)):
        await _rows(away)
    limit = Tries(away).limit("login", 0.001, 3)
    assert [bool(await limit.take("ha")) for _ in range(4)] == [False, False, False, True]
    await away.dispose()


async def _rows(engine: AsyncEngine) -> int:
    async with engine.connect() as db:
        return int(await db.scalar(text("SELECT count(*) FROM tries")) or 0)
