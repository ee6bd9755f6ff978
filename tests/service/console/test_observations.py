"""What was observed is entered by a form, and its orders lead to the next period."""

import html
import re

import pytest
from fastapi.testclient import TestClient

from models.content import content_hash
from models.instance import Instance
from models.moved_on import moved_on
from models.observation import Observation
from models.orders import Orders
from models.reconciliation import CashAccount, CostAccount, Reconciliation
from service.analyses.parameters import NEXT_CASE
from service.analyses.run import dumped
from service.api.context import Context
from service.jobs.analyses import KeptAnalysis, conclude_analysis
from service.jobs.transitions import Claim, claim_job
from service.store.analyses import StoredFile
from service.store.jobs import JobRepository
from service.store.part import Part
from tests.service.console.opened_reserve import Opened, entries, hidden

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
NO_COST = CostAccount(
    periods=1, expected_usd=0.0, incurred_usd=0.0, without_vault_usd=0.0
)
NOTHING = Reconciliation(
    stock=(),
    cash=CashAccount(at_start_usd=0.0, expected_usd=0.0),
    cost=NO_COST,
    cost_so_far=NO_COST,
)


def test_what_is_left_empty_is_as_planned(browser: TestClient, opened: Opened) -> None:
    """The page of the reserve leads to the form; its orders are worked out at once."""
    assert "Next: enter what was observed" in browser.get(opened.page).text
    fields = hidden(browser.get(opened.form).text)
    price = {f"prices_usd_per_tonne.{opened.case.materials[0].id}": "1200"}
    answer = browser.post(opened.form, data=fields | price)
    assert answer.status_code == 303, answer.text
    assert (answer.status_code, answer.headers["location"]) == (303, opened.page)
    (*_, entry) = entries(browser, opened)
    assert entry["kind"] == "observation"
    assert browser.get(entry["href"]).json()["document"] == {
        "start": str(opened.case.horizon.start),
        "otherwise": "as_planned",
        "prices_usd_per_tonne": {opened.case.materials[0].id: 1200.0},
    }
    assert "The orders are being worked out" in browser.get(opened.page).text


def test_all_mistakes_stand_beside_their_fields(
    browser: TestClient, opened: Opened
) -> None:
    """What was typed is there again, and nothing is entered."""
    case = opened.case
    material, product = case.materials[0].id, case.final_products()[0].id
    typed = {
        f"prices_usd_per_tonne.{material}": "-5",
        f"demand_units.{product}": "many",
        "happened.cash_usd": "x<y",
        "events.1.event": case.events[0].id,
        "events.1.phase": "0",
        "events.1.since": "2199-01-01",
        "events.1.until": "",
    }
    fields = hidden(browser.get(opened.form).text)
    answer = browser.post(opened.form, data=fields | typed)
    assert answer.status_code == 422
    wrong = set(re.findall(r'class="error" id="([^"]+)-error"', answer.text))
    assert wrong == {
        x for x in typed if x.split(".")[-1] not in {"event", "phase", "until"}
    }
    for value in ("-5", "many", "x<y", "2199-01-01"):
        assert f'value="{html.escape(value)}"' in answer.text
    assert [x["kind"] for x in entries(browser, opened)] == ["position", "plan"]


def test_a_file_is_read_into_the_form(browser: TestClient, opened: Opened) -> None:
    """What is wrong in it stands beside the fields that have its values."""
    fields = hidden(browser.get(opened.form).text)
    material = opened.case.materials[0].id
    text = f"start: {opened.case.horizon.start}\notherwise: as_planned\n"
    wrong = f"{text}prices_usd_per_tonne: {{{material}: -1, nothing: 2}}\n"
    answer = browser.post(opened.form, data=fields, files={"file": ("a.yaml", wrong)})
    assert answer.status_code == 422
    assert f'id="prices_usd_per_tonne.{material}-error"' in answer.text
    assert "<code>prices_usd_per_tonne.nothing</code>" in answer.text
    broken = browser.post(opened.form, data=fields, files={"file": ("a.json", "{")})
    assert broken.status_code == 422
    answer = browser.post(opened.form, data=fields, files={"file": ("a.yaml", text)})
    assert answer.status_code == 303
    assert entries(browser, opened)[-1]["kind"] == "observation"


def test_more_rows_keep_what_was_typed(browser: TestClient, opened: Opened) -> None:
    """Two for events at first, and two more beyond those that are filled in."""
    assert len(re.findall("<legend>Disruption", browser.get(opened.form).text)) == 2
    event = {"events.2.event": opened.case.events[0].id, "events.2.since": "2027-01-02"}
    answer = browser.post(opened.form, data=event | {"more": "1"})
    assert answer.status_code == 200
    assert len(re.findall("<legend>Disruption", answer.text)) == 3
    assert 'value="2027-01-02"' in answer.text


def test_who_was_slower_loses_nothing(browser: TestClient, opened: Opened) -> None:
    """The form is shown again with what was typed, which then is a correction."""
    fields = hidden(browser.get(opened.form).text)
    assert browser.post(opened.form, data=fields).status_code == 303
    later = fields | {"happened.cash_usd": "17"}
    answer = browser.post(opened.form, data=later | {"reason": "Counted."})
    assert answer.status_code == 409
    assert 'value="17"' in answer.text
    again = later | hidden(answer.text)
    without = browser.post(opened.form, data=again)
    assert 'id="reason-error"' in without.text
    answer = browser.post(opened.form, data=again | {"reason": "Counted."})
    assert answer.status_code == 303
    (*_, entry) = entries(browser, opened)
    assert (entry["kind"], entry["reason"]) == ("correction", "Counted.")


def test_orders_are_entered_with_the_position_that_they_lead_to(
    browser: TestClient, context: Context, opened: Opened
) -> None:
    """They are shown with what they say before; then the next period begins."""
    browser.post(opened.form, data=hidden(browser.get(opened.form).text))
    following = conclude(context, opened)
    text = browser.get(opened.page).text
    assert "Next: look at the orders, and enter them" in text
    assert "There is no alert, and nothing is released." in text
    assert "Look at it." in text
    answer = browser.post(f"{opened.page}/orders", data=hidden(text))
    assert answer.status_code == 303
    found = entries(browser, opened)
    assert [x["kind"] for x in found[2:]] == ["observation", "orders", "position"]
    assert found[-1]["case"] == following.content_hash
    assert "Next: enter what was observed" in browser.get(opened.page).text
    # Sent twice, it does nothing.
    browser.post(f"{opened.page}/orders", data=hidden(text))
    assert entries(browser, opened) == found


def conclude(context: Context, opened: Opened) -> Instance:
    """Let a worker answer with orders that do nothing; return the case after them."""
    following = moved_on(opened.case, 1).case
    with context.database.transaction() as session:
        (job,) = JobRepository(session).page(Part(1))
        orders = Orders(
            instance_hash=opened.case.content_hash,
            plan_hash=opened.plan,
            observation_hash=content_hash(Observation(**job.options["observed"])),
            next_instance_hash=following.content_hash,
            start=opened.case.horizon.start,
            end=opened.case.horizon.start_of(1),
            reconciliation=NOTHING,
        )
        content = following.model_dump_json().encode()
        file = StoredFile(
            sha256=context.objects.put(content),
            number_of_bytes=len(content),
            media_type="application/json",
        )
        claim = claim_job(session, job.id, job.ticket, "a worker", context.clock)
        assert isinstance(claim, Claim)
        answer = dumped(orders, warnings=["Look at it."], outputs=[])
        kept = KeptAnalysis(answer, {NEXT_CASE: file})
        conclude_analysis(session, claim, kept, context.clock)
    return following
