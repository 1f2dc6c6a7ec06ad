"""What is open is asked about every few seconds: few questions, nothing closed by mistake, no watcher timed out."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy import event

from server.accounts import rules

from .house import House, heard, me


@pytest.fixture
def statements(house: House) -> Iterator[list[str]]:
    seen: list[str] = []

    def listen(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(house.engine.sync_engine, "before_cursor_execute", listen)
    yield seen
    event.remove(house.engine.sync_engine, "before_cursor_execute", listen)


async def is_open(wall: Any) -> bool:
    await wall.send_json({"t": "beat"})
    return bool((await heard(wall))["t"] == "pulse")


async def test_three_questions_for_all_that_is_open(house: House, statements: list[str]) -> None:
    organizer = await house.signed_in("ha", "organizer")
    walls = [await house.wall(organizer)]
    for _ in range(3):
        kiosk, token = (await house.kiosk(organizer))[1], await house.token(organizer)
        walls += [await house.wall(kiosk, kiosk.session.headers["Authorization"].split()[1]) for _ in range(2)]
        walls += [await house.wall(token, token.session.headers["Authorization"].split()[1]) for _ in range(2)]
    held = house.sockets.held()
    assert len(held) == 7
    statements.clear()

    await house.accounts.recheck(held)

    assert len(statements) == 3
    assert [await is_open(wall) for wall in walls] == [True] * len(walls)


async def test_whoever_looks_at_a_wall_for_a_day_is_there_all_the_time(house: House) -> None:
    browser = await house.signed_in("ha", "viewer")
    wall = await house.wall(browser)
    for _ in range(24):
        house.clock.now += rules.HOUR
        await house.accounts.recheck(house.sockets.held())
        await house.accounts.sweep()
    assert await is_open(wall)
    assert await me(browser), "nor is he signed out when the wall is closed"
    await wall.close()
    house.clock.now += rules.SESSION_IDLE
    assert await me(browser) is None


async def test_nothing_is_closed_while_the_database_does_not_answer(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(ids: Sequence[str]) -> Any:
        raise OSError("no route to the database")

    wall = await house.wall(await house.signed_in("ha", "viewer"))
    monkeypatch.setattr(house.accounts._sessions, "standing", away)
    await house.accounts.recheck(house.sockets.held())
    assert await is_open(wall)
