"""What a bench prints: its figures beside their limits, one JSON object on the last line."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Limit:
    """`most` or `least`: what the figure must reach."""

    most: float | None = None
    least: float | None = None

    def holds(self, figure: float) -> bool:
        return (self.most is None or figure <= self.most) and (self.least is None or figure >= self.least)

    def words(self) -> str:
        return f"<= {self.most:g}" if self.most is not None else f">= {self.least:g}"


@dataclass
class Result:
    bench: str
    params: Mapping[str, object]
    figures: dict[str, float] = field(default_factory=dict)
    reach: dict[str, Limit] = field(default_factory=dict)

    def ok(self) -> bool:
        """All limits reached; a figure that was not measured is not reached."""
        return all(name in self.figures and limit.holds(self.figures[name]) for name, limit in self.reach.items())

    def measured(self) -> bool:
        """Every figure that has a limit is there."""
        return self.reach.keys() <= self.figures.keys()

    def json(self) -> str:
        return json.dumps(
            {
                "bench": self.bench,
                "params": self.params,
                "figures": {k: round(v, 3) for k, v in self.figures.items()},
                "reach": {k: limit.words() for k, limit in self.reach.items()},
                "ok": self.ok(),
            },
            ensure_ascii=False,
        )


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of all values do not exceed; 0 of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0
