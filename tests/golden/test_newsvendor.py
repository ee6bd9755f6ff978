"""The newsvendor: one selling season, stock bought before it, demand unknown.

Arrow, Harris and Marschak (1951): with underage cost u and overage cost o a unit, the
best stock q has P(D <= q) = u / (u + o), the critical fractile.

Here the season is the second of two years. The demand D for stock of alpha is what its
route does not deliver: 0.5, 1.5, ..., 99.5 t, each with 1 %, so F(q) = q / 100 on whole
tonnes. A unit of alpha that is not made costs c. Money is a limit and not a cost, so
the overage is what a dollar does elsewhere: of beta 1,000 t are missing in every
scenario, a unit costs 30,000, a tonne 20,000 dollars, so a dollar always avoids
v = 1.5. A tonne of alpha costs p = 10,000, hence v p = 15,000 of loss elsewhere:

  f(q) = E[(D - q)+] c + q v p + constant,  F(q) = (c - v p) / c = 1 - 15,000 / c

E[(D - q)+] = (100 - q)^2 / 200 on whole tonnes, as the sum of 0.5, 1.5, ... up to
n - 0.5 is n^2 / 2. So f is a parabola there, and the best level is the closest one.
"""

from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest

from models.instance import Instance
from models.plan import Plan
from models.reading import read_instance
from optimizer.scenarios.replays import calm_scenario
from optimizer.scenarios.scenario_set import ScenarioSet
from optimizer.solve import solve_on
from service.casefiles import load

PRICE_ALPHA = 10_000.0
VALUE_OF_A_DOLLAR = 30_000.0 / 20_000.0
OVERAGE = VALUE_OF_A_DOLLAR * PRICE_ALPHA
BUDGET = 6_000_000.0
BETA_MISSING = 1_000.0
LEVELS = (10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 100.0)
NUMBER_OF_DEMANDS = 100


def newsvendor(underage: float) -> Instance:
    """Return the hand-worked case with beta always missing and one tranche."""
    case = cast("dict[str, Any]", dict(load("two_materials")))
    alpha_good, beta_good = case["products"]
    alpha_good["shortage_blocks"][0]["cost_usd_per_unit"] = underage
    beta_good["shortage_blocks"][0]["cost_usd_per_unit"] = 30_000.0
    beta_good["demand_units_per_year"] = BETA_MISSING
    # Of 100 t a year a tonne is 3.6525 days of cover.
    case["levels_days_of_cover"] = [3.6525 * tonnes for tonnes in LEVELS]
    case["financing"]["facilities"][0]["limit_usd"] = BUDGET
    case["events"] = []
    case["options"]["max_tranches"] = 1
    return read_instance(case)


def season(instance: Instance) -> ScenarioSet:
    """Return the demands 0.5 to 99.5 t for alpha, no beta, and a calm first year."""
    calm = calm_scenario(instance)
    n = NUMBER_OF_DEMANDS
    demand = np.arange(n) + 0.5
    availability = np.ones((2, n, 2))
    availability[0, :, 1] = 1 - demand / 100
    availability[1, :, 1] = 0.0
    return replace(
        calm,
        names=tuple(f"w{w}" for w in range(n)),
        probability=np.full(n, 1 / n),
        stratum=np.arange(n),
        availability=availability,
        announced=np.repeat(calm.announced, n, axis=1),
        price=np.repeat(calm.price, n, axis=1),
        demand=np.repeat(calm.demand, n, axis=1),
    )


def solved(underage: float) -> Plan:
    """Return the plan of the case with a cost of a unit that is missing."""
    instance = newsvendor(underage)
    plan = solve_on(instance, season(instance)).plan
    assert plan is not None
    return plan


def cost_of(stock: float, underage: float) -> float:
    """Return the expected cost with a stock of alpha, the rest of the money in beta."""
    short_of_alpha = (100 - stock) ** 2 / 200
    beta = (BUDGET - stock * PRICE_ALPHA) / 20_000
    return short_of_alpha * underage + (BETA_MISSING - beta) * 30_000


@pytest.mark.parametrize(
    ("underage", "fractile", "closest"),
    [
        (15_000 / 0.78, 0.22, 20),
        (15_000 / 0.64, 0.36, 40),
        (15_000 / 0.5, 0.5, 50),
        (15_000 / 0.37, 0.63, 60),
        (15_000 / 0.33, 0.67, 70),
        (15_000 / 0.06, 0.94, 90),
    ],
)
def test_the_level_is_the_closest_to_the_critical_fractile(
    underage: float, fractile: float, closest: float
) -> None:
    """The stock of alpha is the quantile of its demand, as the menu allows."""
    assert (underage - OVERAGE) / underage == pytest.approx(fractile)
    alpha, beta = solved(underage).levels
    assert alpha.tonnes == pytest.approx(closest)
    assert beta.tonnes == pytest.approx((BUDGET - closest * PRICE_ALPHA) / 20_000)


@pytest.mark.parametrize("underage", [20_000.0, 30_000.0, 45_000.0, 150_000.0])
def test_the_cost_is_the_closed_form(underage: float) -> None:
    """The promise is the least of the parabola over the menu."""
    least = min(cost_of(stock, underage) for stock in LEVELS)
    promise = solved(underage).promise
    assert promise.objective_usd == pytest.approx(least, rel=1e-6)
    assert promise.simulated_shortage_cost_usd == pytest.approx(least, rel=1e-6)


def test_a_dollar_is_worth_what_it_does_elsewhere() -> None:
    """The budget's shadow price is the overage cost of a dollar."""
    assert solved(30_000.0).promise.budget_shadow_price == pytest.approx(
        VALUE_OF_A_DOLLAR
    )


def test_nothing_is_stocked_that_is_worth_more_elsewhere() -> None:
    """If even the first tonne avoids less than beta does, there is no alpha."""
    alpha, beta = solved(0.9 * OVERAGE).levels
    assert alpha.tonnes == 0
    assert beta.tonnes == pytest.approx(BUDGET / 20_000)
