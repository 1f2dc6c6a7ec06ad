"""The bench of three servers beside one says which of its figures is held against a limit, and would miss it."""

import pytest

from bench.cluster import CORES, compare, judge, medians
from bench.result import Result

ONE = {
    "accepted_per_s": 4_000.0, "servers_us": 80.0, "servers_us_one_each": 90.0, "all_us": 100.0,
    "refused": 0.0, "unanswered": 0.0,
}  # fmt: skip


def three(**differs: float) -> dict[str, float]:
    return ONE | differs


@pytest.mark.parametrize(
    ("cores", "measured", "ok"),
    [
        (2, three(servers_us=99.0), True),
        (2, three(servers_us=101.0), False),
        (2, three(servers_us=80.0, unanswered=1.0), False),
        (CORES, three(accepted_per_s=9_000.0, servers_us=101.0), True),
        (CORES, three(accepted_per_s=8_000.0), False),
    ],
)
def test_cost_is_judged_where_servers_share_a_core_and_number_where_each_has_its_own(
    cores: int, measured: dict[str, float], ok: bool
) -> None:
    judged, reason, limits = judge(cores)
    result = Result("cluster", {}, compare(ONE, measured), limits)
    assert judged in limits
    assert str(cores) in reason
    assert result.measured()
    assert result.ok() == ok


def test_of_several_rounds_the_median_counts() -> None:
    assert medians([{"us": 90.0}, {"us": 300.0}, {"us": 100.0}]) == {"us": 100.0}
