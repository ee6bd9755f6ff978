"""Planners in a round: each sees its own offers and awards, and no round of others."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from models.instance import Instance
from models.right_menu import RightMenus
from models.tables import Role
from service.api.context import Context
from service.jobs.analyses import KeptAnalysis, conclude_analysis
from service.jobs.transitions import Claim, cancel, claim_job
from service.store.jobs import JobRepository
from service.store.rounds import RoundRepository
from tests.service.conftest import StoreKit
from tests.service.identity.belongings import RIGHT, an_open_round
from tests.service.identity.conftest import Accounts, bearer

# Rounds in both databases are in tests/service/rounds.
pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)

NAMES = ("manager", "maker", "stranger")
Ask = Callable[..., Response]


@pytest.fixture
def round_id(context: Context, instance: Instance) -> str:
    """Return a round that is open to the only participant of the case."""
    kit = StoreKit(context.database, instance, context.clock)
    kit.put_case()
    with kit.transaction() as session:
        return an_open_round(session, instance).id


@pytest.fixture
def ask(client: TestClient, accounts: Accounts) -> Ask:
    """Return what makes requests by an account: manager, maker or stranger."""
    accounts.add("manager")
    accounts.add("analyst", Role.ANALYST)
    for name in ("maker", "stranger"):
        accounts.add(name, Role.PARTICIPANT_PLANNER, participant=name)
    keys = {x: bearer(accounts.key(x)) for x in (*NAMES, "analyst")}

    def request(name: str, method: str, path: str, body: Any = None) -> Response:  # noqa: ANN401
        return client.request(method, path, json=body, headers=keys[name])

    return request


def test_a_planner_changes_its_offer_until_the_round_closes(
    ask: Ask, round_id: str
) -> None:
    """Afterwards it stays, and the manager reads it."""
    own = f"/v1/own/rounds/{round_id}/offers"
    assert ask("maker", "PUT", f"{own}/{RIGHT}", {"maximum_lots": 3}).json()["version"]
    assert ask("maker", "DELETE", f"{own}/{RIGHT}").json()["is_withdrawn"]
    assert ask("maker", "DELETE", f"{own}/{RIGHT}").status_code == 404
    assert ask("maker", "PUT", f"{own}/{RIGHT}", {"maximum_lots": 5}).status_code == 200
    assert ask("maker", "PUT", f"{own}/none", {"maximum_lots": 5}).status_code == 404
    listed = ask("maker", "GET", own).json()
    assert [(x["maximum_lots"], x["version"]) for x in listed] == [(5, 3)]
    assert ask("manager", "GET", f"/v1/rounds/{round_id}/offers").status_code == 409
    assert ask("manager", "POST", f"/v1/rounds/{round_id}/close").status_code == 200
    for method, body in (("PUT", {"maximum_lots": 6}), ("DELETE", None)):
        assert ask("maker", method, f"{own}/{RIGHT}", body).status_code == 409
    (read,) = ask("manager", "GET", f"/v1/rounds/{round_id}/offers").json()
    assert (read["participant"], read["maximum_lots"]) == ("maker", 5)
    awards = ask("maker", "GET", f"/v1/own/rounds/{round_id}/awards")
    assert awards.status_code == 409


@pytest.mark.parametrize("lots", [2**31, 2**40, 10**30])
def test_an_offer_that_no_database_holds_is_refused(
    ask: Ask, round_id: str, lots: int
) -> None:
    """Each of its numbers is named."""
    body = {"minimum_lots": lots, "maximum_lots": lots}
    answer = ask("maker", "PUT", f"/v1/own/rounds/{round_id}/offers/{RIGHT}", body)
    assert answer.status_code == 422
    pointers = [x["pointer"] for x in answer.json()["mistakes"]]
    assert pointers == ["#/minimum_lots", "#/maximum_lots"]


def test_a_round_of_others_is_answered_as_one_that_does_not_exist(
    ask: Ask, round_id: str
) -> None:
    """It is in no list, and no request about it tells that it is there."""
    assert [x["id"] for x in ask("maker", "GET", "/v1/own/rounds").json()["items"]]
    assert ask("stranger", "GET", "/v1/own/rounds").json()["items"] == []
    own = "/v1/own/rounds/{}"
    for method, path, body in (
        ("GET", own, None),
        ("GET", f"{own}/offers", None),
        ("PUT", f"{own}/offers/{RIGHT}", {"maximum_lots": 3}),
        ("DELETE", f"{own}/offers/{RIGHT}", None),
        ("GET", f"{own}/awards", None),
    ):
        found, missing = (
            ask("stranger", method, path.format(x), body)
            for x in (round_id, "0" * len(round_id))
        )
        assert found.status_code == missing.status_code == 404
        assert found.json()["detail"].replace(round_id, "") == (
            missing.json()["detail"].replace("0" * len(round_id), "")
        )


def test_rights_are_valued_without_the_offers_of_others(
    ask: Ask, context: Context, round_id: str
) -> None:
    """Asked again, it is the same job, until the round has closed."""
    path = f"/v1/own/rounds/{round_id}/valuation"
    answers = [ask("maker", "POST", path, {})]
    with context.database.transaction() as session:
        RoundRepository(session).held(round_id)
        # Who asks again only reads.
        answers.append(ask("maker", "POST", path, {}))
    assert [x.status_code for x in answers] == [202, 202]
    assert answers[0].json() == {"state": "QUEUED", "valuation": None}
    (job,) = ask("manager", "GET", "/v1/jobs").json()["items"]
    assert ask("analyst", "GET", "/v1/jobs").json()["items"] == []
    case = ask("manager", "GET", f"/v1/cases/{job['case']}").json()
    offered = [(x["id"], x["participant"]) for x in case["entitlement_offers"]]
    assert offered == [(f"maker_{RIGHT}", "maker")]
    assert ask("stranger", "POST", path, {}).status_code == 404
    end_badly(context, job["id"])
    failed = ask("maker", "POST", path, {})
    assert (failed.status_code, failed.json()["type"]) == (
        409,
        "/docs/problems#valuation-failed",
    )
    other = {"number_of_scenarios": 9}
    assert ask("maker", "POST", path, other).status_code == 202
    (_, job) = ask("manager", "GET", "/v1/jobs?sort=oldest").json()["items"]
    end_well(context, job["id"])
    valued = ask("maker", "POST", path, other)
    assert (valued.status_code, valued.json()["state"]) == (200, "SUCCEEDED")
    assert valued.json()["valuation"]["participant"] == "maker"
    assert ask("manager", "POST", f"/v1/rounds/{round_id}/close").status_code == 200
    assert ask("maker", "POST", path, other).status_code == 409


def end_well(context: Context, job_id: str) -> None:
    """Let a job have an answer."""
    menus = RightMenus(
        participant="maker", name="x", scenarios=9, seed=1, cvar_level=0.9, rights=()
    )
    with context.database.transaction() as session:
        job = JobRepository(session).get(job_id)
        claim = claim_job(session, job.id, job.ticket, "a worker", context.clock)
        assert isinstance(claim, Claim)
        kept = KeptAnalysis(menus.model_dump(mode="json"), {})
        conclude_analysis(session, claim, kept, context.clock)


def end_badly(context: Context, job_id: str) -> None:
    """Let a job be cancelled."""
    with context.database.transaction() as session:
        cancel(session, job_id, context.clock)
