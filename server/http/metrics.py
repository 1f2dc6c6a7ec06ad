"""Prometheus metrics of this process. Labels are bounded: patterns and codes, never paths, names or ids."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

# One of these is enough for somebody to come and look. So they are told from 0 on: who watches sees growth, and nobody
# sees what a counter grew by that begins with 1.
ALARMING = ("internal", "storage_full")


class Metrics:
    """One registry a process, made by `app.py`, so that tests have their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)  # memory, processor time, open files and their limit
        self._requests = Counter(
            "nhipcau_http_requests_total",
            "Requests answered",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self._kept: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._seconds = Histogram(
            "nhipcau_http_seconds",
            "Time to answer",
            ["route"],
            registry=self.registry,
            buckets=(0.001, 0.005, 0.02, 0.1, 0.5, 2, 10),
        )
        self._problems = Counter(
            "nhipcau_problems_total", "Refused or failed, by code, over HTTP and sockets", ["code"],
            registry=self.registry,
        )  # fmt: skip
        for code in ALARMING:
            self._problems.labels(code)
        self.sockets = Gauge("nhipcau_sockets", "Open sockets", ["audience"], registry=self.registry)
        self.closes = Counter(
            "nhipcau_socket_closes_total", "Sockets closed by the server", ["code"], registry=self.registry
        )
        self.streams = Gauge("nhipcau_streams", "Phones that listen for news", registry=self.registry)
        self.stream_closes = Counter(
            "nhipcau_stream_closes_total", "Phones that listen no more, by why", ["why"], registry=self.registry
        )
        self.stream_news = Histogram(
            "nhipcau_stream_news_seconds",
            "From a change until the last phone was written to",
            registry=self.registry,
            buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5),
        )
        self.commands = Counter(
            "nhipcau_commands_total",
            "Commands answered over sockets",
            ["type", "outcome"],
            registry=self.registry,
        )

        self.degraded = Gauge(
            "nhipcau_degraded", "1 while news from other servers may come a second late", registry=self.registry
        )

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """`route`: the pattern."""
        key = (method, route, status)
        # Finding a label's counter costs more than counting; there are few, so they are kept.
        kept = self._kept.get(key)
        if kept is None:
            kept = self._requests.labels(method, route, str(status)), self._seconds.labels(route)
            self._kept[key] = kept
        kept[0].inc()
        kept[1].observe(seconds)

    def problem(self, code: str) -> None:
        self._problems.labels(code).inc()

    def text(self) -> bytes:
        return generate_latest(self.registry)
