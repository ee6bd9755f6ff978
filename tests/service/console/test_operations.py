"""An operator sees who works, what waits and what failed."""

import re

import pytest
from fastapi.testclient import TestClient

from models.tables import JobState, Worker
from service.api.context import Context
from service.store.jobs import JobRepository
from service.store.workers import WorkerRepository

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
REASON = "The process ran out of memory."


def test_jobs_are_shown_by_how_they_stand(
    browser: TestClient, context: Context
) -> None:
    """A failed one with its reason; states are counted as health has them."""
    ordered = [
        browser.post("/console/cases", data={"case": name}).headers["location"]
        for name in ("two_materials", "magnets")
    ]
    with context.database.transaction() as session:
        job = JobRepository(session).get(ordered[0].rpartition("/")[2])
        job.state, job.failure = JobState.FAILED, REASON
        session.add(job)
        worker = Worker(
            id="a-worker",
            number_of_slots=2,
            version="1",
            started_at=context.clock(),
            expires_at_s=0,
        )
        WorkerRepository(session).add(worker, lease_s=60)
    page = browser.get("/console/operations").text
    assert REASON in page
    assert "<code>a-worker</code>" in page
    waiting, failed = page.split("<h2>Failures</h2>")
    assert (ordered[1] in waiting, ordered[1] in failed) == (True, False)
    assert (ordered[0] in waiting, ordered[0] in failed) == (False, True)
    shown = re.findall(r'state=(\w+)">(\d+)<', page)
    counted = browser.get("/health").json()["number_of_jobs"]
    assert {x: int(y) for x, y in shown if y != "0"} == {
        x: y for x, y in counted.items() if y
    }
