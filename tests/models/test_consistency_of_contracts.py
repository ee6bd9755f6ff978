"""Contracts fit the trade policy of their case."""

import pytest

from models.reading import InvalidCaseError, read_instance
from tests import cases
from tests.cases import Case


@pytest.mark.parametrize("step", ["mining_country", "refining_country"])
def test_a_contract_runs_through_eligible_countries(tiny_case: Case, step: str) -> None:
    """A route with one step in an ineligible country is no route of a contract."""
    tiny_case["contracts"] = [cases.contract()]
    tiny_case["routes"][1][step] = "PRK"
    read_instance(tiny_case)
    tiny_case["trade"] = {"ineligible_countries": ["PRK"]}
    with pytest.raises(InvalidCaseError) as raised:
        read_instance(tiny_case)
    (mistake,) = raised.value.mistakes
    assert (mistake.path, mistake.value) == ("contracts[offtake].route", "gallium-deu")
    assert mistake.expected == "a route without ineligible countries"
