"""A reserve is opened from a case or with a plan, and a plan is put in force."""

import re
from typing import NamedTuple

import pytest
from fastapi.testclient import TestClient

from models.instance import Instance
from service.api.context import Context
from service.store.plans import PlanRepository
from tests.service.fake_solver import plan_of

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


class Planned(NamedTuple):
    """Hashes of a stored case and of its plan."""

    case: str
    plan: str


@pytest.fixture
def planned(browser: TestClient, context: Context, instance: Instance) -> Planned:
    """Store the case of the tests with a plan of it."""
    content = instance.model_dump(mode="json")
    case = browser.post("/v1/cases", json=content).json()["hash"]
    with context.database.transaction() as session:
        plans = PlanRepository(session)
        plan = plans.put(plan_of(instance), case_hash=case, at=context.clock())
    return Planned(case, plan)


def opened(browser: TestClient, address: str, name: str = "Vault") -> str:
    """Open a reserve with a form; return where its page is."""
    answer = browser.post(address, data={"name": name})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def kinds(browser: TestClient, page: str) -> list[str]:
    """Return the kinds of the entries of a reserve, oldest first."""
    entries = page.replace("/console", "/v1") + "/entries?sort=oldest"
    return [x["kind"] for x in browser.get(entries).json()["items"]]


def test_a_reserve_opened_with_a_plan_has_its_position_and_the_plan(
    browser: TestClient, planned: Planned
) -> None:
    """The page of the plan leads to the form, which suggests the name of the case."""
    text = browser.get(f"/console/plans/{planned.plan}").text
    (address,) = re.findall(r'"(/console/plans/\w+/reserve)"', text)
    assert 'name="name"' in browser.get(address).text
    page = opened(browser, address)
    assert kinds(browser, page) == ["position", "plan"]
    assert "<h1>Vault</h1>" in browser.get(page).text
    assert "is in force" in browser.get(address).text


def test_a_reserve_opened_from_a_case_asks_for_a_plan(
    browser: TestClient, planned: Planned
) -> None:
    """It is put in force from the page of the plan, where the reserve is listed."""
    page = opened(browser, f"/console/cases/{planned.case}/reserve")
    assert kinds(browser, page) == ["position"]
    assert "Next: put a plan in force" in browser.get(page).text
    text = browser.get(f"/console/plans/{planned.plan}/reserve").text
    assert f'action="{page}/plan"' in text
    fields = dict(re.findall(r'type="hidden" name="(head|plan)" value="(\w+)"', text))
    answer = browser.post(f"{page}/plan", data=fields)
    assert (answer.status_code, answer.headers["location"]) == (303, page)
    assert kinds(browser, page) == ["position", "plan"]
    # Who has not seen that entry is told so, and adds nothing.
    assert browser.post(f"{page}/plan", data=fields).status_code == 409


def test_a_name_that_is_wrong_is_said_beside_it(
    browser: TestClient, planned: Planned
) -> None:
    """What was typed is still there, and no reserve is opened."""
    for noun, name in (("cases", planned.case), ("plans", planned.plan)):
        for given in ("", "x" * 201):
            address = f"/console/{noun}/{name}/reserve"
            answer = browser.post(address, data={"name": given})
            assert answer.status_code == 422
            assert 'class="error" id="name-error"' in answer.text
            assert f'value="{given}"' in answer.text
    assert browser.get("/v1/reserves").json()["items"] == []
