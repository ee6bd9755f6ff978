"""Figures and terms of the plan worked out by hand, each broken alone."""

import numpy as np
import pytest

from optimizer.feasibility.promise import tail_mean
from tests.cases import Case
from tests.optimizer.feasibility.by_hand import COST, Path, broken_rows

GOLD = {"id": "gold", "name": "Gold", "reason": "ample", "known_risk": ""}


def test_accepts_the_plan_worked_out_by_hand(case: Case) -> None:
    """Nothing is wrong with a plan whose every number was worked out by hand."""
    assert broken_rows(case) == []


@pytest.mark.parametrize(
    ("path", "value", "rows"),
    [
        # What a level prints of its tranches.
        (("levels", 0, "name"), "Gold", "level_name"),
        (("levels", 0, "tonnes"), 1.3, "level_tonnes"),
        (("levels", 0, "pool_tonnes"), 1.1, "pool_tonnes"),
        (("levels", 0, "lots"), 13, "level_lots"),
        (("levels", 0, "days_of_cover"), 39.0, "days_of_cover"),
        # 1.2 t at 500,000 without the premia of 15,000.
        (("levels", 0, "cost_usd"), 600_000.0, "level_cost"),
        # What an award prints of its right, and a right without award.
        (("awards", 0, "participant"), "another", "award"),
        (("awards", 0, "lots"), 3, "award_lots"),
        (("awards", 0, "tonnes"), 0.3, "award_tonnes"),
        (("awards", 0, "days_of_own_cover"), 9.0, "award_days_of_cover"),
        (("awards", 0, "inventory_price_usd_per_tonne"), 500_000.0, "award_price"),
        (("awards", 0, "upfront_fee_usd"), 3_000.0, "award_fee"),
        (("awards", 0, "carrying_fee_usd_per_year"), 2_000.0, "award_carrying_fee"),
        (("awards",), [], "awards"),
        # What the plan prints of a contract.
        (("contracts", 0, "material"), "gold", "contract_material"),
        (("contracts", 0, "volume_tonnes_per_year"), 1.0, "contract_volume"),
        # 5,000 + 2 x 10,000 less 7,000 of upside, not the uncapped 10,000.
        (("contracts", 0, "expected_cost_usd"), 15_000.0, "contract_cost"),
        # Figures of the table that do not follow from the draws.
        (("financing", 0, "balances_usd", "loan"), 400_000.0, "balance"),
        (("financing", 0, "interest_and_fees_usd"), 19_000.0, "fees"),
        (("financing", 0, "expected_cash_usd"), 160_000.0, "expected_cash"),
        (("financing", 0, "lowest_cash_usd"), 160_000.0, "lowest_cash"),
        # The promise, its proof and the budget.
        (("promise", "simulated_shortage_cost_usd"), COST * 1.00001, "simulated_cost"),
        (("promise", "expected_shortage_cost_usd"), COST * 0.99999, "expected_cost"),
        (("promise", "cvar_usd"), COST * 1.1, "cvar"),
        (("promise", "objective_usd"), COST * 1.1, "objective gap"),
        (("promise", "cost_without_vault_usd"), 0.9 * COST, "cost_without_vault"),
        (("promise", "lower_bound_usd"), 1.1 * COST, "lower_bound gap"),
        (("promise", "gap"), 0.2, "gap"),
        (("promise", "budget_usd"), 6_000_000.0, "budget"),
        (("promise", "budget_used_usd"), 500_000.0, "budget_used"),
        # The model's own figure may differ from the recount by less than a millionth.
        (("promise", "expected_shortage_cost_usd"), COST * (1 + 9e-7), ""),
        # The list of what stays short, and a material that it leaves out.
        (("shortfalls", 0, "name"), "Gold", "shortfall_name"),
        (("shortfalls", 0, "days_of_cover"), 30.0, "shortfall_cover"),
        (("shortfalls", 0, "gap_tonnes"), 1.5, "shortfall_gap"),
        (("shortfalls", 0, "released_tonnes"), 0.9, "shortfall_released"),
        (("shortfalls", 0, "unused_tonnes"), 0.1, "shortfall_unused"),
        (("shortfalls", 0, "uncovered_tonnes"), 0.4, "shortfall_uncovered"),
        (("shortfalls", 0, "probability_of_gap"), 0.5, "shortfall_probability"),
        (("shortfalls",), [], "shortfalls"),
        # A plan of another case or other options.
        (("provenance", "instance_id"), "another", "instance_id"),
        (("provenance", "instance_hash"), "0" * 64, "instance_hash"),
        (("provenance", "method"), "guessed", "method"),
        (("provenance", "seed"), 2, "seed"),
        (("provenance", "options"), {}, "options"),
        (("provenance", "number_of_scenarios"), 2, "number_of_scenarios"),
        # The plan lists what the case leaves out, and nothing else.
        (("unmodelled",), [GOLD], "unmodelled"),
    ],
)
def test_sees_a_wrong_figure(case: Case, path: Path, value: object, rows: str) -> None:
    """A figure that does not follow from the rest of the plan is all that is wrong."""
    assert broken_rows(case, path, value) == rows.split()


@pytest.mark.parametrize(
    ("section", "field", "value", "row"),
    [
        ("contracts", "capacity_tonnes_per_year", 1.0, "contract_cost"),
        ("contracts", "start_period", 1, "contract_cost"),
        ("contracts", "term_periods", 3, "contract_cost"),
        ("contracts", "upside_cap_usd_per_year", None, "contract_cost"),
        ("contracts", "upside_threshold_usd_per_tonne", None, "contract_cost"),
        ("storage_classes", "insurance_rate_per_year", 0.0, "expected_cash"),
        ("storage_classes", "cost_usd_per_tonne_year", 0.0, "expected_cash"),
        ("contracts", "signing_cost_usd", 0.0, "expected_cash"),
        ("contracts", "floor_usd_per_tonne", 0.0, "expected_cash"),
        ("entitlement_offers", "carrying_fee_usd_per_tonne_year", 0.0, "expected_cash"),
        ("entitlement_offers", "upfront_fee_usd_per_tonne", 0.0, "expected_cash"),
        ("priority_classes", "weight", 2.0, "simulated_cost"),
        ("materials", "emergency_premium", 3.0, "simulated_cost"),
    ],
)
def test_follows_every_term(
    case: Case, section: str, field: str, value: object, row: str
) -> None:
    """In a case with another term of a cost or a payment the plan is wrong."""
    case[section][0][field] = value
    assert row in broken_rows(case)


def test_follows_what_own_buying_does_to_the_price(case: Case) -> None:
    """Without premia on own buying the printed cash balance and the cost are wrong."""
    case["materials"][0]["price_impact"] = []
    table = ["expected_cash", "lowest_cash"] * 4
    assert broken_rows(case) == ["level_cost", *table]


def test_discounts_later_costs(case: Case) -> None:
    """In a case that discounts the undiscounted promise does not hold."""
    case["horizon"]["discount_rate_per_year"] = 0.05
    assert "simulated_cost" in broken_rows(case)


def test_weighs_the_worst_of_the_scenarios() -> None:
    """The worst 40 % are all of the cost 8 (25 %) and 15 % of the cost 4: 6.5."""
    costs, probability = np.array([4.0, 0.0, 8.0]), np.array([0.5, 0.25, 0.25])
    assert tail_mean(costs, probability, 0.6) == pytest.approx(6.5)
