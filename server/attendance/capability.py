"""The capability whole, as `app.py` joins it to the others."""

from collections.abc import Callable

from server.http.metrics import Metrics
from server.http.routing import Route
from server.http.tries import Tries
from server.live.conductor import Clock, now_ms
from server.live.conferences import Conferences

from . import paper
from .channel import MAX_STREAMS, Channel
from .code_routes import CodeRoutes
from .codes import CodeStore
from .counter import Counter
from .gate import Gate
from .landing_routes import FileAddress, LandingRoutes
from .live_routes import LiveRoutes
from .visits import Visits


class Attendance:
    """`key`: secret bytes for cookies alone, the same on every server. `code_url(code)`: what a QR picture holds.
    `address(hash, name)`: where whoever may have a file now can fetch it. `streams`: phones that may listen at once."""

    def __init__(
        self,
        conferences: Conferences,
        codes: CodeStore,
        *,
        key: bytes,
        code_url: Callable[[str], str],
        address: FileAddress,
        metrics: Metrics,
        tries: Tries,
        streams: int = MAX_STREAMS,
        clock: Clock = now_ms,
    ) -> None:
        self._gate = Gate(conferences, codes, tries, clock)
        self._counter = Counter(conferences)
        self._channel = Channel(metrics, clock, streams)
        self._live = LiveRoutes(self._gate, self._channel)
        self._landing = LandingRoutes(self._gate, Visits(key), self._counter, address, clock)
        self._codes = CodeRoutes(conferences, codes, code_url)

    def routes(self) -> list[Route]:
        return [*self._live.routes(), *self._landing.routes(), *self._codes.routes()]

    def expired_page(self, lang: str) -> bytes:
        """A person's page behind the address of a file that has ended; its policy is `paper.POLICY`."""
        return paper.expired(lang)

    def send_away(self, *, for_good: bool = False) -> None:
        """Tells the phones that listen to come back. `for_good`: before the server stops listening."""
        (self._channel.close if for_good else self._channel.send_away)()

    async def close(self) -> None:
        """Brings what is counted into the journals: after the last request, before the conferences stop."""
        await self._channel.stop()
        await self._counter.close()
