"""Teisberg's reserve solved for both of its costs, against his program from above.

With a weight of 1 the cost of holding is in the objective: what oil costs, less what
sales bring and what is left is worth. Twelve years without discounting; what is in
place at the start costs as much as the first units that are filled. The program has the
same choice of a stock at the start, and its own moves from there on.

Found, on fresh scenarios: 1,777 without a reserve, 1,708 with the plan, 1,694 with the
program if it sells nothing in normal years, as the rules of the menu, and 1,629 if it
does. So the plan is 0.9 % above what its kind of rule could reach.
"""

import numpy as np
import pytest
from numpy.typing import NDArray

from models.options import Method
from models.plan import Plan
from optimizer import solve
from optimizer.cost_of_holding import cost_by_scenario, kept_of_value
from optimizer.evaluation.decisions import decisions_of
from optimizer.evaluation.replay import replay
from optimizer.scenarios import sample
from optimizer.scenarios.scenario_set import Floats
from tests.golden.teisberg_program import (
    DISRUPTION,
    NORMAL_PRICE,
    STEP,
    STOCKS,
    TRANSITION,
    Program,
    cost_table,
    lost,
    price_at,
    programs,
)
from tests.golden.teisberg_reserve import MILLION, filling, reserve

YEARS = 12
RESERVE = reserve(
    YEARS, 1.0, number_of_scenarios=300, cost_of_holding_weight=1.0, gap=0.002
)
PRICES = np.array([NORMAL_PRICE, price_at(DISRUPTION)])


@pytest.fixture(scope="module", params=["extensive_form", "decomposition"])
def plan(request: pytest.FixtureRequest) -> Plan:
    """Return the plan of each method."""
    options = RESERVE.options.model_copy(update={"method": Method(request.param)})
    found = solve(RESERVE.model_copy(update={"options": options})).plan
    assert found is not None
    return found


def best(*, sells: bool) -> list[Program]:
    """Return the program of each year."""
    return programs(YEARS, kept_of_value(RESERVE) * PRICES, sells=sells)


def at_the_start(found: list[Program]) -> tuple[int, float]:
    """Return the stock that a program starts from, and what all costs from there."""
    costs = found[0].value @ TRANSITION[0] + filling(0) * np.array(STOCKS)
    i = int(costs.argmin())
    return STOCKS[i], float(costs[i])


def followed(found: list[Program], state: NDArray[np.int64]) -> Floats:
    """Return what the policy of a program costs in every scenario (w)."""
    start, _ = at_the_start(found)
    stock, total = np.full(len(state), start), np.full(len(state), filling(0) * start)
    for t, year in enumerate(found):
        after = year.best[stock // STEP, state[:, t]]
        total += cost_table()[stock // STEP, state[:, t], after // STEP]
        stock = after
    total -= kept_of_value(RESERVE) * stock * PRICES[state[:, -1]]
    return total


def test_the_plan_costs_little_more_than_the_program(plan: Plan) -> None:
    """Shortages and holding together; on common scenarios there is little noise."""
    fresh = sample(
        RESERVE, number_of_scenarios=1500, generator=np.random.default_rng(5)
    )
    happened = replay(RESERVE, fresh, decisions_of(RESERVE, plan))
    books = happened.books
    owed = books.debt[:, -1] + books.capital[:, -1]
    held = cost_by_scenario(RESERVE, books.cash, books.stock_value, owed, 0.0)
    by_plan = (happened.scenario_costs() + held) / MILLION + YEARS * lost(0)
    state = (fresh.availability[0] < 1).astype(np.int64)
    (_, exact), (_, without_sales) = (
        at_the_start(best(sells=sells)) for sells in (True, False)
    )
    more = by_plan - followed(best(sells=True), state)
    cost = exact + float(fresh.probability @ more)
    error = float(np.std(more)) / np.sqrt(len(more))
    assert exact < without_sales - 4 * error <= cost <= 1.02 * without_sales
    assert cost <= 1.06 * exact


def test_the_objective_is_the_sum_of_both_costs(plan: Plan) -> None:
    """As the plan states them."""
    promise = plan.promise
    assert promise.cost_of_holding_usd is not None
    both = promise.expected_shortage_cost_usd + promise.cost_of_holding_usd
    assert promise.objective_usd == pytest.approx(both)
    assert promise.lower_bound_usd >= promise.objective_usd * (1 - 0.002)
    assert promise.objective_usd < promise.cost_without_vault_usd
