"""The morning that goes on and on: it runs, and it would notice if something grew."""

import sys
from random import Random

import pytest

from bench.result import Result
from faults.soak import SPARED, Size, draw, limits, main, run
from faults.trend import WARM_SECONDS, Value, grown
from server.demo.cluster.whole import missing

GROWTH = ("memory_growth_mb", "cpu_growth", "wait_growth", "servers_judged")
LOOKS = range(0, 600, 10)


def line(first: float, a_minute: float) -> list[Value]:
    """Of a process that lives all the time."""
    return [Value(at, first + a_minute * at / 60, at) for at in LOOKS]


def judged(memory: dict[str, list[Value]], cost: list[Value], waits: list[Value]) -> Result:
    reach = {name: limit for name, limit in limits().items() if name in GROWTH}
    return Result("soak", {}, grown(memory, cost, waits), reach)


def test_what_stays_as_it_is_passes() -> None:
    assert judged({"server1": line(140, 0.5)}, line(900, 0), line(20, 0)).ok()


@pytest.mark.parametrize("grows", ["memory", "cost", "waits"])
def test_what_grows_is_found(grows: str) -> None:
    memory = {"server1": line(140, 0), "server2": line(140, 5 if grows == "memory" else 0)}
    cost = line(900, 150 if grows == "cost" else 0)
    result = judged(memory, cost, line(20, 20 if grows == "waits" else 0))
    assert result.measured()
    assert not result.ok()


def test_processes_that_follow_each_other_are_judged_once_they_are_warm() -> None:
    """Each begins small, and each is larger than the one before it."""
    memory = [Value(at, (60 if at % 100 < WARM_SECONDS else 140) + at / 15, at % 100) for at in LOOKS]
    assert grown({"server2": memory}, [], [])["memory_growth_mb"] == pytest.approx(27, abs=3)


def test_too_little_to_tell_is_not_called_flat() -> None:
    assert not judged({"server1": line(140, 0)[:5]}, line(900, 0), line(20, 0)).measured()


def test_a_seed_draws_the_same_faults_and_spares_one_server() -> None:
    one, same, other = Random(1), Random(1), Random(2)
    drawn = [draw(one) for _ in range(200)]
    assert drawn == [draw(same) for _ in range(200)]
    assert drawn != [draw(other) for _ in range(200)]
    assert {t.place for t in drawn if t.kind == "kill server"} == {SPARED, SPARED + 1}


@pytest.mark.parametrize("said", ["1", "0", "-3", "nan", "inf", "many"])
def test_a_time_too_short_to_judge_is_refused_in_one_line(
    said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["soak", "--minutes", said])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert f"'{said}': to tell what grows it takes 3 minutes at least" in capsys.readouterr().err


@pytest.mark.skipif(bool(missing()), reason="a part of the cluster is not installed: `make system`")
async def test_a_short_morning_loses_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    seed = next(s for s in range(1_000) if (t := draw(Random(s))).kind == "kill server" and t.after < 7)
    result = await run(0.2, seed, Size(rooms=20, attendees=5, every=4.0))
    broken = {k: v for k, limit in result.reach.items() if not limit.holds(v := result.figures.get(k, 0))}
    assert set(broken) <= {"acknowledged", "servers_judged"}, "so short a time tells nothing of growth"
    assert result.params["kinds"] == ["kill server"]
    assert result.figures["acknowledged"] > 20
    assert '"connected": 20' in capsys.readouterr().out
