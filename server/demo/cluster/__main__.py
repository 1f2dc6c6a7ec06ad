"""`make cluster`."""

import argparse
import sys

from server.client.http import ApiError
from server.demo.conference import NotMade
from server.demo.demo import CannotDemonstrate

from .part import DidNotStart
from .show import show


def main() -> int:
    parser = argparse.ArgumentParser("python -m server.demo.cluster", description=__doc__)
    parser.add_argument("--speed", type=float, default=1.0, help="2 plays the morning in half the time")
    speed = parser.parse_args().speed
    try:
        show(lambda line: print(line, flush=True), speed)  # noqa: T201 - the command's output
    except (CannotDemonstrate, DidNotStart, ApiError, NotMade) as error:
        print(f"cluster: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


sys.exit(main())
