"""What a simulation did, counted."""

from collections import Counter, deque

from msgspec import Struct

from server.protocol.messages import DoneMessage, RefusedMessage

SAMPLES = 100_000  # answers whose time is remembered: the last hours of the demonstration, minutes of a heavy load


class Summary(Struct, frozen=True):
    """`connected`: lines open at the end. `refusals` by error code. `cut` lines were broken on purpose, `lost_lines`
    broke by themselves; `ended` will not come back. Times in ms, of taps that found their line up."""

    rooms: int
    connected: int
    sent: int
    done: int
    refused: int
    refusals: dict[str, int]
    cut: int
    lost_lines: int
    ended: int
    scans: int
    opens: int
    scan_failures: int
    ack_p50_ms: float
    ack_p99_ms: float
    seconds: float


class Figures:
    """Counts while it runs."""

    def __init__(self) -> None:
        self.sent = self.done = self.cut = self.lost = self.ended = 0
        self.scans = self.opens = self.scan_failures = 0
        self.refusals: Counter[str] = Counter()
        self._times: deque[float] = deque(maxlen=SAMPLES)

    def answered(self, answer: DoneMessage | RefusedMessage, seconds: float | None) -> None:
        """`seconds` None: the tap had to wait for its line, which says nothing about the server."""
        if isinstance(answer, RefusedMessage):
            self.refusals[answer.error.code] += 1
            return
        self.done += 1
        if seconds is not None:
            self._times.append(seconds)

    def summary(self, rooms: int, connected: int, seconds: float) -> Summary:
        times = sorted(self._times)
        return Summary(
            rooms,
            connected,
            self.sent,
            self.done,
            self.refusals.total(),
            dict(self.refusals),
            self.cut,
            self.lost,
            self.ended,
            self.scans,
            self.opens,
            self.scan_failures,
            percentile(times, 0.5),
            percentile(times, 0.99),
            round(seconds, 1),
        )


def percentile(ordered: list[float], share: float) -> float:
    """Of seconds in rising order, in ms; 0 of nothing."""
    if not ordered:
        return 0.0
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 2)
