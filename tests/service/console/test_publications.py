"""A manager publishes a plan to planners, gives it a title, and withdraws it."""

import pytest
from fastapi.testclient import TestClient

from models.instance import Instance
from service.api.context import Context
from tests.service.identity.belongings import belongings_of

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


def test_a_plan_is_published_renamed_and_withdrawn(
    browser: TestClient, context: Context, instance: Instance
) -> None:
    """A title that is none is refused, and nothing changes."""
    plan = belongings_of(context, instance).plans
    page = f"/console/plans/{plan}/publication"
    stored = f"/v1/plans/{plan}/publication"
    assert browser.post(page, data={"title": "Awards of May"}).status_code == 303
    assert browser.get(stored).json()["title"] == "Awards of May"
    for wrong in ("", "x" * 1000):
        answer = browser.post(page, data={"title": wrong})
        assert (answer.status_code, 'id="title-error"' in answer.text) == (422, True)
    assert browser.get(stored).json()["title"] == "Awards of May"
    assert "Awards of May" in browser.get(page).text
    assert browser.post(f"{page}/withdrawal").headers["location"] == page
    assert browser.get(stored).status_code == 404
    assert "no planner sees it" in browser.get(page).text
