"""Prometheus metrics of the bridge. Labels are bounded: acts, codes and numbers of workers, never names or ids."""

from collections.abc import Iterator, Sequence

from prometheus_client import CollectorRegistry, Counter, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from .reception import Reception
from .workers import Worker

Family = GaugeMetricFamily | CounterMetricFamily


class Metrics(Collector):
    """Counts requests; what sessions and workers are is read when somebody asks."""

    def __init__(self, reception: Reception, workers: Sequence[Worker]) -> None:
        self._reception, self._workers = reception, workers
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
        sessions = GaugeMetricFamily("nhipcau_bridge_sessions", "Open sessions", labels=["act", "state"])
        counted: dict[tuple[str, str], int] = {}
        for one in self._reception.sessions.values():
            key: tuple[str, str] = (one.allowed.act, one.state)
            counted[key] = counted.get(key, 0) + 1
        for key, number in counted.items():
            sessions.add_metric(key, number)
        yield sessions
        ended = CounterMetricFamily("nhipcau_bridge_sessions_ended", "Sessions that are over, by why", labels=["why"])
        for why, number in self._reception.ended.items():
            ended.add_metric([why], number)
        yield ended
        yield from self._of_workers()

    def _of_workers(self) -> Iterator[Family]:
        up = GaugeMetricFamily("nhipcau_bridge_worker_up", "1 when it listens", labels=["worker"])
        busy = GaugeMetricFamily("nhipcau_bridge_worker_busy", "Share of a core, last second", labels=["worker"])
        sent = CounterMetricFamily("nhipcau_bridge_worker_sent", "Packets sent", labels=["worker"])
        dropped = CounterMetricFamily(
            "nhipcau_bridge_worker_dropped", "Packets that the kernel did not take", labels=["worker"]
        )
        for worker in self._workers:
            label = [str(worker.number)]
            up.add_metric(label, worker.ready)
            if worker.report is not None:
                busy.add_metric(label, worker.report.busy)
                sent.add_metric(label, worker.report.sent)
                dropped.add_metric(label, worker.report.dropped)
        yield from (up, busy, sent, dropped)
