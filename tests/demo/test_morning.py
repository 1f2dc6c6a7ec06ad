"""The plan of a morning: made again from its seed, in order, and such that the rules take every act of it."""

import heapq
import itertools
from collections import Counter
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from server.conference import view
from server.demo.acts import Act, Arrive, Cut, Organize, Quality, Tap, Visit
from server.demo.arrivals import BEGIN, LAST_IN, LATE_UNTIL, Room
from server.demo.morning import morning
from server.demo.simulate import SEED
from server.protocol.commands import AddPoints, Command, LineGone, LineSeen, NewPoint, UnitNode
from server.protocol.terms import Status
from tests.conference.given import ADMIN, POINTS, SYSTEM, Conference, operator

EXPECTED, SEATS = 68, 80
FIRST = len(POINTS) + 1  # the given conference has points of its own, which nobody plays
GRACE = 8.0
seeds = st.integers(0, 2**32)


def acts(seed: int, until: float, rooms: int = 40) -> list[Act]:
    plan = morning([Room(n, EXPECTED, SEATS) for n in range(FIRST, FIRST + rooms)], seed)
    return list(itertools.takewhile(lambda act: act.at <= until, plan))


class Replay:
    """A conference with those rooms, and what the plan does to it: taps on a dead line come when it is back."""

    def __init__(self, rooms: int) -> None:
        self.conference = Conference("draft")
        units = [UnitNode(f"U{n}", f"Xã {n}", "xã", "271", n) for n in range(rooms)]
        points = [NewPoint(u.code, f"C{u.code}", seats=SEATS, expected=EXPECTED) for u in units]
        self.conference.when(AddPoints(units, points, first=FIRST))
        self.weak: set[int] = set()

    def play(self, plan: list[Act], until: float) -> None:
        for at, command, point in self._in_time(plan):
            if at > until:
                return
            actor = ADMIN if point is None else SYSTEM if isinstance(command, LineGone | LineSeen) else operator(point)
            self.conference.when(command, actor, after=0)

    def statuses(self) -> Counter[Status]:
        """What the wall would show. A weak line shows only where all is well otherwise."""
        state = self.conference.state
        found = {p.id: view.status(state, p)[0] for p in list(state.points.values())[FIRST - 1 :]}
        return Counter("weak" if i in self.weak and s in ("in", "ready", "ok") else s for i, s in found.items())

    def people(self) -> int:
        return sum(p.headcount.in_room for p in self.conference.state.points.values() if p.headcount)

    def _in_time(self, plan: list[Act]) -> Iterator[tuple[float, Command, int | None]]:
        ahead: list[tuple[float, int, Command, int | None]] = []
        back: dict[int, float] = {}
        number = itertools.count()
        for act in plan:
            while ahead and ahead[0][0] <= act.at:
                at, _, command, point = heapq.heappop(ahead)
                yield at, command, point
            match act:
                case Organize(command=command):
                    heapq.heappush(ahead, (act.at, next(number), command, None))
                case Tap(point=point, command=command):
                    heapq.heappush(ahead, (max(act.at, back.get(point, 0.0)), next(number), command, point))
                case Cut(point=point, seconds=seconds):
                    back[point] = act.at + seconds
                    if seconds > GRACE:
                        gone = LineGone(point, 0)
                        heapq.heappush(ahead, (act.at + GRACE, next(number), gone, point))
                        heapq.heappush(ahead, (act.at + seconds, next(number), LineSeen(point), point))
                case Quality(point=point, weak=weak):
                    (self.weak.add if weak else self.weak.discard)(point)


def replayed(seed: int, until: float, rooms: int) -> Replay:
    replay = Replay(rooms)
    replay.play(acts(seed, until, rooms), until)
    return replay


@settings(max_examples=20)
@given(seeds)
def test_the_same_seed_gives_the_same_morning_in_the_order_of_time(seed: int) -> None:
    plan = acts(seed, 400)
    assert plan == acts(seed, 400)
    assert all(before.at <= after.at for before, after in itertools.pairwise(plan))


@settings(max_examples=20)
@given(seeds)
def test_the_rules_take_everything_that_is_planned(seed: int) -> None:
    """A refusal raises; a tap that comes before its room arrived would be one."""
    replay = replayed(seed, 900, rooms=60)
    assert replay.conference.state.phase == "live"


@settings(max_examples=20)
@given(seeds)
def test_a_room_arrives_once_and_acts_only_then(seed: int) -> None:
    arrived: dict[int, float] = {}
    for act in acts(seed, 600):
        if isinstance(act, Arrive):
            assert act.point not in arrived
            assert act.at <= LAST_IN or BEGIN < act.at <= LATE_UNTIL
            arrived[act.point] = act.at
        elif isinstance(act, Tap | Cut | Quality | Visit):
            assert act.at >= arrived[act.point]


@settings(max_examples=20)
@given(seeds)
def test_a_room_has_one_trouble_at_a_time(seed: int) -> None:
    """No line is cut while it is cut already, and no call for help is made while one is open."""
    back: dict[int, float] = {}
    calls: set[int] = set()
    for act in acts(seed, 900, rooms=30):
        if isinstance(act, Cut):
            assert act.at >= back.get(act.point, 0.0)
            back[act.point] = act.at + act.seconds
        kind = type(act.command).__name__ if isinstance(act, Tap | Organize) else ""
        if isinstance(act, Tap) and kind == "AskHelp":
            assert act.point not in calls
            calls.add(act.point)
        elif isinstance(act, Tap | Organize) and kind == "ResolveHelp":
            calls.remove(getattr(act.command, "point"))  # noqa: B009 - commands of the whole conference have none


def test_a_day_as_people_see_it() -> None:
    """The rehearsal fills up, at the beginning nearly all are there, later about 25 of 766 are in some trouble."""
    early = replayed(SEED, 20, rooms=765).statuses()
    assert 20 < early.total() - early["none"] < 150
    for minute in (3, 5, 10):
        later = replayed(SEED, minute * 60, rooms=765)
        statuses = later.statuses()
        assert 725 <= statuses["ok"] <= 755
        assert 4 <= statuses["none"] <= 20
        assert all(1 <= statuses[s] <= 12 for s in ("lost", "weak", "tv", "help"))
        assert 0.93 < later.people() / (765 * EXPECTED) < 0.99


def test_phones_scan_a_few_times_a_second_and_some_come_back() -> None:
    visits = [act for act in acts(SEED, 600, rooms=765) if isinstance(act, Visit)]
    steady = [v for v in visits if v.at > 300]
    assert 2 < len(steady) / 300 < 4
    assert 0.1 < 1 - len({v.phone for v in visits}) / len(visits) < 0.2
    assert Counter(v.opens for v in steady).keys() == {0, 1, 2}
