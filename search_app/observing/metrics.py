"""What is counted, in the text format of Prometheus.

Each application has a registry of its own, so several in one process do not add up. It is safe to
share between threads.
"""

from collections.abc import Iterator
from typing import Protocol

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily
from prometheus_client.registry import Collector

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Upper bounds of the histogram of latency, in seconds."""


class Figures(Protocol):
    """What is asked for only when somebody looks."""

    def figures(self) -> dict[str, float]:
        """Gauges by name: of the index those that there are, and of the slots."""

    def swaps(self) -> int:
        """How many generations have replaced another one."""

    def generation(self) -> str:
        """The generation that answers; empty if none can."""


HELP = {
    "index_usable": "1 if searches can be answered, 0 if not.",
    "index_items": "Items in the index.",
    "index_bytes": "Bytes of the files of the index.",
    "index_age_seconds": "Seconds since the generation that answers was made.",
    "slots": "Requests that are worked on at a time, at most.",
    "slots_in_use": "Requests that are worked on now.",
    "requests_waiting": "Requests that wait for a slot.",
    "workers": "Workers that can be asked.",
    "workers_cpu_seconds": "Processor time that the workers that run have taken.",
    "workers_resident_bytes": "Memory of the workers that run.",
}
"""The gauges."""


class Metrics:
    """The counters of an application."""

    def __init__(self, figures: Figures) -> None:
        # The moments at which the series began, each a series of its own.
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library has no types
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "newsdex_requests",
            "Requests that were answered.",
            ("route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "newsdex_request_seconds",
            "Seconds from a request to its whole answer, waiting included.",
            ("route",),
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._queries = Counter(
            "newsdex_queries", "Searches, by kind of query.", ("kind",), registry=self._registry
        )
        self._children: dict[tuple[str, str], tuple[Counter, Histogram]] = {}
        self._of_kind: dict[str, Counter] = {}
        self._registry.register(_Gauges(figures))
        ProcessCollector(registry=self._registry)

    def count(self, route: str, status: str, seconds: float, kind: str) -> None:
        """Count a request; `kind` is that of its query, empty if it was no search."""
        children = self._children.get((route, status))
        if children is None:  # as `labels` takes longer than all else here
            children = self._requests.labels(route, status), self._seconds.labels(route)
            self._children[route, status] = children
        children[0].inc()
        children[1].observe(seconds)
        if kind:
            if kind not in self._of_kind:
                self._of_kind[kind] = self._queries.labels(kind)
            self._of_kind[kind].inc()

    def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self._registry)


class _Gauges(Collector):
    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        """See `Collector`."""
        for name, value in self._figures.figures().items():
            yield GaugeMetricFamily(f"newsdex_{name}", HELP[name], value)
        swaps = self._figures.swaps()
        yield CounterMetricFamily(
            "newsdex_index_swaps", "Generations that replaced another one.", swaps
        )
        info = InfoMetricFamily("newsdex_index_generation", "The generation that answers.")
        info.add_metric((), {"generation": self._figures.generation()})
        yield info
