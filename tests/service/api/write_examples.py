"""Writes the examples of the interface: answers of a server that solved a shipped case.

`make examples`, after a change of a resource or a body.
"""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from fastapi.testclient import TestClient

from models.content import canonical_json
from models.reading import read_instance
from service.analyses.registry import ANALYSES, Subject, operation_of
from service.app import create_app
from service.casefiles import load
from service.settings import Settings
from tests.service.waiting import wait_until

FOLDER = Path("service/api/description/examples")
CASE = "two_materials"
JOB = {"case": CASE, "options": {"number_of_scenarios": 20, "seed": 3}, "priority": 0}
EVALUATION = {"number_of_scenarios": 200, "seed": 7}
BATCH = {
    "case": CASE,
    "name": "What if the seed were another one?",
    "variants": [{"name": "other seed", "set": {"options.seed": 2}}],
    "grid": ["options.seed=5,6"],
}
# A case with participants, and one of them.
SHARED = "magnets"
PARAMETERS: dict[str, dict[str, object]] = {
    "frontier": {"number_of_points": 3},
    "participant": {"participant": "gm"},
    "pictures": {"number_of_scenarios": 200},
    "replay": {},
    "value-rights": {"participant": "gm"},
}
RIGHT = {
    "id": "beta_right",
    "material": "beta",
    "inventory_price_factor": 1.03,
    "upfront_fee_rate": 0.02,
    "carrying_fee_rate_per_year": 0.05,
    "maximum_lots": 100,
}
LONGEST_LIST = 3

Answer = Any  # JSON


class Examples:
    """A server, and what it was asked and answered."""

    def __init__(self, client: TestClient) -> None:
        self._client = client
        self.found: dict[str, dict[str, Any]] = {}

    def get(self, operation: str, path: str) -> Answer:
        """Keep the answer to a request, and return it."""
        answer = self._client.get(path)
        answer.raise_for_status()
        self.found[operation] = {"answer": shortened(answer.json())}
        return answer.json()

    def post(self, operation: str, path: str, **bodies: object) -> Answer:
        """Keep bodies, by name, and the answer to the first; return that answer."""
        sent = list(bodies.values()) or [None]
        answers = [self._client.post(path, json=body) for body in sent]
        for answer in answers:
            answer.raise_for_status()
        request = {"request": bodies} if bodies else {}
        self.found[operation] = {**request, "answer": answers[0].json()}
        return answers[0].json()

    def send(self, path: str, body: object = None) -> Answer:
        """Return the answer to a request that is no example."""
        return self._client.post(path, json=body).raise_for_status().json()

    def ended(self, href: str, is_ended: Callable[[Answer], bool]) -> Answer:
        """Return what is at a path once it has ended."""
        wait_until(lambda: is_ended(self._client.get(href).json()))
        return self._client.get(href).json()


def shortened(answer: Answer) -> Answer:
    """Return a list of the service with its first elements; documents are whole."""
    if isinstance(answer, list):
        return cast("list[Answer]", answer)[:LONGEST_LIST]
    if "next" in answer:
        return answer | {"items": answer["items"][:LONGEST_LIST]}
    return answer


def has_succeeded(job: Answer) -> bool:
    """Whether a job has its answer."""
    return job["state"] == "SUCCEEDED"


def collect(examples: Examples) -> None:
    """Make the requests, each as an answer of an earlier one says."""
    whole = json.loads(canonical_json(read_instance(load(CASE))))
    case = examples.post("put_case", "/v1/cases", by_name=CASE, whole=whole)
    examples.get("get_case", case["href"])
    examples.get("list_cases", "/v1/cases")
    examples.get("list_shipped_cases", "/v1/cases/shipped")
    job = examples.post("submit_job", "/v1/jobs", solve=JOB)
    plan = examples.ended(job["href"], has_succeeded)["result"]["plan_href"]
    examples.get("get_plan", plan)
    examples.get("get_job", job["href"])
    examples.get("list_progress", job["progress_href"])
    order = f"{plan}/evaluations"
    ordered = examples.post("submit_evaluation_of_plan", order, evaluation=EVALUATION)
    evaluation = examples.ended(ordered["href"], has_succeeded)["evaluation_href"]
    examples.get("get_evaluation", evaluation)
    examples.get("list_tables", f"{evaluation}/tables")
    examples.get("list_jobs", "/v1/jobs")
    collect_analyses(examples, case["href"], plan)
    collect_batch(examples)
    collect_rounds(examples, case["hash"])
    examples.get("get_health", "/health")
    examples.get("list_entries", "/v1/audit")
    examples.get("get_whoami", "/v1/whoami")


def collect_analyses(examples: Examples, case: str, plan: str) -> None:
    """Order every analysis, and let the pictures be drawn."""
    examples.get("list_analyses", "/v1/analyses")
    few = {"case": SHARED, "options": {"number_of_scenarios": 10}}
    shared = examples.send("/v1/jobs", few)
    solved = examples.ended(shared["href"], has_succeeded)
    shared_pair = f"/v1/cases/{solved['case']}", solved["result"]["plan_href"]
    for name, analysis in ANALYSES.items():
        is_shared = "participant" in PARAMETERS.get(name, {})
        of_case, of_plan = shared_pair if is_shared else (case, plan)
        subject = of_plan if analysis.subject is Subject.PLAN else of_case
        operation, body = operation_of(analysis), PARAMETERS.get(name, {})
        path = f"{subject}/analyses/{name}"
        ordered = examples.post(operation, path, parameters=body)
        if name != "pictures":
            examples.send(f"{ordered['href']}/cancel")
            continue
        drawn = examples.ended(ordered["href"], has_succeeded)["analysis_href"]
        examples.get("get_analysis", drawn)
        examples.get("list_analysis_files", f"{drawn}/files")


def collect_batch(examples: Examples) -> None:
    """Make the requests about a batch; the last job is cancelled."""
    batch = examples.post("submit_a_batch", "/v1/batches", batch=BATCH)["href"]
    for verb in ("pause", "resume"):
        examples.post(f"{verb}_batch", f"{batch}/{verb}")
    examples.ended(batch, lambda x: x["is_finished"])
    examples.get("get_batch", batch)
    examples.get("list_variants", f"{batch}/variants")
    examples.get("list_batches", "/v1/batches")
    examples.post("cancel_a_batch", f"{batch}/cancel")
    examples.post("retry_batch", f"{batch}/retry")
    again = JOB | {"options": {"seed": 9}}
    job = examples.send("/v1/jobs", again)
    examples.post("cancel_job", f"{job['href']}/cancel")


def collect_rounds(examples: Examples, case: str) -> None:
    """Conduct a round to its end, and cancel another one."""
    body = {
        "case": case,
        "name": "Rights of next year",
        "rights": [RIGHT],
        "participants": ["maker"],
        "closes_at": "2099-06-30T17:00:00Z",
    }
    first = examples.post("open_a_round", "/v1/rounds", round=body)["href"]
    examples.post("close_a_round", f"{first}/close")
    examples.get("list_offers", f"{first}/offers")
    stored = examples.post("put_case_of_round", f"{first}/case")["hash"]
    job = examples.send("/v1/jobs", {"case": stored, "options": JOB["options"]})
    plan = examples.ended(job["href"], has_succeeded)["result"]["plan"]
    examples.post("publish_a_round", f"{first}/publication", awards={"plan": plan})
    examples.get("get_round", first)
    second = examples.send("/v1/rounds", body | {"name": "Opened by mistake"})
    examples.post("cancel_a_round", f"{second['href']}/cancel")
    examples.get("list_rounds", "/v1/rounds")


def main() -> None:
    """Write the examples in place of those that were there."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_directory=Path(folder) / "data")
        with TestClient(create_app(settings), "http://localhost") as client:
            examples = Examples(client)
            collect(examples)
    for name, example in examples.found.items():
        text = json.dumps(example, indent=2, ensure_ascii=False)
        (FOLDER / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
