"""`python -m bench live | wall | landing | crash | all [--short]`: JSON lines, exit status 1 when a limit is missed."""

import argparse
import asyncio
import importlib
import sys

BENCHES = ("live", "wall", "landing", "crash")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", choices=(*BENCHES, "all"))
    parser.add_argument("--short", action="store_true", help="seconds instead of a minute each")
    options = parser.parse_args()
    ok = True
    for name in BENCHES if options.name == "all" else (options.name,):
        for result in asyncio.run(importlib.import_module(f"bench.{name}").run(options.short)):
            print(result.json(), flush=True)
            ok = ok and result.ok()
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
