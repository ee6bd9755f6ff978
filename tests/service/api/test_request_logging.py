"""Ids of requests in answers, and the log line of each."""

import logging

import pytest
from fastapi.testclient import TestClient

from service.api.context import Context
from service.telemetry.request_ids import HEADER

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


def test_an_answer_has_the_id_that_came(client: TestClient) -> None:
    """In the header, and in a problem document too."""
    answer = client.get("/v1/jobs/x", headers={HEADER: "mine-1"})
    assert answer.headers[HEADER] == "mine-1"
    assert answer.json()["request_id"] == "mine-1"


def test_each_request_without_an_id_gets_its_own(client: TestClient) -> None:
    """One that cannot be used is none."""
    headers = [{}, {}, {HEADER: "two words"}]
    ids = {client.get("/v1/schema", headers=x).headers[HEADER] for x in headers}
    assert len(ids) == 3
    assert "two words" not in ids


def test_an_unexpected_error_has_an_id(client: TestClient, context: Context) -> None:
    """A client that reports the error can quote it."""
    with context.database.transaction() as session:
        session.connection().exec_driver_sql("DROP TABLE progressline")
    answer = client.get("/v1/jobs", headers={HEADER: "mine-2"})
    assert (answer.status_code, answer.headers[HEADER]) == (500, "mine-2")
    assert answer.json()["request_id"] == "mine-2"


@pytest.mark.parametrize(
    ("path", "status", "level"),
    [
        ("/v1/schema", 200, "INFO"),
        ("/v1/jobs/x", 404, "INFO"),
        ("/alive", 204, "DEBUG"),
        ("/metrics", 200, "DEBUG"),
    ],
)
def test_each_request_has_a_line(
    client: TestClient,
    caplog: pytest.LogCaptureFixture,
    path: str,
    status: int,
    level: str,
) -> None:
    """Those of monitoring are logged only at level debug."""
    caplog.set_level(logging.DEBUG, "service.api.request_logging")
    client.get(path)
    (line,) = (x for x in caplog.records if x.name == "service.api.request_logging")
    said = vars(line)
    assert (said["path"], said["status"], said["method"]) == (path, status, "GET")
    assert line.levelname == level


def test_a_job_keeps_the_id_of_its_order(
    client: TestClient, case_hash: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The lines of the job have it, whichever process writes them."""
    caplog.set_level(logging.INFO, "service.store.state_changes")
    body = {"case": case_hash}
    job = client.post("/v1/jobs", json=body, headers={HEADER: "order-1"}).json()
    client.post(f"/v1/jobs/{job['id']}/cancel", headers={HEADER: "cancel-1"})
    said = [vars(x) for x in caplog.records if vars(x).get("job") == job["id"]]
    assert [x["request_id"] for x in said if x["message"] != "job RUNNING"] == [
        "order-1",
        "cancel-1",
    ]
    assert {x["request_id"] for x in said if x["message"] == "job RUNNING"} <= {
        "order-1"
    }
