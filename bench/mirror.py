"""A wall without a screen: the picture that a client has after every message it got."""

import asyncio
from typing import Protocol

from msgspec import UNSET

from server.client.line import Line
from server.protocol.messages import FrameMessage, ServerMessage, SnapshotMessage, WelcomeMessage
from server.protocol.views import ConferenceView, DocumentView, NoticeView, PointInfo, PointRow, Tally, UnitView

LOOK_SECONDS = 0.05  # half an interval of frames: two walls are seldom asked between the same frame


class Door(Protocol):
    """Where a wall comes in, and with which key."""

    @property
    def socket(self) -> str: ...
    @property
    def conference(self) -> str: ...
    @property
    def watcher(self) -> str: ...


class Mirror:
    """Keeps its line through the public client. `resumed` counts the times it was told only what it missed."""

    def __init__(self, door: Door) -> None:
        self.line = Line(door.socket, door.conference, door.watcher, self._take)
        self.resumed = 0
        self.seq = -1
        self.conference: ConferenceView | None = None
        self.units: list[UnitView] = []
        self.documents: list[DocumentView] = []
        self.notices: list[NoticeView] = []
        self.infos: dict[int, PointInfo] = {}
        self.rows: dict[int, PointRow] = {}
        self.tallies: dict[str, Tally] = {}

    def picture(self) -> tuple[object, ...]:
        """Equal for two walls that show the same."""
        return self.conference, self.units, self.documents, self.notices, self.infos, self.rows, self.tallies

    def _take(self, message: ServerMessage) -> None:
        match message:
            case WelcomeMessage():
                self.resumed += message.resumed
            case SnapshotMessage():
                self.infos, self.rows, self.tallies = {}, {}, {}
                self._lay(message)
            case FrameMessage():
                self._lay(message)
                for point in message.removed or ():
                    self.infos.pop(point, None)
                    self.rows.pop(point, None)

    def _lay(self, message: SnapshotMessage | FrameMessage) -> None:
        self.seq = message.seq
        self.conference = message.conference or self.conference
        self.units = message.units or self.units
        self.documents = message.documents or self.documents
        self.notices = self.notices if message.notices is UNSET else message.notices
        self.infos |= {info.id: info for info in message.infos or ()}
        self.rows |= {row.id: row for row in message.rows or ()}
        self.tallies |= {tally.unit: tally for tally in message.tallies or ()}


async def different(fresh: Mirror, walls: list[Mirror], seconds: float) -> int:
    """Walls whose picture is another than that of `fresh`, once all is quiet or `seconds` have passed."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        shown = fresh.picture() if fresh.seq >= 0 else None
        count = sum(wall.picture() != shown for wall in walls)
        if count == 0 or asyncio.get_running_loop().time() > deadline:
            return count
        await asyncio.sleep(LOOK_SECONDS)
