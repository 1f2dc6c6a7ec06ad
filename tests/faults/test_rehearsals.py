"""The three faults that a change breaks first, with few people for a short time; `make faults` rehearses them all."""

import pytest

from faults import cuts, kills, walls
from faults.scene import NOTHING
from faults.stage import people

from .conftest import Ground

pytestmark = pytest.mark.asyncio(loop_scope="module")


def broken(figures: dict[str, float]) -> dict[str, float]:
    """What no fault may leave behind; and a rehearsal in which nobody was answered shows nothing."""
    assert figures["acknowledged"] > 0
    return {name: figures[name] for name in (*NOTHING, "lines_lost") if figures[name]}


async def test_a_server_that_is_killed_takes_nothing_with_it(running: Ground) -> None:
    async with people(*running, rooms=12) as at:
        await kills.kill(at, at.cluster.servers[1])
        assert broken(await at.draw()) == {}


async def test_a_server_that_is_cut_off_from_the_bus_shows_what_the_others_wrote(running: Ground) -> None:
    async with people(*running, rooms=12) as at:
        await cuts.cut(at, [at.wires[0].bus], 2.0)
        figures = await at.draw()
    assert broken(figures) == {}
    assert figures["wall_stale_longest_s"] < 5


async def test_walls_that_are_slow_stalled_or_mad_trouble_nobody_else(running: Ground) -> None:
    async with people(*running, rooms=12) as at:
        figures = await walls.trouble(at, 3.0)
    assert broken(figures) == {}
    assert figures["sent_away"] == walls.EACH, "who talks nonsense is sent away for good"
    assert figures["answer_longest_s"] < 5
