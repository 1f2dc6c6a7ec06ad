"""The capability whole, as `app.py` joins it to the others."""

from collections.abc import Callable

from server.http.routing import Route
from server.live.conductor import Clock, now_ms
from server.live.conferences import Conferences

from . import paper
from .code_routes import CodeRoutes
from .codes import CodeStore
from .counter import Counter
from .gate import Gate
from .landing_routes import FileAddress, LandingRoutes
from .visits import Visits


class Attendance:
    """`key`: secret bytes for cookies alone, the same on every server. `code_url(code)`: what a QR picture holds.
    `address(hash, name)`: where whoever may have a file now can fetch it."""

    def __init__(
        self,
        conferences: Conferences,
        codes: CodeStore,
        *,
        key: bytes,
        code_url: Callable[[str], str],
        address: FileAddress,
        clock: Clock = now_ms,
    ) -> None:
        self._gate = Gate(conferences, codes, clock)
        self._counter = Counter(conferences)
        self._landing = LandingRoutes(self._gate, Visits(key), self._counter, address, clock)
        self._codes = CodeRoutes(conferences, codes, code_url)

    def routes(self) -> list[Route]:
        return [*self._landing.routes(), *self._codes.routes()]

    def expired_page(self, lang: str) -> bytes:
        """A person's page behind the address of a file that has ended; its policy is `paper.POLICY`."""
        return paper.expired(lang)

    async def close(self) -> None:
        """Brings what is counted into the journals: after the last request, before the conferences stop."""
        await self._counter.close()
