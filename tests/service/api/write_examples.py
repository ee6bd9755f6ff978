"""Writes the examples of the interface: answers of a server that solved a shipped case.

`make examples`, after a change of a resource or a body.
"""

import datetime as dt
import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

from fastapi.testclient import TestClient

from models.content import canonical_json
from models.reading import read_instance
from models.roles import Role, Scope
from service.analyses.registry import ANALYSES, Subject, operation_of, own_operation_of
from service.app import create_app
from service.casefiles import load
from service.clock import system_clock
from service.identity.account_secret import made_account_secret
from service.identity.administration import Administration
from service.settings import Settings
from service.store.audit_log import Author
from service.store.opening import opened_store
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
RECEIVER = "https://hooks.example.com/strongroom"
PARAMETERS: dict[str, dict[str, object]] = {
    "advance": {"observed": {"start": "2027-01-01", "otherwise": "as_planned"}},
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
RESERVE = {"name": "National stockpile"}
LOT = {
    "id": "beta_2026",
    "material": "beta",
    "tonnes": 5,
    "arrival": "2026-11-01",
    "mining_country": "AUS",
    "refining_country": "MYS",
}
MAKER, OTHER, BUYER = "maker", "other_maker", "gm"
PUBLICATION = {"title": "Awards of 2026"}
OWN = {"number_of_scenarios": 200}
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

    def act_by(self, key: str) -> None:
        """Make the requests that follow with a key."""
        self._client.headers["Authorization"] = f"Bearer {key}"

    def post(self, operation: str, path: str, **bodies: object) -> Answer:
        """Keep bodies, by name, and the answer to the first; return that answer."""
        return self._change("POST", operation, path, bodies)

    def put(self, operation: str, path: str, **bodies: object) -> Answer:
        """Do the same with PUT."""
        return self._change("PUT", operation, path, bodies)

    def patch(self, operation: str, path: str, **bodies: object) -> Answer:
        """Do the same with PATCH."""
        return self._change("PATCH", operation, path, bodies)

    def delete(self, operation: str, path: str) -> Answer:
        """Do the same with DELETE, which has no body."""
        return self._change("DELETE", operation, path, {})

    def _change(
        self, method: str, operation: str, path: str, bodies: Mapping[str, object]
    ) -> Answer:
        sent = list(bodies.values()) or [None]
        answers = [self._client.request(method, path, json=body) for body in sent]
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
    shared = collect_analyses(examples, case["href"], plan)
    collect_batch(examples)
    collect_webhooks(examples)
    collect_reserve(examples, whole)
    examples.get("get_health", "/health")
    examples.get("list_entries", "/v1/audit")
    examples.get("get_whoami", "/v1/whoami")
    examples.put("put_publication", f"{shared}/publication", publication=PUBLICATION)
    examples.get("get_publication", f"{shared}/publication")


def collect_reserve(examples: Examples, whole: dict[str, Any]) -> None:
    """Keep the ledger of a reserve of the case, which is empty and then has a lot."""
    reserve = examples.post("open_a_reserve", "/v1/reserves", reserve=RESERVE)
    beginning = examples.send("/v1/cases", CASE)["hash"]
    stocked = examples.send("/v1/cases", with_lot(whole))["hash"]
    solved = examples.send("/v1/jobs", JOB | {"case": stocked})
    plan = examples.ended(solved["href"], has_succeeded)["result"]["plan"]
    first = {"predecessor": reserve["head"], "kind": "position", "case": beginning}
    second = examples.send(reserve["entries_href"], first)
    position = {"predecessor": second["hash"], "kind": "position", "case": stocked}
    third = examples.send(reserve["entries_href"], position)
    in_force = {"predecessor": third["hash"], "kind": "plan", "plan": plan}
    examples.post("append_reserve_entry", reserve["entries_href"], plan=in_force)
    examples.get("list_reserve_entries", reserve["entries_href"])
    examples.get("get_reserve_entry", third["href"])
    examples.get("get_reserve", reserve["href"])
    examples.get("list_reserves", "/v1/reserves")
    lots = reserve["lots_href"]
    examples.get("list_lots", lots)
    examples.get("get_lot", f"{lots}/{LOT['id']}")


def with_lot(case: dict[str, Any]) -> dict[str, Any]:
    """Return the case with a lot of free stock, and an option that takes it."""
    held = case["sourcing_options"][0] | {"id": "held", "is_held": True}
    return case | {
        "position": {"stock": [LOT]},
        "sourcing_options": [*case["sourcing_options"], held],
    }


def collect_own(examples: Examples) -> None:
    """Order the analyses of a planner, and let the last of them be answered."""
    (plan,) = examples.get("list_own_plans", "/v1/own/plans")
    examples.get("get_own_plan", plan["href"])
    own = [x for x in ANALYSES.values() if x.is_own]
    paths = [f"{plan['href']}/analyses/{x.name}" for x in own]
    ordered = [
        examples.post(own_operation_of(analysis), path, parameters=OWN)
        for analysis, path in zip(own, paths, strict=True)
    ]
    for job in ordered:
        examples.ended(job["href"], has_succeeded)
    job = ordered[-1]
    examples.get("get_own_job", job["href"])
    examples.get("get_own_answer", f"{job['href']}/answer")
    examples.get("list_own_progress", job["progress_href"])
    examples.get("list_own_jobs", "/v1/own/jobs")
    again = examples.send(paths[-1], OWN | {"seed": 11})
    examples.post("cancel_own_job", f"{again['href']}/cancel")


def collect_analyses(examples: Examples, case: str, plan: str) -> str:
    """Order every analysis, and let the pictures be drawn.

    Return the path of the plan of a case with participants.
    """
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
        if name == "compare-plans":
            # With itself: there is no other plan of this server yet.
            body = {"against": of_plan.rpartition("/")[2]}
        path = f"{subject}/analyses/{name}"
        ordered = examples.post(operation, path, parameters=body)
        if name != "pictures":
            examples.send(f"{ordered['href']}/cancel")
            continue
        drawn = examples.ended(ordered["href"], has_succeeded)["analysis_href"]
        examples.get("get_analysis", drawn)
        examples.get("list_analysis_files", f"{drawn}/files")
    return shared_pair[1]


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


def collect_rounds(examples: Examples, keys: Mapping[str, str]) -> None:
    """Conduct a round with two planners to its end, and cancel another one."""
    examples.act_by(keys["manager"])
    whole = json.loads(canonical_json(read_instance(load(CASE))))
    case = examples.send("/v1/cases", case_of_two(whole))["hash"]
    body = {
        "case": case,
        "name": "Rights of next year",
        "rights": [RIGHT],
        "closes_at": "2099-06-30T17:00:00Z",
    }
    first = examples.post("open_a_round", "/v1/rounds", round=body)
    href, own = first["href"], f"/v1/own/rounds/{first['id']}"
    examples.act_by(keys[MAKER])
    collect_offers(examples, own)
    examples.act_by(keys["manager"])
    examples.post("close_a_round", f"{href}/close")
    examples.get("list_offers", f"{href}/offers")
    stored = examples.post("put_case_of_round", f"{href}/case")["hash"]
    job = examples.send("/v1/jobs", {"case": stored, "options": JOB["options"]})
    plan = examples.ended(job["href"], has_succeeded)["result"]["plan"]
    examples.post("publish_a_round", f"{href}/publication", awards={"plan": plan})
    examples.get("get_round", href)
    second = examples.send("/v1/rounds", body | {"name": "Opened by mistake"})
    examples.post("cancel_a_round", f"{second['href']}/cancel")
    examples.get("list_rounds", "/v1/rounds")
    examples.act_by(keys[MAKER])
    examples.get("list_own_awards", f"{own}/awards")
    collect_rights(examples, href, own, keys)


def collect_offers(examples: Examples, own: str) -> None:
    """Value the right of a round and offer to take it."""
    examples.get("list_own_rounds", "/v1/own/rounds")
    examples.get("get_own_round", own)
    few, path = {"number_of_scenarios": 200}, f"{own}/valuation"
    wait_until(lambda: has_succeeded(examples.send(path, few)))
    examples.post("value_own_rights", path, valuation=few)
    offer = f"{own}/offers/{RIGHT['id']}"
    examples.put("put_own_offer", offer, offer={"maximum_lots": 30})
    examples.delete("withdraw_own_offer", offer)
    examples.put("put_own_offer", offer, offer={"maximum_lots": 30})
    examples.get("list_own_offers", f"{own}/offers")


def collect_rights(
    examples: Examples, href: str, own: str, keys: Mapping[str, str]
) -> None:
    """Draw on a right that is awarded, and let two transfers come to an end."""
    right = f"{own}/holdings/{RIGHT['id']}"
    examples.act_by(keys[MAKER])
    examples.post("draw_on_own_right", f"{right}/draws", draw={"tonnes": 3.5})
    examples.post("replenish_own_right", f"{right}/replenishments", put={"tonnes": 1})
    lots = {"lots": 5}
    ids = [
        examples.post("offer_own_lots", f"{right}/transfers", transfer=lots)["id"]
        for _ in range(3)
    ]
    examples.post("withdraw_own_lots", f"{own}/transfers/{ids[0]}/withdraw")
    examples.act_by(keys[OTHER])
    examples.get("list_own_transfers", f"{own}/transfers")
    for name in ids[1:]:
        examples.post("take_offered_lots", f"{own}/transfers/{name}/take")
    examples.act_by(keys["manager"])
    examples.get("list_transfers", f"{href}/transfers")
    examples.post("consent_to_transfer", f"{href}/transfers/{ids[1]}/consent")
    examples.post("refuse_transfer", f"{href}/transfers/{ids[2]}/refuse")
    examples.get("list_ledger", f"{href}/ledger")
    examples.act_by(keys[MAKER])
    examples.get("list_own_holdings", own + "/holdings")
    examples.get("list_own_entries", own + "/ledger")


def case_of_two(case: dict[str, Any]) -> dict[str, Any]:
    """Return the case with another participant, which needs what the first one does."""
    (maker,), products = case["participants"], case["products"]
    other = products[-1] | {"id": "other_good", "participant": OTHER}
    return case | {
        "participants": [maker, maker | {"id": OTHER, "name": "Other maker"}],
        "products": [*products, other],
    }


def added_keys(settings: Settings) -> Mapping[str, str]:
    """Return keys of a manager and of planners, who are added to the store."""
    secret = made_account_secret(settings)
    with opened_store(settings) as store, store.database.transaction() as session:
        author = Author("operator", "examples")
        accounts = Administration(session, author, system_clock())
        accounts.add_account("manager", Role.MANAGER)
        for name in (MAKER, OTHER, BUYER):
            accounts.add_account(name, Role.PARTICIPANT_PLANNER, participant=name)
        day, scopes = dt.timedelta(days=1), [Scope.READ, Scope.WRITE]
        return {
            name: accounts.add_key(name, secret, day, scopes).text
            for name in ("manager", MAKER, OTHER, BUYER)
        }


def collect_webhooks(examples: Examples) -> None:
    """Make the requests about a webhook; nothing is sent to an example."""
    order = {"url": RECEIVER, "name": "Planning", "events": ["batch.finished"]}
    webhook = examples.post("create_webhook", "/v1/webhooks", webhook=order)["href"]
    examples.get("get_webhook", webhook)
    examples.get("list_webhooks", "/v1/webhooks")
    rotation = {"overlap_hours": 48}
    examples.post("rotate_webhook_secret", f"{webhook}/rotate", rotation=rotation)
    change = {"is_enabled": False}
    examples.patch("change_webhook", webhook, change=change)
    sent = examples.post("ping_webhook", f"{webhook}/ping")
    examples.get("list_deliveries", f"{webhook}/deliveries")
    examples.post("replay_delivery", sent["replay_href"])


def main() -> None:
    """Write the examples in place of those that were there."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_directory=Path(folder) / "data")
        with TestClient(create_app(settings), "http://localhost") as client:
            examples = Examples(client)
            collect(examples)
            # With the first account the single-user mode ends.
            keys = added_keys(settings)
            collect_rounds(examples, keys)
            examples.act_by(keys[BUYER])
            collect_own(examples)
    for name, example in examples.found.items():
        text = json.dumps(example, indent=2, ensure_ascii=False)
        (FOLDER / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
