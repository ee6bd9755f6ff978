"""Counts and times of the requests that this process answered."""

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

# A solve is a job, so no request takes long; a case of 50 MB takes seconds.
BOUNDS_S = (0.005, 0.02, 0.1, 0.5, 2.0, 10.0)
NO_ROUTE = "none"
METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


class Traffic:
    """Counts requests by route, not by path, so that clients cannot create new series.

    The counts are of this process since it started; Prometheus adds them up.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = Counter(
            "strongroom_http_requests",
            "Requests that this process answered, by route and status.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "strongroom_http_request_seconds",
            "Time from the head of a request to the end of its answer, by route.",
            ("method", "route"),
            buckets=BOUNDS_S,
            registry=self.registry,
        )

    def count(
        self, method: str, route: str | None, status: int, seconds: float
    ) -> None:
        """Count an answer; route is the template of its path, if any."""
        known = method if method in METHODS else "OTHER"
        template = route or NO_ROUTE
        self._requests.labels(known, template, str(status)).inc()
        self._seconds.labels(known, template).observe(seconds)
