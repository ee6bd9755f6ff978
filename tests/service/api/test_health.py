import dataclasses

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import make_url

from service.api.context import Context
from service.store.database import Database


def test_a_server_that_looks_after_its_jobs_is_healthy(
    client: TestClient, running_job: str
) -> None:
    """The answer is 200 and counts the jobs by state."""
    answer = client.get("/health")
    assert running_job
    assert (answer.status_code, answer.json()["is_healthy"]) == (200, True)
    assert answer.json()["number_of_jobs"]["RUNNING"] == 1


def test_a_server_without_a_database_is_alive(
    client: TestClient, context: Context
) -> None:
    """It answers; to be started again would not help it."""
    nowhere = Database.open(make_url("postgresql+psycopg://me@127.0.0.1:1/nowhere"))
    assert isinstance(client.app, FastAPI)
    client.app.state.context = dataclasses.replace(context, database=nowhere)
    assert client.get("/health").status_code == 503
    assert client.get("/alive").status_code == 204
    client.app.state.context = context


def test_a_server_whose_dispatcher_is_gone_is_not_healthy(
    client: TestClient, context: Context
) -> None:
    """The answer is 503: jobs would wait for ever."""
    context.dispatcher.stop()
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["is_healthy"]) == (503, False)
