"""The promise, its proof and the budget, each broken alone."""

from typing import Any

import numpy as np
import pytest

from optimizer.feasibility.promise import tail_mean
from tests.optimizer.feasibility.by_hand import COST, Path, broken_rows


@pytest.mark.parametrize(
    ("field", "value", "rows"),
    [
        ("simulated_shortage_cost_usd", COST * 1.00001, ["simulated_cost"]),
        ("expected_shortage_cost_usd", COST * 0.99999, ["expected_cost"]),
        ("cvar_usd", COST * 1.1, ["cvar"]),
        ("objective_usd", COST * 1.1, ["objective", "gap"]),
        ("cost_without_vault_usd", 0.9 * COST, ["cost_without_vault"]),
        ("lower_bound_usd", 1.1 * COST, ["lower_bound", "gap"]),
        ("gap", 0.2, ["gap"]),
        ("budget_usd", 6_000_000.0, ["budget"]),
        ("budget_used_usd", 500_000.0, ["budget_used"]),
    ],
)
def test_sees_a_promise_that_is_not_kept(
    case: dict[str, Any], field: str, value: float, rows: list[str]
) -> None:
    """A figure of the promise that nothing bears out is the only thing wrong."""
    assert broken_rows(case, ("promise", field), value) == rows


def test_allows_what_the_solver_leaves(case: dict[str, Any]) -> None:
    """The model's own figure may differ from the recount by less than a millionth."""
    path: Path = ("promise", "expected_shortage_cost_usd")
    assert broken_rows(case, path, COST * (1 + 9e-7)) == []


@pytest.mark.parametrize(
    ("section", "field", "value"),
    [
        ("priority_classes", "weight", 2.0),
        ("materials", "emergency_premium", 3.0),
    ],
)
def test_counts_every_part_of_the_cost(
    case: dict[str, Any], section: str, field: str, value: float
) -> None:
    """In a case that weighs a part of the cost otherwise the promise does not hold."""
    case[section][0][field] = value
    assert "simulated_cost" in broken_rows(case)


def test_discounts_later_costs(case: dict[str, Any]) -> None:
    """In a case that discounts the undiscounted promise does not hold."""
    case["horizon"]["discount_rate_per_year"] = 0.05
    assert "simulated_cost" in broken_rows(case)


def test_weighs_the_worst_of_the_scenarios() -> None:
    """The worst 40 % are all of the cost 8 (25 %) and 15 % of the cost 4: 6.5."""
    costs, probability = np.array([4.0, 0.0, 8.0]), np.array([0.5, 0.25, 0.25])
    assert tail_mean(costs, probability, 0.6) == pytest.approx(6.5)
