"""Prometheus metrics of the bridge. Labels are bounded: acts, kinds, codes, numbers of workers, never names or ids."""

from collections import Counter as Counted
from collections.abc import Callable, Iterator, Mapping, Sequence

from prometheus_client import CollectorRegistry, Counter, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from bridge.orders import Feeding, Report

from .carrier import Carrier
from .engine import Engine

Family = GaugeMetricFamily | CounterMetricFamily
Values = Mapping[tuple[str, ...], float]

LOSSY = 0.05  # a viewer's loss above it is seen: pictures freeze now and then, whatever is sent again


class Metrics(Collector):
    """Counts requests; what sessions, workers and lines to others are is read when somebody asks. `uplinks`: how many
    programmes are taken from other bridges and how many of them come; `reachable`: whether the service answered last,
    None without one."""

    def __init__(
        self,
        reception: Engine,
        workers: Sequence[Carrier],
        uplinks: Callable[[], tuple[int, int]],
        reachable: Callable[[], bool | None],
    ) -> None:
        self._reception, self._workers = reception, workers
        self._uplinks, self._reachable = uplinks, reachable
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = Counter(
            "nhipcau_bridge_requests_total", "Requests answered", ["method", "status"], registry=self._registry
        )
        self._problems = Counter("nhipcau_bridge_problems_total", "Refused, by code", ["code"], registry=self._registry)
        self._registry.register(self)

    def request(self, method: str, status: int) -> None:
        self._requests.labels(method, str(status)).inc()

    def problem(self, code: str) -> None:
        self._problems.labels(code).inc()

    def text(self) -> bytes:
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Family]:
        yield from self._of_sessions()
        yield from self._of_lines()
        yield from self._of_workers()
        yield from self._of_publishers()

    def _of_sessions(self) -> Iterator[Family]:
        counted = Counted[tuple[str, ...]]((one.allowed.act, one.state) for one in self._reception.sessions.values())
        yield _gauge("sessions", "Open sessions", ("act", "state"), counted)
        ended = CounterMetricFamily("nhipcau_bridge_sessions_ended", "Sessions that are over, by why", labels=["why"])
        for why, number in self._reception.ended.items():
            ended.add_metric([why], number)
        yield ended

    def _of_lines(self) -> Iterator[Family]:
        wanted, up = self._uplinks()
        lines: Values = {("wanted",): wanted, ("up",): up}
        yield _gauge("uplinks", "Programmes of other bridges: to be taken, and coming", ("state",), lines)
        yield _gauge("draining", "1 while it takes nobody new", (), {(): self._reception.draining})
        reached = self._reachable()
        if reached is not None:
            yield _gauge("service_reachable", "1 when the service answered its last report", (), {(): reached})

    def _of_workers(self) -> Iterator[Family]:
        reports: dict[tuple[str, ...], Report] = {
            (str(w.number),): w.report for w in self._workers if w.report is not None
        }
        ready: Values = {(str(w.number),): w.ready for w in self._workers}
        yield _gauge("worker_up", "1 when it listens", ("worker",), ready)
        for name, text, read in _OF_REPORTS:
            yield _gauge(name, text, ("worker",), {label: read(said) for label, said in reports.items()})
        for name, text, read in _SINCE_START:
            family = CounterMetricFamily(f"nhipcau_bridge_{name}", text, labels=["worker"])
            for label, said in reports.items():
                family.add_metric(label, read(said))
            yield family

    def _of_publishers(self) -> Iterator[Family]:
        """By what they are (main, spare, point, …): the worst loss of each kind, the sum of its bits."""
        feeding: dict[tuple[str, ...], list[Feeding]] = {}
        for worker in self._workers:
            for one in worker.report.publishers if worker.report else ():
                kind = one.source.partition("/")[2].partition("/")[0]
                feeding.setdefault((kind,), []).append(one)
        of = ("stream",)
        yield _gauge("publishers", "Streams that come in", of, {k: len(v) for k, v in feeding.items()})
        loss = {k: max(one.loss for one in v) for k, v in feeding.items()}
        yield _gauge("publisher_loss", "Share of packets lost on the way here, the worst", of, loss)
        bits = {k: sum(one.bit_rate for one in v) for k, v in feeding.items()}
        yield _gauge("publisher_bits_per_second", "What comes in", of, bits)


_OF_REPORTS: tuple[tuple[str, str, Callable[[Report], float]], ...] = (
    ("worker_busy", "Share of a core, last second", lambda said: said.busy),
    ("worker_viewers", "Who watches", lambda said: len(said.viewers)),
    (
        "worker_viewers_lossy",
        "Who loses so much that it is seen",
        lambda said: sum(v.loss > LOSSY for v in said.viewers),
    ),
    ("worker_viewers_waiting", "Who waits for a first picture", lambda said: sum(v.waiting for v in said.viewers)),
)
_SINCE_START: tuple[tuple[str, str, Callable[[Report], float]], ...] = (
    ("worker_sent", "Packets sent", lambda said: said.sent),
    ("worker_dropped", "Packets that the kernel did not take", lambda said: said.dropped),
    ("worker_shed", "Packets of pictures that were late and went to nobody", lambda said: said.shed),
)


def _gauge(name: str, text: str, labels: Sequence[str], values: Values) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"nhipcau_bridge_{name}", text, labels=labels)
    for label, value in values.items():
        family.add_metric(label, value)
    return family
