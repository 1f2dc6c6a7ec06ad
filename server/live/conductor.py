"""One task a conference: takes what has arrived, decides in memory, commits once, publishes once."""

import asyncio
import contextlib
import hashlib
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import msgspec
import structlog
from msgspec import Struct

from server.conference import view
from server.conference.rules import Actor, Moment, Refusal, decide, evolve
from server.conference.state import STATE_VERSION, State
from server.journal import Conflict, Entry, Journal, Receipt
from server.protocol.commands import Command
from server.protocol.errors import Busy
from server.protocol.events import Event, EventBody
from server.tasks import Tasks

log = structlog.get_logger()

MAX_WAITING = 20_000  # submissions in the queue: half a minute of work of the largest conference
MAX_GROUP = 1_000  # commands in one commit: about 20 ms of deciding, so that nobody waits longer for his turn
MAX_KNOWN = 50_000  # answers kept in memory: every point's last command of the largest conference
SNAPSHOT_EVERY = 20_000  # events: what a start must read again, under a second
STOP_SECONDS = 10  # what a stop waits for the queue; what is not committed then was never acknowledged
MAX_RACES = 20  # lost races or failed commits before a submission is given back as "try again"

_encode = msgspec.json.Encoder().encode
_snapshot_encode = msgspec.msgpack.Encoder().encode
_snapshot_decode = msgspec.msgpack.Decoder(State).decode
Clock = Callable[[], int]
T = TypeVar("T")


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Publish(Protocol):
    def __call__(self, state: State, events: list[Event]) -> None: ...


class Answer(Struct, frozen=True):
    """`refusal` None: done and durable. `again`: an earlier answer, without its `events`."""

    seq: int
    at: int
    again: bool = False
    refusal: Refusal | None = None
    events: list[Event] = []


class Submission(Struct):
    command: Command
    actor: Actor
    done: asyncio.Future[Answer]
    id: str | None
    tapped_at: int | None
    sent_at: int | None
    digest: bytes
    look: bool  # the id may have been used before this process began: ask the journal


class Reading(Struct):
    read: Callable[[State], Any]
    done: asyncio.Future[Any]


class Conductor:
    """The only writer of one conference in this process. `pace` is the least time between commits in seconds:
    the first tap after a pause is committed at once, under load taps share a commit."""

    def __init__(self, conference: str, journal: Journal, publish: Publish, pace: float, clock: Clock = now_ms) -> None:
        self.conference = conference
        self.epoch = ""
        self._journal, self._publish, self._pace, self._clock = journal, publish, pace, clock
        self._state = State(conference)
        self._queue: deque[Submission] = deque()
        self._readings: list[Reading] = []
        self._drained = asyncio.Event()
        self._wake = asyncio.Event()
        self._known: OrderedDict[str, Receipt] = OrderedDict()
        self._tasks = Tasks()
        self._snapshot_seq = 0
        self._published = 0
        self._doubtful = False  # memory may hold events that the journal does not
        self._closing = False
        self._last_commit = 0.0

    async def start(self) -> State:
        """Folds the journal (snapshot, then events) and begins to conduct. Returns the state, at rest."""
        await self._load()
        self._published = self._state.seq
        for receipt in await self._journal.recent_receipts(self.conference, MAX_KNOWN):
            self._known[receipt.command_id] = receipt
        self._tasks.start(f"conductor {self.conference}", self._run())
        return self._state

    async def submit(
        self,
        command: Command,
        actor: Actor,
        *,
        id: str | None = None,
        tapped_at: int | None = None,
        sent_at: int | None = None,
        retry: bool = False,
    ) -> Answer:
        """Durable when it returns. Raises `Busy` when nothing happened and the caller should come back."""
        if len(self._queue) >= MAX_WAITING or self._closing:
            raise Busy
        done: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        digest = _digest(command, actor, tapped_at) if id else b""
        self._queue.append(Submission(command, actor, done, id, tapped_at, sent_at, digest, retry))
        self._wake.set()
        return await done

    async def at_rest(self, read: Callable[[State], T]) -> T:
        """Runs `read` when the state holds durable events only: at once, or right after the commit under way.

        It must not keep the state. Raises `Busy` when the journal cannot be read now.
        """
        if not self._doubtful:
            return read(self._state)
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._readings.append(Reading(read, done))
        self._wake.set()
        return await done

    async def stop(self) -> None:
        """Finishes what is queued, keeps a snapshot, ends."""
        self._closing = True
        self._wake.set()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._drained.wait(), STOP_SECONDS)
        await self._tasks.stop()
        if not self._doubtful and self._state.seq > self._snapshot_seq:
            await self._keep_snapshot(self._state.seq, _snapshot_encode(self._state))

    # --- the loop

    async def _run(self) -> None:
        while True:
            self._drained.set()
            await self._wake.wait()
            self._wake.clear()
            self._drained.clear()
            while self._queue or self._readings:
                pause = self._last_commit + self._pace - time.monotonic()
                if pause > 0 and not self._closing:
                    await asyncio.sleep(pause)
                group = [self._queue.popleft() for _ in range(min(len(self._queue), MAX_GROUP))]
                await self._conduct(group)

    async def _conduct(self, group: list[Submission]) -> None:
        for _ in range(MAX_RACES):
            if self._doubtful and not await self._reload():
                break
            try:
                await self._commit(group)
            except Conflict:
                log.info("append_conflict", conference=self.conference, waiting=len(group))
            except Exception as error:  # noqa: BLE001 - whatever the driver raises, the journal knows the truth
                log.warning("append_failed", conference=self.conference, error=repr(error))
                await asyncio.sleep(self._pace)
            else:
                self._answer_readings()
                return
            for submission in group:
                submission.look = True
        for done in [s.done for s in group] + [r.done for r in self._readings]:
            if not done.done():
                done.set_exception(Busy())
        self._readings.clear()

    def _answer_readings(self) -> None:
        readings, self._readings = self._readings, []
        for reading in readings:
            _read(reading, self._state)

    async def _commit(self, waiting: list[Submission]) -> None:
        self._doubtful = True
        await self._look_up(waiting)
        entries: list[Entry] = []
        answers: list[tuple[Submission, Answer]] = []
        fresh: dict[str, Receipt] = {}
        now, before = self._clock(), self._state.seq
        for s in waiting:
            entry, answer = self._decide(s, now, fresh)
            answers.append((s, answer))
            if entry:
                entries.append(entry)
        if entries:
            summary = view.summary(self._state) if _shows(entries) else None
            await self._journal.append(self.conference, before, entries, summary)
            self._last_commit = time.monotonic()
        # No await from here to the last answer: what is published and answered is exactly what is durable.
        for receipt in fresh.values():
            self._remember(receipt)
        if events := [e for entry in entries for e in entry.events]:
            self._publish(self._state, events)
        self._published = self._state.seq
        self._doubtful = False
        for s, answer in answers:
            if not s.done.done():
                s.done.set_result(answer)
        if self._state.seq - self._snapshot_seq >= SNAPSHOT_EVERY:
            self._snapshot_soon()

    def _decide(self, s: Submission, now: int, fresh: dict[str, Receipt]) -> tuple[Entry | None, Answer]:
        if s.id and (known := fresh.get(s.id) or self._known.get(s.id)):
            return None, _repeat(known, s.digest)
        moment = Moment.of(now, s.tapped_at, s.sent_at)
        refusal: Refusal | None = None
        try:
            bodies = decide(self._state, s.command, s.actor, moment)
        except Refusal as r:
            refusal, bodies = r, []
        except Exception as error:
            log.error("rule_failed", command=type(s.command).__name__, exc_info=error)
            refusal, bodies = Refusal("internal"), []
        events = [self._evolve(body, s.actor, moment) for body in bodies]
        receipt = None
        # Who may not ask gets no durable answer: he must not be able to make the disk work.
        if s.id and not (refusal and refusal.code.startswith("forbidden")):
            receipt = Receipt(s.id, s.digest, now, self._state.seq, _pack(refusal) if refusal else None)
            fresh[s.id] = receipt
        entry = Entry(events, receipt) if events or receipt else None
        return entry, Answer(self._state.seq, now, refusal=refusal, events=events)

    def _evolve(self, body: EventBody, actor: Actor, moment: Moment) -> Event:
        event = Event(self._state.seq + 1, moment.now, actor.by, body, moment.occurred_at, moment.tapped_at)
        evolve(self._state, event)
        return event

    async def _look_up(self, waiting: list[Submission]) -> None:
        ids = [s.id for s in waiting if s.look and s.id and s.id not in self._known]
        if ids:
            for receipt in (await self._journal.receipts(self.conference, ids)).values():
                self._remember(receipt)

    def _remember(self, receipt: Receipt) -> None:
        self._known[receipt.command_id] = receipt
        while len(self._known) > MAX_KNOWN:
            self._known.popitem(last=False)

    # --- state from the journal

    async def _load(self) -> None:
        """The state anew: the last snapshot, then the events after it."""
        head = await self._journal.head(self.conference)
        if head is None:
            raise LookupError(self.conference)
        stored = await self._journal.load_snapshot(self.conference, STATE_VERSION)
        state, self._snapshot_seq = State(self.conference), 0
        if stored and stored.seq <= head.seq:
            try:
                state, self._snapshot_seq = _snapshot_decode(stored.state), stored.seq
            except msgspec.DecodeError:
                log.warning("snapshot_unreadable", conference=self.conference, seq=stored.seq)
        async for lot in self._journal.read(self.conference, state.seq):
            for event in lot:
                evolve(state, event)
            await asyncio.sleep(0)  # a long journal must not stop the others
        self._state, self.epoch = state, head.epoch

    async def _reload(self) -> bool:
        """After a lost race or a failed commit: the journal's truth, and what others wrote is published."""
        published = self._published
        try:
            await self._load()
        except Exception as error:  # noqa: BLE001 - the database is away; the callers are told to come back
            log.warning("reload_failed", conference=self.conference, error=repr(error))
            return False
        missed = [e async for lot in self._journal.read(self.conference, published, self._state.seq) for e in lot]
        if missed:
            self._publish(self._state, missed)
        self._published = self._state.seq
        self._doubtful = False
        return True

    async def _keep_snapshot(self, seq: int, state: bytes) -> None:
        try:
            await self._journal.save_snapshot(self.conference, seq, STATE_VERSION, state)
        except Exception as error:  # noqa: BLE001 - only a later start is slower
            log.warning("snapshot_not_kept", conference=self.conference, error=repr(error))

    def _snapshot_soon(self) -> None:
        """Called at rest: the bytes are taken now, the writing may take its time."""
        self._snapshot_seq, state = self._state.seq, _snapshot_encode(self._state)
        self._tasks.start(f"snapshot {self.conference}", self._keep_snapshot(self._snapshot_seq, state))


def _read(reading: Reading, state: State) -> None:
    if reading.done.done():
        return
    try:
        reading.done.set_result(reading.read(state))
    except Exception as error:  # noqa: BLE001 - it belongs to who asked
        reading.done.set_exception(error)


def _digest(command: Command, actor: Actor, tapped_at: int | None) -> bytes:
    return hashlib.blake2b(_encode((command, actor.by, tapped_at)), digest_size=16).digest()


def _pack(refusal: Refusal) -> bytes:
    return _encode([refusal.code, refusal.field, {k: str(v) for k, v in refusal.params.items()}])


def _repeat(known: Receipt, digest: bytes) -> Answer:
    if known.digest != digest:
        return Answer(known.seq, known.at, refusal=Refusal("id_reused", "id"))
    if known.refusal is None:
        return Answer(known.seq, known.at, again=True)
    code, field, params = msgspec.json.decode(known.refusal)
    return Answer(known.seq, known.at, again=True, refusal=Refusal(code, field, **params))


_SHOWN = {"conference_created", "conference_edited", "phase_set", "points_added", "points_merged"}
_SHOWN |= {"points_closed", "points_reopened"}


def _shows(entries: list[Entry]) -> bool:
    """Whether the list of conferences changes."""
    return any(e.body.__struct_config__.tag in _SHOWN for entry in entries for e in entry.events)
