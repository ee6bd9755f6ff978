"""GET /metrics, read as Prometheus reads it."""

import dataclasses
import re
from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import make_url

from models.failure import Failure, FailureKind
from models.instance import Instance
from models.outcome import Outcome, Termination
from service.api.context import Context
from service.jobs.lease import Lease
from service.jobs.transitions import Claim, cancel, claim_job, fail, succeed
from service.store.database import Database
from service.store.jobs import JobRepository
from tests.service.fake_solver import CRASHED, better_proved, incumbent_of, plan_of

on_sqlite = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)

Read = Callable[..., float | None]


@pytest.fixture
def read(client: TestClient) -> Read:
    """Return what reads one value of one metric, None if it is not there."""

    def value(name: str, **labels: str) -> float | None:
        text = client.get("/metrics").raise_for_status().text
        found = [
            sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == name and sample.labels == labels
        ]
        assert len(found) <= 1
        return found[0] if found else None

    return value


@pytest.fixture
def claims(client: TestClient, context: Context, case_hash: str) -> Iterator[Claim]:
    """Return claims of new jobs, which no process solves."""

    def claimed() -> Iterator[Claim]:
        while True:
            headers = {"Cache-Control": "no-cache"}
            order = {"case": case_hash}
            job = client.post("/v1/jobs", json=order, headers=headers).json()
            yield started(context, job["id"])

    return claimed()


def started(context: Context, job_id: str) -> Claim:
    """Start a job on a worker that there is not."""
    with context.database.transaction() as session:
        found = claim_job(session, job_id, 1, "a worker", context.clock)
    assert found is not None
    return found


def test_the_queue_is_counted_by_state_and_priority(
    client: TestClient, context: Context, case_hash: str, read: Read
) -> None:
    """What waits and what runs, and how long the longest waits."""
    assert read("strongroom_oldest_queued_job_seconds") == 0
    orders = [{"case": case_hash, "priority": priority} for priority in (0, 0, 7)]
    first, *_ = [client.post("/v1/jobs", json=order).json() for order in orders]
    started(context, first["id"])
    for priority, queued, running in (("0", 1, 1), ("7", 1, None), ("10", 0, 0)):
        at = {"priority": priority}
        assert read("strongroom_jobs", state="QUEUED", **at) == queued
        assert read("strongroom_jobs", state="RUNNING", **at) == running
    # The clock goes on by a second whenever it is read: the second order, the third
    # order, the start, three times /metrics.
    oldest = read("strongroom_oldest_queued_job_seconds")
    assert oldest is not None
    assert oldest > 2


def test_workers_that_are_alive_are_counted(context: Context, read: Read) -> None:
    """One whose lease is over is not."""
    assert read("strongroom_workers") == 0
    for worker_id, lease_s in {"living": 60.0, "dead": 0.0}.items():
        lease = Lease(
            context.database,
            worker_id,
            number_of_slots=1,
            lease_s=lease_s,
            clock=context.clock,
        )
        lease.begin()
    assert read("strongroom_workers") == 1


def test_ends_are_counted_by_state_and_failures_by_kind(
    context: Context, claims: Iterator[Claim], read: Read
) -> None:
    """Kinds that did not occur are 0, so that a first one is seen as a rise."""
    for kind in (FailureKind.CRASHED, FailureKind.OUT_OF_MEMORY, FailureKind.OTHER):
        claim = next(claims)
        with context.database.transaction() as session:
            fail(session, claim, Failure(kind=kind, reason="Hm."), context.clock)
    claim = next(claims)
    with context.database.transaction() as session:
        cancel(session, claim.job_id, context.clock)
    assert read("strongroom_jobs_ended_total", state="FAILED", work="solve") == 3
    assert read("strongroom_jobs_ended_total", state="CANCELLED", work="solve") == 1
    assert read("strongroom_jobs_ended_total", state="SUCCEEDED", work="solve") == 0
    counted = {
        kind: read("strongroom_job_failures_total", kind=kind) for kind in FailureKind
    }
    assert {kind: n for kind, n in counted.items() if n} == {
        FailureKind.CRASHED: 1,
        FailureKind.OUT_OF_MEMORY: 1,
        FailureKind.OTHER: 1,
    }


@pytest.mark.parametrize("kind", [None, "of a later version"])
def test_a_failure_of_unknown_kind_counts_as_other(
    context: Context, claims: Iterator[Claim], read: Read, kind: str | None
) -> None:
    """Workers of other versions work beside this one; its sentence is not read."""
    claim = next(claims)
    with context.database.transaction() as session:
        fail(session, claim, CRASHED, context.clock)
        JobRepository(session).get(claim.job_id).failure_kind = kind
    assert read("strongroom_job_failures_total", kind=FailureKind.CRASHED) == 0
    assert read("strongroom_job_failures_total", kind=FailureKind.OTHER) == 1


def test_times_and_gaps_are_those_of_the_jobs(
    context: Context, claims: Iterator[Claim], instance: Instance, read: Read
) -> None:
    """Each histogram has the sum and the number of the rows."""
    plans = (plan_of(instance), incumbent_of(instance), better_proved(instance))
    for plan in plans:
        claim = next(claims)
        outcome = Outcome(termination=Termination.OPTIMAL, plan=plan, seconds=9)
        with context.database.transaction() as session:
            succeed(session, claim, outcome, context.clock)
    succeeded = {"state": "SUCCEEDED", "work": "solve"}
    # The clock goes on by a second when the order is logged in the audit, at the start,
    # and at the end.
    for name, seconds in {"waiting": 2, "solving": 1}.items():
        assert read(f"strongroom_job_{name}_seconds_count", **succeeded) == 3
        assert read(f"strongroom_job_{name}_seconds_sum", **succeeded) == pytest.approx(
            3 * seconds
        )
        bucket = f"strongroom_job_{name}_seconds_bucket"
        assert read(bucket, le="0.5", **succeeded) == 0
        assert read(bucket, le="2.0", **succeeded) == 3
    # What the plans themselves say of their gap: 0, 0.875 and 0.5.
    assert read("strongroom_job_gap_sum") == sum(x.promise.gap for x in plans)
    for bound, number in {"0.0": 1, "0.2": 1, "0.5": 2, "+Inf": 3}.items():
        assert read("strongroom_job_gap_bucket", le=bound) == number


def test_a_job_that_never_started_has_no_times(
    client: TestClient, case_hash: str, read: Read
) -> None:
    """It ended, and waited for nothing that came."""
    href = client.post("/v1/jobs", json={"case": case_hash}).json()["href"]
    client.post(f"{href}/cancel").raise_for_status()
    cancelled = {"state": "CANCELLED", "work": "solve"}
    assert read("strongroom_jobs_ended_total", **cancelled) == 1
    assert read("strongroom_job_waiting_seconds_count", **cancelled) == 0
    assert read("strongroom_job_gap_count") is None


@on_sqlite
def test_requests_are_counted_by_route(client: TestClient, read: Read) -> None:
    """A path that a client invents creates no series."""
    for path in ("/v1/jobs/a", "/v1/jobs/b", "/nowhere", "/elsewhere"):
        client.get(path)
    client.request("INVENTED", "/v1/jobs/a")
    name = "strongroom_http_requests_total"
    known = {"method": "GET", "route": "/v1/jobs/{job_id}", "status": "404"}
    assert read(name, **known) == 2
    assert read(name, method="GET", route="none", status="404") == 2
    seconds = "strongroom_http_request_seconds_count"
    assert read(seconds, method="GET", route="/v1/jobs/{job_id}") == 2
    assert not re.search("INVENTED|elsewhere", client.get("/metrics").text)


@on_sqlite
def test_without_a_database_the_server_still_answers(
    client: TestClient, context: Context, read: Read
) -> None:
    """It reports the database as down, no jobs, and requests as usual."""
    assert read("strongroom_database_up") == 1
    nowhere = Database.open(make_url("postgresql+psycopg://me@127.0.0.1:1/nowhere"))
    assert isinstance(client.app, FastAPI)
    client.app.state.context = dataclasses.replace(context, database=nowhere)
    assert read("strongroom_database_up") == 0
    assert read("strongroom_workers") is None
    requests = {"method": "GET", "route": "/metrics", "status": "200"}
    assert read("strongroom_http_requests_total", **requests) == 3
    client.app.state.context = context
