"""The cost of holding in figures that people compare."""

import pytest

from models.cost_of_holding import CostOfHolding, benefit_cost_ratio

PARTS = CostOfHolding(
    purchases_usd=100.0,
    premia_usd=3.0,
    storage_usd=5.0,
    interest_and_fees_usd=7.0,
    contracts_usd=-2.0,
    sales_usd=20.0,
    right_fees_usd=1.0,
    final_stock_usd=60.0,
    final_value_haircut=0.25,
    discount_factor=0.5,
)


def test_the_total_is_what_is_paid_less_what_is_received() -> None:
    """The stock counts after its haircut; all is discounted from the end."""
    assert PARTS.kept_stock_usd == pytest.approx(45.0)
    # 100 + 3 + 5 + 7 - 2 are paid, 20 + 1 + 45 are received.
    assert PARTS.total_usd == pytest.approx(0.5 * (113 - 66))


@pytest.mark.parametrize(
    ("cost", "expected"), [(4.0, 2.5), (0.0, None), (1e-12, None), (-3.0, None)]
)
def test_a_ratio_needs_a_cost(cost: float, expected: float | None) -> None:
    """What costs nothing, or earns, has no ratio; nor has what is not known."""
    assert benefit_cost_ratio(10.0, cost) == expected
    assert benefit_cost_ratio(10.0, None) is None
