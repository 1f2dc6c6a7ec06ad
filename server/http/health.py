"""Is it alive, may it be sent work, how is it doing."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web
from msgspec import Struct
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from server.tasks import Tasks

from .metrics import Metrics
from .problems import Problem
from .routing import Allow, Call, Route

log = structlog.get_logger()

# Far below what proxies give a check: one that hears nothing in its time takes the server for dead and cuts its lines.
ANSWER_SECONDS = 0.8
QUESTION_SECONDS = 2.0  # after which the database is asked anew: over a line that broke no answer comes
_PASSED_ON = ("X-Forwarded-For", "Forwarded", "Via")  # what proxies write


class Ready(Struct, frozen=True):
    """`ready` is false while the server starts, stops, or cannot reach its database; `reasons` says why. `degraded`
    names what works less well: everything is true, but news from other servers may come a second late (`bus`), or a
    conference is closed because events of its journal are missing (`journal_gap`)."""

    ready: bool
    reasons: list[str]
    degraded: list[str] = []


class Question:
    """Whether the database answers, told in `ANSWER_SECONDS` also when it hangs. One question is under way at a time,
    however many want to know, and ends by itself: to call it back from a database that hangs may hang as well."""

    def __init__(self, engine: AsyncEngine, tasks: Tasks) -> None:
        self._engine, self._tasks = engine, tasks
        self._asked: asyncio.Task[bool] | None = None

    async def answered(self) -> bool:
        if self._asked is None or self._asked.done():
            self._asked = self._tasks.start("database asked", self._ask())
        asked = self._asked
        await asyncio.wait({asked}, timeout=ANSWER_SECONDS)
        return asked.done() and not asked.cancelled() and asked.result()

    async def _ask(self) -> bool:
        try:
            async with asyncio.timeout(QUESTION_SECONDS), self._engine.connect() as db:
                await db.execute(text("SELECT 1"))
        except Exception as error:  # noqa: BLE001 - whatever it is, the database does not answer
            log.warning("database_unreachable", error=repr(error))
            return False
        return True


class Health:
    """`reasons` names what is wrong now; nothing means ready. `degraded` names what is less than it should be."""

    def __init__(
        self,
        metrics: Metrics,
        metrics_token: str,
        reasons: Callable[[], Awaitable[list[str]]],
        degraded: Callable[[], list[str]],
    ) -> None:
        self._metrics, self._token, self._reasons, self._degraded = metrics, metrics_token, reasons, degraded

    def routes(self) -> list[Route]:
        return [
            Route("GET", "/healthz", self.alive, Allow.PUBLIC, "The process answers", produces="text/plain"),
            Route("GET", "/readyz", self.ready, Allow.PUBLIC, "It may be sent work", answer=Ready),
            Route("GET", "/metrics", self.metrics, Allow.PUBLIC, "Prometheus metrics", produces="text/plain"),
        ]

    async def alive(self, call: Call) -> web.Response:
        return web.Response(text="ok\n")

    async def ready(self, call: Call) -> web.Response | Ready:
        reasons = await self._reasons()
        if reasons:
            raise Problem(503, "not_ready", reasons=", ".join(reasons))
        return Ready(True, [], self._degraded())

    async def metrics(self, call: Call) -> web.Response:
        """This machine only, unless a token is configured: counts tell a stranger how large a conference is. What a
        proxy on this machine passes on comes from anywhere."""
        given = call.request.headers.get("Authorization", "").removeprefix("Bearer ")
        allowed = (
            hmac.compare_digest(given.encode(), self._token.encode())
            if self._token
            else call.address in ("127.0.0.1", "::1") and not any(name in call.request.headers for name in _PASSED_ON)
        )
        if not allowed:
            raise Problem(403, "forbidden")
        return web.Response(body=self._metrics.text(), content_type="text/plain", charset="utf-8")
