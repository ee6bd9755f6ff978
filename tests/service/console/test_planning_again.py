"""The last position of a reserve is solved again, beside the plan in force."""

import re

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from models.outcome import Outcome, Termination
from service.api.context import Context
from service.jobs.analyses import KeptAnalysis, conclude_analysis
from service.jobs.transitions import Claim, claim_job, succeed
from service.store.jobs import JobRepository
from service.store.part import Part
from tests.service.console.opened_reserve import Opened, entries
from tests.service.fake_solver import better_proved

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


def test_a_new_plan_is_compared_and_put_in_force(
    browser: TestClient, context: Context, opened: Opened
) -> None:
    """The page of the reserve shows each step, and what the comparison found."""
    assert "The plan in force was made before this position." in (
        browser.get(opened.page).text
    )
    answer = browser.post(f"{opened.page}/solve", data={})
    assert answer.headers["location"] == f"{opened.page}#plans"
    found = Outcome(
        termination=Termination.OPTIMAL, plan=better_proved(opened.case), seconds=0.5
    )
    with context.database.transaction() as session:
        succeed(session, claimed(context, session), found, context.clock)
    page = browser.get(opened.page).text
    (form,) = re.findall(r'<form [^>]*/comparison">.*?</form>', page, re.DOTALL)
    (plan,) = re.findall(r'name="plan" value="(\w+)"', form)
    browser.post(f"{opened.page}/comparison", data={"plan": plan})
    kept = KeptAnalysis({"in_words": ["Nothing is held.", "Keep it."]}, {})
    with context.database.transaction() as session:
        conclude_analysis(session, claimed(context, session), kept, context.clock)
    page = browser.get(opened.page).text
    assert "Nothing is held. Keep it." in page
    fields = dict(re.findall(r'name="(head|plan)" value="(\w+)"', page))
    assert browser.post(f"{opened.page}/plan", data=fields).status_code == 303
    assert entries(browser, opened)[-1]["plan"] == plan


def claimed(context: Context, session: Session) -> Claim:
    """Let a worker take the latest job."""
    (job,) = JobRepository(session).page(Part(1))
    claim = claim_job(session, job.id, job.ticket, "a worker", context.clock)
    assert isinstance(claim, Claim)
    return claim


def test_a_wrong_limit_is_said_beside_it(browser: TestClient, opened: Opened) -> None:
    """On the page of the reserve, with what was typed; nothing is ordered."""
    given = {"level_change_cap_days": "-1"}
    answer = browser.post(f"{opened.page}/solve", data=given)
    assert answer.status_code == 422
    assert 'id="level_change_cap_days-error"' in answer.text
    assert 'value="-1"' in answer.text
    assert browser.get("/v1/jobs").json()["items"] == []
