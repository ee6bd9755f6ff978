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
from tests.optimizer.one_scenario import one_scenario

Changes = Mapping[str, object]
PRICE = 10_000.0
PERIODS = 6
CUT = [1.0, 1.0, 0.0, 0.0, 0.0, 1.0]
SHORT_CUT = [1.0, 1.0, 1.0, 0.0, 1.0, 1.0]


def vault_case() -> dict[str, Any]:
    """Return a mapping: 10 t a month are needed, 8 t of them come from China.

    60 days of cover are 19.7 t and cost 200,000 dollars; the loan is of 150,000.
    """
    return {
        "id": "vault",
        "name": "Vault",
        "horizon": {"start": "2026-01-01", "number_of_periods": PERIODS},
        "materials": [
            {
                "id": "alpha",
                "name": "Alpha",
                "traded_form": "metal",
                "stage": "metal",
                "lot_tonnes": 0.5,
                "price_usd_per_tonne": PRICE,
                "storage_class": "dry",
                "market_capacity_tonnes_per_year": 1_000.0,
            }
        ],
        "storage_classes": [
            {
                "id": "dry",
                "name": "Dry",
                "capacity_tonnes": 100.0,
                "cost_usd_per_tonne_year": 0.0,
                "outload_tonnes_per_day": 10.0,
            }
        ],
        "routes": [
            _route("alpha-chn", "CHN", 0.8),
            _route("alpha-aus", "AUS", 0.2),
        ],
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
        "sourcing_options": [_sourcing("ready", 0)],
        "rules": [_rule("whole", 1.0)],
        "levels_days_of_cover": [30, 60],
        "financing": {"facilities": [_facility("loan", 150_000.0)]},
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


def changed(case: dict[str, Any], changes: Changes) -> dict[str, Any]:
    """Return a copy with values in place, by path: 'materials.0.lot_tonnes'.

    A value at '...+' is added to the list of that name.
    """
    copy = json.loads(json.dumps(case))
    for path, value in changes.items():
        *way, last = path.split(".")
        here: Any = copy
        for step in way:
            here = here[int(step) if step.isdigit() else step]
        if last.endswith("+"):
            here.setdefault(last[:-1], []).append(value)
        else:
            here[last] = value
    return copy


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


def offer(**terms: object) -> dict[str, Any]:
    """Return an offer of the large maker for 2 to 10 t, with terms of a test.

    It draws 5 of each 8 t that it misses; the other 3 t can be thrifted.
    """
    return {
        "id": "right",
        "participant": "large",
        "material": "alpha",
        "minimum_lots": 4,
        "maximum_lots": 20,
        "inventory_price_usd_per_tonne": PRICE,
        "upfront_fee_usd_per_tonne": 1_000.0,
        "carrying_fee_usd_per_tonne_year": 600.0,
        "coverage": 0.625,
        **terms,
    }


def contract(**terms: object) -> dict[str, Any]:
    """Return a contract for 3 t a month from Australia, with terms of a test."""
    return {
        "id": "offtake",
        "name": "Offtake",
        "material": "alpha",
        "route": "alpha-aus",
        "volume_tonnes_per_year": 36.0,
        "term_periods": PERIODS,
        "floor_usd_per_tonne": PRICE,
        **terms,
    }


def facility(**terms: object) -> dict[str, Any]:
    """Return a capital line of 100,000 dollars with terms of a test."""
    return {**_facility("capital", 100_000.0), "kind": "equity", **terms}


def sourcing(name: str, periods: int, **terms: object) -> dict[str, Any]:
    """Return a sourcing option with a build-up of some periods."""
    return {**_sourcing(name, periods), **terms}


def rule(name: str, coverage: float, **terms: object) -> dict[str, Any]:
    """Return a rule that releases a share of the gap at alert, with terms at each."""
    made = _rule(name, coverage)
    return {**made, "steps": [{**step, **terms} for step in made["steps"]]}


def _route(name: str, country: str, share: float) -> dict[str, Any]:
    return {
        "id": name,
        "material": "alpha",
        "mining_country": country,
        "refining_country": country,
        "share": share,
    }


def _product(name: str, participant: str, demand: float) -> dict[str, Any]:
    return {
        "id": name,
        "name": name,
        "unit": "piece",
        "participant": participant,
        "demand_units_per_year": demand,
        "bill_of_materials": [{"material": "alpha", "quantity_per_unit": 0.1}],
        "shortage_blocks": [
            {"kind": "thrift", "share": 0.3, "cost_usd_per_unit": 20_000.0},
            {"kind": "line_stop", "share": 0.7, "cost_usd_per_unit": 200_000.0},
        ],
    }


def _sourcing(name: str, periods: int) -> dict[str, Any]:
    return {"id": name, "name": name, "origins": "any", "build_up_periods": periods}


def _rule(name: str, coverage: float) -> dict[str, Any]:
    calm = {"draw_rate_per_month": 0.0, "coverage": 0.0}
    step = {"draw_rate_per_month": 1.0, "coverage": coverage}
    return {"id": name, "name": name, "steps": [calm, step, step, step]}


def _facility(name: str, limit: float) -> dict[str, Any]:
    return {
        "id": name,
        "name": name,
        "kind": "loan",
        "limit_usd": limit,
        "rate_per_year": 0.0,
    }
