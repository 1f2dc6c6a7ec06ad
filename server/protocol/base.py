"""What every wire struct shares: naming, strictness, and the bounded field types.

Times are integers, milliseconds since 1970-01-01 UTC, unless a name says otherwise.
"""

import re
from typing import Annotated

from msgspec import Meta, Struct

PROTOCOL_VERSION = 1

# Bounds of what a person can type or a phone can send. Each is checked at decoding, before any rule runs.
MAX_HEADCOUNT = 20_000  # the largest hall of the country seats fewer; a slip of two zeros is refused
MAX_LABEL = 200  # characters of a name, a room, a title
MAX_NOTE = 500  # characters of free text that is shown on a wall
MAX_POINTS = 100_000  # points of one conference; the record is 37,000
MAX_BATCH = 2_000  # points named in one command, so that one command stays one short transaction


def snake(name: str) -> str:
    """`ReportHeadcount` -> `report_headcount`: the tag of a struct on the wire."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class Wire(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A struct that crosses the wire. Unknown fields are refused, defaults are left out."""


class Tagged(Wire, frozen=True, tag_field="type", tag=snake):
    """A struct that is one of several; its kind stands in the field `type`."""


LATEST = 7_258_118_400_000  # the year 2200: what is later is no date of ours, and calendars break far beyond
Millis = Annotated[int, Meta(ge=0, le=LATEST)]
# What a phone's clock says may be anything that a number can be; it is bounded when it is recorded.
PhoneMillis = Annotated[int, Meta(ge=0, le=9_007_199_254_740_991)]
Count = Annotated[int, Meta(ge=0, le=MAX_HEADCOUNT)]
# What people write is cleaned where it comes in (`server.http.tidy`); the type says what of it may stay.
KEY, LINE, LINES = "text", "line", "lines"
Label = Annotated[str, Meta(min_length=1, max_length=MAX_LABEL, extra={KEY: LINE})]
Text = Annotated[str, Meta(max_length=MAX_LABEL, extra={KEY: LINE})]
Note = Annotated[str, Meta(max_length=MAX_NOTE, extra={KEY: LINES})]
# Written so that JavaScript reads it alike: \Z means nothing there, and $ says the same after "anything but NUL".
_NO_NUL = r"^[^\x00]*$"  # PostgreSQL holds no NUL in a text, so nobody may send one
PointId = Annotated[int, Meta(ge=1, le=MAX_POINTS)]
UnitCode = Annotated[str, Meta(min_length=1, max_length=32, pattern=_NO_NUL)]
CommandId = Annotated[str, Meta(min_length=16, max_length=40, pattern=r"^[0-9A-Za-z_-]+$")]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
