"""Structured logs: text for people, JSON for machines, never a secret."""

import logging
import sys
from typing import Any

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor

# Keys whose values must not be written, whoever logs them by mistake.
SECRET = frozenset({"password", "token", "cookie", "authorization", "link", "secret", "secret_key", "code"})


# A traceback's local variables hold passwords and links.
_WITHOUT_LOCALS = ExceptionDictTransformer(show_locals=False)


def _hide(_logger: Any, _name: str, event: EventDict) -> EventDict:
    for key in event.keys() & SECRET:
        event[key] = "(hidden)"
    return event


def set_up(level: str, form: str) -> None:
    """Once a process, before anything is logged."""
    # What is no HTTP at all is answered and counted; a traceback for each would let a stranger fill the disk.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=False),
        _hide,
    ]
    last: list[Processor] = (
        [structlog.processors.ExceptionRenderer(_WITHOUT_LOCALS), structlog.processors.JSONRenderer()]
        if form == "json"
        else [
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
        ]
    )
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
