"""Figures for Prometheus: requests as they pass, queues as they stand when asked."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from domain.flow import State
from store import clock, documents, seals
from store.house import Store

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """One registry an app, so that two in a process do not mix."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "liasse_requests", "Requests answered", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "liasse_request_seconds", "Time to answer", ("route",), buckets=_SECONDS, registry=self._registry
        )
        self._registry.register(self)  # type: ignore[arg-type]

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, status).inc()
        self._seconds.labels(route).observe(seconds)

    def describe(self) -> Iterator[Metric]:
        # without it, registering would already ask the database
        return iter(())

    def collect(self) -> Iterator[Metric]:
        documents_now = GaugeMetricFamily("liasse_documents", "Documents by state", labels=["state"])
        unsealed = GaugeMetricFamily("liasse_unsealed_seconds", "Age of the oldest line without a seal")
        with self._store.begin() as conn:
            counts = documents.counts(conn)
            waiting = seals.oldest_pending(conn)
        unsealed.add_metric([], (clock.now() - waiting).total_seconds() if waiting else 0)
        for state in State:
            documents_now.add_metric([state.value], counts.get(state, 0))
        yield documents_now
        yield unsealed

    def text(self) -> bytes:
        return generate_latest(self._registry)
