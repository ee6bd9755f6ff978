"""A plan of a shipped case, followed by a worker with the real simulator."""

import io
import threading
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import httpx2
import pyarrow.parquet
import pytest
from fastapi.testclient import TestClient

from models.content import canonical_json
from models.evaluation import Evaluation, Fresh
from models.instance import Instance
from models.plan import Plan
from models.reading import read_instance
from service.api.context import Context
from service.casefiles import load
from service.errors import JobLostError
from service.jobs import attempt
from service.jobs.engine.names import Ticket
from service.jobs.evaluations import KeptEvaluation, conclude_evaluation
from service.jobs.failures import NOT_STORED
from service.jobs.reuse import TAKEN_OVER
from service.jobs.runner import JobRunner
from service.jobs.transitions import Claim
from service.jobs.worker_config import EVALUATOR, WorkerConfig
from service.optimization import evaluate, solve
from service.store.cases import CaseRepository
from service.store.evaluations import EvaluationRepository
from service.store.jobs import JobRepository
from service.store.objects import Objects
from service.store.opening import Store
from service.store.plans import PlanRepository
from tests.service.fake_solver import ENDLESS_EVALUATOR, plan_of
from tests.service.processes import processes_solving_here
from tests.service.waiting import wait_until

Submit = Callable[..., httpx2.Response]
Begin = Callable[..., JobRunner]
NUMBER, SEED = 300, 5
NEVER = threading.Event()
on_sqlite = pytest.mark.parametrize("store_url", [None], ids=["sqlite"])


def ignore(_: object) -> None:
    """Take the messages of a solve."""


@pytest.fixture(scope="module")
def solved() -> tuple[Instance, Plan]:
    """Return a case and a plan of it."""
    case = read_instance(load("two_materials"))
    outcome = solve(case, on_progress=ignore, on_incumbent=ignore, executor="here")
    assert outcome.plan is not None
    return case, outcome.plan


@pytest.fixture
def plan(context: Context, solved: tuple[Instance, Plan]) -> Plan:
    """Return the plan, which the server has."""
    case, plan = solved
    with context.database.transaction() as session:
        CaseRepository(session).put(case, is_listed=True, at=context.clock())
        plans = PlanRepository(session)
        plans.put(plan, case_hash=case.content_hash, at=context.clock())
    return plan


@pytest.fixture
def submit(client: TestClient, plan: Plan) -> Submit:
    """Return what orders an evaluation, and gives the answer."""

    def order(
        *,
        headers: dict[str, str] | None = None,
        **fields: Any,  # noqa: ANN401 - JSON
    ) -> httpx2.Response:
        body = {"number_of_scenarios": NUMBER, "seed": SEED, **fields}
        path = f"/plans/{plan.content_hash}/evaluations"
        return client.post(path, json=body, headers=headers)

    return order


@pytest.fixture
def runner_of(context: Context) -> Generator[Begin]:
    """Yield what makes the runner of a worker of the server's store; all end."""
    runners: list[JobRunner] = []

    def make(
        evaluator: str = EVALUATOR, objects: Objects = context.objects
    ) -> JobRunner:
        config = WorkerConfig(evaluator=evaluator)
        store = Store(context.database, objects)
        runners.append(
            JobRunner(store, f"worker {len(runners)}", config, context.clock)
        )
        return runners[-1]

    yield make
    for runner in runners:
        runner.end()


@pytest.fixture
def ended(client: TestClient, context: Context, runner_of: Begin) -> Callable[..., Any]:
    """Return what has a worker do the job of an answer, and gives the job."""

    def work(answer: httpx2.Response) -> Any:  # noqa: ANN401 - JSON
        assert answer.status_code == 202, answer.text
        runner_of().solve(ticket_of(context, answer), NEVER)
        return client.get(answer.headers["Location"]).json()

    return work


def ticket_of(context: Context, answer: httpx2.Response) -> Ticket:
    """Return the place of a job in the queue."""
    with context.database.reading() as session:
        return Ticket.of(JobRepository(session).get(answer.json()["id"]))


def test_an_evaluation_is_what_the_command_finds(
    client: TestClient,
    submit: Submit,
    ended: Callable[..., Any],
    solved: tuple[Instance, Plan],
) -> None:
    """The same statistics, by hash; its tables give the same means and extremes."""
    case, plan = solved
    job = ended(submit())
    assert (job["state"], job["failure"]) == ("SUCCEEDED", None)
    assert (job["kind"], job["result"]) == ("evaluation", None)
    assert job["evaluated_plan"] == plan.content_hash
    fresh = Fresh(number_of_scenarios=NUMBER, seed=SEED)
    expected = evaluate(case, plan, [], fresh=fresh, executor="here")
    answer = client.get(job["evaluation_href"])
    assert answer.text == canonical_json(expected)
    listed = client.get(f"{job['evaluation_href']}/tables").json()
    tables: dict[str, dict[str, list[Any]]] = {}
    for table in listed:
        file = client.get(table["href"])
        assert file.headers["Content-Type"] == "application/vnd.apache.parquet"
        assert len(file.content) == table["number_of_bytes"]
        read = pyarrow.parquet.read_table(io.BytesIO(file.content))
        tables[table["name"]] = read.to_pydict()
    scenarios, periods = tables["scenarios"], tables["periods"]
    mean = sum(
        probability * cost
        for probability, cost in zip(
            scenarios["probability"], scenarios["shortage_cost_usd"], strict=True
        )
    )
    assert mean == pytest.approx(expected.expected_shortage_cost_usd)
    assert min(periods["cash_usd"]) == pytest.approx(expected.lowest_cash_usd)
    assert len(periods["period"]) == NUMBER * case.horizon.number_of_periods
    assert scenarios["scenario"] == list(range(NUMBER))
    products = tables["evaluation_products"]["product"]
    assert products == [product.product for product in expected.products]


def test_what_is_known_is_not_computed_again(
    client: TestClient, submit: Submit, ended: Callable[..., Any]
) -> None:
    """The same order gets that answer with its source, unless it wants a fresh one."""
    first = ended(submit())
    again = submit()
    assert (again.status_code, again.json()["state"]) == (200, "SUCCEEDED")
    assert again.json()["reused_from"] == first["id"]
    assert again.json()["evaluation_href"] == first["evaluation_href"]
    for other in (submit(seed=6), submit(number_of_scenarios=NUMBER + 1)):
        assert other.status_code == 202
        assert other.json()["reused_from"] is None
    fresh = ended(submit(headers={"Cache-Control": "no-cache"}))
    # The same bytes again: there is one document of them.
    assert fresh["evaluation"] == first["evaluation"]
    assert submit().json()["reused_from"] == fresh["id"]
    found = client.get("/jobs?kind=evaluation&limit=2").json()
    assert {job["kind"] for job in found["items"]} == {"evaluation"}
    assert "kind=evaluation" in found["next"]
    assert client.get("/jobs?kind=solve").json()["items"] == []


def test_an_answer_is_taken_over_whole(submit: Submit, context: Context) -> None:
    """What a job has of its answer is in the list of what another takes over."""
    job_id = submit().json()["id"]
    with context.database.reading() as session:
        names = set(type(JobRepository(session).get(job_id)).model_fields)
    assert {x for x in names if x.endswith("_hash")} - set(TAKEN_OVER) == {
        "case_hash",
        "solved_case_hash",
        "evaluated_plan_hash",
    }


def test_the_same_key_gives_the_same_job(
    client: TestClient, submit: Submit, plan: Plan
) -> None:
    """Another order under it is refused; the audit has one job."""
    key = {"Idempotency-Key": "key"}
    first, again = (submit(seed=None, headers=key) for _ in "ab")
    assert first.json()["id"] == again.json()["id"]
    other = submit(seed=None, number_of_scenarios=NUMBER + 1, headers=key)
    limited = submit(seed=None, number_of_threads=1, headers=key)
    assert (other.status_code, limited.status_code) == (422, 422)
    # By default it is a seed that the plan was not made with.
    assert first.json()["options"]["seed"] == plan.provenance.seed + 1
    logged = client.get("/audit").json()["items"]
    assert [(x["verb"], x["name"]) for x in logged] == [("submit", first.json()["id"])]
    solve_of_key = {"case": first.json()["case"]}
    assert client.post("/jobs", json=solve_of_key, headers=key).status_code == 422


@pytest.mark.parametrize(
    "fields",
    [
        {"number_of_scenarios": 0},
        {"number_of_scenarios": 100_001},
        {"number_of_scenarios": 1.5},
        {"seed": -1},
        {"priority": 101},
        {"sead": 1},
    ],
    ids=str,
)
@on_sqlite
def test_a_wrong_order_is_refused(
    client: TestClient, submit: Submit, fields: dict[str, object]
) -> None:
    """With the field; and one of a plan that is not there is not found."""
    answer = submit(**fields)
    assert answer.status_code == 422
    (mistake,) = answer.json()["mistakes"]
    assert [mistake["path"]] == list(fields)
    assert "nput" not in mistake["expected"]
    assert client.post("/plans/no/evaluations", json={}).status_code == 404


@pytest.mark.parametrize("name", ["no", "%00"])
def test_what_is_not_there_is_not_found(
    client: TestClient, submit: Submit, ended: Callable[..., Any], name: str
) -> None:
    """An evaluation, its tables, or one of them."""
    href = ended(submit())["evaluation_href"]
    for path in (f"{href}/tables/{name}", f"/evaluations/{name}/tables"):
        assert client.get(path).status_code == 404
    assert client.post(f"/plans/{name}/evaluations", json={}).status_code == 404


@on_sqlite
def test_a_plan_that_is_not_of_its_case_fails_in_words(
    context: Context,
    client: TestClient,
    plan: Plan,
    solved: tuple[Instance, Plan],
    ended: Callable[..., Any],
) -> None:
    """The job FAILED; its reason names what does not fit."""
    case, _ = solved
    wrong = plan_of(case)
    assert wrong != plan
    with context.database.transaction() as session:
        plans = PlanRepository(session)
        plans.put(wrong, case_hash=case.content_hash, at=context.clock())
    job = ended(client.post(f"/plans/{wrong.content_hash}/evaluations", json={}))
    assert job["state"] == "FAILED"
    assert "the plan has 0 periods" in job["failure"]
    assert job["evaluation"] is None


def test_a_cancelled_evaluation_ends_and_leaves_nothing(
    client: TestClient, context: Context, submit: Submit, runner_of: Begin
) -> None:
    """Its process ends within seconds; there is no plan to wait for."""
    answer, runner = submit(), runner_of(ENDLESS_EVALUATOR)
    ticket = ticket_of(context, answer)
    working = threading.Thread(target=runner.solve, args=(ticket, NEVER))
    working.start()
    wait_until(processes_solving_here)
    client.post(f"{answer.json()['href']}/cancel").raise_for_status()
    runner.look()
    working.join()
    assert not processes_solving_here()
    job = client.get(answer.json()["href"]).json()
    assert (job["state"], job["evaluation"]) == ("CANCELLED", None)


def test_only_who_has_the_job_answers(
    client: TestClient, context: Context, submit: Submit, runner_of: Begin
) -> None:
    """A second worker with the same ticket begins nothing; the job has one answer."""
    answer, first, second = submit(), runner_of(ENDLESS_EVALUATOR), runner_of()
    ticket = ticket_of(context, answer)
    working = threading.Thread(target=first.solve, args=(ticket, NEVER))
    working.start()
    wait_until(processes_solving_here)
    second.solve(ticket, NEVER)
    assert client.get(answer.json()["href"]).json()["state"] == "RUNNING"
    # It stops, and puts the job back for another.
    first.end()
    working.join()
    second.solve(ticket_of(context, answer), NEVER)
    job = client.get(answer.json()["href"]).json()
    assert (job["state"], job["attempt"]) == ("SUCCEEDED", 2)
    with context.database.transaction() as session:
        found = EvaluationRepository(session).text(job["evaluation"])
        late = KeptEvaluation(Evaluation.model_validate_json(found), {})
        with pytest.raises(JobLostError):
            conclude_evaluation(session, Claim(job["id"], 1), late, context.clock)


@on_sqlite
def test_an_answer_waits_for_the_place_of_its_tables(
    client: TestClient,
    context: Context,
    submit: Submit,
    runner_of: Begin,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The process has ended; its job is RUNNING until the answer is stored."""
    place = tmp_path / "taken"
    place.write_text("a file where the folder is to be")
    answer, runner = submit(), runner_of(objects=Objects(place))
    ticket = ticket_of(context, answer)
    working = threading.Thread(target=runner.solve, args=(ticket, NEVER))
    working.start()
    wait_until(lambda: "the objects:" in caplog.text)
    assert client.get(answer.json()["href"]).json()["state"] == "RUNNING"
    place.unlink()
    working.join()
    job = client.get(answer.json()["href"]).json()
    assert job["state"] == "SUCCEEDED"
    tables = client.get(f"{job['evaluation_href']}/tables").json()
    assert all(Objects(place).get(table["sha256"]) for table in tables)


@on_sqlite
def test_an_answer_whose_tables_cannot_be_kept_is_none(
    submit: Submit,
    client: TestClient,
    context: Context,
    runner_of: Begin,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No row refers to what is not there; the slot is free for the next job."""
    monkeypatch.setattr(attempt, "PATIENCE_WITH_DATABASE_S", 0.0)
    place = tmp_path / "taken"
    place.write_text("a file where the folder is to be")
    answer, runner = submit(), runner_of(objects=Objects(place))
    runner.solve(ticket_of(context, answer), NEVER)
    job = client.get(answer.json()["href"]).json()
    assert (job["state"], job["evaluation"]) == ("FAILED", None)
    assert job["failure"] == NOT_STORED.reason


def test_an_evaluation_is_no_solve_to_who_counts(
    client: TestClient, submit: Submit, ended: Callable[..., Any]
) -> None:
    """It has times, but no gap."""
    ended(submit())
    text = client.get("/metrics").text
    ends = 'strongroom_jobs_ended_total{state="SUCCEEDED",work='
    assert f'{ends}"evaluation"}} 1.0' in text
    assert f'{ends}"solve"}} 0.0' in text
    assert 'solving_seconds_count{state="SUCCEEDED",work="evaluation"} 1.0' in text
    assert "strongroom_job_gap_count" not in text
