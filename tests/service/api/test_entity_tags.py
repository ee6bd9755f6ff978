"""What a client has is not sent again; what has changed is not changed blindly."""

import pytest
from fastapi.testclient import TestClient

from models.outcome import Outcome
from tests.service.api.conftest import End, Order, Report

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


def tag_of(client: TestClient, path: str) -> str:
    """Return the tag of what is at a path."""
    return client.get(path).headers["etag"]


def test_a_job_is_sent_again_only_when_it_has_changed(
    client: TestClient, running_job: str, report: Report
) -> None:
    """Each report and each state gives it another tag."""
    client.headers["Accept-Encoding"] = "identity"
    path = f"/v1/jobs/{running_job}"
    tag = tag_of(client, path)
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        assert again.headers["cache-control"] == "private, no-cache"
    report("cuts")
    again = client.get(path, headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert again.headers["etag"] != tag


@pytest.mark.parametrize("known", ['"other"', "other", ""])
def test_another_tag_is_none(client: TestClient, case_hash: str, known: str) -> None:
    """Nor is one without quotes."""
    path = f"/v1/cases/{case_hash}"
    assert tag_of(client, path).startswith(f'"{case_hash}')
    assert client.get(path, headers={"If-None-Match": known}).status_code == 200


def test_what_is_not_there_has_no_tag(client: TestClient) -> None:
    """Not even for a client that has any."""
    for path in ("/v1/jobs/none", "/v1/cases/none", "/v1/plans/none"):
        answer = client.get(path, headers={"If-None-Match": "*"})
        assert (answer.status_code, "etag" in answer.headers) == (404, False)


def test_a_job_is_cancelled_only_as_the_client_knows_it(
    client: TestClient, running_job: str, report: Report
) -> None:
    """412 if there is news; the job goes on."""
    path = f"/v1/jobs/{running_job}"
    old = tag_of(client, path)
    report("cuts")
    for known in (old, f"W/{tag_of(client, path)}", '"other"'):
        refused = client.post(f"{path}/cancel", headers={"If-Match": known})
        assert refused.status_code == 412
        assert refused.json()["type"] == "/docs/problems#precondition-failed"
        assert client.get(path).json()["state"] == "RUNNING"
    known = {"If-Match": tag_of(client, path)}
    assert client.post(f"{path}/cancel", headers=known).status_code == 200


def test_a_job_that_has_ended_is_not_waited_for(
    client: TestClient, order: Order, end_job: End, infeasible: Outcome
) -> None:
    """Neither one that is read nor an order whose answer is known."""
    path, wait = f"/v1/jobs/{end_job(infeasible)}", {"Prefer": "wait=60"}
    assert client.get(path, headers=wait).json()["state"] == "SUCCEEDED"
    answer = order(headers=wait)
    assert (answer.status_code, answer.json()["state"]) == (200, "SUCCEEDED")
    assert answer.headers["preference-applied"] == "wait=60"
    assert "retry-after" not in answer.headers


def test_a_wait_ends(order: Order) -> None:
    """The job is QUEUED then, and the answer says where it is."""
    answer = order(headers={"Prefer": "respond-async, wait=1"})
    assert (answer.status_code, answer.json()["state"]) == (202, "QUEUED")
    assert answer.headers["preference-applied"] == "wait=1"
    assert answer.headers["location"] == answer.json()["href"]
    assert answer.headers["retry-after"] == "2"


@pytest.mark.parametrize("prefer", ["wait", "wait=-1", "wait=soon", "await=9", ""])
def test_a_preference_that_is_none_is_ignored(
    client: TestClient, running_job: str, prefer: str
) -> None:
    """As RFC 7240 asks for."""
    answer = client.get(f"/v1/jobs/{running_job}", headers={"Prefer": prefer})
    assert answer.status_code == 200
    assert "preference-applied" not in answer.headers


def test_a_known_job_is_waited_for_until_it_changes(
    client: TestClient, running_job: str, report: Report
) -> None:
    """With its tag: here it has changed before."""
    path = f"/v1/jobs/{running_job}"
    known = {"If-None-Match": tag_of(client, path), "Prefer": "wait=60"}
    report("cuts")
    assert client.get(path, headers=known).json()["progress"]["stage"] == "cuts"
