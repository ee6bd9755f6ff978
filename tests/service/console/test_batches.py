"""Batches are followed, compared and steered without a line of JSON."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from models.failure import Failure, FailureKind
from models.instance import Instance
from models.outcome import Outcome, Termination
from service.api.context import Context
from service.jobs.transitions import Claim, claim_job, fail, succeed
from tests.cases import Case
from tests.service.fake_solver import plan_of

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)

End = Callable[[int, float | str | None], None]


@pytest.fixture
def batch(browser: TestClient, tiny_case: Case) -> str:
    """Return the page of a batch over three limits of the loan."""
    order: dict[str, Any] = {"case": tiny_case, "name": "Loans"}
    order["grid"] = ["financing.loan.limit_usd=1e6,2e6,3e6"]
    answer = browser.post("/v1/batches", json=order)
    return f"/console/batches/{answer.json()['id']}"


@pytest.fixture
def end(browser: TestClient, batch: str, context: Context, instance: Instance) -> End:
    """Return what ends a variant: with a cost, why it failed, or None for no plan."""

    def ended(number: int, ending: float | str | None) -> None:
        path = batch.replace("/console", "/v1")
        job = browser.get(f"{path}/variants").json()["items"][number]["job"]
        with context.database.transaction() as session:
            claim = claim_job(session, job, 1, "a worker", context.clock)
            assert isinstance(claim, Claim)
            if isinstance(ending, str):
                failure = Failure(kind=FailureKind.OTHER, reason=ending)
                fail(session, claim, failure, context.clock)
            else:
                succeed(session, claim, outcome(instance, ending), context.clock)

    return ended


def outcome(instance: Instance, cost_usd: float | None) -> Outcome:
    """Return a plan of that cost, or that none is possible."""
    if cost_usd is None:
        conflict = ("limit of the loan",)
        ending = Termination.INFEASIBLE
        return Outcome(termination=ending, conflict=conflict, seconds=1)
    plan = plan_of(instance)
    cost = {"expected_shortage_cost_usd": cost_usd}
    plan = plan.model_copy(update={"promise": plan.promise.model_copy(update=cost)})
    return Outcome(termination=Termination.OPTIMAL, plan=plan, seconds=1)


def press(browser: TestClient, page: str, verb: str) -> str:
    """Send a form of a page, and return the page that it leads to."""
    assert f'action="{page}/{verb}"' in browser.get(page).text
    answer = browser.post(f"{page}/{verb}")
    assert answer.headers["location"] == page
    return browser.get(page).text


def test_a_batch_is_in_the_list(browser: TestClient, batch: str) -> None:
    """By its name, and in the audit log; without any there is a word about it."""
    assert f'<a href="{batch}">Loans</a>' in browser.get("/console/batches").text
    assert f'<a href="{batch}">' in browser.get("/console/audit?noun=batch").text
    other = browser.get(f"/console/batches?case={'0' * 64}").text
    assert "There is no batch yet." in other


def test_a_batch_fills(browser: TestClient, batch: str, end: End) -> None:
    """Plans are marked as better or worse, the others have a reason."""
    before = browser.get(batch).text
    assert "0 of 4 have ended" in before
    assert "<svg" not in before
    for number, ending in enumerate((5e6, 4e6, None, "the solver lost its way")):
        end(number, ending)
    text = browser.get(batch).text
    assert "4 of 4 have ended" in text
    assert text.count('<span class="note">▲ better</span>') == 1
    assert "worse</span>" not in text
    assert "limit of the loan" in text
    assert "the solver lost its way" in text
    assert text.count("<svg") == 2  # for wide pages and for narrow ones
    assert "The Pareto set" in text
    drawn = browser.get(f"{batch}?measure=materials_held&state=FAILED").text
    assert "Materials held by financing.loan.limit_usd" in drawn
    assert "1 of 4 have ended" not in drawn
    assert drawn.count("the solver lost its way") == 1


def test_a_batch_is_steered(browser: TestClient, batch: str) -> None:
    """Each button is there while it does something."""
    assert "paused" in press(browser, batch, "pause")
    assert ">Resume<" not in press(browser, batch, "resume")
    text = press(browser, batch, "cancel")
    assert "4 of 4 have ended" in text
    assert f'action="{batch}/pause"' not in text
    assert "0 of 4 have ended" in press(browser, batch, "retry")


def test_variants_go_on_on_the_next_page(
    browser: TestClient, batch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the state and the figure that were chosen."""
    monkeypatch.setattr("service.console.batches.NUMBER_SHOWN", 2)
    text = browser.get(f"{batch}?state=QUEUED").text
    (following,) = re.findall(r'rel="next" href="([^"]+)"', text)
    assert following.startswith(f"{batch}?state=QUEUED&amp;after=1")
    text = browser.get(following.replace("&amp;", "&")).text
    assert "limit_usd=3000000" in text
    assert 'rel="next"' not in text
    assert "First page" in text


def test_two_plans_are_compared(browser: TestClient, batch: str, end: End) -> None:
    """By a job, once both are there."""
    chosen = {"before": "0", "after": "2"}
    assert "/comparison" not in browser.get(batch).text
    assert browser.post(f"{batch}/comparison", data=chosen).status_code == 409
    end(0, 5e6)
    end(2, 4e6)
    assert f'action="{batch}/comparison"' in browser.get(batch).text
    answer = browser.post(f"{batch}/comparison", data=chosen)
    job = browser.get(answer.headers["location"].replace("/console", "/v1")).json()
    assert job["analysis"] == "compare-plans"
