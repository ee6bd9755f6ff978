"""Each figure of a case stands beside its source, and is found by words and kind."""

import re

import pytest
from fastapi.testclient import TestClient

from models.sourced_figures import kind_of
from service.console.case_sources import references_in
from tests.cases import Case


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("", "none"),
        ("assumption: a usual trading lot", "assumption"),
        ("Illustrative: order of magnitude", "illustrative"),
        ("calibrated to the published losses", "calibrated"),
        ("minerals.csv gallium price_usd_per_t", "sourced"),
    ],
)
def test_a_source_says_what_kind_it_is_of(source: str, kind: str) -> None:
    """By the word that it begins with."""
    assert kind_of(source) == kind


def test_a_source_leads_to_the_document_of_its_table() -> None:
    """With its year, and the address that the table has of it."""
    (found,) = references_in("minerals.csv gallium price_usd_per_t (2025e)")
    assert found.text.startswith("USGS MCS 2026")
    assert found.link == "https://doi.org/10.5066/P1WKQ63T"
    assert "2024" in found.year
    assert references_in("CHN-GAGE-2023: licences")
    assert references_in("nothing.csv gallium") == []


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_figures_are_found_by_words_kind_and_section(
    browser: TestClient, tiny_case: Case
) -> None:
    """The page of the case leads there; what it has not is told."""
    material = tiny_case["materials"][0]
    material["sources"] = {"lot_tonnes": "assumption: one drum"}
    tiny_case["sourcing_options"][0] |= {
        "is_held": False,
        "sources": {"is_held": "a choice", "price_cap": "none", "nix": "a misprint"},
    }
    content_hash = browser.post("/v1/cases", json=tiny_case).json()["hash"]
    page = f"/console/cases/{content_hash}"
    address = f"{page}/sources"
    assert f'href="{address}"' in browser.get(page).text

    def found(query: str) -> list[str]:
        return re.findall(r'<code class="note">([^<]+)', browser.get(query).text)

    lot = "materials[gallium].lot_tonnes"
    assert {lot, "financing.facilities[loan].limit_usd"} < {*found(address)}
    assert found(f"{address}?kind=assumption") == [lot]
    assert found(f"{address}?q=drum+gallium&section=materials") == [lot]
    assert found(f"{address}?q=zzz") == []
    assert browser.get(f"{address}?kind=nix").status_code == 422
