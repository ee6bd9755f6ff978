"""Cases of two or three materials and three periods, solved to the end in a moment.

Menus are tiny and lots coarse, so a gap of 0 is reached at once; money is large against
the ten dollars that a cash balance may be short by.
"""

from typing import cast

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from models.instance import Instance
from models.outcome import Termination
from models.plan import Plan
from models.reading import read_instance
from optimizer.scenarios.scenario_set import ScenarioSet
from optimizer.solve import solve_on
from tests import cases
from tests.cases import Case
from tests.optimizer.random_cases import random_scenarios

LAW = settings(max_examples=3, deadline=None, derandomize=True)
SEEDS = st.integers(0, 2**32 - 1)
EXACT = 1e-6
PERIODS = 3
LOT_TONNES = 10.0


def tiny_case(seed: int) -> Case:
    """Return a mapping with a budget for part of what the menu offers.

    Every material is needed by one product alone and by one that needs them all. One
    material in two has an offer, the first one a contract; one case in two weighs CVaR.
    """
    draw = np.random.default_rng(seed)
    materials = [f"m{i}" for i in range(2 + (draw.random() < 0.3))]
    prices = {m: draw.uniform(1e5, 5e5) for m in materials}
    products = [_product(draw, f"p-{m}", {m: 0.01}) for m in materials]
    products.append(_product(draw, "p-all", dict.fromkeys(materials, 0.005)))
    case = {
        "id": "tiny-law",
        "name": "A case drawn from a seed",
        "horizon": cases.horizon(PERIODS, discount_rate_per_year=0.04),
        "materials": [_material(m, prices[m]) for m in materials],
        "storage_classes": [
            cases.storage_class(
                capacity_tonnes=1_000.0,
                cost_usd_per_tonne_year=500.0,
                outload_tonnes_per_day=10.0,
            )
        ],
        "routes": [
            cases.route(m, country, share)
            for m in materials
            for country, share in (("AUS", 0.3), ("CHN", 0.7))
        ],
        "priority_classes": [{"id": "civil", "name": "Civil"}],
        "participants": [{"id": "o0", "name": "Maker", "priority_class": "civil"}],
        "products": products,
        "sourcing_options": [cases.sourcing("ready")],
        "rules": [_rule("whole", 1.0), _rule("part", draw.uniform(0.4, 0.7))],
        "levels_days_of_cover": [30, 60],
        "entitlement_offers": [
            _offer(m, prices[m]) for m in materials if draw.random() < 0.5
        ],
        "contracts": [
            cases.contract(
                material="m0",
                route="m0-aus",
                volume_tonnes_per_year=60.0,
                term_periods=PERIODS,
                floor_usd_per_tonne=1.2 * prices["m0"],
                upside_threshold_usd_per_tonne=2.0 * prices["m0"],
                upside_share=0.3,
                upside_cap_usd_per_year=10.0 * prices["m0"],
                signing_cost_usd=0.5 * prices["m0"],
            )
        ],
        "financing": {
            "facilities": [cases.facility(rate_per_year=0.05, exposure_fee=0.01)]
        },
        "options": {
            "gap": 0.0,
            "tranche_worth": 0.0,
            "time_limit_s": 60.0,
            "cvar_weight": float(draw.choice([0.0, 0.3])),
            "cvar_level": 0.5,
        },
    }
    cost_of_all = sum(
        60 * days * prices[m]
        for m, days in read_instance(case).index.need_tonnes_per_day.items()
    )
    loan = cast("Case", case)["financing"]["facilities"][0]
    loan["limit_usd"] = draw.uniform(0.3, 0.7) * cost_of_all
    return case


def tiny_scenarios(instance: Instance, seed: int) -> ScenarioSet:
    """Return three scenarios with routes cut at random."""
    return random_scenarios(instance, seed)


def solved(case: Case, seed: int) -> Plan:
    """Return the optimal plan of a case on the scenarios of a seed."""
    instance = read_instance(case)
    return optimal(instance, tiny_scenarios(instance, seed))


def optimal(instance: Instance, scenarios: ScenarioSet) -> Plan:
    """Return the optimal plan on some scenarios."""
    outcome = solve_on(instance, scenarios)
    assert outcome.termination is Termination.OPTIMAL
    assert outcome.plan is not None
    return outcome.plan


def _material(m: str, price: float) -> Case:
    return cases.material(
        m,
        price,
        lot_tonnes=LOT_TONNES,
        market_capacity_tonnes_per_year=10_000.0,
        emergency_tonnes_per_year=20.0,
        emergency_premium=1.5,
    )


def _product(draw: np.random.Generator, p: str, bill: dict[str, float]) -> Case:
    costs = np.sort(draw.uniform(2e3, 5e4, 2)).tolist()
    return cases.product(
        p,
        draw.uniform(2e4, 5e4),
        bill,
        ("thrift", 0.3, costs[0]),
        ("line_stop", 0.7, costs[1]),
        participant="o0",
    )


def _rule(name: str, coverage: float) -> Case:
    return cases.rule(
        name,
        coverage,
        draw_rate_per_month=coverage,
        calm={"draw_rate_per_month": 0.0, "replenishment_rate_per_month": 0.2},
    )


def _offer(m: str, price: float) -> Case:
    return cases.offer(
        id=f"offer-{m}",
        participant="o0",
        material=m,
        minimum_lots=1,
        maximum_lots=4,
        inventory_price_usd_per_tonne=1.05 * price,
        upfront_fee_usd_per_tonne=0.02 * price,
        carrying_fee_usd_per_tonne_year=0.05 * price,
    )
