"""A bench says honestly whether its limits were reached."""

import json
import sys
from types import ModuleType

import pytest

from bench.__main__ import measure
from bench.result import Limit, Result, percentile


def test_a_limit_holds_up_to_its_figure_and_not_beyond() -> None:
    assert Limit(most=25).holds(25)
    assert not Limit(most=25).holds(25.01)
    assert Limit(least=4_000).holds(4_000)
    assert not Limit(least=4_000).holds(3_999)


def test_a_figure_that_was_not_measured_is_not_reached() -> None:
    half = Result("live", {}, {}, {"ack_p99_ms": Limit(most=25)})
    whole = Result("live", {}, {"ack_p99_ms": 26}, {"ack_p99_ms": Limit(most=25)})

    assert (half.ok(), half.measured()) == (False, False)
    assert (whole.ok(), whole.measured()) == (False, True)


def test_figures_stand_beside_what_they_had_to_reach() -> None:
    limits = {"ack_p99_ms": Limit(most=25), "answered": Limit(least=3)}

    told = json.loads(Result("live", {"points": 766}, {"ack_p99_ms": 25.5, "answered": 3}, limits).json())

    assert told == {
        "bench": "live",
        "params": {"points": 766},
        "figures": {"ack_p99_ms": 25.5, "answered": 3},
        "reach": {"ack_p99_ms": "<= 25", "answered": ">= 3"},
        "ok": False,
    }


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(n) for n in range(100, 0, -1)]

    assert percentile(values, 0.5) == 51
    assert percentile(values, 0.99) == 100
    assert percentile([], 0.99) == 0


@pytest.mark.parametrize(("figure", "status"), [(1.0, 0), (3.0, 1), (None, 2)])
def test_the_exit_status_tells_reached_missed_and_not_measured(
    figure: float | None, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def run(short: bool) -> list[Result]:
        if figure is None:
            raise RuntimeError("no server")
        return [Result("probe", {}, {"lost": figure}, {"lost": Limit(most=2)})]

    probe = ModuleType("bench.probe")
    probe.run = run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "bench.probe", probe)

    assert measure("probe", short=True) == status
    assert ("no server" in capsys.readouterr().err) == (figure is None)


def test_a_result_that_lacks_a_figure_is_printed_and_not_called_missed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def run(short: bool, points: int) -> list[Result]:
        return [Result("probe", {"points": points}, {"lost": 0}, {"lost": Limit(most=2), "doubled": Limit(most=0)})]

    probe = ModuleType("bench.probe")
    probe.run = run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "bench.probe", probe)

    assert measure("probe", short=True, points=9) == 2
    assert json.loads(capsys.readouterr().out)["params"] == {"points": 9}
