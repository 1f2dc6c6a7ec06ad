"""The one error shape, over HTTP and over sockets, and the close codes of sockets."""

from enum import IntEnum

from .base import Wire


class Error(Wire, frozen=True):
    """`code` is for programs and never changes its meaning; `message` is in the reader's language.

    `field` names the field of the input that is wrong, `row` the row of a file as a spreadsheet counts it.
    """

    code: str
    message: str
    field: str | None = None
    row: int | None = None
    request_id: str | None = None


class ErrorBody(Wire, frozen=True):
    error: Error


class Busy(Exception):
    """The server cannot take this now. Nothing happened; come back."""


class CannotWrite(Busy):
    """The journal cannot be read or written now."""


class Close(IntEnum):
    """Why a socket was closed. 1001, 1012 and 4000 to 4099 say "come back"; 4100 and above are final."""

    RESTART = 1012
    TOO_SLOW = 4000  # the outbox was full; a fresh snapshot is cheaper than the backlog
    SILENT = 4001  # no beat for too long; the line is thought dead
    BUSY = 4002  # too many connections, or a rate limit; wait before coming back
    BAD_MESSAGE = 4100
    UNAUTHENTICATED = 4101
    FORBIDDEN = 4103
    NOT_FOUND = 4104
    REVOKED = 4110  # the link, device, session or kiosk was taken away
    VERSION = 4111  # this client speaks another version of the protocol: load the page again
