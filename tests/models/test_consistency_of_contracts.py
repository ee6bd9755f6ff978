"""Contracts fit the trade policy of their case."""

from typing import Any

import pytest

from models.reading import InvalidCaseError, read_instance

CONTRACT = {
    "id": "offtake",
    "name": "Offtake",
    "material": "gallium",
    "route": "gallium-chn",
    "volume_tonnes_per_year": 1.0,
    "term_periods": 4,
    "floor_usd_per_tonne": 500_000.0,
}


@pytest.mark.parametrize("step", ["mining_country", "refining_country"])
def test_a_contract_runs_through_eligible_countries(
    tiny_case: dict[str, Any], step: str
) -> None:
    """A route with one step in an ineligible country is no route of a contract."""
    tiny_case["contracts"] = [CONTRACT | {"route": "gallium-deu"}]
    tiny_case["routes"][1][step] = "PRK"
    read_instance(tiny_case)
    tiny_case["trade"] = {"ineligible_countries": ["PRK"]}
    with pytest.raises(InvalidCaseError) as raised:
        read_instance(tiny_case)
    (mistake,) = raised.value.mistakes
    assert (mistake.path, mistake.value) == ("contracts[offtake].route", "gallium-deu")
    assert mistake.expected == "a route without ineligible countries"
