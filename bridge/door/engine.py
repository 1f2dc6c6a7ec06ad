"""What the door needs of who carries media, whoever that is: sessions that are let in and seen out."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

import structlog

from bridge.wire.sdp import Offer
from server.protocol.passes import Pass

from .carrier import Carrier
from .ice import Credentials
from .limits import COME_AGAIN_SECONDS, RETRY_SECONDS, SETTING_UP_KEPT, TAKE_OVER_SECONDS, Limits
from .problems import Problem
from .sessions import Session
from .stage import Stage
from .tasks import Tasks

log = structlog.get_logger()

Quality = int | Literal["sound"] | None


class Engine(ABC):
    """`sessions` has those that are not over, by id. `ended` counts the others by why. `fetches`: it can take the
    programme from another bridge."""

    fetches: ClassVar[bool]

    def __init__(self, carriers: Sequence[Carrier], limits: Limits, tasks: Tasks) -> None:
        self.carriers, self.stage = carriers, Stage(carriers)
        self._limits, self._tasks = limits, tasks
        self._by_id: dict[str, Session] = {}
        self.draining = False
        self.ended: Counter[str] = Counter()

    @property
    def sessions(self) -> Mapping[str, Session]:
        return self._by_id

    @property
    @abstractmethod
    def capacity(self) -> int:
        """Rooms that it can carry now."""

    @abstractmethod
    async def open(self, offer: Offer, allowed: Pass, token: str) -> tuple[Session, str]:
        """The session and our answer. Raises `Problem`: the offer is not served, the stream is taken, or there is no
        room."""

    @abstractmethod
    def restart(self, session: Session, ufrag: str, pwd: str) -> tuple[Credentials, tuple[tuple[str, int], ...]]:
        """New ICE credentials for their new ones, and our candidates; everything else stays. Raises `Problem` where it
        cannot be done."""

    @abstractmethod
    def choose(self, session: Session, quality: Quality) -> None:
        """A viewer's quality by hand; None: by what his line carries, as far as the engine knows of it."""

    async def close(self, session: Session, why: str) -> None:
        if session.state == "over":
            return
        session.state = "over"
        session.ended.set()
        del self._by_id[session.id]
        self.ended[why] += 1
        self.stage.leave(session)
        await self._end(session)
        log.info("session_ended", session=session.number, stream=session.name, why=why)

    async def close_all(self) -> None:
        for session in tuple(self._by_id.values()):
            await self.close(session, "shutdown")

    # --- for who carries

    @abstractmethod
    async def _end(self, session: Session) -> None:
        """It is over and nobody knows it any more: what it held goes."""

    def _enter(self, session: Session) -> None:
        self._by_id[session.id] = session
        self.stage.enter(session)
        allowed = session.allowed
        log.info("session_opened", session=session.number, stream=session.name, act=allowed.act, who=allowed.who)

    def _bring_to_end(self, session: Session, why: str) -> None:
        if session.state != "over":
            self._tasks.start(f"close {session.number}", self.close(session, why))

    async def _make_room(self, also_draining: bool = False) -> None:
        """For one more. Where it is crowded, the oldest goes of the pass's holder who has most that came to nothing
        yet: an answer alone proves nothing, and one who asks on and on shuts out nobody. Raises `Problem`."""
        if self.draining and not also_draining:
            raise later("draining")
        begun = [one for one in self._by_id.values() if one.state == "setting_up" and not one.calls]
        places = self._limits.sessions * len(self.carriers)
        if len(begun) < self._limits.handshakes and len(self._by_id) < places:
            return
        holders = Counter(_holder(one) for one in begun)
        (most, held), *_ = holders.most_common(1) or [(("", ""), 0)]
        if held <= SETTING_UP_KEPT:
            raise later("full")
        await self.close(next(one for one in begun if _holder(one) == most), "crowded_out")

    def _replaced_by(self, allowed: Pass) -> Session | None:
        """Who has to go for this publisher: one whose line is silent, himself as he was before or another. While
        packets come nobody has, though his key be the same: two would take it from each other without end. Raises
        `Problem`."""
        if allowed.act == "watch":
            return None
        before = self.stage.publisher(allowed.conference, allowed.stream)
        if before is None:
            return None
        himself = allowed.who != "" and before.allowed.who == allowed.who
        if before.silent_for() < (COME_AGAIN_SECONDS if himself else TAKE_OVER_SECONDS):
            raise Problem(409, "stream_taken")
        return before


def _holder(session: Session) -> tuple[str, str]:
    return session.allowed.conference, session.allowed.who


def later(code: str) -> Problem:
    return Problem(503, code, headers={"Retry-After": str(RETRY_SECONDS)})
