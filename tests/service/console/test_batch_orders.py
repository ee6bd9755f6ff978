"""A batch is ordered from a small grid and the variants that a case has."""

import re

import pytest
from fastapi.testclient import TestClient

from service.casefiles import load
from tests.cases import Case

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
LIMIT = "financing.loan.limit_usd"


@pytest.fixture
def form(browser: TestClient, tiny_case: Case) -> str:
    """Return where the form of a case is, as the page of the case says."""
    content_hash = browser.post("/v1/cases", json=tiny_case).json()["hash"]
    text = browser.get(f"/console/cases/{content_hash}").text
    return re.findall(r'"(/console/cases/\w+/batch)"', text)[0]


def test_a_grid_is_ordered(browser: TestClient, form: str) -> None:
    """Every combination of its values; a row that is empty is none."""
    assert f'placeholder="{LIMIT}"' in browser.get(form).text
    rows = {"path_1": "", "values_1": "", "path_2": LIMIT, "values_2": "1e6, 2e6"}
    answer = browser.post(form, data={"name": "Loans", **rows})
    assert answer.status_code == 303
    text = browser.get(answer.headers["location"]).text
    assert "<h1>Loans</h1>" in text
    assert f"{LIMIT}=2000000" in text


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"path_2": LIMIT, "values_2": "1e6, much"}, ["values_2"]),
        ({"path_1": LIMIT, "values_1": ""}, ["values_1"]),
        ({"path_1": "", "values_1": "1, 2"}, ["path_1"]),
        ({"path_1": "financing.nix.limit_usd", "values_1": "1, 2"}, ["path_1"]),
        (
            {
                "path_1": LIMIT,
                "values_1": "-1",
                "path_2": "options.gap",
                "values_2": "2",
            },
            ["values_1", "values_2"],
        ),
        ({}, []),
    ],
)
def test_mistakes_stand_beside_their_fields(
    browser: TestClient, form: str, fields: dict[str, str], wrong: list[str]
) -> None:
    """All at once; what was typed is still there, and nothing is ordered."""
    answer = browser.post(form, data=fields)
    assert answer.status_code == 422
    assert re.findall(r'class="error" id="(\w+)-error"', answer.text) == wrong
    for value in fields.values():
        assert f'value="{value}"' in answer.text
    assert "Nothing was ordered." in answer.text
    assert browser.get("/v1/batches").json()["items"] == []


def test_variants_of_a_shipped_case_are_ticked(browser: TestClient) -> None:
    """They are known by its hash; of other cases there are none."""
    case = load("project_vault")
    content_hash = browser.post("/v1/cases", json=case).json()["hash"]
    form = f"/console/cases/{content_hash}/batch"
    assert 'value="niche"' in browser.get(form).text
    ticked = {"variant-1": "niche", "path_1": LIMIT, "values_1": ""}
    answer = browser.post(form, data=ticked)
    assert answer.status_code == 422
    assert re.search(r'value="niche" checked', answer.text)
