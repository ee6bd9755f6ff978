import pytest
from fastapi.testclient import TestClient

from models.instance import Instance
from models.outcome import Outcome, Termination
from models.plan import Plan
from models.tables import DEFAULT_ORGANISATION
from service.api.context import Context
from service.jobs.transitions import Claim, keep_incumbent
from tests.service.api.conftest import End
from tests.service.fake_solver import incumbent_of, plan_of

on_sqlite = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


@pytest.fixture
def improved_job(context: Context, running_job: str, instance: Instance) -> str:
    """Return the id of a job that runs and has found a plan."""
    with context.database.transaction() as session:
        claim = Claim(running_job, 1, DEFAULT_ORGANISATION)
        keep_incumbent(session, claim, incumbent_of(instance), context.clock)
    return running_job


def test_a_running_job_shows_its_incumbent_with_its_bound(
    client: TestClient, improved_job: str, instance: Instance
) -> None:
    """Cost and proof are there without the document; there is no result yet."""
    job = client.get(f"/v1/jobs/{improved_job}").json()
    assert (job["incumbent"], job["result"]) == (
        {
            "plan": incumbent_of(instance).content_hash,
            "href": f"/v1/jobs/{improved_job}/incumbent",
            "upper_bound_usd": 4.0,
            "lower_bound_usd": 0.5,
        },
        None,
    )


def test_the_incumbent_is_a_plan(
    client: TestClient, improved_job: str, instance: Instance
) -> None:
    """It is under the job, and under its own hash like every plan."""
    incumbent = client.get(f"/v1/jobs/{improved_job}").json()["incumbent"]
    for path in (incumbent["href"], f"/v1/plans/{incumbent['plan']}"):
        found = Plan.model_validate(client.get(path).json())
        assert found == incumbent_of(instance)


@on_sqlite
def test_incumbents_must_be_revalidated(client: TestClient, improved_job: str) -> None:
    """A better one may be there next time; a client with this one gets 304."""
    path = f"/v1/jobs/{improved_job}/incumbent"
    answer = client.get(path)
    again = client.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert "no-cache" in answer.headers["cache-control"]
    assert again.status_code == 304


@on_sqlite
def test_a_job_without_incumbent_says_so(client: TestClient, running_job: str) -> None:
    """The field is null, and the document is not found."""
    answer = client.get(f"/v1/jobs/{running_job}/incumbent")
    assert client.get(f"/v1/jobs/{running_job}").json()["incumbent"] is None
    assert answer.status_code == 404
    assert "RUNNING and has no incumbent" in answer.json()["detail"]


def test_the_incumbent_of_a_cancelled_job_stays(
    client: TestClient, improved_job: str, instance: Instance
) -> None:
    """Who gives a job up may still want what it found."""
    cancelled = client.post(f"/v1/jobs/{improved_job}/cancel").json()
    assert cancelled["incumbent"]["plan"] == incumbent_of(instance).content_hash
    assert client.get(cancelled["incumbent"]["href"]).is_success
    assert client.get(f"/v1/jobs/{improved_job}/plan").status_code == 404


def test_the_plan_of_a_job_takes_the_place_of_the_incumbent(
    client: TestClient,
    improved_job: str,
    end_job: End,
    instance: Instance,
) -> None:
    """At the end both paths lead to the same plan."""
    plan = plan_of(instance)
    end_job(Outcome(termination=Termination.INTERRUPTED, plan=plan, seconds=2.5))
    job = client.get(f"/v1/jobs/{improved_job}").json()
    assert job["incumbent"]["plan"] == job["result"]["plan"] == plan.content_hash
    assert job["result"]["termination"] == "INTERRUPTED"
