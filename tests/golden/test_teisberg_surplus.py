"""Teisberg's reserve with more in it than is worth keeping: the surplus goes in peace.

His program fills to a stock and, from above it, sells every normal year until it is
there. Here eight years without discounting, but with the interest of his five per cent
in what storage costs; a sale takes as much off its own price as three of his units in a
normal year do. Free stock has no price when it is left out of the plan, so it is sold
as far as that brings more than it is worth after the haircut.

Found: from 30 units as from 54 at the start 27 are kept, and all the rest is sold.
"""

import json
from functools import cache

import pytest

from models.content import canonical_json
from models.plan import Plan
from models.reading import read_instance
from optimizer import solve
from tests import cases
from tests.golden.teisberg_program import (
    DISCOUNT,
    NORMAL_PRICE,
    STEP,
    STORAGE,
    SUPPLY,
    price_at,
)
from tests.golden.teisberg_reserve import MILLION, YEAR, reserve

YEARS = 8
SALE_YEARS = 5
CARRY = STORAGE + (1 / DISCOUNT - 1) * NORMAL_PRICE
MORE_SUPPLY = -STEP  # what is sold in a normal year is missing less
TERMS = {
    "material": "oil",
    "within_periods": SALE_YEARS,
    "discount": 1 - price_at(MORE_SUPPLY) / NORMAL_PRICE,
}


@cache
def plan_from(units: float, *, sells: bool = True) -> Plan:
    """Return the plan of a reserve that holds so much, all of it free stock."""
    options = {"number_of_scenarios": 30, "cost_of_holding_weight": 1.0, "gap": 0.002}
    case = json.loads(canonical_json(reserve(YEARS, 1.0, **options)))
    case["storage_classes"][0]["cost_usd_per_tonne_year"] = CARRY * MILLION
    case["levels_days_of_cover"] = [x * YEAR / SUPPLY for x in range(STEP, 43, STEP)]
    case["sourcing_options"] = [cases.sourcing("held", is_held=True)]
    pile = cases.stock_lot("pile", units, material="oil")
    case["position"] = {"stock": [pile], "sales": [TERMS] if sells else []}
    found = solve(read_instance(case)).plan
    assert found is not None
    return found


@pytest.mark.parametrize(("units", "sold"), [(30.0, 3.0), (54.0, 27.0)])
def test_what_exceeds_the_stock_worth_keeping_is_sold(
    units: float, sold: float
) -> None:
    """In equal parts, in peace and in war; the stock that is kept is the same."""
    plan = plan_from(units)
    (level,) = plan.levels
    assert level.tonnes == pytest.approx(27.0)
    assert level.sale is not None
    assert level.sale.tonnes == pytest.approx(sold)
    assert level.sale.tonnes_per_period == pytest.approx(sold / SALE_YEARS)
    assert plan.promise.lower_bound_usd >= plan.promise.objective_usd * (1 - 0.002)


def test_without_terms_of_sale_the_surplus_is_no_part_of_the_plan() -> None:
    """It earns nothing, so both costs together are higher."""
    plan, kept = plan_from(54.0), plan_from(54.0, sells=False)
    (level,) = kept.levels
    assert level.sale is None
    assert level.held[0].left_tonnes == pytest.approx(54.0 - level.tonnes)
    assert plan.promise.objective_usd < kept.promise.objective_usd
