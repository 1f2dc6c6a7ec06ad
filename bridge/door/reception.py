"""Lets sessions in, and sees them out."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import count
from typing import Literal

import structlog

from bridge.orders import (
    AnySaid,
    Asking,
    Choose,
    Drop,
    Fetch,
    Gone,
    Keys,
    Publish,
    Pulse,
    Reached,
    Report,
    Watch,
)
from bridge.wire.answers import Answer, Ours, answer_publish, answer_watch
from bridge.wire.calls import Agreed
from bridge.wire.sdp import BadOffer, Fingerprint, Offer
from server.protocol.bridges import PROGRAMME
from server.protocol.passes import Pass

from .dtls import Certificate, HandshakeFailed
from .ice import Credentials, credentials
from .limits import CALL_SECONDS, RETRY_SECONDS, TAKE_OVER_SECONDS, Limits
from .media import fetched, incoming, not_taken, outgoing, sendable
from .problems import UNPROCESSABLE, Problem, of_offer
from .sessions import Session
from .stage import Stage
from .tasks import Tasks
from .workers import Worker

log = structlog.get_logger()


class Reception:
    """`sessions` has those that are not over, by id. `ended` counts the others by why."""

    def __init__(
        self, workers: Sequence[Worker], stage: Stage, addresses: tuple[str, ...], limits: Limits, tasks: Tasks
    ) -> None:
        self._workers, self.stage, self._addresses = workers, stage, addresses
        self._limits, self._tasks = limits, tasks
        self._certificate = Certificate.generateCertificate()
        self._numbers = count(1)
        self._by_id: dict[str, Session] = {}
        self._by_number: dict[int, Session] = {}
        self.draining = False
        self.ended: Counter[str] = Counter()

    @property
    def sessions(self) -> Mapping[str, Session]:
        return self._by_id

    async def open(self, offer: Offer, allowed: Pass, token: str) -> tuple[Session, Answer]:
        """Raises `Problem`: the offer is not served, the stream is taken, or there is no room."""
        if self.draining:
            raise _later("draining")
        worker = self._worker_for(allowed)
        before = self._replaced_by(allowed)
        number, ice = next(self._numbers), credentials()
        answer = self._answer(offer, allowed, self._ours(number, ice, worker))
        if before is not None:
            await self.close(before, "replaced")
        session = Session(number, worker, allowed, token, ice, _role(allowed, answer), self._certificate, self._goodbye)
        session.their_ufrag = offer.transport.ufrag
        session.codecs = {one.section.kind: one.codecs[0] for one in answer.taken} if session.publishes else {}
        self._enter(session, offer.transport.fingerprints)
        return session, answer

    async def call(self, conference: str, where: str, ask: Callable[[Ours], Awaitable[Agreed]]) -> Session:
        """Takes the programme of a conference from another bridge, as if it were published here. `ask` brings our offer
        there and comes back with what was agreed on. Raises `Problem` when there is no room, and what `ask` raises."""
        allowed = Pass(conference, PROGRAMME, "publish", where, 0)
        worker, number, ice = self._worker_for(allowed), next(self._numbers), credentials()
        there = await ask(self._ours(number, ice, worker))
        lines = tuple(line for section in there.sections for line in fetched(section))
        role = Fetch(f"{conference}/{PROGRAMME}", lines, there.transport.ufrag, there.transport.pwd, there.candidates)
        token = secrets.token_urlsafe()  # nobody's: it is ours to end
        session = Session(number, worker, allowed, token, ice, role, self._certificate, self._goodbye)
        self._enter(session, there.transport.fingerprints)
        return session

    def _enter(self, session: Session, theirs: tuple[Fingerprint, ...]) -> None:
        self._by_id[session.id] = self._by_number[session.number] = session
        session.admit()
        self.stage.enter(session)
        session.setting_up = self._tasks.start(f"set up {session.number}", self._set_up(session, theirs))
        allowed = session.allowed
        log.info("session_opened", session=session.number, stream=session.name, act=allowed.act, who=allowed.who)

    def choose(self, session: Session, quality: int | Literal["sound"] | None) -> None:
        """A viewer's quality by hand; None: by what his line carries."""
        session.worker.say(Choose(session.number, quality))

    def restart(self, session: Session) -> tuple[tuple[str, int], ...]:
        """New ICE credentials; everything else stays. Our candidates."""
        session.ice = credentials()
        session.admit()
        return self._candidates(session.worker)

    async def close(self, session: Session, why: str) -> None:
        if session.state == "over":
            return
        session.state = "over"
        session.ended.set()
        del self._by_id[session.id], self._by_number[session.number]
        self.ended[why] += 1
        if session.setting_up is not None and session.setting_up is not asyncio.current_task():
            session.setting_up.cancel()
        self.stage.leave(session)
        await session.handshake.stop()  # tells the peer, who need not wait for silence
        session.setting_up = None
        session.worker.say(Drop(session.number))
        log.info("session_ended", session=session.number, stream=session.name, why=why)

    async def close_all(self) -> None:
        for session in tuple(self._by_id.values()):
            await self.close(session, "shutdown")

    # --- what workers say

    def said(self, worker: Worker, said: AnySaid) -> None:
        match said:
            case Asking(number, _, data) if session := self._by_number.get(number):
                session.handshake.line.arrived(data)
            case Reached(number) if session := self._by_number.get(number):
                session.reached.set()
            case Gone(number, why) if session := self._by_number.get(number):
                self._tasks.start(f"close {number}", self.close(session, why))
            case Pulse(source, alive):
                conference, _, stream = source.partition("/")
                session = self.stage.publisher(conference, stream)
                if session is not None and session.worker is worker:
                    session.pulse(alive)
                    self.stage.changed(session)
            case Report():
                self.stage.tick()

    def down(self, worker: Worker) -> None:
        """Its sessions are over; players come back by themselves, to others or to the next one here."""
        for session in [one for one in self._by_id.values() if one.worker is worker]:
            self._tasks.start(f"close {session.number}", self.close(session, "worker_died"))

    # --- inside

    def _goodbye(self, session: Session) -> None:
        if session.state != "over":
            self._tasks.start(f"close {session.number}", self.close(session, "goodbye"))

    async def _set_up(self, session: Session, theirs: tuple[Fingerprint, ...]) -> None:
        try:
            async with asyncio.timeout(CALL_SECONDS if session.calls else self._limits.setup_seconds):
                if session.calls:
                    await session.reached.wait()
                keys = await session.handshake.keys(theirs)
            session.worker.say(Keys(session.number, keys.profile, keys.ours, keys.theirs))
            session.state, session.opened = "connected", True
            self.stage.changed(session)
            log.info("session_connected", session=session.number, stream=session.name, profile=keys.profile)
        except (TimeoutError, HandshakeFailed) as error:
            await self.close(session, "no_handshake" if isinstance(error, TimeoutError) else "handshake_failed")
        finally:
            if session.state == "setting_up":
                await self.close(session, "failed")

    def _answer(self, offer: Offer, allowed: Pass, ours: Ours) -> Answer:
        try:
            if allowed.act == "publish":
                return answer_publish(offer, ours)
            playing = self.stage.playing(allowed.conference, allowed.stream)
            answer = answer_watch(offer, ours, sendable(playing))
        except BadOffer as fault:
            raise of_offer(fault) from fault
        if codec := not_taken(playing, answer.taken):
            raise Problem(UNPROCESSABLE, "stream_plays_other_codec", codec=codec)
        return answer

    def _ours(self, number: int, ice: Credentials, worker: Worker) -> Ours:
        return Ours(number, ice.ufrag, ice.pwd, self._certificate.fingerprint, self._candidates(worker))

    def _candidates(self, worker: Worker) -> tuple[tuple[str, int], ...]:
        return tuple((address, worker.port) for address in self._addresses)

    def _replaced_by(self, allowed: Pass) -> Session | None:
        """Who has to go for this publisher: himself as he was before, or one whose line is silent."""
        if allowed.act == "watch":
            return None
        before = self.stage.publisher(allowed.conference, allowed.stream)
        himself = before is not None and allowed.who != "" and before.allowed.who == allowed.who
        if before is not None and not himself and before.silent_for() < TAKE_OVER_SECONDS:
            raise Problem(409, "stream_taken")
        return before

    def _worker_for(self, allowed: Pass) -> Worker:
        """Publishers of one conference are together; viewers go where there are fewest."""
        if sum(one.state == "setting_up" for one in self._by_id.values()) >= self._limits.handshakes:
            raise _later("full")
        publishes = allowed.act == "publish"
        load = Counter(one.worker for one in self._by_id.values())
        feeds = Counter(one.worker for one in self._by_id.values() if one.publishes)
        ingest = self.stage.ingest(allowed.conference) if publishes else None
        for worker in [ingest] if ingest else sorted(self._workers, key=lambda one: load[one]):
            crowded = publishes and feeds[worker] >= self._limits.publishers
            if worker.ready and load[worker] < self._limits.sessions and not crowded:
                return worker
        raise _later("full")


def _later(code: str) -> Problem:
    return Problem(503, code, headers={"Retry-After": str(RETRY_SECONDS)})


def _role(allowed: Pass, answer: Answer) -> Publish | Watch:
    name = f"{allowed.conference}/{allowed.stream}"
    if allowed.act == "publish":
        return Publish(name, tuple(map(incoming, answer.taken)))
    return Watch(name, tuple(map(outgoing, answer.taken)))
