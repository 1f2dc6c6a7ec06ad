"""`python -m bench NAME | all [--short]`: a JSON object a line. Exit status 1 when a limit is missed, 2 when one
could not be measured. `all` leaves out `peers`, which installs the servers it compares with, `national` and `cluster`,
which take a cluster and many minutes, `choices` and `relay`."""

import argparse
import importlib
import sys
import traceback

import uvloop

BENCHES = ("live", "wall", "landing", "attendees", "scans", "posters", "imports", "crash", "start")
SIZED_APART = ("peers", "national", "cluster")
APART = (*SIZED_APART, "choices", "relay")
SIZED = (*SIZED_APART, "wall")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", choices=(*BENCHES, *APART, "all"))
    parser.add_argument("--short", action="store_true", help="seconds instead of minutes each, with the same limits")
    parser.add_argument(
        "--points", type=int, help="rooms, for `peers` (766), `national` (each size in turn), `wall` (766)"
    )
    options = parser.parse_args()
    if options.points is not None and options.name not in SIZED:
        parser.error(f"`{options.name}` has rooms of its own number")
    sized = {} if options.points is None else {"points": options.points}
    names = BENCHES if options.name == "all" else (options.name,)
    return max(measure(name, options.short, **sized) for name in names)


def measure(name: str, short: bool, **sized: int) -> int:
    """The exit status. What fails is told and does not keep the others from being measured."""
    try:
        results = uvloop.run(importlib.import_module(f"bench.{name}").run(short, **sized))
    except Exception:  # noqa: BLE001 - whatever it was: told, and no figure
        traceback.print_exc()
        return 2
    for result in results:
        print(result.json(), flush=True)
    if not all(result.measured() for result in results):
        return 2
    return 0 if all(result.ok() for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
