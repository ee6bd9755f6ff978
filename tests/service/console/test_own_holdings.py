"""Planners of two companies draw on their rights, and pass lots to each other."""

from collections.abc import Mapping, Sequence

import pytest
from fastapi.testclient import TestClient

from models.instance import Instance
from models.plan import Award
from models.roles import Role
from models.round import OfferKey, SealedOffer
from service.api.context import Context
from service.rounds.conduct import case_with_offers, place_offer, publish_round
from service.rounds.holdings import enter_awards
from service.store.plans import PlanRepository
from service.store.rounds import RoundRepository
from tests.service.fake_solver import plan_of
from tests.service.identity.belongings import (
    PARTICIPANT,
    RIGHT,
    RIVAL,
    an_open_round,
    belongings_of,
)
from tests.service.identity.conftest import Accounts, bearer

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)

KEY = OfferKey(PARTICIPANT, RIGHT)
LOTS = 9


@pytest.fixture
def planners(accounts: Accounts, browser: TestClient) -> Sequence[Mapping[str, str]]:
    """Return the headers of requests of a planner of each company."""
    del browser
    for name in (PARTICIPANT, RIVAL):
        accounts.add(name, Role.PARTICIPANT_PLANNER, participant=name)
    return [bearer(accounts.key(name)) for name in (PARTICIPANT, RIVAL)]


@pytest.fixture
def page(context: Context, instance: Instance) -> str:
    """Return the page of a published round: one has all lots, the other none."""
    own = belongings_of(context, instance)
    tonnes = LOTS * instance.materials[0].lot_tonnes
    with context.database.transaction() as session:
        found = an_open_round(session, instance)
        offer = place_offer(
            session, found.id, KEY, SealedOffer(maximum_lots=LOTS), account="planner"
        )
        awarded = Award(
            offer=KEY.offer,
            participant=PARTICIPANT,
            material=instance.materials[0].id,
            lots=LOTS,
            tonnes=tonnes,
            days_of_own_cover=1.0,
            inventory_price_usd_per_tonne=1.0,
            upfront_fee_usd=7.0,
            carrying_fee_usd_per_year=0.0,
        )
        case = case_with_offers(instance, found, [offer])
        plan = plan_of(case).model_copy(update={"awards": (awarded,)})
        PlanRepository(session).put(plan, case_hash=own.cases, at=context.clock())
        found.closes_at = RoundRepository(session).now()
        published = publish_round(session, found.id, plan)
        enter_awards(session, published, plan, "manager")
        published.participants = [PARTICIPANT, RIVAL]
        return f"/console/own/rounds/{found.id}"


def test_a_draw_is_entered_and_one_that_is_too_large_refused(
    browser: TestClient, planners: Sequence[Mapping[str, str]], page: str
) -> None:
    """What was typed is there again, with what is wrong; then it is put back."""
    own, _ = planners
    draws = f"{page}/holdings/{RIGHT}/draws"
    for wrong in ("1e9", "0", "much", ""):
        answer = browser.post(draws, data={"tonnes": wrong}, headers=own)
        assert answer.status_code == 422
        assert f'id="draw-{RIGHT}-error"' in answer.text
        assert f'value="{wrong}"' in answer.text
    assert "Put back" not in browser.get(page, headers=own).text
    assert browser.post(draws, data={"tonnes": "0.5"}, headers=own).status_code == 303
    assert "Put back" in browser.get(page, headers=own).text
    back = f"{page}/holdings/{RIGHT}/replenishments"
    assert browser.post(back, data={"tonnes": "0.5"}, headers=own).status_code == 303
    ledger = browser.get(f"/v1{page.removeprefix('/console')}/ledger", headers=own)
    assert [x["kind"] for x in ledger.json()] == ["award", "draw", "replenishment"]


def test_lots_are_offered_and_taken_without_names(
    browser: TestClient, planners: Sequence[Mapping[str, str]], page: str
) -> None:
    """The other company sees the lots, and neither whose they are nor what is held."""
    own, other = planners
    offer = f"{page}/holdings/{RIGHT}/transfers"
    refused = browser.post(offer, data={"lots": "1000"}, headers=own)
    assert (refused.status_code, 'value="1000"' in refused.text) == (422, True)
    assert browser.post(offer, data={"lots": "4"}, headers=own).status_code == 303
    transfers = f"/v1{page.removeprefix('/console')}/transfers"
    (made,) = browser.get(transfers, headers=own).json()
    take, withdraw = (
        f'action="{page}/transfers/{made["id"]}/{x}"' for x in ("take", "withdrawal")
    )
    seen, theirs = (browser.get(page, headers=x).text for x in (own, other))
    assert (take in seen, withdraw in seen) == (False, True)
    assert (take in theirs, withdraw in theirs) == (True, False)
    assert f">{LOTS}<" not in theirs
    assert [x for x in (PARTICIPANT, "Maker") if x in theirs] == []
    answer = browser.post(f"{page}/transfers/{made['id']}/take", headers=other)
    assert answer.headers["location"] == page
    assert "taken, waits for consent" in browser.get(page, headers=own).text
    assert RIVAL not in browser.get(page, headers=own).text


def test_what_rights_are_worth_is_ordered_once(
    browser: TestClient,
    planners: Sequence[Mapping[str, str]],
    context: Context,
    instance: Instance,
) -> None:
    """The page of a number of scenarios finds it again; a wrong number is told."""
    own, _ = planners
    belongings = belongings_of(context, instance)
    page = f"/console/own/rounds/{belongings.rounds}/valuation"
    answer = browser.post(page, data={"number_of_scenarios": "none"}, headers=own)
    assert answer.status_code == 422
    assert 'id="number_of_scenarios-error"' in answer.text
    for _ in range(2):
        answer = browser.post(page, data={"number_of_scenarios": "50"}, headers=own)
        assert answer.headers["location"] == f"{page}?number_of_scenarios=50"
    assert "queued" in browser.get(answer.headers["location"], headers=own).text
    assert "queued" not in browser.get(page, headers=own).text
