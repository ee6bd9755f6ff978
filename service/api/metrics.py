"""Metrics for Prometheus: the jobs of the store, and the requests of this process.

Jobs are counted in the database at each request, so every server of a store reports the
same numbers, and a restart loses nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from models.failure import FailureKind
from models.tables import JobKind, JobState, Priority
from service.api.context import Context, StoreContext
from service.api.traffic import Traffic
from service.errors import StoreUnavailableError
from service.store.statistics import Distribution, Ended, StatisticsRepository
from service.store.workers import WorkerRepository

WAYS = (JobState.QUEUED, JobState.RUNNING)
ENDS = (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED)
SOLVED = (JobState.SUCCEEDED, JobKind.SOLVE)

TEXT = "text/plain"

AllEnded = Mapping[tuple[JobState, JobKind], Ended]

router = APIRouter(tags=["service"])


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {TEXT: {"schema": {"type": "string"}}}}},
)
def get_metrics(request: Request, context: StoreContext) -> Response:
    """Answer in the text format of Prometheus; without a database, in part."""
    traffic = request.app.state.traffic
    assert isinstance(traffic, Traffic)  # noqa: S101 - the app sets it
    registry = CollectorRegistry()
    is_known = request.state.reader is not None
    registry.register(_Jobs(context, is_known=is_known))
    text = generate_latest(registry) + generate_latest(traffic.registry)
    return Response(text, media_type=CONTENT_TYPE_LATEST)


class _Jobs(Collector):
    """The jobs of the store at the time of the request."""

    def __init__(self, context: Context, *, is_known: bool) -> None:
        self._context = context
        # The database may be back by now, for a request whose key it did not check.
        self._is_known = is_known

    def describe(self) -> Iterable[Metric]:
        """Return nothing, so that registration does not read the database."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Yield all metrics of one consistent state."""
        try:
            found = list(self._count()) if self._is_known else []
        except StoreUnavailableError:
            found = []
        yield GaugeMetricFamily(
            "strongroom_database_up",
            "1 if the database answered; without it there are no metrics of jobs.",
            value=float(bool(found)),
        )
        yield from found

    def _count(self) -> Iterator[Metric]:
        with self._context.database.reading() as session:
            now = self._context.clock()
            statistics = StatisticsRepository(session)
            unended = statistics.unended()
            workers = WorkerRepository(session).number_living()
            oldest = statistics.oldest_queued_since()
            ended = statistics.ended()
            failures = statistics.failures()
        yield _unended(unended)
        yield GaugeMetricFamily(
            "strongroom_workers", "Workers that are alive.", value=float(workers)
        )
        yield GaugeMetricFamily(
            "strongroom_oldest_queued_job_seconds",
            "How long the job has waited that waits longest; 0 if none waits.",
            value=0.0 if oldest is None else max((now - oldest).total_seconds(), 0.0),
        )
        yield _ended(ended)
        yield _failures(failures)
        yield from _histograms(ended)


def _unended(unended: Mapping[tuple[JobState, int], int]) -> Metric:
    jobs = GaugeMetricFamily(
        "strongroom_jobs",
        "Jobs that have not ended, by state and priority.",
        labels=["state", "priority"],
    )
    usual = {(state, int(priority)): 0 for state in WAYS for priority in Priority}
    for (state, priority), number in sorted({**usual, **unended}.items()):
        jobs.add_metric([state, str(priority)], number)
    return jobs


def _ended(ended: AllEnded) -> Metric:
    jobs = CounterMetricFamily(
        "strongroom_jobs_ended",
        "Jobs that have ended, by state and what they were to find.",
        labels=["state", "work"],
    )
    for found in product(ENDS, JobKind):
        jobs.add_metric([*found], ended[found].number if found in ended else 0)
    return jobs


def _failures(failures: Mapping[FailureKind, int]) -> Metric:
    jobs = CounterMetricFamily(
        "strongroom_job_failures", "Jobs that FAILED, by kind.", labels=["kind"]
    )
    for kind, number in failures.items():
        jobs.add_metric([kind], number)
    return jobs


def _histograms(ended: AllEnded) -> Iterator[Metric]:
    waiting = HistogramMetricFamily(
        "strongroom_job_waiting_seconds",
        "Time from the order to the start of the attempt that ended, by how it ended.",
        labels=["state", "work"],
    )
    solving = HistogramMetricFamily(
        "strongroom_job_solving_seconds",
        "Time of the attempt that ended, by how it ended.",
        labels=["state", "work"],
    )
    gap = HistogramMetricFamily(
        "strongroom_job_gap", "Relative gap of jobs that SUCCEEDED with a plan."
    )
    for found, jobs in ended.items():
        _add(waiting, [*found], jobs.waiting_s)
        _add(solving, [*found], jobs.solving_s)
    if SOLVED in ended:
        _add(gap, [], ended[SOLVED].gap)
    yield from (waiting, solving, gap)


def _add(
    histogram: HistogramMetricFamily, labels: list[str], values: Distribution
) -> None:
    buckets = [(str(bound), float(number)) for bound, number in values.at_most]
    histogram.add_metric(
        labels, [*buckets, ("+Inf", float(values.number))], sum_value=values.total
    )
