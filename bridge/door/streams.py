"""The streams of a conference, and which of them the programme shows. Pure."""

import re
from collections.abc import Mapping
from typing import Final

from server.protocol.bridges import CHECK, MAIN, POINT, PROGRAMME, SPARE, TALK

SLATE: Final = "slate"  # the picture that stands when nobody publishes, one for all conferences
STABLE_SECONDS: Final = 5.0  # what came back must have stayed so long before the programme goes back to it

_CONFERENCE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SOURCE = re.compile(rf"{MAIN}|{SPARE}|(?:{POINT}|{TALK}|{CHECK})/[A-Za-z0-9_-]{{1,64}}")


def known(conference: str, stream: str, publish: bool) -> bool:
    """May there be such a stream, for this act?"""
    named = _SOURCE.fullmatch(stream) is not None or (stream == PROGRAMME and not publish)
    return named and _CONFERENCE.fullmatch(conference) is not None


def shown(now_shown: str, on_air: str | None, alive_since: Mapping[str, float], now: float, fell: bool = False) -> str:
    """The stream that the programme is to show. `alive_since` has those whose packets come. First the programme itself,
    as another bridge makes it; then `on_air`, which the organizers chose, then main and spare; the slate when there is
    none. What is shown stays until a better one has been there for `STABLE_SECONDS`, but what was chosen counts at
    once, unless it `fell`: was shown since, and fell silent."""
    ranks = (PROGRAMME, on_air, MAIN, SPARE)
    stays = now_shown in ranks and now_shown in alive_since
    for stream in ranks:
        since = alive_since.get(stream) if stream else None
        if stream is None or since is None:
            continue
        chosen = stream == on_air and not fell
        if chosen or stream == now_shown or not stays or now - since >= STABLE_SECONDS:
            return stream
    return SLATE
