"""Whether something grows: the median of a run's last third beside that of its first."""

import statistics
from collections.abc import Mapping, Sequence

from msgspec import Struct

WARM_SECONDS = 30.0  # of a process: until it has read the journal, met its rooms and filled what it keeps
LEAST = 6  # values of which a third can be told from another


class Value(Struct, frozen=True):
    """`at`: seconds since the beginning. `age`: of the process that it is about."""

    at: float
    value: float
    age: float = WARM_SECONDS


class Thirds(Struct, frozen=True):
    """Medians."""

    first: float
    last: float

    @property
    def more(self) -> float:
        return self.last - self.first

    @property
    def times(self) -> float:
        return self.last / self.first if self.first else float("inf")


def thirds(values: Sequence[Value]) -> Thirds | None:
    """Of processes that have warmed up, whether one of them lived all the time or several after each other. None when
    there is too little to tell."""
    warm = [v for v in values if v.age >= WARM_SECONDS]
    if len(warm) < LEAST:
        return None
    begin, third = warm[0].at, (warm[-1].at - warm[0].at) / 3
    first = [v.value for v in warm if v.at <= begin + third]
    last = [v.value for v in warm if v.at >= begin + 2 * third]
    return Thirds(statistics.median(first), statistics.median(last))


def grown(memory: Mapping[str, Sequence[Value]], cost: Sequence[Value], waits: Sequence[Value]) -> dict[str, float]:
    """`memory` in MB by server. A figure that could not be told is left out, and so its limit is not reached."""
    judged = [found for values in memory.values() if (found := thirds(values))]
    figures = {"servers_judged": float(len(judged))}
    if judged:
        figures["memory_growth_mb"] = max(found.more for found in judged)
        figures["memory_mb"] = max(found.last for found in judged)
    named = (("cpu", thirds(cost)), ("wait", thirds(waits)))
    return figures | {f"{name}_growth": found.times for name, found in named if found}
