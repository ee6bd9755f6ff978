from fastapi.testclient import TestClient

from service.api.context import Context


def test_a_server_that_looks_after_its_jobs_is_healthy(
    client: TestClient, running_job: str
) -> None:
    """The answer is 200 and counts the jobs by state."""
    answer = client.get("/health")
    assert running_job
    assert (answer.status_code, answer.json()["is_healthy"]) == (200, True)
    assert answer.json()["number_of_jobs"]["RUNNING"] == 1


def test_a_server_whose_dispatcher_is_gone_is_not_healthy(
    client: TestClient, context: Context
) -> None:
    """The answer is 503: jobs would wait for ever."""
    context.dispatcher.stop()
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["is_healthy"]) == (503, False)
