"""Versions of a case, and what differs between two cases."""

import re
from copy import deepcopy

import pytest
from fastapi.testclient import TestClient

from service.console.case_differences import differences
from tests.cases import Case

sqlite = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
LIMIT = "financing.facilities[loan].limit_usd"


def test_what_differs_is_said_by_path_and_in_words(tiny_case: Case) -> None:
    """Elements are the same by identifier, wherever they stand in their list."""
    after = deepcopy(tiny_case)
    after["financing"]["facilities"].reverse()
    after["financing"]["facilities"][1]["limit_usd"] = 6e6
    after["levels_days_of_cover"] = [30, 60]
    after["rules"][0]["steps"][1]["coverage"] = 0.5
    after["events"] = []
    after["position"] = {"stock": [{"id": "a-lot", "tonnes": 1.0}]}
    found = {x.path: x for x in differences(tiny_case, after)}
    assert set(found) == {
        LIMIT,
        "levels_days_of_cover",
        "rules[immediate].steps[1].coverage",
        "events[chn-ban]",
        "position.stock[a-lot]",
    }
    limit = found[LIMIT]
    assert (limit.title, limit.unit) == ("Limit of draws", "US dollars")
    assert (limit.before, limit.after) == ("5,000,000", "6,000,000")
    assert found["events[chn-ban]"].after is None
    assert [*differences(after, after)] == []


@sqlite
def test_a_case_knows_what_it_was_made_from(
    browser: TestClient, tiny_case: Case
) -> None:
    """By editing, or because it has the same identifier; pages lead from one to all."""
    first = browser.post("/v1/cases", json=tiny_case).json()["hash"]
    typed = {"section": "money", LIMIT: "6e6"}
    second = browser.post(f"/console/cases/{first}/edit", data=typed)
    page = second.headers["location"]
    browser.post("/v1/cases", json=tiny_case | {"description": "The third"})
    for shown in (f"/console/cases/{first}", page):
        text = browser.get(shown).text
        assert len(re.findall("from the one before", text)) == 2
    text = browser.get(f"{page}/differences").text
    assert f"<code>{LIMIT}</code>" in text
    assert '<td class="text">6,000,000</td>' in text
    assert "1 difference<" in text
    other = browser.get(f"/console/cases/{first}/differences?before={'0' * 64}")
    assert other.status_code == 404


@sqlite
def test_a_case_without_versions_is_compared_with_one_that_is_chosen(
    browser: TestClient, tiny_case: Case
) -> None:
    """All that are stored are offered."""
    first = browser.post("/v1/cases", json=tiny_case).json()["hash"]
    other = tiny_case | {"id": "other", "name": "Another"}
    second = browser.post("/v1/cases", json=other).json()["hash"]
    address = f"/console/cases/{second}/differences"
    assert f'<option value="{first}"' in browser.get(address).text
    text = browser.get(f"{address}?before={first}").text
    assert "2 differences" in text
    assert "Versions" not in browser.get(f"/console/cases/{second}").text
