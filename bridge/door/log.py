"""Structured logs as the service writes them: text for people, JSON for machines, never a pass."""

import logging
import sys

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor

SECRET = frozenset({"token", "authorization", "key", "keys", "pwd", "secret"})


def _hide(_logger: object, _name: str, event: EventDict) -> EventDict:
    for key in event.keys() & SECRET:
        event[key] = "(hidden)"
    return event


def set_up(level: str, form: str) -> None:
    """Once a process, before anything is logged."""
    # What is no HTTP at all is answered; a traceback for each would let a stranger fill the disk.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    first: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=False),
        _hide,
    ]
    plain = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
    without_locals = structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False))
    last: list[Processor] = [without_locals, structlog.processors.JSONRenderer()] if form == "json" else [plain]
    structlog.configure(
        processors=[*first, *last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
