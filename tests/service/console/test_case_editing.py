"""Sections of a case are forms; what is changed there is stored as a new case."""

import html
import re

import pytest
from fastapi.testclient import TestClient

from service.console.case_sections import SECTIONS
from tests.cases import Case

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
LIMIT = "financing.facilities[loan].limit_usd"
COVERAGE = "rules[immediate].steps[2].coverage"
LOT = {
    "id": "a-lot",
    "material": "gallium",
    "tonnes": "1.5",
    "arrival": "2025-12-31",
    "mining_country": "CHN",
    "refining_country": "CHN",
}


@pytest.fixture
def form(browser: TestClient, tiny_case: Case) -> str:
    """Return where the form of a case is, as the page of the case says."""
    content_hash = browser.post("/v1/cases", json=tiny_case).json()["hash"]
    text = browser.get(f"/console/cases/{content_hash}").text
    return re.findall(r'"(/console/cases/\w+/edit)"', text)[0]


def inputs_of(text: str) -> dict[str, str]:
    """Return the inputs of a form with what stands in them."""
    found = re.findall(
        r'<input id="([^"]+)" name="\1"(?: type="text")? value="([^"]*)"', text
    )
    chosen = re.findall(
        r'<select id="([^"]+)"[^>]*>.*?<option value="([^"]*)" selected',
        text,
        re.DOTALL,
    )
    return {name: html.unescape(value) for name, value in [*found, *chosen]}


def stored(browser: TestClient, page: str) -> Case:
    """Return the case that a page is about."""
    return browser.get(page.replace("/console/", "/v1/")).json()


def test_what_is_typed_is_stored_as_a_new_case(browser: TestClient, form: str) -> None:
    """With its source, and its number as people write it."""
    assert inputs_of(browser.get(form).text)[LIMIT] == "5,000,000"
    typed = {LIMIT: "7,500,000", "name": "More", "source": "a paper of 2026"}
    answer = browser.post(form, data={"section": "money", **typed})
    assert answer.status_code == 303
    case = stored(browser, answer.headers["location"])
    loan = case["financing"]["facilities"][0]
    assert loan["limit_usd"] == 7_500_000
    assert loan["sources"]["limit_usd"] == "a paper of 2026"
    assert case["name"] == "More"


def test_a_form_that_is_sent_back_as_it_is_changes_nothing(
    browser: TestClient, form: str
) -> None:
    """Of every section: so no figure is rounded on the way."""
    for section in SECTIONS:
        text = browser.get(f"{form}?section={section}").text
        fields = {**inputs_of(text), "section": section}
        answer = browser.post(form, data=fields)
        assert answer.status_code == 422
        assert "Nothing differs from the case." in answer.text


def test_all_mistakes_stand_beside_their_inputs(browser: TestClient, form: str) -> None:
    """What was typed is still there, and nothing is stored."""
    capital = LIMIT.replace("loan", "capital")
    typed = {LIMIT: "-1", capital: "much", "financing.opening_cash_usd": "1e99"}
    answer = browser.post(form, data={"section": "money", **typed})
    assert answer.status_code == 422
    wrong = re.findall(r'class="error" id="(.*)-error"', answer.text)
    assert {*wrong} == {*typed}
    shown = inputs_of(answer.text)
    assert {name: shown[name] for name in typed} == typed
    assert len(browser.get("/v1/cases").json()["items"]) == 1


def test_rules_are_edited_by_alert(browser: TestClient, form: str) -> None:
    """A cell is a step of a rule; a list is typed with commas between."""
    thresholds = "materials[gallium].alert_thresholds"
    typed = {COVERAGE: "0.5", thresholds: "0.1, 0.2, 0.4"}
    answer = browser.post(form, data={"section": "rules", **typed})
    case = stored(browser, answer.headers["location"])
    assert case["rules"][0]["steps"][2]["coverage"] == 0.5
    assert "steps[2].coverage" in case["rules"][0]["sources"]
    assert case["materials"][0]["alert_thresholds"] == [0.1, 0.2, 0.4]


def test_stock_is_added_and_taken_out(browser: TestClient, form: str) -> None:
    """A row that is empty is none; mistakes of a new one stand in its row."""
    row = {f"position.stock[new2].{key}": value for key, value in LOT.items()}
    wrong = row | {"position.stock[new2].tonnes": "0"}
    refused = browser.post(form, data={"section": "position", **wrong})
    assert 'id="position.stock[new2].tonnes-error"' in refused.text
    answer = browser.post(form, data={"section": "position", **row})
    page = answer.headers["location"]
    (lot,) = stored(browser, page)["position"]["stock"]
    assert lot["tonnes"] == 1.5
    out = {
        "section": "position",
        "position.stock[a-lot].removed": "on",
        "position.stock[a-lot].tonnes": "2",
    }
    answer = browser.post(f"{page}/edit", data=out)
    assert "position" not in stored(browser, answer.headers["location"])


def test_a_section_that_is_not_edited_is_told(browser: TestClient, form: str) -> None:
    """By its address, or in a form."""
    assert browser.get(f"{form}?section=nix").status_code == 422
    assert browser.post(form, data={"section": "nix"}).status_code == 422
