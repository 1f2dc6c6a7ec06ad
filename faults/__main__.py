"""`python -m faults NAME | all [--short]`: a JSON object a line. Exit status 1 when a limit is missed, 2 when it
could not be rehearsed."""

import argparse
import sys
import traceback
from collections.abc import Awaitable, Callable

import uvloop

from bench.result import Result

from . import apart, asleep, bridges, clocks, cuts, databases, disk, herd, kills, lines, walls

Rehearsal = Callable[[bool], Awaitable[Result]]
REHEARSALS: dict[str, Rehearsal] = {
    "servers": kills.servers,
    "postgres": kills.postgres,
    "nats": kills.nats,
    "haproxy": kills.haproxy,
    "anything": kills.anything,
    "rolling": kills.rolling,
    "database-hung": databases.hung,
    "database-restarted": databases.restarted,
    "failover": databases.failover,
    "hung-leader": databases.hung_leader,
    "two-leaders": databases.two_leaders,
    "cut-database": cuts.database,
    "cut-bus": cuts.bus,
    "cut-clients": cuts.clients,
    "cut-off": cuts.alone,
    "weak-lines": lines.weak,
    "packets": lines.packets,
    "dead-lines": lines.dead,
    "asleep": lines.asleep,
    "phone-asleep": asleep.phone,
    "herd": herd.herd,
    "clocks": clocks.clocks,
    "walls": walls.walls,
    "half-open": walls.half_open,
    "disk-full": disk.full,
    "disk-read-only": disk.read_only,
    "database-locked": disk.locked,
    "snapshot-damaged": disk.damaged,
    "bridge": bridges.bridge,
}
APART = ("packets", "disk-full", "disk-read-only")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m faults", description=__doc__)
    parser.add_argument("name", choices=(*REHEARSALS, "all"))
    parser.add_argument("--short", action="store_true", help="fewer rounds, with the same limits")
    options = parser.parse_args()
    names = REHEARSALS if options.name == "all" else (options.name,)
    return max(rehearse(name, options.short) for name in names)


def rehearse(name: str, short: bool) -> int:
    """The exit status. What fails is told and does not keep the others from being rehearsed."""
    if name in APART and not apart.is_apart():
        return apart.run(name, short)
    print(f"rehearsing {name} …", file=sys.stderr, flush=True)
    try:
        result = uvloop.run(_run(REHEARSALS[name], short))
    except Exception:  # noqa: BLE001 - whatever it was: told, and no figure
        traceback.print_exc()
        return 2
    print(result.json(), flush=True)
    return 0 if result.ok() else 1


async def _run(rehearsal: Rehearsal, short: bool) -> Result:
    return await rehearsal(short)


if __name__ == "__main__":
    sys.exit(main())
