"""Tables of other budgets and assumptions: which columns they have."""

import pytest

from models.outcome import Termination
from models.sensitivity import Assumption, Sensitivity, SensitivityVariant
from service.printing.variations import tornado


@pytest.mark.parametrize(("objective_usd", "is_shown"), [(1e6, False), (2e6, True)])
def test_a_bound_stands_beside_what_it_bounds(
    objective_usd: float, *, is_shown: bool
) -> None:
    """The objective has a column where it is not the expected shortage cost."""
    variant = SensitivityVariant(
        name="prices +10 %",
        factors={Assumption.PRICES: 1.1},
        termination=Termination.OPTIMAL,
        expected_shortage_cost_usd=1e6,
        objective_usd=objective_usd,
        lower_bound_usd=objective_usd,
        cost_without_vault_usd=5e6,
        base_plan_cost_usd=1e6,
        base_plan_lowest_cash_usd=0.0,
    )
    found = Sensitivity(
        instance_hash="",
        plan_hash="",
        expected_shortage_cost_usd=1e6,
        cost_without_vault_usd=5e6,
        gap=0.0,
        spent_usd={},
        variants=(variant,),
    )
    columns = [str(column.header) for column in tornado(found).columns]
    assert ("its objective" in columns) == is_shown
