import dataclasses

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import make_url

from service.api.context import Context
from service.jobs.lease import Lease
from service.store.database import Database

on_sqlite = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


def lease_of(context: Context, lease_s: float) -> Lease:
    """Return the lease of a worker."""
    return Lease(
        context.database,
        "a worker",
        number_of_slots=1,
        lease_s=lease_s,
        clock=context.clock,
    )


def test_a_service_with_a_worker_is_healthy(
    client: TestClient, context: Context, running_job: str
) -> None:
    """The answer is 200 and counts workers, and jobs by state."""
    lease_of(context, 60).begin()
    answer = client.get("/health")
    assert running_job
    assert (answer.status_code, answer.json()["is_healthy"]) == (200, True)
    assert answer.json()["number_of_workers"] == 1
    assert answer.json()["number_of_jobs"]["RUNNING"] == 1


@on_sqlite
def test_a_service_without_worker_is_not_healthy(client: TestClient) -> None:
    """The answer is 503: jobs would wait for ever."""
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["is_healthy"]) == (503, False)


@on_sqlite
def test_a_server_lives_without_database(client: TestClient, context: Context) -> None:
    """It answers; to be started again would not help it."""
    nowhere = Database.open(make_url("postgresql+psycopg://me@127.0.0.1:1/nowhere"))
    assert isinstance(client.app, FastAPI)
    client.app.state.context = dataclasses.replace(context, database=nowhere)
    assert client.get("/health").status_code == 503
    assert client.get("/alive").status_code == 204
    client.app.state.context = context


def test_a_dead_worker_is_not_healthy(client: TestClient, context: Context) -> None:
    """Its lease is over."""
    lease_of(context, 0).begin()
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["number_of_workers"]) == (503, 0)
