"""What `nhipcau doctor` says, of the service and of a bridge: to people in lines, to programs as JSON."""

from email.utils import parsedate_to_datetime
from typing import Literal

from msgspec import Struct

Verdict = Literal["ok", "warning", "missing"]

CLOCK_SECONDS = 10  # two clocks apart: what bridges and service sign for each other ends after a minute


class Finding(Struct, frozen=True):
    """`advice` says what to do; empty when all is well."""

    check: str
    verdict: Verdict
    detail: str
    advice: str = ""


def ahead(date: str | None, now: float) -> float:
    """Seconds that the clock of who wrote this `Date` header is ahead of `now`; 0 if it does not tell."""
    return parsedate_to_datetime(date).timestamp() - now if date else 0.0


def clock(of: str, seconds: float) -> Finding:
    if abs(seconds) > CLOCK_SECONDS:
        side = "ahead of" if seconds > 0 else "behind"
        return Finding("clock", "warning", f"{of} is {abs(seconds):.0f} s {side} this machine", "run chrony on both")
    return Finding("clock", "ok", f"the same as {of}")
