"""Log lines of what happens to jobs."""

import logging
from collections.abc import Callable, Generator
from typing import Any

import pytest
from structlog.contextvars import bound_contextvars

from models.instance import Instance
from models.outcome import Outcome, Termination
from models.tables import Job
from service.clock import Clock
from service.jobs.submission import JobSpec, SolveOrder, case_of, submit, submit_all
from service.jobs.transitions import Claim, cancel, claim_job, fail, hand_back, succeed
from service.store.cases import CaseRepository
from service.store.database import Database
from service.store.jobs import JobRepository
from service.telemetry.request_ids import begin_request
from tests.service.fake_solver import CRASHED

WORKER = "a worker"
Lines = Callable[[], list[dict[str, Any]]]
INFEASIBLE = Outcome(termination=Termination.INFEASIBLE, seconds=2.5)


@pytest.fixture(autouse=True)
def no_request() -> Generator[None]:
    """Answer no request before the test and after it."""
    with bound_contextvars(request_id=None):
        yield


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Lines:
    """Return a function that returns the new log lines of jobs at each call."""
    caplog.set_level(logging.INFO, "service.store.state_changes")

    def read() -> list[dict[str, Any]]:
        found = [
            {"event": record.getMessage(), "level": record.levelname, **vars(record)}
            for record in caplog.records
            if record.name == "service.store.state_changes"
        ]
        caplog.clear()
        return found

    return read


@pytest.fixture
def order(database: Database, instance: Instance, clock: Clock) -> SolveOrder:
    """Return the order of a case that is stored."""
    with database.transaction() as session:
        CaseRepository(session).put(instance, is_listed=True, at=clock())
    return SolveOrder(instance.content_hash)


@pytest.fixture
def job(database: Database, order: SolveOrder, clock: Clock) -> Job:
    """Return a job that was ordered by a request."""
    begin_request("r-1")
    with database.transaction() as session:
        return submit(session, order, case_of(session, order), clock)[0]


def started(database: Database, job: Job, clock: Clock) -> Claim:
    """Start a job on a worker."""
    with database.transaction() as session:
        claim = claim_job(session, job.id, job.ticket, WORKER, clock)
    assert claim is not None
    return claim


def test_each_change_of_a_state_has_one_line(
    database: Database, order: SolveOrder, clock: Clock, lines: Lines
) -> None:
    """It names the job, where it comes from, the attempt and the request."""
    begin_request("r-1")
    with database.transaction() as session:
        job, _ = submit(session, order, case_of(session, order), clock)
    begin_request("r-2")
    claim = started(database, job, clock)
    with database.transaction() as session:
        hand_back(session, claim)
    claim = started(database, job, clock)
    with database.transaction() as session:
        succeed(session, claim, INFEASIBLE, clock)
    said = lines()
    assert [(x["event"], x.get("was"), x["attempt"]) for x in said] == [
        ("job QUEUED", None, 0),
        ("job RUNNING", "QUEUED", 1),
        ("job QUEUED", "RUNNING", 1),
        ("job RUNNING", "QUEUED", 2),
        ("job SUCCEEDED", "RUNNING", 2),
    ]
    assert {x["job"] for x in said} == {job.id}
    assert [x.get("worker") for x in said] == [None, *[WORKER] * 4]
    assert [x["request_id"] for x in said] == ["r-1", "r-2", "r-2", "r-2", "r-2"]
    assert said[-1]["termination"] == "INFEASIBLE"
    # The clock goes on by a second each time that it is read.
    assert said[-1]["ran_s"] == 1


def test_jobs_that_are_stored_together_have_a_line_each(
    database: Database,
    order: SolveOrder,
    clock: Clock,
    lines: Lines,
    instance: Instance,
) -> None:
    """Like jobs that come alone, and with the request that they came with."""
    begin_request("r-1")
    spec = JobSpec(order.case_hash, order.case_hash, instance.options)
    with database.transaction() as session:
        alone, _ = submit(session, order, case_of(session, order), clock)
    (line,) = lines()
    with database.transaction() as session:
        places = submit_all(session, [spec, spec], clock)
    said = lines()
    with database.reading() as session:
        jobs = JobRepository(session).longest_queued(3)[1:]
    assert [job.sequence for job in jobs] == places
    assert [x["job"] for x in said] == [job.id for job in jobs]
    told = ("event", "level", "kind", "attempt", "request_id")
    assert [[x[it] for it in told] for x in said] == 2 * [[line[it] for it in told]]
    own = {"sequence", "id", "priority", "created_at", "order_fingerprint"}
    assert [job.model_dump(exclude=own) for job in jobs] == 2 * [
        alone.model_dump(exclude=own)
    ]


def test_a_failure_is_a_warning_with_its_reason(
    database: Database, job: Job, clock: Clock, lines: Lines
) -> None:
    """It is seen by operators who read warnings only."""
    claim = started(database, job, clock)
    with database.transaction() as session:
        fail(session, claim, CRASHED, clock)
    last = lines()[-1]
    assert (last["job"], last["level"]) == (job.id, "WARNING")
    assert last["failure"] == CRASHED.reason


def test_what_is_rolled_back_has_no_line(
    database: Database, job: Job, clock: Clock, lines: Lines
) -> None:
    """A line is written only for what is stored."""
    stopped = RuntimeError("in the midst")
    with pytest.raises(RuntimeError), database.transaction() as session:  # noqa: PT012
        cancel(session, job.id, clock)
        session.flush()
        raise stopped
    assert lines() == []


def test_a_change_that_changes_nothing_has_no_line(
    database: Database, job: Job, clock: Clock, lines: Lines
) -> None:
    """A job that is cancelled twice was cancelled once."""
    for _ in range(2):
        with database.transaction() as session:
            cancel(session, job.id, clock)
    assert [x["event"] for x in lines()] == ["job CANCELLED"]


def test_a_worker_logs_the_request_of_a_job(database: Database, job: Job) -> None:
    """It is stored with the job."""
    with database.reading() as session:
        stored = session.get(Job, job.sequence)
    assert stored is not None
    assert stored.request_id == "r-1"
