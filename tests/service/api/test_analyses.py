"""Analyses over HTTP: the answers of the commands, made by a worker."""

import io
import json
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from models.content import canonical_json
from models.instance import Instance
from models.plan import Plan
from models.reading import read_instance
from service.analyses.registry import ANALYSES, Subject
from service.api.context import Context
from service.casefiles import load
from service.jobs.engine.names import Ticket
from service.jobs.reaping import requeue_orphans
from service.jobs.runner import JobRunner
from service.jobs.worker_config import ANALYST, WorkerConfig
from service.optimization import solve
from service.store.analyses import AnalysisRepository, AnalysisSubject
from service.store.cases import CaseRepository
from service.store.jobs import JobRepository
from service.store.opening import Store
from service.store.plans import PlanRepository
from tests.service.cli.conftest import strongroom
from tests.service.fake_solver import ENDLESS_ANALYST, HALTING_ANALYST
from tests.service.processes import processes_solving_here
from tests.service.waiting import wait_until

NEVER = threading.Event()
FEW: dict[str, Any] = {"number_of_scenarios": 30}
on_sqlite = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


def ignore(_: object) -> None:
    """Take the messages of a solve."""


def by_schedule() -> dict[str, Any]:
    """Return the hand-worked case; it can also be written for other solvers."""
    content: dict[str, Any] = json.loads(json.dumps(load("two_materials"), default=str))
    return content


@pytest.fixture(scope="module")
def solved() -> tuple[Instance, Plan]:
    """Return a case and a plan of it."""
    case = read_instance(by_schedule())
    outcome = solve(case, on_progress=ignore, on_incumbent=ignore, executor="here")
    assert outcome.plan is not None
    return case, outcome.plan


class Analyst:
    """A server that has a case and a plan, and workers that analyse them."""

    def __init__(
        self, client: TestClient, context: Context, case: Instance, plan: Plan
    ) -> None:
        self.client, self.context, self.case, self.plan = client, context, case, plan
        with context.database.transaction() as session:
            at = context.clock()
            CaseRepository(session).put(case, is_listed=True, at=at)
            PlanRepository(session).put(plan, case_hash=case.content_hash, at=at)

    def submit(
        self,
        name: str,
        headers: dict[str, str] | None = None,
        **fields: Any,  # noqa: ANN401 - JSON
    ) -> httpx2.Response:
        """Order an analysis, and return the answer."""
        is_of_plan = ANALYSES[name].subject is Subject.PLAN
        subject = self.plan if is_of_plan else self.case
        noun = "plans" if is_of_plan else "cases"
        path = f"/v1/{noun}/{subject.content_hash}/analyses/{name}"
        return self.client.post(path, json=fields, headers=headers)

    def runner(self, analyst: str = ANALYST, name: str = "a worker") -> JobRunner:
        """Return the runner of a new worker of the server's store."""
        store = Store(self.context.database, self.context.objects)
        config = WorkerConfig(analyst=analyst, executor="here")
        return JobRunner(store, name, config, self.context.clock)

    def ticket_of(self, job: Any) -> Ticket:  # noqa: ANN401 - JSON
        """Return the place of a job in the queue."""
        with self.context.database.reading() as session:
            return Ticket.of(JobRepository(session).get(job["id"]))

    def ended(self, answer: httpx2.Response) -> Any:  # noqa: ANN401 - JSON
        """Let a worker do the job of an answer, and return the job."""
        assert answer.status_code == 202, answer.text
        runner = self.runner()
        runner.run_ticket(self.ticket_of(answer.json()), NEVER)
        runner.end()
        job = self.client.get(answer.headers["Location"]).json()
        assert job["state"] == "SUCCEEDED", job["failure"]
        return job


@pytest.fixture
def analyst(
    client: TestClient, context: Context, solved: tuple[Instance, Plan]
) -> Analyst:
    """Return a server that has the case and the plan."""
    return Analyst(client, context, *solved)


FACTS = {
    "start": "2027-01-01",
    "events": [{"event": "cut", "since": "2027-06-01"}],
    "otherwise": "as_planned",
}


def _with_facts(at: Path) -> list[object]:
    path = at / "facts.json"
    path.write_text(json.dumps(FACTS), encoding="utf-8")
    return ["--observed", path]


# Words of the command, and what it adds to the document: where it wrote files.
COMMANDS: dict[str, tuple[dict[str, Any], Callable[[Path], list[object]], set[str]]] = {
    "explain": ({"with_frontier": False}, lambda _: ["--no-frontier"], set()),
    "compare-rules": (
        {**FEW, "value_scenarios": 2, "picture": "svg"},
        lambda at: [
            *("--scenarios", 30, "--value-scenarios", 2),
            *("--picture", at / "x.svg"),
        ],
        {"picture"},
    ),
    "replay": ({}, lambda _: [], set()),
    # Without a new plan, as the document has the time that solves took.
    "rehearse": (
        {"number_of_paths": 2, "replan_every": 600},
        lambda _: ["--paths", 2, "--replan-every", 600],
        set(),
    ),
    "rehearse-history": (
        {"replan_every": 600},
        lambda _: ["--replan-every", 600],
        set(),
    ),
    "advance": ({"observed": FACTS}, _with_facts, {"output", "orders"}),
    "financing": (
        {**FEW, "price_fall": 0.4},
        lambda _: ["--scenarios", 30, "--price-fall", 0.4],
        {"picture"},
    ),
    "pictures": (
        {**FEW, "picture_format": "png"},
        lambda at: ["--scenarios", 30, "--format", "png", "--directory", at],
        {"files"},
    ),
    "audit": (
        {**FEW, "value_scenarios": 2},
        lambda at: [
            *("--scenarios", 30, "--value-scenarios", 2),
            *("--output", at / "x.zip"),
        ],
        {"output", "bytes"},
    ),
    "sensitivity": (
        {"assumptions": ["prices"], "changes": [0.1]},
        lambda _: ["--only", "prices", "--change", 0.1],
        {"picture"},
    ),
    "frontier": (
        {"number_of_points": 2, "plans": True},
        lambda at: ["--points", 2, "--plans", at / "plans"],
        {"picture", "plans"},
    ),
    "calibration": ({}, lambda _: [], set()),
    "scenarios": (
        {"file_format": "csv", "number_of_scenarios": 3},
        lambda at: ["--output", at / "x.csv", "--scenarios", 3],
        {"file"},
    ),
    "smps": ({"is_relaxed": True}, lambda at: [at, "--relaxed"], {"files"}),
    "mps": ({"is_compressed": True}, lambda at: [at / "x.mps.gz"], {"files"}),
}
# The hand-worked case has no participant; two plans are compared below.
WITHOUT = {"compare-plans", "participant", "value-rights"}


def test_every_analysis_is_compared() -> None:
    """With its command, on the hand-worked case."""
    assert set(COMMANDS) | WITHOUT == set(ANALYSES)


@pytest.mark.parametrize("name", COMMANDS)
@on_sqlite
def test_an_answer_is_what_the_command_prints(
    analyst: Analyst, tmp_path: Path, name: str
) -> None:
    """The same JSON but for the places of files; the files have their hashes."""
    fields, words, local = COMMANDS[name]
    job = analyst.ended(analyst.submit(name, **fields))
    assert (job["kind"], job["analysis"]) == ("analysis", name)
    answer = analyst.client.get(job["analysis_href"])
    found = answer.json()
    assert answer.headers["ETag"].strip('"').startswith(job["analysis_document"])
    given = [tmp_path / "case.json"]
    given[0].write_text(canonical_json(analyst.case))
    if ANALYSES[name].subject is Subject.PLAN:
        given.append(tmp_path / "plan.json")
        given[1].write_text(canonical_json(analyst.plan))
    verb = (name, "write") if name in {"smps", "mps"} else (name,)
    result = strongroom(*verb, *given, *words(tmp_path), "--json")
    printed = json.loads(result.stdout)
    assert {k: x for k, x in printed.items() if k not in local} == found
    listed = analyst.client.get(f"{job['analysis_href']}/files").json()
    assert {x["name"] for x in listed} == {x["name"] for x in found["outputs"]}
    for file in listed:
        content = analyst.client.get(file["href"])
        assert content.headers["Content-Type"] == file["media_type"]
        assert content.headers["ETag"].strip('"').startswith(file["sha256"])
        assert len(content.content) == file["number_of_bytes"]
        assert file["media_type"].partition(";")[0] in ANALYSES[name].files
        if name == "audit":
            with zipfile.ZipFile(io.BytesIO(content.content)) as archive:
                assert "report.html" in archive.namelist()
    if name == "audit":
        assert job["progress"]["stage"] == "audit"


@on_sqlite
def test_equal_answers_of_two_cases_are_two(analyst: Analyst) -> None:
    """Else a page would be printed, and a case kept, for the wrong one of them."""
    case = analyst.case
    options = case.options.model_copy(update={"seed": case.options.seed + 1})
    other = case.model_copy(update={"options": options})
    with analyst.context.database.transaction() as session:
        at = analyst.context.clock()
        CaseRepository(session).put(other, is_listed=True, at=at)
        analyses = AnalysisRepository(session)
        for subject in (
            AnalysisSubject("calibration", x.content_hash, None) for x in (case, other)
        ):
            name = analyses.put(subject, {"rows": []}, {}, at=at)
            assert analyses.subject(name) == subject
            assert analyses.text(name) == '{"rows":[]}'


@on_sqlite
def test_plans_are_compared_as_by_the_command(analyst: Analyst, tmp_path: Path) -> None:
    """The plan to compare with is one of the store; the document is the same."""
    content = by_schedule()
    content["financing"]["facilities"][0]["limit_usd"] *= 2
    other = read_instance(content)
    found = solve(other, on_progress=ignore, on_incumbent=ignore, executor="here").plan
    assert found is not None
    unknown = analyst.submit("compare-plans", **FEW, against=found.content_hash)
    assert unknown.status_code == 404
    assert unknown.json()["type"].endswith("plan-not-found")
    with analyst.context.database.transaction() as session:
        at = analyst.context.clock()
        CaseRepository(session).put(other, is_listed=True, at=at)
        PlanRepository(session).put(found, case_hash=other.content_hash, at=at)
    ordered = analyst.submit("compare-plans", **FEW, against=found.content_hash)
    job = analyst.ended(ordered)
    answer = analyst.client.get(job["analysis_href"])
    files: list[Path] = []
    for number, document in enumerate((other, found, analyst.case, analyst.plan)):
        files.append(tmp_path / f"{number}.json")
        files[-1].write_text(canonical_json(document))
    result = strongroom("compare-plans", *files, "--scenarios", 30, "--json")
    assert json.loads(result.stdout) == answer.json()
    assert answer.json()["before"]["plan_hash"] == found.content_hash
    page = analyst.client.get(job["analysis_href"], headers={"Accept": "text/html"})
    assert "Facts that differ" in page.text


def test_what_is_known_is_not_computed_again(analyst: Analyst) -> None:
    """The same order gets that answer with its source; another one does not."""
    first = analyst.ended(analyst.submit("replay"))
    again = analyst.submit("replay")
    assert (again.status_code, again.json()["state"]) == (200, "SUCCEEDED")
    assert again.json()["reused_from"] == first["id"]
    assert again.json()["analysis_href"] == first["analysis_href"]
    assert analyst.submit("explain").status_code == 202
    fresh = analyst.submit("replay", headers={"Cache-Control": "no-cache"})
    assert analyst.ended(fresh)["analysis_document"] == first["analysis_document"]
    # By default it is a seed that the plan was not made with.
    drawn = analyst.submit("financing", **FEW).json()
    assert drawn["options"]["seed"] == analyst.plan.provenance.seed + 1
    known = analyst.client.get(
        first["analysis_href"],
        headers={"If-None-Match": f'"{first["analysis_document"]}"'},
    )
    assert known.status_code == 304
    listed = analyst.client.get("/v1/jobs?kind=analysis").json()["items"]
    assert {job["kind"] for job in listed} == {"analysis"}


@pytest.mark.parametrize(
    ("name", "fields", "path"),
    [
        ("explain", {"with_frontier": 1}, "with_frontier"),
        ("explain", {"frontier": True}, "frontier"),
        ("compare-rules", {"number_of_scenarios": 0}, "number_of_scenarios"),
        ("compare-plans", {}, "against"),
        ("compare-plans", {"against": "the one in force"}, "against"),
        ("replay", {"replays": ["flood"]}, "replays"),
        ("rehearse-history", {"replays": ["flood"]}, "replays"),
        ("participant", {}, "participant"),
        ("participant", {"participant": "a\0"}, "participant"),
        ("financing", {"default": "nobody"}, "default"),
        ("sensitivity", {"changes": [2]}, "changes[0]"),
        ("frontier", {"number_of_points": 1}, "number_of_points"),
        ("mps", {"seed": -1}, "seed"),
    ],
)
@on_sqlite
def test_a_wrong_order_is_refused(
    analyst: Analyst, name: str, fields: dict[str, Any], path: str
) -> None:
    """With the parameter; no job is made."""
    answer = analyst.submit(name, **fields)
    assert answer.status_code == 422
    (mistake,) = answer.json()["mistakes"]
    assert mistake["path"] == path
    assert analyst.client.get("/v1/jobs").json()["items"] == []


@on_sqlite
def test_an_unknown_analysis_is_not_found(analyst: Analyst) -> None:
    """The nearest name is in the answer; a case has other analyses than a plan."""
    plan, case = analyst.plan.content_hash, analyst.case.content_hash
    paths = {
        f"/v1/plans/{plan}/analyses/explains": "perhaps explain",
        f"/v1/plans/{plan}/analyses/frontier": "an analysis of a plan",
        f"/v1/cases/{case}/analyses/fronteir": "perhaps frontier",
    }
    for path, words in paths.items():
        answer = analyst.client.post(path, json={})
        assert answer.status_code == 404
        assert words in answer.json()["detail"]
    for path in ("/v1/plans/no/analyses/replay", "/v1/cases/no/analyses/smps"):
        assert analyst.client.post(path, json={}).status_code == 404
    for path in ("no", "no/files", "no/files/x"):
        assert analyst.client.get(f"/v1/analyses/{path}").status_code == 404


def test_the_registry_is_listed(client: TestClient) -> None:
    """Each analysis with its parameters and the place to order it."""
    listed = client.get("/v1/analyses").json()
    assert [x["name"] for x in listed] == list(ANALYSES)
    rules = next(x for x in listed if x["name"] == "compare-rules")
    assert rules["parameters"]["properties"]["price_trigger"]["default"] == 1.5
    assert rules["order_path"] == "/v1/plans/{content_hash}/analyses/compare-rules"


@on_sqlite
def test_workers_share_a_rehearsal(analyst: Analyst, tmp_path: Path) -> None:
    """One that ends hands on what it has found; the answer is that of the command."""
    # Without a new plan, as the document has the time that solves took.
    answer = analyst.submit("rehearse", number_of_paths=6, replan_every=600)
    whole = answer.json()
    listed = f"/v1/jobs?sort=oldest&portion_of={whole['id']}"
    first, second = analyst.client.get(listed).json()["items"]
    assert (first["kind"], first["portion_of"]) == ("portion", whole["id"])
    assert first["analysis_href"] is None
    halting, other = analyst.runner(HALTING_ANALYST, "one"), analyst.runner(name="two")
    working = threading.Thread(
        target=halting.run_ticket, args=(analyst.ticket_of(first), NEVER)
    )
    working.start()
    progress = f"{whole['href']}/progress"
    wait_until(lambda: analyst.client.get(progress).json()["items"])
    assert analyst.client.get(whole["href"]).json()["state"] == "RUNNING"
    halting.end()
    working.join()
    for portion in (first, second):
        other.run_ticket(analyst.ticket_of(portion), NEVER)
    context = analyst.context
    requeue_orphans(context.database, context.engine, context.clock)
    job = analyst.ended(answer)
    lines = [x["message"] for x in analyst.client.get(progress).json()["items"]]
    assert [x[-13:] for x in lines] == [f"(finished: {n})" for n in range(1, 7)]
    assert "path 1 of 6: shortages " in lines[0]
    assert sum("path 1 of 6" in x for x in lines) == 1
    ends = analyst.client.get(listed).json()["items"]
    assert [(x["state"], x["worker"], x["attempt"]) for x in ends] == [
        ("SUCCEEDED", "two", 2),
        ("SUCCEEDED", "two", 1),
    ]
    files = tmp_path / "case.json", tmp_path / "plan.json"
    for file, document in zip(files, (analyst.case, analyst.plan), strict=True):
        file.write_text(canonical_json(document))
    words = ("--paths", 6, "--replan-every", 600, "--json")
    result = strongroom("rehearse", *files, *words)
    assert json.loads(result.stdout) == analyst.client.get(job["analysis_href"]).json()


@on_sqlite
def test_a_cancelled_analysis_ends_and_leaves_nothing(analyst: Analyst) -> None:
    """Its process ends within seconds."""
    answer, runner = analyst.submit("replay"), analyst.runner(ENDLESS_ANALYST)
    ticket = analyst.ticket_of(answer.json())
    working = threading.Thread(target=runner.run_ticket, args=(ticket, NEVER))
    working.start()
    wait_until(processes_solving_here)
    analyst.client.post(f"{answer.json()['href']}/cancel").raise_for_status()
    runner.end_stale_attempts()
    working.join()
    assert not processes_solving_here()
    job = analyst.client.get(answer.json()["href"]).json()
    assert (job["state"], job["analysis_href"]) == ("CANCELLED", None)
