"""A plan of the shipped case, followed by jobs of a server with the real simulator."""

import datetime as dt
import io
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx2
import pyarrow.csv
import pyarrow.parquet
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from models.content import canonical_json
from models.evaluation import Fresh
from models.instance import Instance
from models.plan import Plan
from models.reading import read_instance
from service.api.context import Context
from service.app import create_app
from service.casefiles import load
from service.clock import Clock, system_clock
from service.jobs.execution import evaluate, solve
from service.settings import Settings
from service.store.audit import Author
from service.store.backup.making import back_up
from service.store.backup.reading import opened_backup
from service.store.backup.restoring import filled
from service.store.cases import CaseRepository
from service.store.deleting import delete
from service.store.evaluations import EvaluationRepository
from service.store.objects import YOUNG
from service.store.opening import opened_store
from service.store.plans import PlanRepository
from service.store.retention import EVALUATIONS, Deletion
from service.store.sweeping import sweep, would_sweep
from tests.service.fake_solver import plan_of
from tests.service.waiting import wait_until

NUMBER, SEED = 300, 5
ALL = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


def ignore(_: object) -> None:
    """Take what a solve says."""


@pytest.fixture(scope="module")
def solved() -> tuple[Instance, Plan]:
    """Return a case and a plan of it."""
    case = read_instance(load("two_materials"))
    outcome = solve(case, on_progress=ignore, on_incumbent=ignore, executor="here")
    assert outcome.plan is not None
    return case, outcome.plan


@pytest.fixture
def evaluating(
    settings: Settings, solved: tuple[Instance, Plan], clock: Clock
) -> Generator[TestClient]:
    """Yield a client of a server that has the case and its plan."""
    case, plan = solved
    with opened_store(settings) as store, store.database.transaction() as session:
        CaseRepository(session).put(case, is_listed=True, at=clock())
        plans = PlanRepository(session)
        plans.put(plan, case_hash=case.content_hash, at=clock())
    with TestClient(create_app(settings, clock=clock)) as client:
        yield client


def submitted(client: TestClient, plan: Plan, **wish: object) -> httpx2.Response:
    """Return the answer to an order."""
    order = {"number_of_scenarios": NUMBER, "seed": SEED, **wish}
    return client.post(f"/plans/{plan.content_hash}/evaluations", json=order)


def ended(client: TestClient, answer: httpx2.Response) -> dict[str, Any]:
    """Return the job of an order at its end."""
    assert answer.status_code == 202, answer.text

    def now() -> dict[str, Any]:
        job: dict[str, Any] = client.get(answer.headers["Location"]).json()
        return job if job["finished_at"] else {}

    return wait_until(now)


def test_an_evaluation_is_what_the_command_finds(
    evaluating: TestClient, solved: tuple[Instance, Plan]
) -> None:
    """The same statistics, by hash; its tables give the same means and extremes."""
    case, plan = solved
    job = ended(evaluating, submitted(evaluating, plan))
    assert (job["state"], job["failure"]) == ("SUCCEEDED", None)
    assert (job["kind"], job["result"]) == ("evaluate", None)
    assert job["evaluated_plan"] == plan.content_hash
    fresh = Fresh(number_of_scenarios=NUMBER, seed=SEED)
    expected = evaluate(case, plan, [], fresh=fresh, executor="here")
    answer = evaluating.get(job["evaluation_href"])
    assert answer.text == canonical_json(expected)
    path = f"{job['evaluation_href']}/tables"
    tables = {x["name"]: x for x in evaluating.get(path).json()}
    files = {name: evaluating.get(x["href"]) for name, x in tables.items()}
    assert {len(file.content) for file in files.values()} == {
        x["number_of_bytes"] for x in tables.values()
    }
    assert {file.headers["Content-Type"] for file in files.values()} == {
        "application/vnd.apache.parquet"
    }
    read = {
        name: pyarrow.parquet.read_table(io.BytesIO(file.content)).to_pydict()
        for name, file in files.items()
    }
    scenarios, periods = read["scenarios"], read["periods"]
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
    listed = read["evaluation_products"]["product"]
    assert listed == [product.product for product in expected.products]


def test_a_table_comes_as_csv_if_that_is_accepted(
    evaluating: TestClient, solved: tuple[Instance, Plan]
) -> None:
    """The same columns and values."""
    job = ended(evaluating, submitted(evaluating, solved[1]))
    path = f"{job['evaluation_href']}/tables/scenarios"
    parquet = evaluating.get(path)
    csv = evaluating.get(path, headers={"Accept": "text/csv"})
    assert csv.headers["Content-Type"].startswith("text/csv")
    right = pyarrow.parquet.read_table(io.BytesIO(parquet.content)).to_pydict()
    assert pyarrow.csv.read_csv(io.BytesIO(csv.content)).to_pydict() == right
    assert evaluating.get(f"{path}-no").status_code == 404
    assert evaluating.get("/evaluations/no").status_code == 404
    assert evaluating.get("/evaluations/no/tables").status_code == 404


def test_the_same_key_gives_the_same_job(
    evaluating: TestClient, solved: tuple[Instance, Plan]
) -> None:
    """Another order under it is refused; the audit has one job."""
    path = f"/plans/{solved[1].content_hash}/evaluations"
    key = {"Idempotency-Key": "key"}
    wish = {"number_of_scenarios": 10}
    first, again = (evaluating.post(path, json=wish, headers=key) for _ in "ab")
    assert first.json()["id"] == again.json()["id"]
    other = evaluating.post(path, json={"number_of_scenarios": 11}, headers=key)
    assert other.status_code == 422
    # Not told, it is a seed that the plan was not made with.
    seed = solved[1].provenance.seed
    assert first.json()["options"]["seed"] == seed + 1
    told = evaluating.get("/audit").json()["items"]
    assert [(x["verb"], x["name"]) for x in told] == [("submit", first.json()["id"])]


@pytest.mark.parametrize(
    "wish",
    [
        {"number_of_scenarios": 0},
        {"number_of_scenarios": 100_001},
        {"number_of_scenarios": 1.5},
        {"seed": -1},
        {"sead": 1},
    ],
)
@pytest.mark.parametrize("store_url", [None])
def test_a_wrong_order_is_refused(
    evaluating: TestClient, solved: tuple[Instance, Plan], wish: dict[str, object]
) -> None:
    """With the field; and one of a plan that is not there is not found."""
    answer = submitted(evaluating, solved[1], **wish)
    assert answer.status_code == 422
    assert [mistake["path"] for mistake in answer.json()["mistakes"]] == list(wish)
    assert evaluating.post("/plans/no/evaluations", json={}).status_code == 404


@pytest.mark.parametrize("store_url", [None])
def test_a_plan_that_is_not_of_its_case_fails_in_words(
    evaluating: TestClient, solved: tuple[Instance, Plan]
) -> None:
    """The job FAILED; its reason names what does not fit."""
    case, _ = solved
    plan, app = plan_of(case), evaluating.app
    assert isinstance(app, FastAPI)
    context = app.state.context
    assert isinstance(context, Context)
    with context.database.transaction() as session:
        at = context.clock()
        PlanRepository(session).put(plan, case_hash=case.content_hash, at=at)
    job = ended(evaluating, submitted(evaluating, plan))
    assert job["state"] == "FAILED"
    assert "the plan has 0 periods" in job["failure"]
    assert job["evaluation"] is None


def test_a_backup_has_the_tables_and_deleting_takes_them(
    evaluating: TestClient,
    solved: tuple[Instance, Plan],
    settings: Settings,
    tmp_path: Path,
) -> None:
    """Restored elsewhere they are the same bytes; deleted with their evaluation."""
    job = ended(evaluating, submitted(evaluating, solved[1]))
    path = f"{job['evaluation_href']}/tables/periods"
    content = evaluating.get(path).content
    evaluating.__exit__()
    file, other = tmp_path / "file", Settings(data_directory=tmp_path / "other")
    later = dt.datetime.now(dt.UTC) + 2 * YOUNG
    with opened_store(settings) as store:
        back_up(store.database, store.objects, file, system_clock)
        with store.database.reading() as session:
            names = EvaluationRepository(session).objects()
        assert {name for name, _ in store.objects.old(later)} == names.keys()
        deletion = Deletion(ALL)
        gone = deletion.foreseen(EVALUATIONS)
        assert sweep(store.database, store.objects, later).number == 0
        foreseen = would_sweep(store.database, store.objects, gone, later)
        delete(store.database, deletion, Author("me", "now"), system_clock)
        # Too young still: a row may be on its way.
        assert sweep(store.database, store.objects, system_clock()).number == 0
        assert sweep(store.database, store.objects, later) == foreseen
        assert foreseen.number == len(names)
        assert foreseen.number_of_bytes == sum(names.values())
        assert list(store.objects.old(later)) == []
    with (
        opened_backup(file) as backup,
        opened_store(other) as store,
        filled(store, backup, is_replacing=False),
    ):
        pass
    with TestClient(create_app(other)) as anew:
        assert anew.get(path).content == content
