"""The tiny case with every limit switched on, on two scenarios drawn by hand."""

import numpy as np
import pyomo.environ as pyo
import pytest

from models.instance import Instance
from models.reading import read_instance
from optimizer.formulation import build
from optimizer.problem import complete_problem
from optimizer.scenarios.scenario_set import ScenarioSet
from tests import cases
from tests.cases import Case

CASH_ROWS = [(-1, 0), (0, 0), (1, 1)]


@pytest.fixture
def whole_case(tiny_case: Case) -> Case:
    """Return the tiny case with an offer, a contract, blocks, covers and caps.

    The maker needs 12 t a year, so 1 t a month; levels of 1 and 2 t are 30.4375 and
    60.875 days of it.
    """
    tiny_case["materials"][0] |= {
        "price_impact": [
            {"tonnes_per_year": 6.0, "premium": 0.1},
            {"tonnes_per_year": 12.0, "premium": 0.3},
        ],
        "emergency_tonnes_per_year": 1.2,
        "emergency_premium": 2.0,
        "minimum_days_of_cover": 15.21875,
        "origin_share_cap": 0.75,
    }
    for route, tonnes in zip(tiny_case["routes"], (96.0, 24.0), strict=True):
        route["vault_tonnes_per_year"] = tonnes
    tiny_case["levels_days_of_cover"] = [30.4375, 60.875]
    tiny_case["trade"] = {"zone_countries": ["DEU"]}
    tiny_case["sourcing_options"].append(cases.sourcing("zone", 2, origins="zone"))
    tiny_case["rules"][0]["steps"][0]["replenishment_rate_per_month"] = 0.5
    tiny_case["entitlement_offers"] = [
        cases.offer(
            id="makers",
            minimum_lots=2,
            maximum_lots=15,
            inventory_price_usd_per_tonne=510_000.0,
            upfront_fee_usd_per_tonne=10_000.0,
            carrying_fee_usd_per_tonne_year=24_000.0,
        )
    ]
    tiny_case["contracts"] = [
        cases.contract(
            id="smelter", volume_tonnes_per_year=6.0, floor_usd_per_tonne=550_000.0
        )
    ]
    loan, _ = tiny_case["financing"]["facilities"]
    loan |= {
        "rate_per_year": 0.06,
        "exposure_fee": 0.01,
        "commitment_fee_per_year": 0.012,
        **cases.instalments(2, 2),
    }
    tiny_case["financing"] |= {
        "opening_cash_usd": 250_000.0,
        "debt_to_equity_limit": 5.0,
        "collateral_cover": 1.2,
    }
    tiny_case["options"] = {"max_tranches": 2, "cvar_weight": 0.2, "cvar_level": 0.9}
    return tiny_case


@pytest.fixture
def whole_model(whole_case: Case) -> pyo.ConcreteModel:
    """Return the mixed-integer model of the whole case, with two pairs of cash rows."""
    instance = read_instance(whole_case)
    problem = complete_problem(instance, _calm_and_ban(instance))
    return build(problem, is_relaxed=False, cash_rows=CASH_ROWS)


@pytest.fixture
def held_model(whole_case: Case) -> pyo.ConcreteModel:
    """Return the same with two lots of free stock, which can be held or sold.

    The plan in force holds 1.2 t, of which a level may move by 9.13125 days of need.
    """
    whole_case["sourcing_options"].append(cases.sourcing("held", is_held=True))
    lots = [cases.stock_lot("a", 0.5), cases.stock_lot("b", 0.75)]
    sale = {"material": "gallium", "within_periods": 2}
    in_force = {"material": "gallium", "tonnes": 1.2}
    whole_case["position"] = {"stock": lots, "sales": [sale], "levels": [in_force]}
    whole_case["options"]["level_change_cap_days"] = 9.13125
    instance = read_instance(whole_case)
    problem = complete_problem(instance, _calm_and_ban(instance))
    return build(problem, is_relaxed=False, cash_rows=CASH_ROWS)


@pytest.fixture
def in_force_model(whole_case: Case) -> pyo.ConcreteModel:
    """Return the model in which the right is in force, 8 lots of which 6 are there.

    The store has room for 7 lots.
    """
    lots = [cases.stock_lot("a", 0.6, right="makers"), cases.stock_lot("b", 0.5)]
    right = {"offer": "makers", "lots": 8, "drawn_tonnes": 0.2, "sourcing": "in-place"}
    whole_case["sourcing_options"].append(cases.sourcing("held", is_held=True))
    whole_case["position"] = {"rights": [right], "stock": lots}
    whole_case["storage_classes"][0]["capacity_tonnes"] = 0.7
    instance = read_instance(whole_case)
    problem = complete_problem(instance, _calm_and_ban(instance))
    return build(problem, is_relaxed=False, cash_rows=CASH_ROWS)


@pytest.fixture
def on_order_model(whole_case: Case) -> pyo.ConcreteModel:
    """Return the model with two purchases on the way, which can be held."""
    whole_case["sourcing_options"].append(cases.sourcing("coming", is_on_order=True))
    purchases = [cases.purchase("a", 0.4), cases.purchase("b", 0.3, arrival_period=2)]
    whole_case["position"] = {"purchases": purchases}
    instance = read_instance(whole_case)
    problem = complete_problem(instance, _calm_and_ban(instance))
    return build(problem, is_relaxed=False, cash_rows=CASH_ROWS)


def _calm_and_ban(instance: Instance) -> ScenarioSet:
    """Return w = 0 calm (75 %) and w = 1 without China in t = 1, 2 (25 %).

    The ban doubles the price of 500,000 dollars a tonne.
    """
    availability = np.ones((2, 2, 4))
    availability[0, 1, 1:3] = 0.0
    price = np.full((1, 2, 4), 500_000.0)
    price[0, 1, 1:3] *= 2
    return ScenarioSet(
        names=("calm", "ban"),
        probability=np.array([0.75, 0.25]),
        stratum=np.array([0, 1]),
        availability=availability,
        announced=np.zeros((1, 2, 4), dtype=np.bool_),
        price=price,
        base_price=np.full((1, 4), instance.materials[0].price_usd_per_tonne),
        demand=np.full((1, 2, 4), 1_000.0),
    )
