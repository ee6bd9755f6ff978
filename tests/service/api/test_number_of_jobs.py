"""An organisation may have so many jobs that have not ended."""

from dataclasses import replace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import select

from models.outcome import Outcome
from models.tables import Job
from service.api.context import Context
from tests.service.api.conftest import End, Order


@pytest.fixture
def limited(client: TestClient, store_context: Context) -> None:
    """Let the server take two jobs."""
    settings = store_context.settings.model_copy(
        update={"unfinished_jobs_of_organisation": 2}
    )
    assert isinstance(client.app, FastAPI)
    client.app.state.context = replace(store_context, settings=settings)


def states(context: Context) -> list[str]:
    """Return the states of all jobs, sorted."""
    with context.database.reading() as session:
        return sorted(job.state for job in session.exec(select(Job)))


@pytest.mark.usefixtures("limited")
def test_an_order_waits_until_a_job_has_ended(
    context: Context, order: Order, end_job: End, infeasible: Outcome
) -> None:
    """One that is refused leaves nothing behind; one that is known is none."""
    headers = {"Idempotency-Key": "second"}
    second = order(options={"seed": 2}, headers=headers)
    assert second.status_code == 202
    refused = order(options={"seed": 3})
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
    assert refused.json()["type"] == "/docs/problems#too-many-jobs"
    assert states(context) == ["QUEUED", "RUNNING"]
    assert (
        order(options={"seed": 2}, headers=headers).json()["id"]
        == (second.json()["id"])
    )
    end_job(infeasible)
    assert order(options={"seed": 3}).status_code == 202


@pytest.mark.usefixtures("limited")
def test_a_batch_counts_with_all_its_jobs(
    client: TestClient, context: Context, case_hash: str
) -> None:
    """It is accepted whole or not at all."""
    body = {"case": case_hash, "grid": [{"path": "options.seed", "values": [5, 6]}]}
    assert client.post("/v1/batches", json=body).status_code == 429
    assert states(context) == []
    body["grid"] = [{"path": "options.seed", "values": [5]}]
    assert client.post("/v1/batches", json=body).status_code == 202


@pytest.mark.usefixtures("limited")
def test_jobs_of_planners_do_not_count(context: Context, order: Order) -> None:
    """Nor are theirs refused for those of others."""
    for seed in (1, 2):
        assert order(options={"seed": seed}).status_code == 202
    with context.database.transaction() as session:
        for job in session.exec(select(Job)):
            job.participant = "gm"
    assert order(options={"seed": 3}).status_code == 202
