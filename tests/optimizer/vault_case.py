"""One material, two makers, every term of a vault: a case whose terms tests change."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from models.instance import Instance
from models.plan import Plan
from models.reading import read_instance
from optimizer.scenarios.scenario_set import ScenarioSet
from optimizer.solve import solve_on
from tests import cases
from tests.cases import Case, changed
from tests.optimizer.one_scenario import one_scenario

Changes = Mapping[str, object]
PRICE = 10_000.0
PERIODS = 6
CUT = [1.0, 1.0, 0.0, 0.0, 0.0, 1.0]
SHORT_CUT = [1.0, 1.0, 1.0, 0.0, 1.0, 1.0]


def vault_case() -> Case:
    """Return a mapping: 10 t a month are needed, 8 t of them come from China.

    60 days of cover are 19.7 t and cost 200,000 dollars; the loan is of 150,000.
    """
    return {
        "id": "vault",
        "name": "Vault",
        "horizon": cases.horizon(PERIODS),
        "materials": [
            cases.material(
                "alpha", PRICE, lot_tonnes=0.5, market_capacity_tonnes_per_year=1_000.0
            )
        ],
        "storage_classes": [
            cases.storage_class(
                cost_usd_per_tonne_year=0.0, outload_tonnes_per_day=10.0
            )
        ],
        "routes": [cases.route("alpha", "CHN", 0.8), cases.route("alpha", "AUS", 0.2)],
        "trade": {"zone_countries": ["AUS"]},
        "priority_classes": [
            {"id": "first", "name": "First", "weight": 2.0},
            {"id": "second", "name": "Second"},
        ],
        "participants": [
            {"id": "large", "name": "Large maker", "priority_class": "second"},
            {"id": "small", "name": "Small maker", "priority_class": "first"},
        ],
        "products": [
            _product("engine", "large", 960.0),
            _product("lamp", "small", 240),
        ],
        "sourcing_options": [cases.sourcing("ready")],
        "rules": [cases.rule("whole", 1.0)],
        "levels_days_of_cover": [30, 60],
        "financing": {"facilities": [cases.facility(limit_usd=150_000.0)]},
        "options": {"gap": 0.0, "tranche_worth": 0.0},
    }


def bans(instance: Instance) -> ScenarioSet:
    """Return a calm half year, three months and one month without China.

    A long cut comes in one case of four, as does a short one; each doubles the price.
    """
    parts = [
        one_scenario(
            instance,
            availability={"alpha-chn": series},
            price={"alpha": [PRICE if x > 0 else 2 * PRICE for x in series]},
        )
        for series in ([1.0] * PERIODS, CUT, SHORT_CUT)
    ]

    def together(name: str) -> Any:  # noqa: ANN401 - arrays of several types
        return np.concatenate([getattr(part, name) for part in parts], axis=1)

    return ScenarioSet(
        names=("calm", "long", "short"),
        probability=np.array([0.5, 0.25, 0.25]),
        stratum=np.arange(3),
        availability=together("availability"),
        announced=together("announced"),
        price=together("price"),
        base_price=parts[0].base_price,
        demand=together("demand"),
    )


def vault_plan(*steps: Changes) -> Plan:
    """Return the plan of the case after some changes."""
    case = vault_case()
    for changes in steps:
        case = changed(case, changes)
    return _solved(json.dumps(case))


@cache
def _solved(case: str) -> Plan:
    instance = read_instance(json.loads(case))
    outcome = solve_on(instance, bans(instance))
    assert outcome.plan is not None, outcome.conflict
    return outcome.plan


def offer(**terms: object) -> Case:
    """Return an offer of the large maker for 2 to 10 t, with terms of a test.

    It draws 5 of each 8 t that it misses; the other 3 t can be thrifted.
    """
    plain = cases.offer(
        participant="large",
        material="alpha",
        minimum_lots=4,
        inventory_price_usd_per_tonne=PRICE,
        carrying_fee_usd_per_tonne_year=600.0,
        coverage=0.625,
    )
    return plain | terms


def contract(**terms: object) -> Case:
    """Return a contract for 3 t a month from Australia, with terms of a test."""
    plain = cases.contract(
        material="alpha",
        route="alpha-aus",
        volume_tonnes_per_year=36.0,
        term_periods=PERIODS,
        floor_usd_per_tonne=PRICE,
    )
    return plain | terms


def facility(**terms: object) -> Case:
    """Return a capital line of 100,000 dollars with terms of a test."""
    return cases.facility("capital", kind="equity", limit_usd=100_000.0) | terms


def _product(name: str, participant: str, demand: float) -> Case:
    return cases.product(
        name,
        demand,
        {"alpha": 0.1},
        ("thrift", 0.3, 20_000.0),
        ("line_stop", 0.7, 200_000.0),
        participant=participant,
    )
