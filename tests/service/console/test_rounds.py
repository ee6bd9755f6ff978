"""A manager opens a round, closes it, awards rights and consents to transfers."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from models.instance import Instance
from models.plan import Award
from models.reading import read_instance
from models.round import OfferKey, SealedOffer
from service.api.context import Context
from service.rounds.conduct import place_offer
from service.rounds.transfers import offer_lots
from service.store.plans import PlanRepository
from tests.service.fake_solver import plan_of

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)

KEY = OfferKey("maker", "gallium-right")
OTHER = "rival"
FIELDS = {
    "name": "Rights of next year",
    "closes_at": "2099-06-30T17:00",
    "participant-1": "maker",
    "rows": "1",
    "id_1": KEY.right,
    "material_1": "gallium",
    "inventory_price_factor_1": "1.03",
    "maximum_lots_1": "40",
}


@pytest.fixture
def order(browser: TestClient, instance: Instance) -> str:
    """Return where a round is opened for a stored case."""
    case = browser.post("/v1/cases", json=instance.model_dump(mode="json")).json()
    return f"/console/cases/{case['hash']}/round"


@pytest.fixture
def page(browser: TestClient, order: str) -> str:
    """Return the page of a round that is open."""
    answer = browser.post(order, data=FIELDS)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def of_interface(browser: TestClient, page: str) -> Any:  # noqa: ANN401 - JSON
    """Return the round of a page as the interface has it."""
    return browser.get(page.replace("/console/", "/v1/")).json()


def test_a_round_opens_with_the_terms_that_were_typed(
    browser: TestClient, page: str
) -> None:
    """Its page and its list say what comes next; the time is in UTC."""
    found = of_interface(browser, page)
    assert found["closes_at"] == "2099-06-30T17:00:00Z"
    (right,) = found["rights"]
    assert (right["inventory_price_factor"], right["maximum_lots"]) == (1.03, 40)
    for shown in (page, "/console/rounds"):
        assert "Offers come in until the round closes" in browser.get(shown).text


def test_mistakes_are_told_beside_their_fields_and_nothing_is_lost(
    browser: TestClient, order: str
) -> None:
    """Several rights are in the form; only those of which something is typed count."""
    typed = FIELDS | {"rows": "3", "id_1": "", "inventory_price_factor_1": ""}
    typed |= {"maximum_lots_1": "", "name": ""}
    typed |= {"id_3": "a right", "maximum_lots_3": "many", "material_3": "gallium"}
    answer = browser.post(order, data=typed)
    assert answer.status_code == 422
    wrong = set(re.findall(r'<p class="error" id="([^"]+)-error"', answer.text))
    assert wrong == {"name", "id_3", "maximum_lots_3"}
    assert 'value="many"' in answer.text
    more = browser.post(order, data=typed | {"more": "1"})
    assert more.status_code == 200
    assert 'name="id_4"' in more.text
    assert 'value="a right"' in more.text


def test_offers_are_seen_and_awarded_once_the_round_has_closed(
    browser: TestClient, context: Context, page: str
) -> None:
    """The plan is one of the case with all offers."""
    with context.database.transaction() as session:
        place_offer(
            session,
            page.rpartition("/")[2],
            KEY,
            SealedOffer(maximum_lots=31),
            account="planner",
        )
    assert ">31<" not in browser.get(page).text
    assert browser.post(f"{page}/close").headers["location"] == page
    assert ">31<" in browser.get(page).text
    job = browser.post(f"{page}/solve").headers["location"]
    assert f'href="{job}"' in browser.get(page).text
    case_hash = browser.get(job.replace("/console/", "/v1/")).json()["case"]
    plan_hash = award(browser, context, case_hash, lots=9)
    answer = browser.post(f"{page}/publication", data={"plan": plan_hash})
    assert answer.headers["location"] == page
    assert of_interface(browser, page)["plan"] == plan_hash
    text = browser.get(page).text
    assert "What each participant has of each right" in text
    assert ">9<" in text
    assert f'action="{page}/cancel"' not in text


def test_a_transfer_waits_for_consent(
    browser: TestClient, context: Context, page: str
) -> None:
    """Once given, both hold lots; the ledger says so."""
    round_id = page.rpartition("/")[2]
    with context.database.transaction() as session:
        offer = SealedOffer(maximum_lots=31)
        place_offer(session, round_id, KEY, offer, account="planner")
    browser.post(f"{page}/close")
    stored = browser.post(f"/v1/rounds/{round_id}/case").json()["hash"]
    plan_hash = award(browser, context, stored, lots=9)
    browser.post(f"{page}/publication", data={"plan": plan_hash})
    with context.database.transaction() as session:
        made = offer_lots(session, round_id, KEY, 4)
        made.taker, made.taken_at = OTHER, made.offered_at
    consent = f"{page}/transfers/{made.id}/consent"
    text = browser.get(page).text
    assert "1 transfer waits for your decision." in text
    assert f'action="{consent}"' in text
    assert browser.post(consent).headers["location"] == page
    assert "waits for your decision" not in browser.get(page).text
    ledger = browser.get(f"/v1/rounds/{round_id}/ledger").json()
    assert [x["lots"] for x in ledger] == [9, -4, 4]


def award(browser: TestClient, context: Context, case_hash: str, lots: int) -> str:
    """Store a plan of a case that awards lots to the maker; return its hash."""
    case = read_instance(browser.get(f"/v1/cases/{case_hash}").json())
    tonnes = lots * case.materials[0].lot_tonnes
    awarded = Award(
        offer=KEY.offer,
        participant=KEY.participant,
        material="gallium",
        lots=lots,
        tonnes=tonnes,
        days_of_own_cover=1.0,
        inventory_price_usd_per_tonne=1.0,
        upfront_fee_usd=7.0,
        carrying_fee_usd_per_year=0.0,
    )
    plan = plan_of(case).model_copy(update={"awards": (awarded,)})
    with context.database.transaction() as session:
        PlanRepository(session).put(plan, case_hash=case_hash, at=context.clock())
    return plan.content_hash
