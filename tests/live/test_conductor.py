"""The conductor: durable before acknowledged, once and only once, whatever the database does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from server.conference import Actor, State
from server.conference.state import STATE_VERSION
from server.journal import Journal, Turn
from server.journal.tables import events
from server.live import conductor as conductor_module
from server.live.conductor import Answer, Conductor
from server.protocol.commands import AddPoints, CheckIn, Command, CreateConference, Ready, ReportHeadcount, SetPhase
from server.protocol.errors import Busy
from server.protocol.events import Event, HeadcountReported
from tests.conference.given import ADMIN, POINTS, T0, UNITS, operator
from tests.waiting import until

ROOM = operator(1)


class Faulty(Journal):
    """A journal whose commits can be made to fail: before they are written, or after (an uncertain commit)."""

    before = after = 0

    @asynccontextmanager
    async def turn(self, conference: str) -> AsyncIterator[Turn]:
        async with super().turn(conference) as turn:
            yield turn
            if self.before:
                self.before -= 1
                raise OSError("disk full")
        if self.after:
            self.after -= 1
            raise OSError("connection lost after commit")


class Ground:
    def __init__(self, journal: Faulty) -> None:
        self.journal = journal
        self.published: list[Event] = []
        self.now = T0

    def conductor(self) -> Conductor:
        return Conductor("c", self.journal, self.publish, 0.0, self.clock)

    def clock(self) -> int:
        self.now += 1
        return self.now

    def publish(self, state: State, events: list[Event]) -> None:
        self.published += events


@pytest.fixture
async def ground(engine: AsyncEngine) -> Ground:
    journal = Faulty(engine)
    await journal.create("c", "epoch")
    return Ground(journal)


@pytest.fixture
async def conductor(ground: Ground) -> AsyncIterator[Conductor]:
    conductor = ground.conductor()
    await conductor.start()
    commands: list[Command] = [CreateConference("Hội nghị", T0), AddPoints(UNITS, POINTS), SetPhase("live"), CheckIn(1)]
    for command in commands:
        assert (await conductor.submit(command, ADMIN)).refusal is None
    yield conductor
    await conductor.stop()


def report(n: int) -> tuple[Command, str]:
    return ReportHeadcount(1, n), f"{n:026d}"


async def counts(ground: Ground) -> list[int]:
    read = [e async for lot in ground.journal.read("c") for e in lot]
    return [e.body.in_room for e in read if isinstance(e.body, HeadcountReported)]


async def test_what_arrives_together_is_committed_together_and_published_in_order(
    conductor: Conductor, ground: Ground
) -> None:
    answers = await asyncio.gather(*(conductor.submit(*_with(n)) for n in range(50)))
    assert [a.refusal for a in answers] == [None] * 50
    assert await counts(ground) == list(range(50))
    assert [e.seq for e in ground.published] == list(range(1, len(ground.published) + 1))


def _with(n: int) -> tuple[Command, Actor]:
    return ReportHeadcount(1, n), ROOM


async def test_the_same_id_twice_has_one_effect_and_the_same_answer(conductor: Conductor, ground: Ground) -> None:
    command, id = report(60)
    first, second = await asyncio.gather(conductor.submit(command, ROOM, id=id), conductor.submit(command, ROOM, id=id))
    third = await conductor.submit(command, ROOM, id=id)
    assert (second.seq, second.at, second.again) == (first.seq, first.at, True)
    assert (third.seq, third.at, third.again) == (first.seq, first.at, True)
    assert await counts(ground) == [60]


async def test_the_same_id_for_something_else_is_refused(conductor: Conductor, ground: Ground) -> None:
    command, id = report(60)
    await conductor.submit(command, ROOM, id=id)
    answer = await conductor.submit(ReportHeadcount(1, 61), ROOM, id=id)
    assert answer.refusal is not None
    assert answer.refusal.code == "id_reused"
    assert await counts(ground) == [60]


async def test_a_refusal_is_repeated_as_it_was_given(conductor: Conductor, ground: Ground) -> None:
    first = await conductor.submit(Ready(2), operator(2), id="x" * 26)
    assert first.refusal is not None
    await conductor.stop()
    second = ground.conductor()
    await second.start()
    again = await second.submit(Ready(2), operator(2), id="x" * 26, retry=True)
    await second.stop()
    assert again.refusal is not None
    assert (again.refusal.code, again.again) == (first.refusal.code, True)


async def test_who_may_not_ask_makes_nothing_durable(conductor: Conductor, ground: Ground) -> None:
    answer = await conductor.submit(CheckIn(2), ROOM, id="x" * 26)
    assert answer.refusal is not None
    assert answer.refusal.code == "forbidden_scope"
    async with ground.journal.turn("c") as turn:
        assert await turn.receipts(["x" * 26]) == {}


async def test_after_a_restart_an_old_id_is_still_known(conductor: Conductor, ground: Ground) -> None:
    command, id = report(60)
    first = await conductor.submit(command, ROOM, id=id)
    await conductor.stop()
    later = ground.conductor()
    await later.start()
    later._known.clear()  # as if 50,000 others had come since: only the journal knows
    for retry in (True, False):
        again = await later.submit(command, ROOM, id=id, retry=retry)
        assert (again.seq, again.again) == (first.seq, True)
    await later.stop()
    assert await counts(ground) == [60]


@pytest.mark.parametrize("fault", ["before", "after"])
async def test_a_failed_or_uncertain_commit_leaves_one_truth(conductor: Conductor, ground: Ground, fault: str) -> None:
    setattr(ground.journal, fault, 1)
    command, id = report(60)
    answer = await conductor.submit(command, ROOM, id=id)
    assert answer.refusal is None
    assert await counts(ground) == [60]
    seen = [e.body.in_room for e in ground.published if isinstance(e.body, HeadcountReported)]
    assert seen == [60]
    assert await conductor.at_rest(lambda s: s.points[1].headcount.in_room) == 60  # type: ignore[union-attr]


async def test_a_disk_that_stays_full_acknowledges_nothing_and_recovers_by_itself(
    conductor: Conductor, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conductor_module, "LOST_SECONDS", 0)
    ground.journal.before = 1_000
    with pytest.raises(Busy):
        await conductor.submit(*report(60)[:1], ROOM, id=report(60)[1])
    assert await conductor.at_rest(lambda s: s.points[1].headcount) is None
    assert conductor.lost(), "nobody new is sent to it"
    ground.journal.before = 0
    answer = await conductor.submit(report(60)[0], ROOM, id=report(60)[1])
    assert (answer.refusal, await counts(ground)) == (None, [60])
    assert not conductor.lost()


async def test_a_server_that_nobody_asks_to_write_is_tried_again(
    conductor: Conductor, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given one whose disk was full, when all have gone to other servers, then it does not stay unfit for ever."""
    monkeypatch.setattr(conductor_module, "LOST_SECONDS", 0)
    ground.journal.before = 1_000
    with pytest.raises(Busy):
        await conductor.submit(report(60)[0], ROOM)
    assert conductor.lost()
    monkeypatch.setattr(conductor_module, "FORGIVEN_SECONDS", 0)
    assert not conductor.lost()


async def test_a_journal_that_only_keeps_one_waiting_is_told_too(
    conductor: Conductor, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when somebody else holds the database: nothing has failed yet, and nothing is written."""
    monkeypatch.setattr(conductor_module, "LOST_SECONDS", 0)
    let = asyncio.Event()
    turn = ground.journal.turn

    @asynccontextmanager
    async def slow(conference: str) -> AsyncIterator[Turn]:
        await let.wait()
        async with turn(conference) as mine:
            yield mine

    monkeypatch.setattr(ground.journal, "turn", slow)
    answer = conductor.offer(report(60)[0], ROOM)
    await until(conductor.held, "held")
    assert not conductor.lost()
    let.set()
    assert (await answer).refusal is None
    await until(lambda: not conductor.held(), "at rest")


async def test_a_journal_that_cannot_be_read_is_told_until_it_can(
    conductor: Conductor, ground: Ground, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a newer program wrote into it."""
    monkeypatch.setattr(conductor_module, "LOST_SECONDS", 0)
    async with engine.begin() as db:
        await db.execute(update(events).values(version=99))
    ground.journal.before = 1
    with pytest.raises(Busy):
        await conductor.submit(report(60)[0], ROOM)
    assert conductor.lost()
    async with engine.begin() as db:
        await db.execute(update(events).values(version=1))
    assert (await conductor.submit(report(60)[0], ROOM)).refusal is None
    assert not conductor.lost()


async def test_two_conductors_over_one_journal_write_one_history(conductor: Conductor, ground: Ground) -> None:
    other_ground = Ground(ground.journal)
    other = other_ground.conductor()
    await other.start()
    jobs = []
    for n in range(40):
        chosen = conductor if n % 2 else other
        jobs.append(chosen.submit(report(n)[0], ROOM, id=report(n)[1]))
    answers: list[Answer] = await asyncio.gather(*jobs)
    await other.stop()
    assert all(a.refusal is None for a in answers)
    assert sorted(await counts(ground)) == list(range(40))
    read = [e async for lot in ground.journal.read("c") for e in lot]
    assert [e.seq for e in read] == list(range(1, len(read) + 1))


async def test_readers_never_see_what_is_not_durable(conductor: Conductor, ground: Ground) -> None:
    ground.journal.before = 3
    pending = asyncio.gather(conductor.submit(report(60)[0], ROOM, id=report(60)[1]), return_exceptions=True)
    seen = []
    while not pending.done():
        seen.append(await conductor.at_rest(lambda s: s.points[1].headcount and s.seq))
        seen_durable = await counts(ground)
        if seen[-1]:
            assert seen_durable == [60]
        await asyncio.sleep(0)
    await pending
    assert await counts(ground) == [60]


async def test_a_snapshot_at_the_end_makes_the_next_start_short(conductor: Conductor, ground: Ground) -> None:
    await conductor.submit(report(60)[0], ROOM)
    await conductor.stop()
    stored = await ground.journal.load_snapshot("c", STATE_VERSION)
    assert stored is not None
    head = await ground.journal.head("c")
    assert head is not None
    assert stored.seq == head.seq
