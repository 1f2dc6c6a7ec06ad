"""The server is killed again and again under load: nothing acknowledged may be lost, nothing may happen twice."""

import asyncio
import random
from collections import Counter

from server.client.http import Api
from server.client.line import Line
from server.tasks import Tasks

from . import ground as grounds
from .mirror import Mirror, different
from .reporters import SETTLE_SECONDS, Report, Reporters
from .result import Limit, Result, percentile

KILLS, KILLS_SHORT = 50, 6
ROOMS, WALLS = 80, 5
AHEAD = 3  # reports of one room under way at once: an outbox has an order only when it holds several
EVERY = 0.3  # seconds between two reports of each of these: 10 a second and room, below the server's bound
LONGEST = 1.5  # seconds from then to the next kill, at most
PAGE = 1_000  # events a page of the journal


async def run(short: bool) -> list[Result]:
    kills = KILLS_SHORT if short else KILLS
    ground = await grounds.make(ROOMS)
    grounds.pin_load()
    rooms, keeping = _rooms(ground), Tasks()
    walls = [Mirror(ground) for _ in range(WALLS)]
    try:
        for wall in walls:
            keeping.start("wall", wall.line.run())
        rooms.start()
        restarts = await _kill_often(ground, rooms, kills)
        await rooms.finish()
        figures = {
            "kills": len(restarts),
            **compare(rooms.sent, rooms.acknowledged, await _journal(ground)),
            "refused": rooms.refused,
            "walls_different": await _walls_different(ground, walls, keeping),
            "walls_resumed": sum(wall.resumed for wall in walls),
            "restart_to_ready_ms_p50": percentile(restarts, 0.5) * 1e3,
            "restart_to_ready_ms_max": max(restarts) * 1e3,
        }
        return [Result("crash", {"rooms": ROOMS, "walls": WALLS}, figures, _limits(kills))]
    finally:
        await rooms.close()
        await keeping.stop()
        await ground.server.stop()
        ground.server.remove()


def _limits(kills: int) -> dict[str, Limit]:
    nothing = ("lost", "doubled", "unasked", "unanswered", "refused", "walls_different")
    # A run in which little was acknowledged, or no wall came back to where it was, would have shown nothing.
    return {name: Limit(most=0) for name in nothing} | {
        "acknowledged": Limit(least=kills * ROOMS),
        "walls_resumed": Limit(least=kills),
    }


def _rooms(ground: grounds.Ground) -> Reporters:
    lines = [Line(ground.socket, ground.conference, device) for device in ground.devices]
    return Reporters(lines, ground.points, AHEAD, EVERY)


async def _kill_often(ground: grounds.Ground, rooms: Reporters, kills: int) -> list[float]:
    """Seconds from each start to ready. The kill may fall into the rush of those who come back."""
    restarts: list[float] = []
    for _ in range(kills):
        await rooms.back()
        await asyncio.sleep(random.uniform(0, LONGEST))
        await ground.server.kill()
        await ground.server.start()
        restarts.append(await ground.server.ready())
    return restarts


def compare(sent: set[Report], acknowledged: set[Report], recorded: Counter[Report]) -> dict[str, float]:
    """What the rooms were told against how often each report stands in the journal."""
    return {
        "sent": len(sent),
        "acknowledged": len(acknowledged),
        "lost": len(acknowledged - recorded.keys()),
        "doubled": sum(times > 1 for times in recorded.values()),
        "unasked": len(recorded.keys() - sent),
        "unanswered": len(sent - acknowledged),
    }


async def _journal(ground: grounds.Ground) -> Counter[Report]:
    """How often each report stands in the audit trail."""
    found: Counter[Report] = Counter()
    path = f"/api/conferences/{ground.conference}/journal?type=headcount_reported&limit={PAGE}"
    async with Api(ground.server.base) as api:
        await ground.server.sign_in(api)
        before: int | None = None
        while True:
            page = await api.call("GET", path + (f"&before={before}" if before else ""), dict)
            bodies = [entry["event"]["body"] for entry in page["entries"]]
            found.update((body["point"], body["in_room"]) for body in bodies)
            before = page["next_before"]
            if before is None:
                return found


async def _walls_different(ground: grounds.Ground, walls: list[Mirror], keeping: Tasks) -> int:
    """Walls that do not show what a wall shows that comes now."""
    fresh = Mirror(ground)
    keeping.start("fresh wall", fresh.line.run())
    return await different(fresh, walls, SETTLE_SECONDS)
