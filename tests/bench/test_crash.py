"""What the crash bench would notice: it is only worth its zeros if it can count to one."""

from collections import Counter
from pathlib import Path

import pytest

from bench.crash import compare
from bench.ground import Ground
from bench.mirror import Mirror, different
from bench.process import ServerProcess
from bench.reporters import Report
from server.tasks import Tasks
from tests.servers.whole import Whole, whole
from tests.waiting import until

SENT = {(1, 0), (1, 1), (2, 0)}


@pytest.mark.parametrize(
    ("acknowledged", "recorded", "noticed"),
    [
        (SENT, Counter(SENT), {}),
        (SENT, Counter([(1, 0), (1, 1)]), {"lost": 1}),
        (SENT, Counter([*SENT, (2, 0)]), {"doubled": 1}),
        (SENT, Counter([*SENT, (2, 1)]), {"unasked": 1}),
        (SENT - {(2, 0)}, Counter(SENT), {"unanswered": 1}),
    ],
)
def test_every_kind_of_broken_promise_is_counted(
    acknowledged: set[Report], recorded: Counter[Report], noticed: dict[str, int]
) -> None:
    found = compare(SENT, acknowledged, recorded)

    assert {k: v for k, v in found.items() if v and k not in ("sent", "acknowledged")} == noticed


def ground_of(house: Whole, token: str) -> Ground:
    server = ServerProcess()
    server.base = house.base
    server.remove()  # it is never started: the server runs in this process
    return Ground(house.conference, watcher=token, server=server)


async def test_a_wall_that_followed_shows_what_one_shows_that_comes_now(tmp_path: Path) -> None:
    async with whole(tmp_path) as house:
        ground, keeping = ground_of(house, await house.kiosk()), Tasks()
        old, fresh = Mirror(ground), Mirror(ground)
        keeping.start("old", old.line.run())
        await until(lambda: old.rows, "the first picture")
        await house.command("check_in", point=1)
        await house.command("close_points", points=[4])
        await until(lambda: 4 not in old.rows, "the frame that takes a room away")
        keeping.start("fresh", fresh.line.run())
        await until(lambda: fresh.rows, "the second picture")

        assert await different(fresh, [old], 5) == 0

        del old.rows[1]
        assert await different(fresh, [old], 0) == 1
        await keeping.stop()
