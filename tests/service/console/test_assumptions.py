"""What is assumed and what is not modelled is on a page of each case."""

import pytest
from fastapi.testclient import TestClient

from service.console.documentation import HelpPage, section
from tests.cases import Case


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_case_tells_what_it_leaves_out_and_assumes(
    browser: TestClient, tiny_case: Case
) -> None:
    """Minerals, reasons with the number of their figures, limits of every model."""
    left_out = {"id": "beryllium", "name": "Beryllium", "reason": "No data."}
    tiny_case["unmodelled"] = [left_out]
    tiny_case["financing"]["sources"] = {"opening_cash_usd": "assumption: none yet"}
    stored = browser.post("/v1/cases", json=tiny_case).json()["hash"]
    path = f"/console/cases/{stored}/assumptions"
    page = browser.get(path).text
    assert "No data." in page
    assert "assumption: none yet" in page
    assert (
        f"{path.replace('assumptions', 'sources')}?kind=assumption&amp;section=" in page
    )
    assert "Not computed yet" in page
    assert "Membership is data, not chosen" in page
    assert "Decisions" not in page
    assert path in browser.get(f"/console/cases/{stored}").text


def test_a_section_of_a_page_needs_its_heading() -> None:
    """So that a heading that is renamed is noticed."""
    with pytest.raises(ValueError, match="expected a heading"):
        section(HelpPage.OPTIMIZER, "nothing")
