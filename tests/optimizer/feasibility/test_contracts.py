"""Signed contracts as printed, each broken alone."""

from typing import Any

import pytest

from tests.optimizer.feasibility.by_hand import broken_rows


@pytest.mark.parametrize(
    ("field", "value", "row"),
    [
        ("material", "gold", "contract_material"),
        ("volume_tonnes_per_year", 1.0, "contract_volume"),
        # 5,000 + 2 x 10,000 less 7,000 of upside, not the uncapped 10,000.
        ("expected_cost_usd", 15_000.0, "contract_cost"),
    ],
)
def test_sees_a_wrong_term(
    case: dict[str, Any], field: str, value: object, row: str
) -> None:
    """What the plan prints of a contract is the only thing wrong."""
    assert broken_rows(case, ("contracts", 0, field), value) == [row]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("capacity_tonnes_per_year", 1.0),
        ("start_period", 1),
        ("term_periods", 3),
        ("upside_cap_usd_per_year", None),
        ("upside_threshold_usd_per_tonne", None),
    ],
)
def test_follows_every_term(case: dict[str, Any], field: str, value: object) -> None:
    """A contract on other terms does not cost what the plan prints."""
    case["contracts"][0][field] = value
    assert "contract_cost" in broken_rows(case)
