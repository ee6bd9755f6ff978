"""A plan of a shipped case, followed by a worker with the real simulator."""

import io
import threading
from collections.abc import Generator
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
from models.tables import DEFAULT_ORGANISATION
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

NUMBER, SEED = 300, 5
NEVER = threading.Event()
on_sqlite = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


def ignore(_: object) -> None:
    """Take the messages of a solve."""


@pytest.fixture(scope="module")
def solved() -> tuple[Instance, Plan]:
    """Return a case and a plan of it."""
    case = read_instance(load("two_materials"))
    outcome = solve(case, on_progress=ignore, on_incumbent=ignore, executor="here")
    assert outcome.plan is not None
    return case, outcome.plan


class PlanServer:
    """A server that has a plan, and workers that evaluate it."""

    def __init__(
        self, client: TestClient, context: Context, case: Instance, plan: Plan
    ) -> None:
        self.client, self.context, self.case, self.plan = client, context, case, plan
        self.runners: list[JobRunner] = []
        with context.database.transaction() as session:
            CaseRepository(session).put(case, is_listed=True, at=context.clock())
        self.put(plan)

    def put(self, plan: Plan) -> None:
        """Store a plan of the case."""
        with self.context.database.transaction() as session:
            plans, at = PlanRepository(session), self.context.clock()
            plans.put(plan, case_hash=self.case.content_hash, at=at)

    def submit(
        self,
        *,
        headers: dict[str, str] | None = None,
        **fields: Any,  # noqa: ANN401 - JSON
    ) -> httpx2.Response:
        """Order an evaluation, and return the answer."""
        body = {"number_of_scenarios": NUMBER, "seed": SEED, **fields}
        path = f"/v1/plans/{self.plan.content_hash}/evaluations"
        return self.client.post(path, json=body, headers=headers)

    def runner(
        self, evaluator: str = EVALUATOR, objects: Objects | None = None
    ) -> JobRunner:
        """Return the runner of a new worker of the server's store."""
        store = Store(self.context.database, objects or self.context.objects)
        name, config = f"worker {len(self.runners)}", WorkerConfig(evaluator=evaluator)
        self.runners.append(JobRunner(store, name, config, self.context.clock))
        return self.runners[-1]

    def ticket_of(self, answer: httpx2.Response) -> Ticket:
        """Return the place of a job in the queue."""
        with self.context.database.reading() as session:
            return Ticket.of(JobRepository(session).get(answer.json()["id"]))

    def begin(self, runner: JobRunner, answer: httpx2.Response) -> threading.Thread:
        """Begin the job of an answer in a thread."""
        ticket = self.ticket_of(answer)
        working = threading.Thread(target=runner.run_ticket, args=(ticket, NEVER))
        working.start()
        return working

    def job(self, answer: httpx2.Response) -> Any:  # noqa: ANN401 - JSON
        """Return the job of an answer as it is now."""
        return self.client.get(answer.json()["href"]).json()

    def ended(self, answer: httpx2.Response) -> Any:  # noqa: ANN401 - JSON
        """Let a worker do the job of an answer, and return the job."""
        assert answer.status_code == 202, answer.text
        self.runner().run_ticket(self.ticket_of(answer), NEVER)
        return self.client.get(answer.headers["Location"]).json()


@pytest.fixture
def server(
    client: TestClient, context: Context, solved: tuple[Instance, Plan]
) -> Generator[PlanServer]:
    """Yield a server that has the plan; all its workers end."""
    server = PlanServer(client, context, *solved)
    yield server
    for runner in server.runners:
        runner.end()


@on_sqlite
def test_an_evaluation_is_what_the_command_finds(server: PlanServer) -> None:
    """The same statistics, by hash; its tables give the same means and extremes."""
    case, plan = server.case, server.plan
    wanted: dict[str, Any] = {
        "precision": 0.02,
        "replications": 2,
        "replication_scenarios": 3,
    }
    job = server.ended(server.submit(**wanted))
    assert (job["state"], job["failure"]) == ("SUCCEEDED", None)
    assert (job["kind"], job["result"]) == ("evaluation", None)
    assert job["evaluated_plan"] == plan.content_hash
    fresh = Fresh(number_of_scenarios=NUMBER, seed=SEED, **wanted)
    expected = evaluate(case, plan, [], fresh=fresh, executor="here")
    assert expected.quality is not None
    answer = server.client.get(job["evaluation_href"])
    assert answer.text == canonical_json(expected)
    listed = server.client.get(f"{job['evaluation_href']}/tables").json()
    tables: dict[str, dict[str, list[Any]]] = {}
    for table in listed:
        file = server.client.get(table["href"])
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


def test_what_is_known_is_not_computed_again(server: PlanServer) -> None:
    """The same order gets that answer with its source, unless it wants a fresh one."""
    first = server.ended(server.submit())
    again = server.submit()
    assert (again.status_code, again.json()["state"]) == (200, "SUCCEEDED")
    assert again.json()["reused_from"] == first["id"]
    assert again.json()["evaluation_href"] == first["evaluation_href"]
    for other in (server.submit(seed=6), server.submit(number_of_scenarios=NUMBER + 1)):
        assert other.status_code == 202
        assert other.json()["reused_from"] is None
    fresh = server.ended(server.submit(headers={"Cache-Control": "no-cache"}))
    # The same bytes again: there is one document of them.
    assert fresh["evaluation"] == first["evaluation"]
    assert server.submit().json()["reused_from"] == fresh["id"]
    found = server.client.get("/v1/jobs?kind=evaluation&limit=2").json()
    assert {job["kind"] for job in found["items"]} == {"evaluation"}
    assert "kind=evaluation" in found["next"]
    assert server.client.get("/v1/jobs?kind=solve").json()["items"] == []


def test_an_answer_is_taken_over_whole(server: PlanServer) -> None:
    """What a job has of its answer is in the list of what another takes over."""
    job_id = server.submit().json()["id"]
    with server.context.database.reading() as session:
        names = set(type(JobRepository(session).get(job_id)).model_fields)
    assert {x for x in names if x.endswith("_hash")} - set(TAKEN_OVER) == {
        "case_hash",
        "solved_case_hash",
        "evaluated_plan_hash",
        "compared_plan_hash",
    }


@on_sqlite
def test_the_same_key_gives_the_same_job(server: PlanServer) -> None:
    """Another order under it is refused; the audit has one job."""
    key = {"Idempotency-Key": "key"}
    first, again = (server.submit(seed=None, headers=key) for _ in "ab")
    assert first.json()["id"] == again.json()["id"]
    other = server.submit(seed=None, number_of_scenarios=NUMBER + 1, headers=key)
    limited = server.submit(seed=None, number_of_threads=1, headers=key)
    assert (other.status_code, limited.status_code) == (422, 422)
    # By default it is a seed that the plan was not made with.
    assert first.json()["options"]["seed"] == server.plan.provenance.seed + 1
    logged = server.client.get("/v1/audit").json()["items"]
    assert [(x["verb"], x["name"]) for x in logged] == [("submit", first.json()["id"])]
    solve_of_key = {"case": first.json()["case"]}
    assert (
        server.client.post("/v1/jobs", json=solve_of_key, headers=key).status_code
        == 422
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"number_of_scenarios": 0},
        {"number_of_scenarios": 100_001},
        {"number_of_scenarios": 1.5},
        {"seed": -1},
        {"priority": 101},
        {"precision": 0},
        {"replications": 1},
        {"replication_scenarios": 0},
        {"sead": 1},
    ],
    ids=str,
)
@on_sqlite
def test_a_wrong_order_is_refused(server: PlanServer, fields: dict[str, Any]) -> None:
    """With the field; and one of a plan that is not there is not found."""
    answer = server.submit(**fields)
    assert answer.status_code == 422
    (mistake,) = answer.json()["mistakes"]
    assert [mistake["path"]] == list(fields)
    assert "nput" not in mistake["expected"]
    assert server.client.post("/v1/plans/no/evaluations", json={}).status_code == 404


@pytest.mark.parametrize("name", ["no", "%00"])
@on_sqlite
def test_what_is_not_there_is_not_found(server: PlanServer, name: str) -> None:
    """An evaluation, its tables, or one of them."""
    href = server.ended(server.submit())["evaluation_href"]
    for path in (f"{href}/tables/{name}", f"/v1/evaluations/{name}/tables"):
        assert server.client.get(path).status_code == 404
    assert (
        server.client.post(f"/v1/plans/{name}/evaluations", json={}).status_code == 404
    )


@on_sqlite
def test_a_plan_that_is_not_of_its_case_fails_in_words(server: PlanServer) -> None:
    """The job FAILED; its reason names what does not fit."""
    wrong = plan_of(server.case)
    assert wrong != server.plan
    server.put(wrong)
    job = server.ended(
        server.client.post(f"/v1/plans/{wrong.content_hash}/evaluations", json={})
    )
    assert job["state"] == "FAILED"
    assert "the plan has 0 periods" in job["failure"]
    assert job["evaluation"] is None


def test_a_cancelled_evaluation_ends_and_leaves_nothing(server: PlanServer) -> None:
    """Its process ends within seconds; there is no plan to wait for."""
    answer, runner = server.submit(), server.runner(ENDLESS_EVALUATOR)
    working = server.begin(runner, answer)
    wait_until(processes_solving_here)
    server.client.post(f"{answer.json()['href']}/cancel").raise_for_status()
    runner.end_stale_attempts()
    working.join()
    assert not processes_solving_here()
    job = server.job(answer)
    assert (job["state"], job["evaluation"]) == ("CANCELLED", None)


@on_sqlite
def test_only_the_worker_of_a_job_answers(server: PlanServer) -> None:
    """A second worker with the same ticket begins nothing; the job has one answer."""
    answer, first, second = (
        server.submit(),
        server.runner(ENDLESS_EVALUATOR),
        server.runner(),
    )
    working = server.begin(first, answer)
    wait_until(processes_solving_here)
    second.run_ticket(server.ticket_of(answer), NEVER)
    assert server.job(answer)["state"] == "RUNNING"
    # It stops, and puts the job back for another.
    first.end()
    working.join()
    second.run_ticket(server.ticket_of(answer), NEVER)
    job = server.job(answer)
    assert (job["state"], job["attempt"]) == ("SUCCEEDED", 2)
    with server.context.database.transaction() as session:
        found = EvaluationRepository(session).text(job["evaluation"])
        late = KeptEvaluation(Evaluation.model_validate_json(found), {})
        with pytest.raises(JobLostError):
            conclude_evaluation(
                session,
                Claim(job["id"], 1, DEFAULT_ORGANISATION),
                late,
                server.context.clock,
            )


@on_sqlite
def test_an_answer_waits_for_the_place_of_its_tables(
    server: PlanServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The process has ended; its job is RUNNING until the answer is stored."""
    place = tmp_path / "taken"
    place.write_text("a file where the folder is to be")
    answer, runner = server.submit(), server.runner(objects=Objects(place))
    working = server.begin(runner, answer)
    wait_until(lambda: "the objects:" in caplog.text)
    assert server.job(answer)["state"] == "RUNNING"
    place.unlink()
    working.join()
    job = server.job(answer)
    assert job["state"] == "SUCCEEDED"
    tables = server.client.get(f"{job['evaluation_href']}/tables").json()
    assert all(Objects(place).get(table["sha256"]) for table in tables)


@on_sqlite
def test_an_answer_whose_tables_cannot_be_kept_is_none(
    server: PlanServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No row refers to what is not there; the slot is free for the next job."""
    monkeypatch.setattr(attempt, "LONGEST_WAIT_FOR_DATABASE_S", 0.0)
    place = tmp_path / "taken"
    place.write_text("a file where the folder is to be")
    answer, runner = server.submit(), server.runner(objects=Objects(place))
    runner.run_ticket(server.ticket_of(answer), NEVER)
    job = server.job(answer)
    assert (job["state"], job["evaluation"]) == ("FAILED", None)
    assert job["failure"] == NOT_STORED.reason


def test_evaluations_are_counted_apart(server: PlanServer) -> None:
    """It has times, but no gap."""
    server.ended(server.submit())
    text = server.client.get("/metrics").text
    ends = 'strongroom_jobs_ended_total{state="SUCCEEDED",work='
    assert f'{ends}"evaluation"}} 1.0' in text
    assert f'{ends}"solve"}} 0.0' in text
    assert 'solving_seconds_count{state="SUCCEEDED",work="evaluation"} 1.0' in text
    assert "strongroom_job_gap_count" not in text
