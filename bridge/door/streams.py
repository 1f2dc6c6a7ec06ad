"""The streams of a conference, and which of them the programme shows. Pure."""

import re
from collections.abc import Mapping
from typing import Final

PROGRAMME: Final = "programme"
SLATE: Final = "slate"  # the picture that stands when nobody publishes, one for all conferences
STABLE_SECONDS: Final = 5.0  # what came back must have stayed so long before the programme goes back to it

_BY_RANK: Final = ("main", "spare")
_CONFERENCE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SOURCE = re.compile(r"main|spare|point/[A-Za-z0-9_-]{1,64}")


def known(conference: str, stream: str, publish: bool) -> bool:
    """May there be such a stream, for this act?"""
    named = _SOURCE.fullmatch(stream) is not None or (stream == PROGRAMME and not publish)
    return named and _CONFERENCE.fullmatch(conference) is not None


def shown(now_shown: str, on_air: str | None, alive_since: Mapping[str, float], now: float) -> str:
    """The stream that the programme is to show. `on_air`: what the organizers chose, which counts at once and as long
    as it lives; `alive_since` has those whose packets come. Of the others the best, but one better than what is shown
    only when it has been there for `STABLE_SECONDS`; the slate when there is none."""
    if on_air in alive_since and on_air is not None:
        return on_air
    for stream in _BY_RANK:
        since = alive_since.get(stream)
        if since is None:
            continue
        if stream == now_shown or now_shown not in _BY_RANK or now_shown not in alive_since:
            return stream
        if now - since >= STABLE_SECONDS:
            return stream
    return SLATE
