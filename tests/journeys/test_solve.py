"""A planner gives a case, has it solved by the solver that ships, reads the plan."""

from typing import Any

import pytest

from models.plan import Plan
from service.casefiles import load
from tests.cases import Case
from tests.journeys.server import Server

pytestmark = pytest.mark.journey
# One that no other journey with this server and this case has.
SEED = 4


@pytest.fixture(scope="module")
def solved(true_server: Server) -> dict[str, Any]:
    """Return a job of the case two_materials that SUCCEEDED."""
    content_hash = true_server.post("/v1/cases", load("two_materials"))["hash"]
    order = {"case": content_hash, "options": {"seed": SEED}}
    job_id = true_server.post("/v1/jobs", order)["id"]
    job: dict[str, Any] = true_server.wait_for(job_id, "SUCCEEDED")
    return job


def test_a_case_becomes_a_plan(true_server: Server, solved: dict[str, Any]) -> None:
    """The plan is there under its hash and is a plan."""
    plan = Plan.model_validate(true_server.get(solved["result"]["plan_href"]))
    assert plan.content_hash == solved["result"]["plan"]


def test_the_plan_names_its_case(true_server: Server, solved: dict[str, Any]) -> None:
    """What was solved is the case with the options of the job."""
    plan = true_server.get(f"/v1/jobs/{solved['id']}/plan")
    case = true_server.get(f"/v1/cases/{plan['provenance']['instance_hash']}")
    assert (plan["provenance"]["instance_hash"], case["options"]["seed"]) == (
        solved["solved_case"],
        SEED,
    )


def test_the_solve_log_is_served(true_server: Server, solved: dict[str, Any]) -> None:
    """Every line has its stage; the last one is the latest report of the job."""
    lines = true_server.get(f"{solved['progress_href']}?limit=200")["items"]
    assert all(line["stage"] for line in lines)
    assert lines[-1] == solved["progress"]


def test_a_case_without_solution_has_a_reason(
    true_server: Server, tiny_case: Case
) -> None:
    """60 days of cover without any money: the job SUCCEEDED, the answer INFEASIBLE."""
    tiny_case["materials"][0]["minimum_days_of_cover"] = 60
    for facility in tiny_case["financing"]["facilities"]:
        facility["limit_usd"] = 0
    content_hash = true_server.post("/v1/cases", tiny_case)["hash"]
    job_id = true_server.post("/v1/jobs", {"case": content_hash})["id"]
    result = true_server.wait_for(job_id, "SUCCEEDED")["result"]
    assert (result["termination"], result["plan"]) == ("INFEASIBLE", None)
    assert result["conflict"]
