"""A simulated operator: enrols by the room's link like a phone that scanned it, and keeps a real line."""

import asyncio
import time

from msgspec import Struct

from server.client.http import Api, ApiError
from server.client.line import Ended, Line
from server.protocol.commands import PublicCommand
from server.protocol.messages import PointMessage, ServerMessage

from .figures import Figures

LABEL = "Điện thoại mô phỏng"
WEAK_MS = 2_400  # a round trip that everybody in the room notices


class Enrolled(Struct):
    token: str
    conference: str
    point: int


class Operator:
    """One room's phone. Taps before it is enrolled wait, in their order."""

    def __init__(self, url: str, api: Api, link: str, figures: Figures) -> None:
        self._url, self._api, self._link, self._figures = url, api, link, figures
        self._line: asyncio.Future[Line | None] = asyncio.get_running_loop().create_future()
        self._order = asyncio.Lock()  # its waiters are served as they came
        self._breaks = 0
        self._cutting = False
        self.code: str | None = None  # the room's document code, as the operator's page shows it

    async def enrol(self) -> Line | None:
        """None when the server refused; that is counted. Raises `ClientError` when nobody answers."""
        body = {"link": self._link.rsplit("/", 1)[-1], "label": LABEL}
        try:
            found = await self._api.call("POST", "/api/enrol", Enrolled, body)
        except ApiError as error:
            self._figures.refusals[error.error.code] += 1
            self._line.set_result(None)
            return None
        line = Line(
            self._url, found.conference, found.token, self._hear, on_lost=self._lost, own_beats=False, proxy=None
        )
        self._line.set_result(line)
        return line

    async def keep(self, line: Line) -> None:
        """The line, for as long as the server lets it come back."""
        try:
            await line.run()
        except Ended:
            self._figures.ended += 1

    async def tap(self, command: PublicCommand) -> None:
        """Counts the answer, with its time if the line was up from the tap to the answer."""
        async with self._order:
            line = await asyncio.shield(self._line)
        # No await from here to the outbox: taps stay in their order.
        if line is None:
            return
        up, breaks, began = line.connected.is_set(), self._breaks, time.perf_counter()
        self._figures.sent += 1
        try:
            answer = await line.do(command)
        except Ended:
            self._figures.refusals["ended"] += 1
            return
        steady = up and breaks == self._breaks
        self._figures.answered(answer, time.perf_counter() - began if steady else None)

    async def get_weak(self, weak: bool) -> None:
        if line := self._now():
            line.extra_rtt = WEAK_MS if weak else 0
            await line.beat()

    def cut(self, seconds: float) -> None:
        if (line := self._now()) and line.connected.is_set():
            self._cutting = True
            line.cut(seconds)

    async def beat(self) -> None:
        if line := self._now():
            await line.beat()

    def connected(self) -> bool:
        line = self._now()
        return line is not None and line.connected.is_set()

    def _now(self) -> Line | None:
        return self._line.result() if self._line.done() else None

    def _lost(self) -> None:
        self._breaks += 1
        if self._cutting:
            self._figures.cut += 1
        else:
            self._figures.lost += 1
        self._cutting = False

    def _hear(self, message: ServerMessage) -> None:
        if isinstance(message, PointMessage):
            self.code = message.point.code
