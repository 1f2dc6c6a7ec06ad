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
from server.journal import Conflict, Entry, Gap, Head, Journal, Receipt, Unreadable
from server.protocol.commands import Command
from server.protocol.errors import Busy, CannotWrite
from server.protocol.events import Event, EventBody
from server.tasks import Tasks

log = structlog.get_logger()

MAX_WAITING = 20_000  # submissions in the queue: half a minute of work of the largest conference
MAX_GROUP = 1_000  # commands in one commit: about 20 ms of deciding, so that nobody waits longer for his turn
LONG = 10  # events of one command: 5,000 rooms, some milliseconds, then other tasks have their turn
MAX_KNOWN = 50_000  # answers kept in memory: every point's last command of the largest conference
SNAPSHOT_EVERY = 20_000  # events: what a start must read again, under a second; who writes past it keeps it
STOP_SECONDS = 10  # what a stop waits for the queue; what is not committed then was never acknowledged
MAX_RACES = 20  # lost races or failed commits before a submission is given back as "try again"
PATIENCE_SECONDS = 5.0  # nor does anybody wait longer than this for a database that fails
HELD_SECONDS = 1.0  # without its journal, before walls say so
LOST_SECONDS = 5.0  # without its journal, before a server calls itself unfit for a conference
FORGIVEN_SECONDS = 20.0  # without another failed write: longer than anybody who waits stays away
TURN_SECONDS = 10.0  # a turn that takes longer hangs on a broken line; the journal is read again

_encode = msgspec.json.Encoder().encode
_snapshot_encode = msgspec.msgpack.Encoder().encode
_snapshot_decode = msgspec.msgpack.Decoder(State).decode
Clock = Callable[[], int]
T = TypeVar("T")


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Publish(Protocol):
    def __call__(self, state: State, events: list[Event]) -> None: ...


class Tell(Protocol):
    """Tells other servers of durable events."""

    def __call__(self, epoch: str, events: list[Event]) -> None: ...


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


class Decided(Struct):
    """What a group led to, in memory; `before` is the event it follows."""

    before: int
    fresh: dict[str, Receipt]
    entries: list[Entry]
    answers: list[tuple[Submission, Answer]]


class Reading(Struct):
    read: Callable[[State], Any]
    done: asyncio.Future[Any]


class Conductor:
    """The only writer of one conference in this process; other servers may write it too.

    `pace` is the least time between commits in seconds: the first tap after a pause is committed at once, under load
    taps share a commit. `begin_anew` is called when another history was put in the journal's place.
    """

    def __init__(
        self,
        conference: str,
        journal: Journal,
        publish: Publish,
        pace: float,
        clock: Clock = now_ms,
        *,
        tell: Tell | None = None,
        begin_anew: Callable[[State], None] | None = None,
    ) -> None:
        self.conference = conference
        self.epoch = ""
        self._journal, self._publish, self._pace, self._clock = journal, publish, pace, clock
        self._tell, self._begin_anew = tell, begin_anew
        self._state = State(conference)
        self._queue: deque[Submission] = deque()
        self._readings: list[Reading] = []
        self._looks: list[asyncio.Future[None]] = []
        self._drained = asyncio.Event()
        self._wake = asyncio.Event()
        self._known: OrderedDict[str, Receipt] = OrderedDict()
        self._tasks = Tasks()
        self._snapshot_seq = 0
        self._published = 0
        self._doubtful = False  # memory may hold events that the journal does not
        self._behind = False  # the journal holds events that memory does not
        self._unread_since = 0.0  # monotonic; since when the journal cannot be read, 0 when it can
        self._unwritten_since = 0.0  # monotonic; since when nothing can be written, 0 when it can
        self._refused_at = 0.0  # when the database last refused
        self._writing_since = 0.0  # monotonic; since when a group is being written, 0 while none is
        self.outdated = False  # a newer program wrote what this one cannot read
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

    def offer(
        self,
        command: Command,
        actor: Actor,
        *,
        id: str | None = None,
        tapped_at: int | None = None,
        sent_at: int | None = None,
        retry: bool = False,
    ) -> asyncio.Future[Answer]:
        """The answer to come, durable when it does. `Busy`, raised or in the future: nothing happened, come back.
        Commands are decided in the order in which they are offered."""
        if len(self._queue) >= MAX_WAITING or self._closing:
            raise Busy
        done: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        digest = _digest(command, actor, tapped_at) if id else b""
        self._queue.append(Submission(command, actor, done, id, tapped_at, sent_at, digest, retry))
        self._wake.set()
        return done

    async def submit(self, command: Command, actor: Actor, *, id: str | None = None, retry: bool = False) -> Answer:
        """Durable when it returns. Raises `Busy` when nothing happened and the caller should come back."""
        return await self.offer(command, actor, id=id, retry=retry)

    async def at_rest(self, read: Callable[[State], T]) -> T:
        """Runs `read` when the state holds durable events only: at once, or right after the commit under way.

        It must not keep the state. Raises `Busy` when the journal cannot be read now.
        """
        if not self._doubtful:
            return read(self._state)
        if self.held():
            raise CannotWrite
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._readings.append(Reading(read, done))
        self._wake.set()
        return await done

    def held(self) -> bool:
        """Whether what is asked waits for the journal longer than people should be left without a word."""
        # Who only waits may be at the largest import; what has failed once is mostly done again in less.
        waits = self._writing_since > 0 and time.monotonic() - self._writing_since > LOST_SECONDS
        return waits or self._without_journal(HELD_SECONDS)

    def lost(self) -> bool:
        """Whether the journal can no longer be read: by a program as old as this one, or for long, as when the database
        is away; or not be written, as when its disk is full."""
        return self._without_journal(LOST_SECONDS)

    def _without_journal(self, patience: float) -> bool:
        now, unread, unwritten = time.monotonic(), self._unread_since, self._unwritten_since
        if unwritten and now - self._refused_at > FORGIVEN_SECONDS:
            unwritten = 0.0  # nobody asks any more, perhaps because this was noticed
        return self.outdated or any(since and now - since > patience for since in (unread, unwritten))

    async def look(self) -> None:
        """Returns when everything is known that stood in the journal at the call. Raises `Busy`."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._looks.append(done)
        self._behind = True
        self._wake.set()
        await done

    async def stop(self) -> None:
        """Finishes what is queued, keeps a snapshot, ends."""
        self._closing = True
        self._wake.set()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._drained.wait(), STOP_SECONDS)
        await self._tasks.stop()
        if not self._doubtful and self._state.seq > self._snapshot_seq:
            await self._keep_snapshot(self._state.seq, _snapshot_encode(self._state))

    # --- what other servers wrote

    def news(self, events: list[Event]) -> None:
        """Durable events that another server tells of: taken at once when they follow gapless, else read later.

        While a group is being decided this writer holds the journal's turn, so older news are known already."""
        if self._doubtful or not events:
            return
        if events[0].seq <= self._state.seq + 1:
            self._take(events)
        else:
            self.follow(Head(self.epoch, events[-1].seq))

    def knows(self, seq: int) -> bool:
        """Whether news up to here would tell nothing: under load most of it was read with the writer's last turn."""
        return self._doubtful or seq <= self._state.seq

    def follow(self, head: Head) -> None:
        """Where the journal stands: what is missing here is read soon."""
        if head.epoch != self.epoch:
            self._doubtful = True
        if self._doubtful or head.seq > self._state.seq:
            self._behind = True
            self._wake.set()

    def _take(self, lot: list[Event]) -> None:
        """Durable events, of which some may be known. Never awaits: the state is at rest before and after."""
        events = [e for e in lot if e.seq > self._state.seq]
        for event in events:
            evolve(self._state, event)
        if events:
            self._publish(self._state, events)
            self._published = self._state.seq

    # --- the loop

    async def _run(self) -> None:
        while True:
            self._drained.set()
            await self._wake.wait()
            self._wake.clear()
            self._drained.clear()
            while self._queue or self._readings or self._behind:
                pause = self._last_commit + self._pace - time.monotonic()
                if pause > 0 and not self._closing:
                    await asyncio.sleep(pause)
                group = [self._queue.popleft() for _ in range(min(len(self._queue), MAX_GROUP))]
                self._writing_since = time.monotonic() if group else 0.0
                await self._conduct(group)
                self._writing_since = 0.0

    async def _conduct(self, group: list[Submission]) -> None:
        patience = time.monotonic() + PATIENCE_SECONDS
        self._behind = False
        # Who comes while the journal is being read may want to see what was written after that.
        looks, self._looks = self._looks, []
        failed = False
        for _ in range(MAX_RACES):
            if self._doubtful and not await self._reload():
                break
            try:
                async with asyncio.timeout(TURN_SECONDS):
                    await (self._write(group) if group else self._catch_up())
            except Conflict:
                log.info("append_conflict", conference=self.conference, waiting=len(group))
            except Unreadable as error:  # to try again would be no use
                self._cannot_read(error)
                break
            except Exception as error:  # noqa: BLE001 - whatever the driver raises, the journal knows the truth
                log.warning("append_failed", conference=self.conference, error=repr(error))
                if group:
                    self._refused_at = time.monotonic()
                    self._unwritten_since = self._unwritten_since or self._refused_at
                # A database that hung may have ended the turn when it went on: it is asked once more.
                if failed and time.monotonic() > patience:
                    break
                failed = True
                await asyncio.sleep(self._pace)
            else:
                self._settle(looks)
                return
            for submission in group:
                submission.look = True
        for done in [*(s.done for s in group), *(r.done for r in self._readings), *looks]:
            if not done.done():
                done.set_exception(CannotWrite())
        self._readings.clear()

    def _settle(self, looks: list[asyncio.Future[None]]) -> None:
        """The journal was read to its end, and memory holds that."""
        self._can_read()
        readings, self._readings = self._readings, []
        for reading in readings:
            _read(reading, self._state)
        for look in looks:
            if not look.done():
                look.set_result(None)

    async def _catch_up(self) -> None:
        async for lot in self._journal.read(self.conference, self._state.seq):
            self._take(lot)

    async def _write(self, group: list[Submission]) -> None:
        async with self._journal.turn(self.conference) as turn:
            if turn.head and turn.head.epoch != self.epoch:
                raise Conflict(self.conference)  # another history was put in its place: all is read anew
            while turn.head and turn.head.seq > self._state.seq:
                self._take(await turn.missed(self._state.seq))
            self._doubtful = True
            # Where others write too, any id may have been answered by them.
            ids = [s.id for s in group if (s.look or turn.head) and s.id and s.id not in self._known]
            if ids:
                for receipt in (await turn.receipts(ids)).values():
                    self._remember(receipt)
            decided = await self._decide_all(group)
            if decided.entries:
                summary = view.summary(self._state) if _shows(decided.entries) else None
                await turn.append(decided.before, decided.entries, summary)
        self._committed(decided)

    async def _decide_all(self, waiting: list[Submission]) -> Decided:
        decided = Decided(self._state.seq, {}, [], [])
        now = self._clock()
        for s in waiting:
            entry, answer = await self._decide(s, now, decided.fresh)
            decided.answers.append((s, answer))
            if entry:
                decided.entries.append(entry)
        return decided

    def _committed(self, decided: Decided) -> None:
        """What is published and answered is exactly what is durable: from the commit to the last answer nothing
        else runs."""
        if decided.entries:
            self._last_commit = time.monotonic()
            self._unwritten_since = 0.0
        for receipt in decided.fresh.values():
            self._remember(receipt)
        if events := [e for entry in decided.entries for e in entry.events]:
            self._publish(self._state, events)
            if self._tell:
                self._tell(self.epoch, events)
        self._published = self._state.seq
        self._doubtful = False
        for s, answer in decided.answers:
            if not s.done.done():
                s.done.set_result(answer)
        if self._state.seq // SNAPSHOT_EVERY > decided.before // SNAPSHOT_EVERY:
            self._snapshot_soon()

    async def _decide(self, s: Submission, now: int, fresh: dict[str, Receipt]) -> tuple[Entry | None, Answer]:
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
        events: list[Event] = []
        for body in bodies:
            events.append(self._evolve(body, s.actor, moment))
            if len(events) % LONG == 0:  # an import: the state is in doubt already, so others may run
                await asyncio.sleep(0)
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
        if state.seq < head.seq:
            raise Gap(f"event {state.seq + 1} is missing")
        self._state, self.epoch = state, head.epoch

    async def _reload(self) -> bool:
        """After a lost race or a failed commit: the journal's truth, and what others wrote is published."""
        published, epoch = self._published, self.epoch
        try:
            await self._load()
            missed = [e async for lot in self._journal.read(self.conference, published, self._state.seq) for e in lot]
        except Exception as error:  # noqa: BLE001 - the database is away; the callers are told to come back
            log.warning("reload_failed", conference=self.conference, error=repr(error))
            self._cannot_read(error)
            return False
        self._can_read()
        if self.epoch != epoch and self._begin_anew:
            self._begin_anew(self._state)
        elif missed:
            self._publish(self._state, missed)
        self._published = self._state.seq
        self._doubtful = False
        return True

    def _cannot_read(self, error: Exception) -> None:
        self._unread_since = self._unread_since or time.monotonic()
        if isinstance(error, Unreadable) and not self.outdated:
            log.error(error.said, conference=self.conference, error=str(error))
            self.outdated = True

    def _can_read(self) -> None:
        self._unread_since, self.outdated = 0.0, False

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
