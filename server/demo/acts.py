"""What simulated people do, as values: a plan is nothing but these in the order of their time."""

from msgspec import Struct

from server.protocol.commands import PublicCommand


class Act(Struct, frozen=True):
    """`at`: seconds since the plan's beginning."""

    at: float


class Arrive(Act, frozen=True):
    """The operator opens the room's page: its device connects and stays."""

    point: int


class Tap(Act, frozen=True):
    """The operator taps. While the line is down the tap waits on the phone."""

    point: int
    command: PublicCommand


class Cut(Act, frozen=True):
    """The room's line breaks and comes back after `seconds`."""

    point: int
    seconds: float


class Quality(Act, frozen=True):
    """The room's line gets slow, or well again."""

    point: int
    weak: bool


class Organize(Act, frozen=True):
    """The organizers do something."""

    command: PublicCommand


class Visit(Act, frozen=True):
    """An attendee's phone scans the room's code and opens the first `opens` of the documents it finds.

    The same `phone` again is the same person coming back.
    """

    point: int
    phone: int
    opens: int
