"""A case that the server has, and jobs of it that came to some end."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from models.failure import Failure, FailureKind
from models.outcome import Outcome, ProgressRecord, Termination
from models.tables import DEFAULT_ORGANISATION
from service.api.context import Context
from service.jobs.transitions import Claim, claim_job, fail, succeed
from service.store.jobs import JobRepository
from service.store.progress import ProgressRepository
from tests.cases import Case

Order = Callable[..., Response]
End = Callable[[Outcome | str], str]
Report = Callable[..., None]


@pytest.fixture
def case_hash(client: TestClient, tiny_case: Case) -> str:
    """Return the hash of the tiny case, which the server has."""
    answer = client.post("/v1/cases", json=tiny_case)
    content_hash = answer.json()["hash"]
    assert isinstance(content_hash, str)
    return content_hash


@pytest.fixture
def order(client: TestClient, case_hash: str) -> Order:
    """Return what orders a solve of the tiny case, with further fields."""

    def post(*, headers: dict[str, str] | None = None, **fields: object) -> Response:
        body = {"case": case_hash, **fields}
        return client.post("/v1/jobs", json=body, headers=headers)

    return post


@pytest.fixture
def running_job(context: Context, order: Order) -> str:
    """Return the id of a job that runs."""
    job_id = order().json()["id"]
    with context.database.transaction() as session:
        assert claim_job(session, job_id, 1, "a worker", context.clock)
    assert isinstance(job_id, str)
    return job_id


@pytest.fixture
def end_job(context: Context, running_job: str) -> End:
    """Return what ends the running job with an answer or a failure."""

    def end(ending: Outcome | str) -> str:
        claim = Claim(running_job, 1, DEFAULT_ORGANISATION)
        with context.database.transaction() as session:
            if isinstance(ending, str):
                failure = Failure(kind=FailureKind.OTHER, reason=ending)
                fail(session, claim, failure, context.clock)
            else:
                succeed(session, claim, ending, context.clock)
        return running_job

    return end


@pytest.fixture
def infeasible() -> Outcome:
    """Return the answer that there is no plan."""
    conflict = ("too little money",)
    return Outcome(termination=Termination.INFEASIBLE, conflict=conflict, seconds=2.5)


@pytest.fixture
def report(context: Context, running_job: str) -> Report:
    """Return what reports stages of the running job."""

    def write(*stages: str) -> None:
        records = [
            ProgressRecord(seconds=i, stage=s, cuts=12 if s == "cuts" else None)
            for i, s in enumerate(stages)
        ]
        with context.database.transaction() as session:
            job = JobRepository(session).get(running_job)
            ProgressRepository(session).append(job, records, at=context.clock())

    return write


@pytest.fixture
def other_case(tiny_case: Case) -> Callable[[str], dict[str, Any]]:
    """Return what makes the same case under another name."""
    return lambda name: tiny_case | {"id": name}
