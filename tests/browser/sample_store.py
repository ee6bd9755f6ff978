"""A store with one of each thing that pages show, filled over HTTP by real solves."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from models.orders import Orders
from models.tables import Role, Scope
from service.casefiles import load
from service.clock import system_clock
from service.identity.account_secret import made_account_secret
from service.identity.administration import Administration
from service.settings import Settings
from service.store.opening import opened_store
from tests.browser.sample_rounds import RIGHT, conducted_rounds, opened_round
from tests.journeys.accounts import AUTHOR, LIFETIME
from tests.journeys.server import Server
from tests.service.api.write_examples import LOT

FEW = {"number_of_scenarios": 500}
PARAMETERS: Mapping[str, Mapping[str, object]] = {
    "explain": {},
    "frontier": {"number_of_points": 3},
    "pictures": {"number_of_scenarios": 200},
    "replay": {},
}
BAN = {
    "country": "CHN",
    "stage": "both",
    "materials": ["alpha"],
    "notice_days": 0,
    "onset_day": 180,
    "phases": [
        {
            "name": "ban",
            "duration_days_low": 200,
            "duration_days_high": 200,
            "availability": 0.5,
        }
    ],
    "sources": dict.fromkeys(("onset_day", "notice_days", "phases"), "assumption"),
}
REPLAYS = {"replays": [{"id": "ban", "name": "A ban", "disruptions": [BAN]}]}
GRID = ["financing.loan.limit_usd=500000,1000000,2000000"]

Answer = Any  # JSON


@dataclass(frozen=True)
class SampleStore:
    """Keys by role, and the identifiers of what is in the store."""

    keys: Mapping[str, str]
    case: str
    job: str
    plan: str
    evaluation: str
    analyses: Mapping[str, str]
    batch: str
    reserve: str
    entry: str
    publication: str
    own_job: str
    round: str
    closed_round: str
    published_round: str
    webhook: str

    def write(self, file: Path) -> None:
        """Write all of it to a file."""
        file.write_text(json.dumps(asdict(self)))

    @classmethod
    def read(cls, file: Path) -> "SampleStore":
        """Return what was written to a file."""
        return cls(**json.loads(file.read_text()))


def filled(server: Server, name: str = "two_materials") -> SampleStore:
    """Fill the store of a server that has no accounts yet; it has some afterwards."""
    whole = _with_replay(name)
    few = whole["options"] | {"number_of_scenarios": 40}
    case = server.post("/v1/cases", whole | {"options": few})["hash"]
    job = server.post("/v1/jobs", {"case": case})["id"]
    loans = {"case": case, "name": "Loans", "grid": GRID}
    batch = server.post("/v1/batches", loans)["id"]
    other = server.post("/v1/jobs", {"case": case, "options": {"seed": 9}})["id"]
    server.post(f"/v1/jobs/{other}/cancel")
    plan = server.wait_for(job, "SUCCEEDED")["result"]["plan"]
    evaluation = server.post(f"/v1/plans/{plan}/evaluations", FEW)["id"]
    analyses = _analyses(server, case, plan)
    reserve, entry = _reserve(server, whole | {"options": few})
    published = server.client.put(
        f"/v1/plans/{plan}/publication", json={"title": "Awards"}
    )
    published.raise_for_status()
    material = whole["materials"][0]["id"]
    own_round = opened_round(server, case, material, "Rights of next year")
    closed_round, published_round = conducted_rounds(server, whole)
    hook = {"url": "https://hooks.example.com/", "name": "Dashboard"}
    webhook = server.post("/v1/webhooks", hook)["id"]
    evaluated = server.wait_for(evaluation, "SUCCEEDED")["evaluation_href"]
    maker = whole["participants"][0]["id"]
    keys = _keys(Settings(data_directory=server.data_directory), maker)
    publication, own_job = _own(server, keys[Role.PARTICIPANT_PLANNER], own_round)
    return SampleStore(
        keys,
        case,
        job,
        plan,
        _last(evaluated),
        analyses,
        batch,
        reserve,
        entry,
        publication,
        own_job,
        own_round,
        closed_round,
        published_round,
        webhook,
    )


def _with_replay(name: str) -> Answer:
    """Return a shipped case, with a replay if it has none."""
    return {**REPLAYS, **load(name)}


def _analyses(server: Server, case: str, plan: str) -> dict[str, str]:
    """Return the hashes of the answers of analyses, by name."""
    subjects = {"case": case, "plan": plan}
    ordered: dict[str, str] = {}
    for analysis in server.get("/v1/analyses"):
        name = analysis["name"]
        if name in PARAMETERS:
            path = analysis["order_path"]
            path = path.format(content_hash=subjects[analysis["subject"]])
            ordered[name] = server.post(path, PARAMETERS[name])["id"]
    return {
        name: _last(server.wait_for(job, "SUCCEEDED")["analysis_href"])
        for name, job in ordered.items()
    }


def _own(server: Server, key: str, round_id: str) -> tuple[str, str]:
    """Ask something and make an offer as a planner; return the plan and the job."""
    server.client.headers["Authorization"] = f"Bearer {key}"
    (plan,) = server.get("/v1/own/plans")
    order = f"{plan['href']}/analyses/participant"
    job = server.client.post(order, json=FEW, headers={"Prefer": "wait=60"}).json()
    assert job["state"] == "SUCCEEDED", job
    offers = f"/v1/own/rounds/{round_id}/offers"
    made = server.client.put(f"{offers}/{RIGHT}", json={"maximum_lots": 7})
    made.raise_for_status()
    return plan["id"], job["id"]


def _last(href: str) -> str:
    return href.rpartition("/")[2]


def _reserve(server: Server, whole: Answer) -> tuple[str, str]:
    """Open a reserve with a lot, a plan and the orders of a month.

    Return its id and the hash of its last entry.
    """
    lot = LOT | {"material": whole["materials"][0]["id"]}
    changes = {"id": "held", "is_held": True, "build_up_periods": 0}
    held = whole["sourcing_options"][0] | changes
    stocked = {
        "position": {"stock": [lot]},
        "sourcing_options": [*whole["sourcing_options"], held],
    }
    case = server.post("/v1/cases", whole | stocked)["hash"]
    job = server.post("/v1/jobs", {"case": case})["id"]
    plan = server.wait_for(job, "SUCCEEDED")["result"]["plan"]
    observed = {"start": whole["horizon"]["start"], "otherwise": "as_planned"}
    path = f"/v1/plans/{plan}/analyses/advance"
    advanced = server.post(path, {"observed": observed})["id"]
    answer = server.get(server.wait_for(advanced, "SUCCEEDED")["analysis_href"])
    orders = {x: answer[x] for x in Orders.model_fields if x in answer}
    reserve = server.post("/v1/reserves", {"name": "National stockpile"})
    head = reserve["head"]
    for said in (
        {"kind": "position", "case": case},
        {"kind": "plan", "plan": plan},
        {"kind": "observation", "document": observed},
        {"kind": "orders", "document": orders},
    ):
        body = {"predecessor": head, **said}
        head = server.post(reserve["entries_href"], body)["hash"]
    return reserve["id"], head


def _keys(settings: Settings, participant: str) -> Mapping[str, str]:
    """Add an account of each role; return a key of each, by role."""
    secret = made_account_secret(settings)
    with opened_store(settings) as store, store.database.transaction() as session:
        accounts = Administration(session, AUTHOR, system_clock())
        for role in Role:
            of = participant if role is Role.PARTICIPANT_PLANNER else None
            accounts.add_account(role, role, participant=of)
        return {
            role: accounts.add_key(role, secret, LIFETIME, list(Scope)).text
            for role in Role
        }
