"""A case on a map: where its materials are mined and refined."""

import csv
import io
import re

import pytest
from fastapi.testclient import TestClient

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


@pytest.fixture
def case_page(browser: TestClient) -> str:
    """Return the page of a stored case."""
    content_hash = browser.post("/v1/cases", json="two_materials").json()["hash"]
    return f"/console/cases/{content_hash}"


def test_a_case_leads_to_the_routes_of_each_material(
    browser: TestClient, case_page: str
) -> None:
    """Of all materials, and of one that is chosen; the table has its routes alone."""
    assert f'href="{case_page}/routes"' in browser.get(case_page).text
    every, one = (
        browser.get(f"{case_page}/routes{query}").text
        for query in ("", "?material=beta")
    )
    assert "<svg" in every
    assert "<td>Alpha</td>" in every
    assert "<td>Beta</td>" in one
    assert "<td>Alpha</td>" not in one
    assert '<option value="beta" selected>' in one


def test_a_material_that_the_case_has_not_is_told(
    browser: TestClient, case_page: str
) -> None:
    """Not an empty map."""
    answer = browser.get(f"{case_page}/routes?material=gamma")
    assert answer.status_code == 422
    assert "a material of the case" in answer.text


def test_the_figures_of_a_picture_are_a_file(
    browser: TestClient, case_page: str
) -> None:
    """Those of what the page shows; another picture is not found."""
    chosen = f"{case_page}/routes?material=beta"
    links = re.findall(r'href="(\?[^"]*figures=[^"]*)"', browser.get(chosen).text)
    assert links == ["?material=beta&amp;figures=1"]
    answer = browser.get(f"{chosen}&figures=1")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    named = answer.headers["Content-Disposition"]
    assert named.endswith('-routes.csv"')
    rows = [*csv.DictReader(io.StringIO(answer.text))]
    assert {x["material"] for x in rows} == {"Beta"}
    missing = browser.get(f"{chosen}&figures=2")
    assert missing.status_code == 404
    assert "It has no 2, but 1." in missing.text
