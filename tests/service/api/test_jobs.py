import datetime as dt
from typing import Any

import pytest
from fastapi.testclient import TestClient

from models.instance import Instance
from models.outcome import Outcome, Termination
from models.plan import Plan
from tests.service.api.conftest import End, Order, Report
from tests.service.fake_solver import plan_of

on_sqlite = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)

INFEASIBLE = Outcome(
    termination=Termination.INFEASIBLE, conflict=("too little money",), seconds=2.5
)


def test_an_order_is_accepted(order: Order) -> None:
    """The answer is 202 with Location and Retry-After."""
    answer = order()
    assert (answer.status_code, answer.headers["location"]) == (
        202,
        f"/v1/jobs/{answer.json()['id']}",
    )
    assert int(answer.headers["retry-after"]) > 0


@on_sqlite
def test_a_job_has_the_options_of_the_order_and_of_the_case(order: Order) -> None:
    """Options missing in the order are those of the case."""
    options = order(options={"number_of_scenarios": 7}).json()["options"]
    assert (options["number_of_scenarios"], options["gap"]) == (7, 0.01)


@pytest.mark.parametrize(("fields", "priority"), [({}, 0), ({"priority": 10}, 10)])
@on_sqlite
def test_order_priorities(order: Order, fields: dict[str, int], priority: int) -> None:
    """An order without priority is interactive."""
    job = order(**fields).json()
    assert job["priority"] == priority


def test_a_job_has_the_limits_of_its_order(order: Order) -> None:
    """The same answer counts whatever the limits were; a key stands for these ones."""
    limits = {"memory_limit_bytes": 4_000_000_000, "number_of_threads": 2}
    key = {"Idempotency-Key": "small"}
    job = order(**limits, headers=key).json()
    assert {name: job[name] for name in limits} == limits
    assert order(**limits, headers=key).json() == job
    assert order(headers=key).status_code == 422
    free = order().json()
    assert {name: free[name] for name in limits} == dict.fromkeys(limits)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("memory_limit_bytes", 299_999_999),
        ("memory_limit_bytes", 2**63),
        ("number_of_threads", 0),
        ("number_of_threads", 1.5),
    ],
)
@on_sqlite
def test_limits_out_of_range(order: Order, name: str, value: object) -> None:
    """The mistake names them."""
    answer = order(**{name: value})
    assert answer.status_code == 422
    assert [x["path"] for x in answer.json()["mistakes"]] == [name]


@pytest.mark.parametrize("priority", [-1, 101, "now"])
@on_sqlite
def test_a_priority_out_of_range_is_refused(order: Order, priority: object) -> None:
    """The mistake names it."""
    answer = order(priority=priority)
    assert answer.status_code == 422
    assert [x["path"] for x in answer.json()["mistakes"]] == ["priority"]


@on_sqlite
def test_the_case_as_it_is_solved_can_be_read(client: TestClient, order: Order) -> None:
    """It is the case with the options of the job."""
    solved_case = order(options={"seed": 7}).json()["solved_case"]
    assert client.get(f"/v1/cases/{solved_case}").json()["options"]["seed"] == 7


@on_sqlite
def test_all_mistakes_of_an_order_are_reported(order: Order) -> None:
    """Each wrong option is named."""
    answer = order(options={"gap": -1, "speed": "fast"})
    found = {x["path"]: x["value"] for x in answer.json()["mistakes"]}
    assert (answer.status_code, found) == (
        422,
        {"options.gap": -1, "options.speed": "fast"},
    )


@on_sqlite
def test_an_order_without_case_is_refused(client: TestClient) -> None:
    """The case is what the order is about."""
    answer = client.post("/v1/jobs", json={"instance": "x"})
    found = {x["path"] for x in answer.json()["mistakes"]}
    assert (answer.status_code, found) == (422, {"case", "instance"})


@on_sqlite
def test_an_order_of_an_unknown_case_is_refused(client: TestClient) -> None:
    """The case comes first."""
    answer = client.post("/v1/jobs", json={"case": "0" * 64})
    assert (answer.status_code, answer.json()["type"]) == (
        404,
        "/docs/problems#case-not-found",
    )


def test_the_same_key_gives_the_same_job(client: TestClient, order: Order) -> None:
    """Sending an order again under its key queues nothing."""
    key = {"Idempotency-Key": "monday"}
    answers = [order(headers=key) for _ in range(2)]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert len(client.get("/v1/jobs").json()["items"]) == 1


def test_the_same_key_with_another_order_is_refused(order: Order) -> None:
    """The key was given to the first order."""
    key = {"Idempotency-Key": "monday"}
    order(headers=key)
    answer = order(options={"seed": 7}, headers=key)
    assert (answer.status_code, answer.json()["type"]) == (
        422,
        "/docs/problems#idempotency-key-reused",
    )


@on_sqlite
def test_an_endless_key_is_refused(order: Order) -> None:
    """A key has up to 255 characters."""
    key = {"Idempotency-Key": "x" * 256}
    answer = order(headers=key)
    assert answer.status_code == 400


def test_a_running_job_has_its_start_time(client: TestClient, running_job: str) -> None:
    """Times are in UTC and in order; the end is open."""
    job = client.get(f"/v1/jobs/{running_job}").json()
    created, started = (
        dt.datetime.fromisoformat(job[key]) for key in ("created_at", "started_at")
    )
    assert created.tzinfo is not None
    assert created < started
    assert job["finished_at"] is None


def test_a_job_shows_its_latest_report(
    client: TestClient, running_job: str, report: Report
) -> None:
    """The list of reports is elsewhere."""
    report("sample", "solve")
    assert client.get(f"/v1/jobs/{running_job}").json()["progress"]["stage"] == "solve"


@on_sqlite
def test_cuts_in_reports(client: TestClient, running_job: str, report: Report) -> None:
    """A report of a stage that makes none leaves it open."""
    report("sample", "cuts")
    lines = client.get(f"/v1/jobs/{running_job}/progress").json()["items"]
    assert [line["cuts"] for line in lines] == [None, 12]


def test_pages_of_reports(client: TestClient, running_job: str, report: Report) -> None:
    """Following `next` gives every report once, in order."""
    report("sample", "simulate", "solve")
    path, stages = f"/v1/jobs/{running_job}/progress?limit=2", list[list[str]]()
    while path:
        page = client.get(path).json()
        stages.append([line["stage"] for line in page["items"]])
        path = page["next"]
    assert stages == [["sample", "simulate"], ["solve"]]


def test_only_reports_after_a_number_are_sent(
    client: TestClient, running_job: str, report: Report
) -> None:
    """`after` is the number of the last line that the client has."""
    report("sample", "solve")
    page = client.get(f"/v1/jobs/{running_job}/progress?after=1").json()
    assert [line["stage"] for line in page["items"]] == ["solve"]


def test_jobs_are_filtered(client: TestClient, order: Order, running_job: str) -> None:
    """One runs and one waits; the list shows the one that is asked for."""
    waiting = order().json()["id"]
    listed = {
        state: [
            job["id"] for job in client.get(f"/v1/jobs?state={state}").json()["items"]
        ]
        for state in ("RUNNING", "QUEUED", "FAILED")
    }
    assert listed == {"RUNNING": [running_job], "QUEUED": [waiting], "FAILED": []}


def test_jobs_are_paged_latest_first(client: TestClient, order: Order) -> None:
    """Following `next` keeps the filter and gives every job once."""
    made = [order().json()["id"] for _ in "abc"]
    client.post(f"/v1/jobs/{made[0]}/cancel")
    for job_id in made:
        client.post(f"/v1/jobs/{job_id}/cancel")
    path, listed = "/v1/jobs?limit=2&state=CANCELLED", list[str]()
    while path:
        page = client.get(path).json()
        listed += [job["id"] for job in page["items"]]
        path = page["next"]
    assert listed == made[::-1]


def test_a_plan_of_a_job(client: TestClient, end_job: End, instance: Instance) -> None:
    """The plan of the job is the plan under the hash that the job names."""
    plan = plan_of(instance)
    job_id = end_job(Outcome(termination=Termination.OPTIMAL, plan=plan, seconds=2.5))
    named = client.get(client.get(f"/v1/jobs/{job_id}").json()["result"]["plan_href"])
    assert Plan.model_validate(client.get(f"/v1/jobs/{job_id}/plan").json()) == plan
    assert Plan.model_validate(named.json()) == plan


@on_sqlite
def test_an_infeasible_case_is_an_answer(client: TestClient, end_job: End) -> None:
    """The job SUCCEEDED; its result has the conflict and no plan."""
    job = client.get(f"/v1/jobs/{end_job(INFEASIBLE)}").json()
    assert (job["state"], job["result"]) == (
        "SUCCEEDED",
        {
            "termination": "INFEASIBLE",
            "conflict": ["too little money"],
            "seconds": 2.5,
            "plan": None,
            "plan_href": None,
        },
    )


@on_sqlite
def test_an_infeasible_case_has_no_plan(client: TestClient, end_job: End) -> None:
    """The problem has the reason."""
    answer = client.get(f"/v1/jobs/{end_job(INFEASIBLE)}/plan")
    assert answer.status_code == 404
    assert "INFEASIBLE" in answer.json()["detail"]


@on_sqlite
def test_a_failed_job_has_the_reason(client: TestClient, end_job: End) -> None:
    """The failure is in words and there is no result."""
    job = client.get(f"/v1/jobs/{end_job('signal 9')}").json()
    assert (job["state"], job["failure"], job["result"]) == ("FAILED", "signal 9", None)


@on_sqlite
def test_a_finished_job_has_no_retry_after(client: TestClient, end_job: End) -> None:
    """Only an unfinished job has Retry-After."""
    assert "retry-after" not in client.get(f"/v1/jobs/{end_job(INFEASIBLE)}").headers


def test_a_running_job_can_be_cancelled(client: TestClient, running_job: str) -> None:
    """Its state is CANCELLED at once."""
    answer = client.post(f"/v1/jobs/{running_job}/cancel")
    assert (answer.status_code, answer.json()["state"]) == (200, "CANCELLED")


def test_a_queued_job_can_be_cancelled(
    client: TestClient, running_job: str, order: Order
) -> None:
    """A job behind a running one never starts."""
    waiting = order().json()["id"]
    answer = client.post(f"/v1/jobs/{waiting}/cancel")
    assert (answer.json()["state"], answer.json()["started_at"]) == ("CANCELLED", None)
    assert client.get(f"/v1/jobs/{running_job}").json()["state"] == "RUNNING"


def test_cancelling_twice_changes_nothing(client: TestClient, running_job: str) -> None:
    """A client that heard no answer asks again."""
    first, second = (client.post(f"/v1/jobs/{running_job}/cancel") for _ in range(2))
    assert (second.status_code, second.json()) == (200, first.json())


def test_a_finished_job_cannot_be_cancelled(client: TestClient, end_job: End) -> None:
    """The answer is 409 with the state of the job."""
    answer = client.post(f"/v1/jobs/{end_job(INFEASIBLE)}/cancel")
    assert answer.status_code == 409
    assert "SUCCEEDED" in answer.json()["detail"]


@on_sqlite
def test_a_job_has_the_warnings_of_its_case(
    client: TestClient, tiny_case: dict[str, Any], order: Order
) -> None:
    """In the answer to the order, by itself and in the list; none for a sound case."""
    assert order().json()["warnings"] == []
    tiny_case["financing"]["facilities"][0]["rate_per_year"] = 5
    case = client.post("/v1/cases", json=tiny_case).json()["hash"]
    answer = client.post("/v1/jobs", json={"case": case})
    (warning,) = answer.json()["warnings"]
    assert answer.status_code == 202
    assert "5 is read as 500 %" in warning
    assert client.get(answer.json()["href"]).json()["warnings"] == [warning]
    latest = client.get("/v1/jobs").json()["items"][0]
    assert latest["warnings"] == [warning]


@on_sqlite
def test_a_job_that_ended_has_the_warnings_about_its_plan(
    client: TestClient, order: Order, end_job: End
) -> None:
    """So has the job that takes over its answer, each warning once."""
    warned = Outcome(
        termination=Termination.OPTIMAL, seconds=1.0, warnings=("nothing is held",)
    )
    job = client.get(f"/v1/jobs/{end_job(warned)}").json()
    assert job["warnings"] == ["nothing is held"]
    later = order().json()
    assert later["reused_from"] == job["id"]
    assert later["warnings"] == ["nothing is held"]


@on_sqlite
def test_a_shipped_case_is_solved_by_name(client: TestClient) -> None:
    """A variant too; the same name under the same key is the same job."""
    body = {"case": "project_vault:niche", "options": {"number_of_scenarios": 5}}
    key = {"Idempotency-Key": "niche"}
    first, again = (client.post("/v1/jobs", json=body, headers=key) for _ in range(2))
    assert (first.status_code, again.json()["id"]) == (202, first.json()["id"])
    case = client.get(f"/v1/cases/{first.json()['case']}").json()
    assert case["id"] == "project_vault:niche"
    assert case["options"]["number_of_scenarios"] == 200


@pytest.mark.parametrize(
    ("body", "status", "path"),
    [
        ({"case": "project_vault:nich"}, 422, "project_vault:nich"),
        ({"case": "two_materials", "options": {"gap": 2}}, 422, "options.gap"),
        ({"case": "three_materials"}, 404, None),
    ],
)
@on_sqlite
def test_a_wrong_name_is_refused(
    client: TestClient, body: dict[str, object], status: int, path: str | None
) -> None:
    """Nothing is stored."""
    answer = client.post("/v1/jobs", json=body)
    assert answer.status_code == status
    found = [x["path"] for x in answer.json().get("mistakes", [])]
    assert found == ([] if path is None else [path])
    assert client.get("/v1/jobs").json()["items"] == []
