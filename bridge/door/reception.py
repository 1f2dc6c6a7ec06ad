"""Lets sessions in that workers of ours carry, and sees them out."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from itertools import count

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
from bridge.wire.sdp import BadOffer, Fingerprint, Offer, Transport
from server.protocol.bridges import PROGRAMME
from server.protocol.passes import Pass

from .dtls import Certificate, HandshakeFailed
from .engine import Engine, Quality, later
from .ice import Credentials, credentials
from .limits import CALL_SECONDS, Limits
from .media import fetched, incoming, not_taken, outgoing, sendable
from .problems import UNPROCESSABLE, Problem, of_offer
from .sessions import Carried, Session
from .tasks import Tasks
from .workers import Worker

log = structlog.get_logger()

WORKER_CAPACITY = 700  # rooms of 1.1 Mbit/s, on one core


class Reception(Engine):
    fetches = True

    def __init__(self, workers: Sequence[Worker], addresses: tuple[str, ...], limits: Limits, tasks: Tasks) -> None:
        super().__init__(workers, limits, tasks)
        self._workers, self._addresses = workers, addresses
        self._certificate = Certificate.generateCertificate()
        self._numbers = count(1)
        self._by_number: dict[int, Carried] = {}

    @property
    def capacity(self) -> int:
        return WORKER_CAPACITY * sum(one.ready for one in self._workers)

    async def open(self, offer: Offer, allowed: Pass, token: str) -> tuple[Session, str]:
        await self._make_room()
        worker = self._worker_for(allowed)
        before = self._replaced_by(allowed)
        number, ice = next(self._numbers), credentials()
        answer = self._answer(offer, allowed, self._ours(number, ice, worker))
        if before is not None:
            await self.close(before, "replaced")
        role = _role(allowed, answer)
        session = Carried(number, worker, allowed, token, ice, role, self._certificate, self._goodbye)
        session.codecs = {one.section.kind: one.codecs[0] for one in answer.taken} if session.publishes else {}
        self._begin(session, offer.transport)
        return session, answer.text

    async def call(self, conference: str, where: str, ask: Callable[[Ours], Awaitable[Agreed]]) -> Session:
        """Takes the programme of a conference from another bridge, as if it were published here. `ask` brings our offer
        there and comes back with what was agreed on. Raises `Problem` when there is no room, and what `ask` raises."""
        allowed = Pass(conference, PROGRAMME, "publish", where, 0)
        await self._make_room(also_draining=True)
        worker, number, ice = self._worker_for(allowed), next(self._numbers), credentials()
        there = await ask(self._ours(number, ice, worker))
        lines = tuple(line for section in there.sections for line in fetched(section))
        role = Fetch(f"{conference}/{PROGRAMME}", lines, there.transport.ufrag, there.transport.pwd, there.candidates)
        token = secrets.token_urlsafe()  # nobody's: it is ours to end
        session = Carried(number, worker, allowed, token, ice, role, self._certificate, self._goodbye)
        self._begin(session, there.transport)
        return session

    def _begin(self, session: Carried, theirs: Transport) -> None:
        self._by_number[session.number] = session
        session.their_ufrag, session.their_pwd = theirs.ufrag, theirs.pwd
        session.admit()
        self._enter(session)
        session.setting_up = self._tasks.start(f"set up {session.number}", self._set_up(session, theirs.fingerprints))

    def choose(self, session: Session, quality: Quality) -> None:
        session.worker.say(Choose(session.number, quality))

    def restart(self, session: Session, ufrag: str, pwd: str) -> tuple[Credentials, tuple[tuple[str, int], ...]]:
        one, ice = self._by_number[session.number], credentials()
        one.their_ufrag, one.their_pwd = ufrag, pwd
        one.admit(ice)
        return ice, self._candidates(one.worker)

    async def _end(self, session: Session) -> None:
        one = self._by_number.pop(session.number)
        if one.setting_up is not None and one.setting_up is not asyncio.current_task():
            one.setting_up.cancel()
        await one.handshake.stop()  # tells the peer, who need not wait for silence
        one.setting_up = None
        one.worker.say(Drop(one.number))

    # --- what workers say

    def said(self, worker: Worker, said: AnySaid) -> None:
        match said:
            case Asking(number, _, data) if session := self._by_number.get(number):
                session.handshake.line.arrived(data)
            case Reached(number) if session := self._by_number.get(number):
                session.reached.set()
            case Gone(number, why) if session := self._by_number.get(number):
                self._bring_to_end(session, why)
            case Pulse(source, alive):
                conference, _, stream = source.partition("/")
                publisher = self.stage.publisher(conference, stream)
                if publisher is not None and publisher.worker is worker:
                    publisher.pulse(alive)
                    self.stage.changed(publisher)
            case Report():
                self.stage.tick()

    def down(self, worker: Worker) -> None:
        """Its sessions are over; players come back by themselves, to others or to the next one here."""
        for session in [one for one in self._by_id.values() if one.worker is worker]:
            self._bring_to_end(session, "worker_died")

    # --- inside

    def _goodbye(self, session: Session) -> None:
        self._bring_to_end(session, "goodbye")

    async def _set_up(self, session: Carried, theirs: tuple[Fingerprint, ...]) -> None:
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

    def _worker_for(self, allowed: Pass) -> Worker:
        """Publishers of one conference are together; viewers go where there are fewest."""
        publishes = allowed.act == "publish"
        load = Counter(one.worker for one in self._by_id.values())
        feeds = Counter(one.worker for one in self._by_id.values() if one.publishes)
        ingest = self.stage.ingest(allowed.conference) if publishes else None
        for worker in sorted((one for one in self._workers if ingest in (None, one)), key=lambda one: load[one]):
            crowded = publishes and feeds[worker] >= self._limits.publishers
            if worker.ready and load[worker] < self._limits.sessions and not crowded:
                return worker
        raise later("full")


def _role(allowed: Pass, answer: Answer) -> Publish | Watch:
    name = f"{allowed.conference}/{allowed.stream}"
    if allowed.act == "publish":
        return Publish(name, tuple(map(incoming, answer.taken)))
    return Watch(name, tuple(map(outgoing, answer.taken)))
