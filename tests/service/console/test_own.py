"""A planner reads its plans, asks about them, and takes part in rounds."""

from collections.abc import Mapping

import pytest
from fastapi.testclient import TestClient

from models.instance import Instance
from models.roles import Role
from service.api.context import Context
from tests.service.identity.belongings import RIGHT, Belongings, belongings_of

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


@pytest.fixture
def own(context: Context, instance: Instance) -> Belongings:
    """Return what an organisation has, and publishes."""
    return belongings_of(context, instance)


@pytest.fixture
def planner(browser: TestClient, keys_of_roles: Mapping[Role, str]) -> TestClient:
    """Return a browser that a planner has signed in."""
    key = keys_of_roles[Role.PARTICIPANT_PLANNER]
    assert browser.post("/console/sign-in", data={"key": key}).status_code == 303
    return browser


def test_a_planner_comes_from_the_start_page_to_a_plan_and_asks(
    own: Belongings, planner: TestClient
) -> None:
    """The answer is looked at where the form leads; it can be cancelled before."""
    plan = f"/console/own/plans/{own.own_plans}"
    start = planner.get("/").text
    assert f'href="{plan}"' in start
    assert "/console/cases" not in start
    assert f'action="{plan}/participant"' in planner.get(plan).text
    wrong = planner.post(f"{plan}/value-rights", data={"lots": "2, many", "seed": "x"})
    assert wrong.status_code == 422
    assert 'value="2, many"' in wrong.text
    assert wrong.text.count('class="error"') == len(["lots", "seed"])
    asked = {"lots": "2, 4", "number_of_scenarios": "50"}
    job = planner.post(f"{plan}/value-rights", data=asked).headers["location"]
    chosen = planner.get(job.replace("/console/", "/v1/")).json()["parameters"]
    assert (chosen["lots"], chosen["number_of_scenarios"]) == ([2, 4], 50)
    assert f'action="{job}/cancel"' in planner.get(job).text
    for page in (plan, "/console/own"):
        assert f'href="{job}"' in planner.get(page).text
    assert planner.post(f"{job}/cancel").headers["location"] == job
    assert "cancelled" in planner.get(job).text


def test_nothing_of_the_pages_names_what_others_know(
    own: Belongings, planner: TestClient
) -> None:
    """Neither the hash of the case or plan nor the name of its job."""
    for path in (
        "/",
        "/console/own",
        f"/console/own/plans/{own.own_plans}",
        "/console/own/rounds",
        f"/console/own/rounds/{own.rounds}",
    ):
        text = planner.get(path).text
        assert [x for x in (own.cases, own.plans, own.jobs) if x in text] == []


def test_an_offer_is_made_changed_and_withdrawn(
    own: Belongings, planner: TestClient
) -> None:
    """The interface has it; what is wrong is told beside its field."""
    page = f"/console/own/rounds/{own.rounds}"
    offer = f"{page}/offers/{RIGHT}"
    offers = f"/v1/own/rounds/{own.rounds}/offers"
    for lots in (3, 5):
        answer = planner.post(offer, data={"minimum_lots": "2", "maximum_lots": lots})
        assert (answer.status_code, answer.headers["location"]) == (303, page)
        (made,) = planner.get(offers).json()
        assert (made["minimum_lots"], made["maximum_lots"]) == (2, lots)
    assert 'value="5"' in planner.get(page).text
    for lots in ("1", "many", "", "9" * 5000):
        answer = planner.post(offer, data={"minimum_lots": "2", "maximum_lots": lots})
        assert answer.status_code == 422
        assert 'id="right-1-maximum-error"' in answer.text
    assert planner.get(offers).json() == [made]
    assert planner.post(f"{offer}/withdrawal").headers["location"] == page
    (withdrawn,) = planner.get(offers).json()
    assert withdrawn["is_withdrawn"]
    assert f'action="{offer}/withdrawal"' not in planner.get(page).text
