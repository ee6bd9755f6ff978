"""Rounds over HTTP: what a manager may see and do, and when."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from models.plan import Plan
from models.reading import read_instance
from models.round import OfferKey, SealedOffer
from service.api.context import Context
from service.rounds.conduct import place_offer
from service.store.analyses import AnalysisRepository, AnalysisSubject
from service.store.plans import PlanRepository
from tests.service.fake_solver import plan_of

# Rounds in both databases are in tests/service/rounds.
pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)

NAME = "gallium-right"
RIGHT = {"id": NAME, "material": "gallium", "inventory_price_factor": 1.03}


@pytest.fixture
def opened(client: TestClient, case_hash: str) -> dict[str, Any]:
    """Return a round that is open for long."""
    order = {
        "case": case_hash,
        "name": "Rights of next year",
        "rights": [RIGHT],
        "closes_at": "2099-06-30T17:00:00+02:00",
    }
    answer = client.post("/v1/rounds", json=order)
    assert answer.status_code == 201
    assert answer.headers["location"] == answer.json()["href"]
    return answer.json()


def offer(context: Context, round_id: str, lots: int) -> None:
    """Make the offer of the maker."""
    with context.database.transaction() as session:
        key, made = OfferKey("maker", NAME), SealedOffer(maximum_lots=lots)
        place_offer(session, round_id, key, made, account="planner")


def plan_of_case(client: TestClient, context: Context, case_hash: str) -> Plan:
    """Store a plan of a stored case."""
    case = read_instance(client.get(f"/v1/cases/{case_hash}").json())
    plan = plan_of(case)
    with context.database.transaction() as session:
        PlanRepository(session).put(plan, case_hash=case_hash, at=context.clock())
    return plan


def test_a_round_shows_its_terms_in_money(opened: dict[str, Any]) -> None:
    """All of the case may take part; the time of closing is in UTC."""
    assert opened["state"] == "OPEN"
    assert opened["participants"] == ["maker"]
    assert opened["closes_at"] == "2099-06-30T15:00:00Z"
    (right,) = opened["rights"]
    assert right["price_usd_per_tonne"] > 0
    assert right["lot_tonnes"] > 0


def test_the_manager_reads_no_offer_before_the_round_has_closed(
    client: TestClient, context: Context, opened: dict[str, Any]
) -> None:
    """Neither in a list nor in a case, and there is nothing to publish."""
    offer(context, opened["id"], 7)
    href = opened["href"]
    publication = client.post(f"{href}/publication", json={"plan": "0" * 64})
    sealed = [client.get(f"{href}/offers"), client.post(f"{href}/case"), publication]
    assert [x.status_code for x in sealed] == [409, 409, 409]
    assert client.post(f"{href}/close").json()["state"] == "CLOSED"
    (read,) = client.get(f"{href}/offers").json()
    assert (read["participant"], read["maximum_lots"]) == ("maker", 7)
    assert client.post(f"{href}/close").status_code == 409


def test_a_plan_of_the_case_with_all_offers_is_published(
    client: TestClient, context: Context, opened: dict[str, Any]
) -> None:
    """With an explanation of that plan and of no other."""
    offer(context, opened["id"], 7)
    href = opened["href"]
    client.post(f"{href}/close")
    stored = client.post(f"{href}/case")
    assert (stored.status_code, client.post(f"{href}/case").status_code) == (201, 200)
    plan = plan_of_case(client, context, stored.json()["hash"])
    other = plan_of_case(client, context, opened["case"])
    with context.database.transaction() as session:
        subject = AnalysisSubject("explain", opened["case"], other.content_hash)
        explanation = AnalysisRepository(session).put(
            subject, {}, {}, at=context.clock()
        )
    wrong = [
        {"plan": other.content_hash},
        {"plan": plan.content_hash, "explanation": explanation},
        {"plan": plan.content_hash, "explanation": "0" * 64},
    ]
    answers = [client.post(f"{href}/publication", json=x) for x in wrong]
    assert [x.status_code for x in answers] == [409, 409, 404]
    order = {"plan": plan.content_hash}
    published = client.post(f"{href}/publication", json=order).json()
    assert (published["state"], published["plan"]) == ("PUBLISHED", plan.content_hash)
    assert client.post(f"{href}/cancel").status_code == 409


def test_mistakes_of_a_round_are_told_at_once(
    client: TestClient, case_hash: str
) -> None:
    """Also what no calendar has."""
    order = {
        "case": case_hash,
        "name": "a\0",
        "rights": [RIGHT | {"inventory_price_usd_per_tonne": 1}],
        "closes_at": "tomorrow",
    }
    answer = client.post("/v1/rounds", json=order)
    assert answer.status_code == 422
    paths = [x["path"] for x in answer.json()["mistakes"]]
    assert paths == ["name", "rights[0]", "closes_at"]
    late = {"name": "a", "rights": [RIGHT], "closes_at": "9999-12-31T23:59:59-12:00"}
    answer = client.post("/v1/rounds", json=order | late)
    assert [x["path"] for x in answer.json()["mistakes"]] == ["closes_at"]


def test_rounds_are_listed_in_pages(client: TestClient, opened: dict[str, Any]) -> None:
    """Latest first."""
    order = {x: opened[x] for x in ("case", "name", "closes_at")}
    second = client.post("/v1/rounds", json=order | {"rights": [RIGHT]}).json()
    first_page = client.get("/v1/rounds?limit=1").json()
    assert [x["id"] for x in first_page["items"]] == [second["id"]]
    second_page = client.get(first_page["next"]).json()
    assert [x["id"] for x in second_page["items"]] == [opened["id"]]
    assert second_page["next"] is None
